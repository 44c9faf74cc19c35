//! The types of arguments, end to end: values and derivatives against hyper-dual numbers, and what comes out.

mod numbers;
mod vectors;
