//! Hand-written derivatives, compiled once for each instruction set and dispatched at run time.

use hesse::ErrorFunction;
use pulp::{Arch, Simd, WithSimd};

use crate::lanes::Processor;

/// An error function with its derivatives written out, for any processor.
///
/// The methods have to be `inline(always)`, and so has all they call: code gets the instructions of the function it
/// is inlined into.
pub trait Written {
    /// The number of parameters.
    fn parameters(&self) -> usize;

    /// E(w); from ORDER 1 with the gradient, and for ORDER 2 with the entries of the Hessian. Outputs beyond the
    /// order are empty.
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64;

    /// The Hessian-vector product.
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]);
}

/// A written error function behind the interface of generated code. The `hessian` of a sparse one takes its
/// entries in the order of the workload's pattern.
#[derive(Debug)]
pub struct ByHand<T>(pub T);

struct Derivatives<'a, T, const ORDER: usize> {
    of: &'a T,
    w: &'a [f64],
    gradient: &'a mut [f64],
    hessian: &'a mut [f64],
}

struct Product<'a, T> {
    of: &'a T,
    w: &'a [f64],
    v: &'a [f64],
    product: &'a mut [f64],
}

impl<T: Written, const ORDER: usize> WithSimd for Derivatives<'_, T, ORDER> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, f: S) -> f64 {
        self.of.derivatives::<S, ORDER>(f, self.w, self.gradient, self.hessian)
    }
}

impl<T: Written> WithSimd for Product<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, f: S) {
        self.of.product(f, self.w, self.v, self.product);
    }
}

impl<T: Written> ErrorFunction for ByHand<T> {
    fn dimension(&self) -> usize {
        self.0.parameters()
    }

    fn value(&self, w: &[f64]) -> f64 {
        let (gradient, hessian) = (&mut [][..], &mut [][..]);
        Arch::new().dispatch(Derivatives::<T, 0> { of: &self.0, w, gradient, hessian })
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        Arch::new().dispatch(Derivatives::<T, 1> { of: &self.0, w, gradient, hessian: &mut [] })
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        Arch::new().dispatch(Derivatives::<T, 2> { of: &self.0, w, gradient, hessian })
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        Arch::new().dispatch(Product { of: &self.0, w, v, product });
    }
}
