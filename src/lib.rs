//! Hesse.
