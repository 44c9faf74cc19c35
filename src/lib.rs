#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

pub use hesse_derive::derive_hessian;
pub use hesse_runtime::*;

/// What generated code names; not for people.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "std")]
    pub use hesse_runtime::sparse;
    pub use hesse_runtime::{
        ErrorFunction, RowErrorFunction, SparseErrorFunction, SumOfSquares, lanes, math, packed,
    };
    #[cfg(feature = "std")]
    pub use nalgebra;
    #[cfg(feature = "std")]
    pub use std::vec;
}

#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../book/src/macro.md")]
mod chapter_on_the_attribute {}
