//! What a search may cost, and what it is refused for.

use crate::interval::Interval;

/// When to stop.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Boxes whose sides are all shorter than this part of the sides of the whole box are not cut any more; 10⁻⁹ by
    /// default.
    pub resolution: f64,
    /// The width within which the global minimum is wanted, relative to its size where that is above one; 5·10⁻¹³ by
    /// default.
    pub value_tolerance: f64,
    /// The number of boxes after which each of the two searches gives up; a million by default.
    pub max_boxes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { resolution: 1e-9, value_tolerance: 5e-13, max_boxes: 1_000_000 }
    }
}

/// Why a search cannot begin.
#[derive(Clone, Copy, PartialEq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertifyError {
    /// The box does not have one side per parameter.
    #[error("the box has {found} sides, expected {expected}")]
    Dimension {
        /// The number of parameters.
        expected: usize,
        /// The number of sides given.
        found: usize,
    },
    /// A side is empty, a single number, or infinite.
    #[error("side {index} of the box goes from {lo} to {hi}, expected a finite length above zero")]
    Side {
        /// The index of the parameter.
        index: usize,
        /// The lower bound.
        lo: f64,
        /// The upper bound.
        hi: f64,
    },
    /// A setting is out of range.
    #[error("`{name}` is {value}, expected a number above 0 and below 1")]
    Setting {
        /// The name of the field.
        name: &'static str,
        /// Its value.
        value: f64,
    },
}

impl Settings {
    pub(super) fn check(&self, dimension: usize, domain: &[Interval]) -> Result<(), CertifyError> {
        if domain.len() != dimension {
            return Err(CertifyError::Dimension { expected: dimension, found: domain.len() });
        }
        let is_wrong =
            |side: &Interval| !(side.is_bounded() && side.lo() < side.hi() && side.width().is_finite());
        if let Some(index) = domain.iter().position(is_wrong) {
            return Err(CertifyError::Side { index, lo: domain[index].lo(), hi: domain[index].hi() });
        }
        for (name, value) in [("resolution", self.resolution), ("value_tolerance", self.value_tolerance)] {
            if !(value > 0.0 && value < 1.0) {
                return Err(CertifyError::Setting { name, value });
            }
        }
        Ok(())
    }
}
