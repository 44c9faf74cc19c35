//! An error function seen along a few directions.

use crate::interval::Interval;
use crate::{ErrorFunction, IntervalErrorFunction, packed};

/// A slice E(w₀ + t₁u₁ + … + tₖuₖ) of an error function, an error function of t itself.
///
/// Its gradient is Uᵀ∇E and its Hessian UᵀHU, where the columns of U are the directions. A stationary point of a slice is
/// one of E only where ∇E has no part outside of it.
///
/// ```
/// use hesse_runtime::{ErrorFunction, Slice};
/// # struct Bowl;
/// # impl ErrorFunction for Bowl {
/// #     fn dimension(&self) -> usize { 3 }
/// #     fn value(&self, w: &[f64]) -> f64 { w[0] * w[0] + 2.0 * w[1] * w[1] + 3.0 * w[2] * w[2] }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient.copy_from_slice(&[2.0 * w[0], 4.0 * w[1], 6.0 * w[2]]);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian.copy_from_slice(&[2.0, 0.0, 4.0, 0.0, 0.0, 6.0]);
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
/// #         product.copy_from_slice(&[2.0 * v[0], 4.0 * v[1], 6.0 * v[2]]);
/// #     }
/// # }
///
/// // E = x² + 2y² + 3z², along x and along (0, 1, 1) from z = 1
/// let slice = Slice::new(&Bowl, &[0.0, 0.0, 1.0], vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 1.0]]);
/// assert_eq!(slice.value(&[2.0, 0.0]), 4.0 + 3.0);
/// assert_eq!(slice.point(&[2.0, 5.0]), [2.0, 5.0, 6.0]);
/// let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
/// slice.value_gradient_hessian(&[2.0, 0.0], &mut gradient, &mut hessian);
/// assert_eq!((gradient, hessian), ([4.0, 6.0], [2.0, 0.0, 10.0]));
/// ```
#[derive(Clone, Debug)]
pub struct Slice<'a, E: ?Sized> {
    error: &'a E,
    origin: Vec<f64>,
    directions: Vec<Vec<f64>>,
}

impl<'a, E: ErrorFunction + ?Sized> Slice<'a, E> {
    /// The slice through `origin` along `directions`, each with one component per parameter; missing ones are zero.
    #[must_use]
    pub fn new(error: &'a E, origin: &[f64], directions: Vec<Vec<f64>>) -> Self {
        let n = error.dimension();
        let sized = |vector: &[f64]| -> Vec<f64> {
            vector.iter().copied().chain(std::iter::repeat(0.0)).take(n).collect()
        };
        let directions = directions.iter().map(|direction| sized(direction)).collect();
        Self { error, origin: sized(origin), directions }
    }

    /// The point of the whole space at `t`.
    #[must_use]
    pub fn point(&self, t: &[f64]) -> Vec<f64> {
        let mut w = self.origin.clone();
        for (direction, t) in self.directions.iter().zip(t) {
            w.iter_mut().zip(direction).for_each(|(w, u)| *w += t * u);
        }
        w
    }

    /// The coordinates uᵢᵀ(w − w₀) of a point, those of its projection where the directions are orthonormal.
    #[must_use]
    pub fn coordinates(&self, w: &[f64]) -> Vec<f64> {
        let along =
            |u: &Vec<f64>| u.iter().zip(w.iter().zip(&self.origin)).map(|(u, (w, o))| u * (w - o)).sum();
        self.directions.iter().map(along).collect()
    }

    /// Uᵀv.
    fn projected(&self, v: &[f64], projection: &mut [f64]) {
        for (direction, projection) in self.directions.iter().zip(projection) {
            *projection = direction.iter().zip(v).map(|(u, v)| u * v).sum();
        }
    }
}

impl<E: ErrorFunction + ?Sized> ErrorFunction for Slice<'_, E> {
    fn dimension(&self) -> usize {
        self.directions.len()
    }

    fn value(&self, t: &[f64]) -> f64 {
        self.error.value(&self.point(t))
    }

    fn value_gradient(&self, t: &[f64], gradient: &mut [f64]) -> f64 {
        let w = self.point(t);
        let mut whole = vec![0.0; w.len()];
        let value = self.error.value_gradient(&w, &mut whole);
        self.projected(&whole, gradient);
        value
    }

    fn value_gradient_hessian(&self, t: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let w = self.point(t);
        let mut product = vec![0.0; w.len()];
        let mut row = vec![0.0; self.directions.len()];
        for (at, direction) in self.directions.iter().enumerate() {
            self.error.hessian_vector(&w, direction, &mut product);
            self.projected(&product, &mut row);
            let start = packed::position(at, 0);
            hessian[start..=start + at].copy_from_slice(&row[..=at]);
        }
        self.value_gradient(t, gradient)
    }

    fn hessian_vector(&self, t: &[f64], v: &[f64], product: &mut [f64]) {
        let w = self.point(t);
        let mut direction = vec![0.0; w.len()];
        for (u, v) in self.directions.iter().zip(v) {
            direction.iter_mut().zip(u).for_each(|(d, u)| *d += v * u);
        }
        let mut whole = vec![0.0; w.len()];
        self.error.hessian_vector(&w, &direction, &mut whole);
        self.projected(&whole, product);
    }

    fn is_smooth(&self) -> bool {
        self.error.is_smooth()
    }
}

impl<E: IntervalErrorFunction + ?Sized> Slice<'_, E> {
    fn enclosed_point(&self, t: &[Interval]) -> Vec<Interval> {
        let mut w: Vec<Interval> = self.origin.iter().map(|&w| Interval::point(w)).collect();
        for (direction, &t) in self.directions.iter().zip(t) {
            for (w, &u) in w.iter_mut().zip(direction).filter(|(_, u)| **u != 0.0) {
                *w = *w + t * Interval::point(u);
            }
        }
        w
    }
}

/// Σ uᵢvᵢ over the components of u that are not zero.
fn enclosed_dot(u: &[f64], v: impl Fn(usize) -> Interval) -> Interval {
    let terms = u.iter().enumerate().filter(|(_, u)| **u != 0.0);
    terms.fold(Interval::ZERO, |sum, (at, &u)| sum + v(at) * Interval::point(u))
}

impl<E: IntervalErrorFunction + ?Sized> IntervalErrorFunction for Slice<'_, E> {
    fn enclose_value(&self, t: &[Interval]) -> Interval {
        self.error.enclose_value(&self.enclosed_point(t))
    }

    fn enclose(&self, t: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
        let w = self.enclosed_point(t);
        let mut whole = vec![Interval::ZERO; w.len()];
        let mut triangle = vec![Interval::ZERO; packed::length(w.len())];
        let value = self.error.enclose(&w, &mut whole, &mut triangle);
        for (at, direction) in self.directions.iter().enumerate() {
            gradient[at] = enclosed_dot(direction, |i| whole[i]);
            for (other, second) in self.directions[..=at].iter().enumerate() {
                let entry = |i: usize, j: usize| triangle[packed::position(i.max(j), i.min(j))];
                hessian[packed::position(at, other)] =
                    enclosed_dot(direction, |i| enclosed_dot(second, |j| entry(i, j)));
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E = x² y + z³, with its derivatives by hand.
    struct Cubic;

    impl ErrorFunction for Cubic {
        fn dimension(&self) -> usize {
            3
        }
        fn value(&self, w: &[f64]) -> f64 {
            w[0] * w[0] * w[1] + w[2].powi(3)
        }
        fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
            gradient.copy_from_slice(&[2.0 * w[0] * w[1], w[0] * w[0], 3.0 * w[2] * w[2]]);
            self.value(w)
        }
        fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
            hessian.copy_from_slice(&[2.0 * w[1], 2.0 * w[0], 0.0, 0.0, 0.0, 6.0 * w[2]]);
            self.value_gradient(w, gradient)
        }
        fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
            product.copy_from_slice(&[
                2.0 * (w[1] * v[0] + w[0] * v[1]),
                2.0 * w[0] * v[0],
                6.0 * w[2] * v[2],
            ]);
        }
    }

    impl IntervalErrorFunction for Cubic {
        fn enclose_value(&self, w: &[Interval]) -> Interval {
            w[0].powi(2) * w[1] + w[2].powi(3)
        }
        fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
            let of = |factor: f64, interval: Interval| Interval::point(factor) * interval;
            gradient.copy_from_slice(&[of(2.0, w[0] * w[1]), w[0].powi(2), of(3.0, w[2].powi(2))]);
            let zero = Interval::ZERO;
            hessian.copy_from_slice(&[of(2.0, w[1]), of(2.0, w[0]), zero, zero, zero, of(6.0, w[2])]);
            self.enclose_value(w)
        }
    }

    #[test]
    fn derivatives_are_those_along_the_directions() {
        let slice = Slice::new(&Cubic, &[1.0, 2.0, 3.0], vec![vec![1.0, 0.0, -1.0], vec![0.0, 2.0, 0.5]]);
        // e(s, t) = (1 + s)²(2 + 2t) + (3 − s + t/2)³, differentiated by hand at (0, 0)
        let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
        assert_eq!(slice.value_gradient_hessian(&[0.0, 0.0], &mut gradient, &mut hessian), 29.0);
        assert_eq!(gradient, [4.0 - 27.0, 2.0 + 13.5]);
        assert_eq!(hessian, [4.0 + 18.0, 4.0 - 9.0, 4.5]);
        let mut product = [0.0; 2];
        slice.hessian_vector(&[0.0, 0.0], &[1.0, 2.0], &mut product);
        assert_eq!(product, [22.0 - 10.0, -5.0 + 9.0]);
        assert_eq!(slice.coordinates(&slice.point(&[0.0, 0.0])), [0.0, 0.0]);
    }

    #[test]
    fn enclosures_have_the_values_inside() {
        let slice = Slice::new(&Cubic, &[1.0, 2.0, 3.0], vec![vec![0.6, 0.0, -0.8], vec![0.8, 0.1, 0.6]]);
        let region = [Interval::new(-0.5, 0.25), Interval::new(0.0, 0.125)];
        let (mut enclosed_gradient, mut enclosed_hessian) = ([Interval::ZERO; 2], [Interval::ZERO; 3]);
        let enclosed = slice.enclose(&region, &mut enclosed_gradient, &mut enclosed_hessian);
        for s in [-0.5, -0.2, 0.25] {
            for t in [0.0, 0.1, 0.125] {
                let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
                let value = slice.value_gradient_hessian(&[s, t], &mut gradient, &mut hessian);
                assert!(enclosed.contains(value));
                assert!(gradient.iter().zip(&enclosed_gradient).all(|(value, side)| side.contains(*value)));
                assert!(hessian.iter().zip(&enclosed_hessian).all(|(value, side)| side.contains(*value)));
            }
        }
    }
}
