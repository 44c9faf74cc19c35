//! Why a descent stopped.

use std::fmt;

/// Why a descent stopped; a variant per reason.
///
/// ```
/// use hesse_runtime::descent::Status;
///
/// assert!(Status::Converged.converged() && !Status::IterationLimit.converged());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The next step would move the parameters by less than the tolerance, and the curvature is positive; for methods
    /// that see no curvature, the gradient is small beside what it was.
    Converged,
    /// The next step would change E by less than E's own rounding error, though the parameters could still
    /// move by more than the tolerance: a flat minimum, or one that is not strict.
    AlmostConverged,
    /// No step decreases E any more, however short: rounding errors dominate, or E has a kink here.
    Stalled,
    /// The number of iterations is exhausted.
    IterationLimit,
    /// E fell below −10³⁰⁰: it has no minimum in this direction.
    Unbounded,
    /// E grew out of bounds or ceased to be finite: the steps of the schedule are too long.
    Diverged,
    /// The observer asked to stop.
    Stopped,
}

impl Status {
    /// Whether a minimizer was found, to full ([`Converged`](Self::Converged)) or to reduced accuracy
    /// ([`AlmostConverged`](Self::AlmostConverged)).
    #[must_use]
    pub const fn converged(self) -> bool {
        matches!(self, Self::Converged | Self::AlmostConverged)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Converged => "converged",
            Self::AlmostConverged => "almost converged: E no longer changes, the parameters might",
            Self::Stalled => "stalled: no step decreases E any more",
            Self::IterationLimit => "not converged within the number of iterations allowed",
            Self::Unbounded => "E is unbounded below",
            Self::Diverged => "diverged: the steps are too long",
            Self::Stopped => "stopped by the observer",
        })
    }
}
