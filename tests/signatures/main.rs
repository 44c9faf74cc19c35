//! The types of arguments, end to end: values and derivatives against hyper-dual numbers, and what comes out.

mod checked;
mod generic;
mod methods;
mod numbers;
mod structures;
mod vectors;
