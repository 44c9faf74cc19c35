//! Kernel to a Python module for NumPy: loops over rows that run in tiles elsewhere are operations on whole arrays here,
//! all others are plain loops.

mod body;
mod functions;
mod rows;
mod support;
mod surface;
