//! When a step is none.

/// Whether a step is short for every parameter: beside the parameter itself, or beside the rounding error of the largest
/// that it has been. A norm over all of them would let one large parameter hide the others.
pub(super) fn is_short(step: impl Iterator<Item = f64>, w: &[f64], reach: &[f64], tolerance: f64) -> bool {
    step.zip(w)
        .zip(reach)
        .all(|((step, w), reach)| step.abs() <= f64::max(tolerance * w.abs(), f64::EPSILON * reach))
}

/// The largest magnitude of each parameter so far.
pub(super) fn extend(reach: &mut [f64], w: &[f64]) {
    for (reach, w) in reach.iter_mut().zip(w) {
        *reach = reach.max(w.abs());
    }
}
