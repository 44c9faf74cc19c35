#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

pub use hesse_derive::{Parameters, derive_hessian, differentiable};
pub use hesse_runtime::*;

/// What generated code names; not for people.
#[doc(hidden)]
pub mod __private {
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

#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../book/src/macro.md")]
mod chapter_on_the_attribute {}
