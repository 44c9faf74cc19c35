//! Oracles and generators for the tests of Hesse; never a normal dependency.

pub mod chapters;
pub mod close;
pub mod counted;
pub mod emitted;
pub mod hostile;
pub mod nist;
pub mod oracle;
pub mod problems;
pub mod random;
pub mod surfaces;
pub mod tables;
pub mod zoo;
