//! The local quadratic model, and what its principal axes say.

use crate::scaling::{equilibrate, scaled};
use crate::{Spectrum, SpectrumError, packed};
use nalgebra::{DMatrix, DVector};

/// The local quadratic model of E around ŵ: E(ŵ) + (w−ŵ)ᵀb + ½(w−ŵ)ᵀH(w−ŵ).
///
/// Vectors are in parameter order; slices must have one entry per parameter.
///
/// ```
/// use hesse_runtime::QuadraticModel;
///
/// // E = x² + 4y² around (1, 1): value 5, gradient (2, 8), Hessian diag(2, 8).
/// let model = QuadraticModel::new(&[1.0, 1.0], 5.0, &[2.0, 8.0], &[2.0, 0.0, 8.0])?;
/// assert_eq!(model.value_at(&[0.0, 0.0]), 0.0);
/// assert_eq!(model.gradient_at(&[0.0, 1.0]).as_slice(), [0.0, 8.0]);
/// assert_eq!(model.directional_derivative(&[1.0, -1.0]), -6.0);
/// assert_eq!(model.stationary_point().unwrap().as_slice(), [0.0, 0.0]);
/// assert_eq!(model.largest_stable_step(), Some(0.25));
/// // The ellipse E = 1 has the semi-axes 1 and ½.
/// assert_eq!(model.semi_axes(1.0).unwrap(), [1.0, 0.5]);
/// # Ok::<(), hesse_runtime::SpectrumError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QuadraticModel {
    point: DVector<f64>,
    value: f64,
    gradient: DVector<f64>,
    hessian: DMatrix<f64>,
    spectrum: Spectrum,
    newton_step: Option<DVector<f64>>,
}

impl QuadraticModel {
    /// The model with the given value, gradient b and Hessian H (packed lower triangle by rows) at `point` ŵ.
    ///
    /// # Errors
    /// A Hessian of the wrong length or with an entry that is not finite.
    ///
    /// # Panics
    /// If `gradient` and `point` differ in length.
    pub fn new(point: &[f64], value: f64, gradient: &[f64], hessian: &[f64]) -> Result<Self, SpectrumError> {
        assert_eq!(gradient.len(), point.len(), "one component per parameter");
        let n = point.len();
        let spectrum = Spectrum::of_packed(n, hessian)?;
        Ok(Self {
            point: DVector::from_column_slice(point),
            value,
            gradient: DVector::from_column_slice(gradient),
            hessian: packed::to_matrix(n, hessian),
            newton_step: newton_step(gradient, hessian)?,
            spectrum,
        })
    }

    /// ŵ, the point of expansion.
    #[must_use]
    pub fn point(&self) -> &DVector<f64> {
        &self.point
    }

    /// E(ŵ).
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// b = ∇E(ŵ).
    #[must_use]
    pub fn gradient(&self) -> &DVector<f64> {
        &self.gradient
    }

    /// H(ŵ), the full symmetric matrix.
    #[must_use]
    pub fn hessian(&self) -> &DMatrix<f64> {
        &self.hessian
    }

    /// The curvatures λᵢ and the principal axes uᵢ of H.
    #[must_use]
    pub fn spectrum(&self) -> &Spectrum {
        &self.spectrum
    }

    /// E(ŵ) + (w−ŵ)ᵀb + ½(w−ŵ)ᵀH(w−ŵ).
    #[must_use]
    pub fn value_at(&self, w: &[f64]) -> f64 {
        let change = DVector::from_column_slice(w) - &self.point;
        self.value + change.dot(&self.gradient) + 0.5 * change.dot(&(&self.hessian * &change))
    }

    /// b + H(w−ŵ).
    #[must_use]
    pub fn gradient_at(&self, w: &[f64]) -> DVector<f64> {
        &self.gradient + &self.hessian * (DVector::from_column_slice(w) - &self.point)
    }

    /// δwᵀ∇E at ŵ: by how much E changes per unit of `direction`.
    #[must_use]
    pub fn directional_derivative(&self, direction: &[f64]) -> f64 {
        self.gradient.dot(&DVector::from_column_slice(direction))
    }

    /// The curvature along `direction`, dᵀHd.
    #[must_use]
    pub fn curvature_along(&self, direction: &[f64]) -> f64 {
        let direction = DVector::from_column_slice(direction);
        direction.dot(&(&self.hessian * &direction))
    }

    /// The Newton step −H⁻¹b, or `None` where H is singular up to rounding once units are scaled out.
    #[must_use]
    pub fn newton_step(&self) -> Option<&DVector<f64>> {
        self.newton_step.as_ref()
    }

    /// Newton's decrement √(bᵀH⁻¹b): half its square is how far the model's minimum lies below E(ŵ), in the units of E; `None`
    /// unless H is positive definite.
    ///
    /// ```
    /// # use hesse_runtime::QuadraticModel;
    /// // E = x² + 4y² around (1, 1) falls by 5 down to its minimum.
    /// let model = QuadraticModel::new(&[1.0, 1.0], 5.0, &[2.0, 8.0], &[2.0, 0.0, 8.0])?;
    /// assert!((model.newton_decrement().unwrap().powi(2) / 2.0 - 5.0).abs() < 1e-14);
    /// # Ok::<(), hesse_runtime::SpectrumError>(())
    /// ```
    #[must_use]
    pub fn newton_decrement(&self) -> Option<f64> {
        let definite = self.spectrum.eigenvalues().iter().all(|&value| value > 0.0);
        let fall = -self.gradient.dot(self.newton_step.as_ref()?);
        // The magnitude, lest a zero be negative.
        (definite && fall >= 0.0).then(|| fall.abs().sqrt())
    }

    /// The stationary point w* = ŵ − H⁻¹b of the model, or `None` where H is singular.
    #[must_use]
    pub fn stationary_point(&self) -> Option<DVector<f64>> {
        Some(&self.point + self.newton_step.as_ref()?)
    }

    /// E(w*) = E(ŵ) + ½bᵀ(w* − ŵ), or `None` where H is singular.
    #[must_use]
    pub fn stationary_value(&self) -> Option<f64> {
        Some(self.value + 0.5 * self.gradient.dot(self.newton_step.as_ref()?))
    }

    /// The coordinates αᵢ = uᵢᵀ(w − w*) along the principal axes, or `None` where H is singular.
    #[must_use]
    pub fn coordinates(&self, w: &[f64]) -> Option<DVector<f64>> {
        let change = DVector::from_column_slice(w) - &self.point - self.newton_step.as_ref()?;
        Some(self.spectrum.eigenvectors().tr_mul(&change))
    }

    /// E(w*) + ½Σλᵢαᵢ², the model's value at coordinates α, or `None` where H is singular.
    #[must_use]
    pub fn value_at_coordinates(&self, coordinates: &[f64]) -> Option<f64> {
        let terms = self.spectrum.eigenvalues().iter().zip(coordinates).map(|(value, a)| value * a * a);
        Some(self.stationary_value()? + 0.5 * terms.sum::<f64>())
    }

    /// The semi-axes √(2·rise/λᵢ) of the ellipsoid where the model lies `rise` above its minimum, in the order
    /// of the principal axes (so longest first), or `None` unless every λᵢ > 0 and `rise` ≥ 0.
    #[must_use]
    pub fn semi_axes(&self, rise: f64) -> Option<Vec<f64>> {
        let curvatures = self.spectrum.eigenvalues();
        let elliptic = rise >= 0.0 && curvatures.iter().all(|&value| value > 0.0);
        elliptic.then(|| curvatures.iter().map(|value| (2.0 * rise / value).sqrt()).collect())
    }

    /// 2/λₘₐₓ, the step below which gradient descent η → w − ηb contracts along every axis of positive
    /// curvature, or `None` where no curvature is positive.
    #[must_use]
    pub fn largest_stable_step(&self) -> Option<f64> {
        let largest = self.spectrum.eigenvalues().iter().copied().fold(0.0, f64::max);
        (largest > 0.0).then(|| 2.0 / largest)
    }

    /// The factors 1 − ηλᵢ by which a gradient step of length η multiplies the coordinates αᵢ.
    #[must_use]
    pub fn contraction_rates(&self, step: f64) -> Vec<f64> {
        self.spectrum.eigenvalues().iter().map(|value| 1.0 - step * value).collect()
    }
}

/// −H⁻¹b in the scaled axes, where the parameters' units cannot make a regular matrix look singular.
fn newton_step(gradient: &[f64], hessian: &[f64]) -> Result<Option<DVector<f64>>, SpectrumError> {
    let n = gradient.len();
    let factors = equilibrate(n, hessian);
    let spectrum = Spectrum::of_packed(n, &scaled(n, hessian, &factors))?;
    let rounding = n as f64 * f64::EPSILON * spectrum.norm();
    if spectrum.eigenvalues().iter().any(|value| value.abs() <= rounding) {
        return Ok(None);
    }
    // No eigenvalue is zero, so no row and with it no factor is.
    let unitless = DVector::from_fn(n, |i, _| -gradient[i] / factors[i]);
    let along = spectrum.eigenvectors().tr_mul(&unitless).component_div(spectrum.eigenvalues());
    let step = spectrum.eigenvectors() * along;
    Ok(Some(DVector::from_fn(n, |i, _| step[i] / factors[i])))
}
