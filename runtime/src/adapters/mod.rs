//! Error functions for the solvers of other libraries, a file per library.

#[cfg(feature = "argmin")]
pub mod argmin;
#[cfg(feature = "basin3")]
pub mod basin3;

/// Why a solver for least squares cannot go on.
///
/// ```
/// let reason = hesse_runtime::adapters::UnknownResiduals.to_string();
/// assert!(reason.starts_with("the residuals are not known one by one"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the residuals are not known one by one: use a solver that asks for the gradient or the Hessian")]
pub struct UnknownResiduals;
