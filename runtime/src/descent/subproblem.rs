//! The trust-region subproblem, solved to the end.

use super::norm;
use super::singular::Singular;
use crate::Spectrum;
use nalgebra::{DMatrix, DVector};

/// A quadratic model gᵀs + ½sᵀBs in its own principal axes.
pub(super) struct Subproblem {
    axes: DMatrix<f64>,
    /// The curvatures in ascending order, those at rounding level replaced by zero.
    curvatures: Vec<f64>,
    /// The curvatures after the least shift that makes all of them nonnegative. Shifts are counted from
    /// there, since near the hard case the difference is all that matters.
    gaps: Vec<f64>,
    /// The gradient's coordinates along the principal axes.
    coordinates: Vec<f64>,
}

/// The minimizer of a model within a ball.
pub(super) struct Step {
    /// s, in the model's own variables.
    pub(super) step: Vec<f64>,
    /// −gᵀs − ½sᵀBs, not negative; NaN where it overflows.
    pub(super) predicted_reduction: f64,
    /// Whether s is the unconstrained minimizer of a strictly convex model.
    pub(super) newton: bool,
}

impl Subproblem {
    pub(super) fn new(spectrum: &Spectrum, gradient: &[f64]) -> Self {
        let n = gradient.len();
        let rounding = 4.0 * n as f64 * f64::EPSILON * spectrum.norm();
        let flatten = |value: f64| if value.abs() <= rounding { 0.0 } else { value };
        let curvatures: Vec<f64> = spectrum.eigenvalues().iter().map(|&value| flatten(value)).collect();
        let coordinates = spectrum.eigenvectors().tr_mul(&DVector::from_column_slice(gradient));
        Self::along(spectrum.eigenvectors().clone(), curvatures, coordinates.iter().copied().collect())
    }

    /// The model ½‖Cs + c‖², of which parameters that are not free have a curvature of one and no slope.
    pub(super) fn of_squares(singular: Singular, free: &[bool]) -> Self {
        let Singular { values, coordinates, axes } = singular;
        let curvature = |at: usize| if free[at] { values[at] * values[at] } else { 1.0 };
        let mut order: Vec<usize> = (0..free.len()).collect();
        order.sort_by(|&i, &j| curvature(i).total_cmp(&curvature(j)));
        let ordered = DMatrix::from_fn(free.len(), free.len(), |row, k| axes[(row, order[k])]);
        let slopes = order.iter().map(|&at| values[at] * coordinates[at]).collect();
        Self::along(ordered, order.iter().map(|&at| curvature(at)).collect(), slopes)
    }

    fn along(axes: DMatrix<f64>, curvatures: Vec<f64>, coordinates: Vec<f64>) -> Self {
        let floor = curvatures.first().map_or(0.0, |lowest| f64::max(0.0, -lowest));
        let gaps = curvatures.iter().map(|value| value + floor).collect();
        Self { axes, curvatures, gaps, coordinates }
    }

    /// The global minimizer of the model over ‖s‖ ≤ Δ.
    ///
    /// By Moré and Sorensen, "Computing a trust region step", SIAM J. Sci. Stat. Comput. 4 (1983): s
    /// minimizes exactly if (B + μI)s = −g with B + μI semidefinite, μ ≥ 0 and μ(Δ − ‖s‖) = 0. In principal
    /// axes that leaves one equation, ‖s(μ)‖ = Δ, solved by Newton on 1/‖s‖ within a bracket (their 3.3); in
    /// the hard case the first axis fills up what is missing (their 2.8).
    pub(super) fn solve(&self, radius: f64) -> Step {
        let lowest = self.curvatures.first().copied().unwrap_or(0.0);
        let mut along = self.shifted(0.0);
        let length = norm(&along);
        // NaN and ∞ (a gradient along an axis without curvature) fail this comparison, as they should.
        if length <= radius {
            if lowest < 0.0 {
                let missing = ((radius - length) * (radius + length)).sqrt();
                along[0] += missing.copysign(-self.coordinates[0]);
            }
            return self.step(&along, lowest > 0.0);
        }
        let along = self.shifted(self.shift(radius));
        self.step(&along, false)
    }

    /// The global minimizer of the model with the term ‖s‖³/3Δ.
    ///
    /// By Cartis, Gould and Toint, "Adaptive cubic regularisation methods for unconstrained optimization", Math. Program.
    /// 127 (2011), theorem 3.1: s minimizes if (B + μI)s = −g with μ = ‖s‖/Δ and B + μI semidefinite. ‖s(μ)‖ falls and
    /// μΔ rises with μ, so bisection on the logarithm cannot fail; in the hard case the first axis fills up.
    pub(super) fn solve_cubic(&self, radius: f64) -> Step {
        let lowest = self.curvatures.first().copied().unwrap_or(0.0);
        let floor = f64::max(0.0, -lowest);
        let along = self.shifted(0.0);
        let (length, needed) = (norm(&along), floor * radius);
        if length <= needed {
            let mut along = along;
            if needed > 0.0 {
                let missing = ((needed - length) * (needed + length)).sqrt();
                along[0] += missing.copysign(-self.coordinates[0]);
            }
            return self.step(&along, false);
        }
        let size = norm(&self.coordinates);
        // ‖s‖ ≤ ‖g‖/μ, so at √(‖g‖/Δ) the length of the step is no more than μΔ.
        let (mut below, mut above) = (0.0, (size / radius).sqrt());
        for _ in 0..200 {
            let middle = if below > 0.0 { (below * above).sqrt() } else { 1e-3 * above };
            if middle <= f64::MIN_POSITIVE || above - below <= 1e-9 * above {
                break;
            }
            if norm(&self.shifted(middle)) > (floor + middle) * radius {
                below = middle;
            } else {
                above = middle;
            }
        }
        // So small a shift beside the least curvature leaves Newton's step as it is.
        let newton = lowest > 0.0 && above <= 1e-4 * lowest;
        self.step(&self.shifted(above), newton)
    }

    /// The shift with ‖s(μ)‖ = Δ up to one part in 10⁶.
    fn shift(&self, radius: f64) -> f64 {
        let (mut below, mut above) = (0.0, norm(&self.coordinates) / radius);
        let mut shift = above;
        for _ in 0..200 {
            let along = self.shifted(shift);
            let length = norm(&along);
            if (length - radius).abs() <= 1e-6 * radius {
                break;
            }
            if length > radius {
                below = shift
            } else {
                above = shift
            }
            let slope: f64 =
                along.iter().zip(&self.gaps).map(|(s, gap)| s * (s / length) / (gap + shift)).sum();
            let newton = shift + (length - radius) / radius * length / slope;
            let inside = newton > below && newton < above;
            shift = if inside { newton } else { 0.5 * (below + above) };
            if shift == below || shift == above {
                break;
            }
        }
        shift
    }

    /// s(μ) in principal axes; components without gradient stay zero even where B + μI is singular.
    fn shifted(&self, shift: f64) -> Vec<f64> {
        let component = |(&c, &gap): (&f64, &f64)| if c == 0.0 { 0.0 } else { -c / (gap + shift) };
        self.coordinates.iter().zip(&self.gaps).map(component).collect()
    }

    fn step(&self, along: &[f64], newton: bool) -> Step {
        let terms = self.coordinates.iter().zip(&self.curvatures).zip(along);
        let change: f64 = terms.map(|((c, value), s)| s * (c + 0.5 * value * s)).sum();
        let step = &self.axes * DVector::from_column_slice(along);
        let step = step.iter().copied().collect();
        let predicted_reduction = if change > 0.0 { 0.0 } else { -change };
        Step { step, predicted_reduction, newton }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(matrix: &[f64], gradient: &[f64], radius: f64) -> Step {
        let spectrum = Spectrum::of_packed(gradient.len(), matrix).unwrap();
        Subproblem::new(&spectrum, gradient).solve(radius)
    }

    #[test]
    fn a_convex_model_is_minimized_inside() {
        let step = solve(&[2.0, 0.0, 4.0], &[2.0, 4.0], 10.0);
        assert!(step.newton);
        assert_eq!(step.step, [-1.0, -1.0]);
        assert_eq!(step.predicted_reduction, 3.0);
    }

    #[test]
    fn the_optimality_conditions_hold_on_the_boundary() {
        for radius in [1e-8, 1e-3, 0.5, 3.0, 1e4] {
            for (a, b) in [(-1.0, 2.0), (1e-3, 5.0), (-3.0, -3.0), (0.0, 1.0)] {
                let (matrix, gradient) = ([a, 0.5, b], [0.3, -2.0]);
                let step = solve(&matrix, &gradient, radius);
                if step.newton {
                    continue;
                }
                let s = &step.step;
                assert!((norm(s) - radius).abs() <= 2e-6 * radius);
                let residual = [a * s[0] + 0.5 * s[1] + gradient[0], 0.5 * s[0] + b * s[1] + gradient[1]];
                let shift = -(residual[0] * s[0] + residual[1] * s[1]) / (s[0] * s[0] + s[1] * s[1]);
                let lowest = 0.5 * (a + b) - f64::hypot(0.5 * (a - b), 0.5);
                assert!(shift >= -lowest - 1e-9 && shift >= 0.0);
                let scale = norm(&gradient) + 5.0 * radius;
                assert!(
                    (residual[0] + shift * s[0]).abs() + (residual[1] + shift * s[1]).abs() < 1e-9 * scale
                );
            }
        }
    }

    #[test]
    fn the_hard_case_is_filled_up_along_the_first_axis() {
        let step = solve(&[-1.0, 0.0, 1.0], &[0.0, 1.0], 2.0);
        assert!((step.step[1] + 0.5).abs() < 1e-12);
        assert!((norm(&step.step) - 2.0).abs() < 1e-12);
        let saddle = solve(&[0.0, 1.0, 0.0], &[0.0, 0.0], 1.0);
        assert!((saddle.predicted_reduction - 0.5).abs() < 1e-12);
    }

    #[test]
    fn no_gradient_and_no_negative_curvature_means_no_step() {
        let step = solve(&[0.0, 0.0, 1.0], &[0.0, 0.0], 1.0);
        assert_eq!(step.step, [0.0, 0.0]);
        assert_eq!(step.predicted_reduction, 0.0);
    }
}
