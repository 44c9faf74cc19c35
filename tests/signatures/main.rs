//! The types of arguments, end to end: values and derivatives against hyper-dual numbers, and what comes out.

#![allow(clippy::needless_range_loop, clippy::ptr_arg, reason = "functions as people write them")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod called;
mod checked;
mod generic;
mod given;
mod methods;
mod numbers;
mod structures;
mod vectors;
