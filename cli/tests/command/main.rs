//! The command as scripts and people call it.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod check;
mod counted;
mod data;
mod explanations;
mod fits;
mod generate;
mod geometry;
mod nist;
mod pictures;
mod plots;
mod refusals;
mod rendered;
mod run;
mod serve;
mod stationary;
mod surfaces;
mod talk;
