//! The numeric core and the surface analysis of Hesse.
//!
//! Without features the crate is `no_std`: the elementary functions that generated code calls
//! ([`math`]), the trait it implements ([`ErrorFunction`]) and the layout of its Hessians ([`packed`]).
#![cfg_attr(not(feature = "std"), no_std)]

mod error_function;
pub mod math;
pub mod packed;

#[cfg(feature = "analysis")]
pub mod descent;
#[cfg(feature = "analysis")]
mod inertia;
#[cfg(feature = "analysis")]
mod scaling;
#[cfg(feature = "analysis")]
mod spectrum;

pub use error_function::{ErrorFunction, SumOfSquares};
#[cfg(feature = "analysis")]
pub use inertia::Inertia;
#[cfg(feature = "analysis")]
pub use spectrum::{Spectrum, SpectrumError};
