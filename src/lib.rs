#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "derive")]
pub use hesse_derive::{Parameters, derivatives, derive_hessian, differentiable, formula};
pub use hesse_runtime::*;

/// What generated code names; not for people.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "derive")]
    pub use hesse_derive::resume;
    pub use hesse_runtime::{
        ErrorFunction, Parameters, RowErrorFunction, SparseErrorFunction, SumOfSquares, lanes, math, packed,
    };
    #[cfg(feature = "std")]
    pub use hesse_runtime::{agreement, dual, sparse};
    #[cfg(feature = "std")]
    pub use nalgebra;
    #[cfg(feature = "std")]
    pub use std::{vec, vec::Vec};
}

/// The chapters of the book whose code runs as it stands.
#[cfg(all(doctest, feature = "std"))]
mod book {
    #[doc = include_str!("../book/src/geometry.md")]
    struct Geometry;

    #[doc = include_str!("../book/src/fits.md")]
    struct Fits;

    #[doc = include_str!("../book/src/descent.md")]
    struct Descent;

    #[doc = include_str!("../book/src/macro.md")]
    struct Attribute;

    #[doc = include_str!("../book/src/generate.md")]
    struct Generate;
}
