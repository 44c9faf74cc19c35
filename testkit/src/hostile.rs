//! What must hold for every text: targets for fuzzers and for tests that replay what fuzzers found.
//!
//! Each target takes bytes and panics where something is wrong. Texts that are refused are fine; so is a point at
//! which a value does not exist.
