//! E along the axes in which a degenerate point has no curvature.

use crate::degeneracy::LeadingTerm;
use crate::{ErrorFunction, Spectrum, packed};
use nalgebra::{DMatrix, DVector};

/// The axes of zero curvature at a stationary point, in parameters scaled by D.
pub(crate) struct Flat {
    factors: Vec<f64>,
    /// The principal axes of zero curvature, and those of other curvature.
    zero: DMatrix<f64>,
    bent: DMatrix<f64>,
    /// What symmetries have explained, orthonormal.
    explained: Vec<DVector<f64>>,
    /// Whether there are positive curvatures, and negative ones.
    pub(crate) signs: (bool, bool),
    /// What a zero curvature is uncertain by, and each component of D⁻¹∇E.
    tolerance: f64,
    noise: Vec<f64>,
}

impl Flat {
    pub(crate) fn new(spectrum: &Spectrum, factors: &[f64], tolerances: &[f64], noise: &[f64]) -> Self {
        let curvatures = spectrum.eigenvalues();
        let is_zero = |k: usize| curvatures[k].abs() <= tolerances[k];
        let (zero, bent): (Vec<usize>, Vec<usize>) = (0..factors.len()).partition(|&k| is_zero(k));
        let factors: Vec<f64> = factors.iter().map(|&d| if d > 0.0 { d } else { 1.0 }).collect();
        Self {
            zero: spectrum.eigenvectors().select_columns(&zero),
            bent: spectrum.eigenvectors().select_columns(&bent),
            explained: Vec::new(),
            signs: (bent.iter().any(|&k| curvatures[k] > 0.0), bent.iter().any(|&k| curvatures[k] < 0.0)),
            tolerance: zero.iter().map(|&k| tolerances[k]).fold(0.0, f64::max),
            noise: noise.iter().zip(&factors).map(|(noise, d)| noise / d).collect(),
            factors,
        }
    }

    /// The number of axes that no symmetry has explained.
    pub(crate) fn unexplained(&self) -> usize {
        self.zero.ncols() - self.explained.len()
    }

    /// The axes of zero curvature in parameters.
    pub(crate) fn directions(&self) -> Vec<Vec<f64>> {
        self.zero.column_iter().map(|axis| self.unscaled(&axis.into_owned())).collect()
    }

    /// Takes a direction in parameters for explained if it lies in the axes and at least a part of `new` is new.
    pub(crate) fn explain(&mut self, direction: &[f64], new: f64) -> bool {
        let scaled = DVector::from_fn(direction.len(), |i, _| direction[i] * self.factors[i]);
        let Some(scaled) = scaled.try_normalize(0.0) else { return false };
        let inside = &self.zero * self.zero.tr_mul(&scaled);
        let outside = (scaled - &inside).norm();
        if outside.is_nan() || outside > OUTSIDE {
            return false;
        }
        let mut rest = inside;
        for known in &self.explained {
            rest -= known * known.dot(&rest);
        }
        match rest.try_normalize(new) {
            Some(axis) => self.explained.push(axis),
            None => return false,
        }
        true
    }

    /// An orthonormal basis of what is left to explain.
    pub(crate) fn open(&self) -> Vec<DVector<f64>> {
        let mut known = self.explained.clone();
        let mut open = Vec::new();
        for axis in self.zero.column_iter() {
            let mut rest = axis.into_owned();
            // Twice, because once leaves rounding errors where little remains.
            for _ in 0..2 {
                for axis in &known {
                    rest -= axis * axis.dot(&rest);
                }
            }
            if let Some(axis) = rest.try_normalize(LITTLE)
                && open.len() < self.unexplained()
            {
                known.push(axis.clone());
                open.push(axis);
            }
        }
        open
    }

    fn unscaled(&self, axis: &DVector<f64>) -> Vec<f64> {
        axis.iter().zip(&self.factors).map(|(x, d)| x / d).collect()
    }

    /// The leading term of E along the curve that leaves along a scaled direction; `None` where none shows.
    pub(crate) fn leading_term(
        &self,
        error: &dyn ErrorFunction,
        w: &[f64],
        direction: &DVector<f64>,
    ) -> Option<LeadingTerm> {
        let along = self.unscaled(direction);
        let size = DVector::from_column_slice(&along).norm();
        // A unit of length in parameters is this long in scaled ones.
        let unit = direction / size;
        let largest = w.iter().fold(0.0, |m: f64, w| m.max(w.abs()));
        let first = 8.0 * if largest > 1e-12 { largest } else { 1.0 };
        let curve = Curve { flat: self, error, w, unit: &unit };
        let slopes: Vec<Option<[f64; 3]>> = (0..LEVELS)
            .map(|level| {
                let t = first * 0.5_f64.powi(level as i32);
                Some([t, curve.slope(t)?, curve.slope(-t)?])
            })
            .collect();
        let noise = |t: f64| {
            let gradient: f64 = unit.iter().zip(&self.noise).map(|(u, noise)| u.abs() * noise).sum();
            LOUD * (self.tolerance * unit.norm_squared() * t + gradient)
        };
        let direction: Vec<f64> = along.iter().map(|x| x / size).collect();
        if let Some((order, derivative)) = leading(&slopes, noise) {
            return Some(LeadingTerm { direction, order: Some(order), derivative });
        }
        let silent = |s: &[f64; 3]| s[1].abs() <= noise(s[0]) && s[2].abs() <= noise(s[0]);
        let known: Vec<&[f64; 3]> = slopes.iter().flatten().collect();
        let wide = known.first().is_some_and(|s| s[0] >= WIDE * first);
        (wide && known.iter().copied().all(silent)).then_some(LeadingTerm {
            direction,
            order: None,
            derivative: 0.0,
        })
    }
}

/// The part of a direction that may lie outside of the axes of zero curvature, which are known to half the digits.
const OUTSIDE: f64 = 1e-4;
/// What is left of an axis below this is nothing.
const LITTLE: f64 = 1e-3;
/// The distances tried, each half of the one before.
const LEVELS: usize = 40;
/// A slope counts when it is this many times its rounding errors.
const LOUD: f64 = 30.0;
/// E must have been constant over this part of the longest distance.
const WIDE: f64 = 1e-3;
/// How near to a whole number the exponent of a slope must be, between three distances.
const WHOLE: f64 = 0.05;

/// The order and the derivative of the term that rules the slopes at the shortest distances where one does.
fn leading(slopes: &[Option<[f64; 3]>], noise: impl Fn(f64) -> f64) -> Option<(usize, f64)> {
    let loud = |s: &[f64; 3]| s[1].abs() > noise(s[0]) && s[2].abs() > noise(s[0]);
    let term = |window: &[Option<[f64; 3]>]| {
        let [Some(far), Some(middle), Some(near)] = window else { return None };
        if ![far, middle, near].into_iter().all(loud) {
            return None;
        }
        let exponent = (middle[1] / near[1]).abs().log2().round();
        let whole = [(far, middle), (middle, near)]
            .into_iter()
            .all(|(a, b)| (1..3).all(|side| ((a[side] / b[side]).abs().log2() - exponent).abs() <= WHOLE));
        let exponent = exponent as i32;
        let mirrored = if exponent % 2 == 0 { 1.0 } else { -1.0 };
        if !whole || exponent < 2 || near[1] * near[2] * mirrored < 0.0 {
            return None;
        }
        // What both sides agree on, and then without the next term of the same parity.
        let at = |s: &[f64; 3]| 0.5 * (s[1] + mirrored * s[2]) / s[0].powi(exponent);
        Some((exponent, (4.0 * at(near) - at(middle)) / 3.0))
    };
    let mut terms = slopes.windows(3).rev().map(term).skip_while(Option::is_none);
    let (exponent, nearest) = terms.next()??;
    let same = terms.map_while(|term| term.filter(|(other, _)| *other == exponent));
    let coefficients: Vec<f64> = std::iter::once(nearest).chain(same.map(|(_, c)| c)).collect();
    // Too near rounding spoils the number, too far the next terms do: the best is where two distances agree best.
    let differ = |pair: &[f64]| (pair[0] - pair[1]).abs();
    let pairs = coefficients.windows(2).min_by(|a, b| differ(a).total_cmp(&differ(b)));
    let coefficient = pairs.map_or(nearest, |pair| pair[0]);
    let factorial: f64 = (1..=exponent).map(f64::from).product();
    Some((exponent as usize + 1, coefficient * factorial))
}

/// The curve along which E is stationary in all bent axes.
struct Curve<'a> {
    flat: &'a Flat,
    error: &'a dyn ErrorFunction,
    w: &'a [f64],
    unit: &'a DVector<f64>,
}

impl Curve<'_> {
    /// dE/dt along the curve, which by the implicit function theorem is the slope along `unit` alone.
    ///
    /// Newton's method for the bent axes; `None` where it does not converge.
    fn slope(&self, t: f64) -> Option<f64> {
        let Flat { bent, factors, .. } = self.flat;
        let n = self.w.len();
        let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; packed::length(n)]);
        let mut scaled = self.unit * t;
        let mut last = f64::INFINITY;
        for _ in 0..30 {
            let w: Vec<f64> = (0..n).map(|i| self.w[i] + scaled[i] / factors[i]).collect();
            if bent.ncols() == 0 {
                self.error.value_gradient(&w, &mut gradient);
            } else {
                self.error.value_gradient_hessian(&w, &mut gradient, &mut hessian);
            }
            let slope = DVector::from_fn(n, |i, _| gradient[i] / factors[i]);
            let along = self.unit.dot(&slope);
            if bent.ncols() == 0 {
                return along.is_finite().then_some(along);
            }
            let full = packed::to_matrix(n, &hessian);
            let full = DMatrix::from_fn(n, n, |i, j| full[(i, j)] / factors[i] / factors[j]);
            let step = bent.tr_mul(&(full * bent)).lu().solve(&bent.tr_mul(&slope))?;
            let length = step.norm();
            if !length.is_finite() {
                return None;
            }
            if length <= 1e-15 * scaled.norm() || (length >= last && length <= 1e-8 * scaled.norm()) {
                return along.is_finite().then_some(along);
            }
            last = length;
            scaled -= bent * step;
        }
        None
    }
}
