//! The chapters of the book as documentation, so that their Rust is compiled and run with the other doctests.

#[cfg(doctest)]
include!(concat!(env!("OUT_DIR"), "/chapters.rs"));
