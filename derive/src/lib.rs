//! The `derive_hessian` attribute.
