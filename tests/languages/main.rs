//! Generated C and Python, compiled and run as a user would, against the evaluator.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

mod c;
mod cases;
mod python;
