//! Vector registers of known width.

use fearless_simd::{Avx2, Avx512, Simd, SimdInto, Sse2, f64x4, f64x8};

use super::{Fused, Machine};

/// A processor whose vector instructions `S` stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wide<S>(pub(super) S);

/// Instructions, and whether multiply-add is among them.
pub(super) trait Instructions: Simd {
    const FUSED: bool;
}

impl Instructions for Sse2 {
    const FUSED: bool = false;
}

impl Instructions for Avx2 {
    const FUSED: bool = true;
}

impl Instructions for Avx512 {
    const FUSED: bool = true;
}

impl<S: Instructions> super::machine::sealed::Machine for Wide<S> {}

impl<S: Instructions> Machine for Wide<S> {
    const FUSED: bool = S::FUSED;

    type Lanes = f64x8<S>;

    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        if S::FUSED { Fused::mul_add(a, b, c) } else { a * b + c }
    }

    #[inline(always)]
    fn apart<R>(self, work: impl FnOnce() -> R) -> R {
        self.0.vectorize(work)
    }

    #[inline(always)]
    fn splat(self, x: f64) -> f64x8<S> {
        self.0.splat_f64x8(x)
    }

    #[inline(always)]
    fn load(self, x: &[f64; 8]) -> f64x8<S> {
        (*x).simd_into(self.0)
    }

    #[inline(always)]
    fn store(self, x: f64x8<S>, to: &mut [f64; 8]) {
        *to = x.into();
    }

    #[inline(always)]
    fn plus(self, a: f64x8<S>, b: f64x8<S>) -> f64x8<S> {
        self.0.add_f64x8(a, b)
    }

    #[inline(always)]
    fn minus(self, a: f64x8<S>) -> f64x8<S> {
        self.0.neg_f64x8(a)
    }

    #[inline(always)]
    fn sum_of_products(self, a: f64x8<S>, b: f64x8<S>, c: f64x8<S>) -> f64x8<S> {
        if S::FUSED {
            self.0.mul_add_precise_f64x8(a, b, c)
        } else {
            self.0.add_f64x8(self.0.mul_f64x8(a, b), c)
        }
    }

    /// Three rounds of a perfect shuffle.
    #[inline(always)]
    fn transpose(self, mut x: [f64x8<S>; 8]) -> [f64x8<S>; 8] {
        for _ in 0..3 {
            let old = x;
            for i in 0..4 {
                x[2 * i] = self.0.zip_low_f64x8(old[i], old[i + 4]);
                x[2 * i + 1] = self.0.zip_high_f64x8(old[i], old[i + 4]);
            }
        }
        x
    }

    #[inline(always)]
    fn total(self, x: f64x8<S>) -> f64 {
        let four = self.fold(x);
        let (low, high) = self.0.split_f64x4(four);
        let two: [f64; 2] = self.0.add_f64x2(low, high).into();
        two[0] + two[1]
    }

    #[inline(always)]
    fn totals(self, [a, b, c, d]: [f64x8<S>; 4]) -> [f64; 4] {
        let (p, q) = (self.fold_two(a, b), self.fold_two(c, d));
        self.0.add_f64x4(self.0.unzip_low_f64x4(p, q), self.0.unzip_high_f64x4(p, q)).into()
    }
}

impl<S: Instructions> Wide<S> {
    /// The first four lanes plus the last four.
    #[inline(always)]
    fn fold(self, x: f64x8<S>) -> f64x4<S> {
        let (low, high) = self.0.split_f64x8(x);
        self.0.add_f64x4(low, high)
    }

    /// Two lanes of `a`, two of `b`, each a sum of four.
    #[inline(always)]
    fn fold_two(self, a: f64x8<S>, b: f64x8<S>) -> f64x4<S> {
        let (a_low, a_high) = self.0.split_f64x4(self.fold(a));
        let (b_low, b_high) = self.0.split_f64x4(self.fold(b));
        self.0.add_f64x4(self.0.combine_f64x2(a_low, b_low), self.0.combine_f64x2(a_high, b_high))
    }
}
