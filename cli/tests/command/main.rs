//! The command as scripts and people call it.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod book;
mod check;
mod explanations;
mod generate;
mod nist;
mod refusals;
mod rendered;
mod run;
mod stationary;
mod surfaces;
