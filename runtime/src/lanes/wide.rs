//! Vector registers of known width.

use fearless_simd::{Avx2, Avx512, Simd, SimdInto, Sse2, f64x2, f64x4, f64x8};

use super::{Fused, Machine, Vectors};

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

    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        if S::FUSED { Fused::mul_add(a, b, c) } else { a * b + c }
    }

    #[inline(always)]
    fn apart<R>(self, work: impl FnOnce() -> R) -> R {
        self.0.vectorize(work)
    }
}

/// What the vectors of each width have, by the names of the instructions.
macro_rules! vectors {
    ($lanes:literal, $half:literal, $rounds:literal, $vector:ident: $splat:ident, $plus:ident, $minus:ident, $times:ident,
        $fused:ident, $low:ident, $high:ident; $($totals:tt)*) => {
        impl<S: Instructions> Vectors<$lanes> for Wide<S> {
            type Lanes = $vector<S>;

            #[inline(always)]
            fn splat(self, x: f64) -> $vector<S> {
                self.0.$splat(x)
            }

            #[inline(always)]
            fn load(self, x: &[f64; $lanes]) -> $vector<S> {
                (*x).simd_into(self.0)
            }

            #[inline(always)]
            fn store(self, x: $vector<S>, to: &mut [f64; $lanes]) {
                *to = x.into();
            }

            #[inline(always)]
            fn plus(self, a: $vector<S>, b: $vector<S>) -> $vector<S> {
                self.0.$plus(a, b)
            }

            #[inline(always)]
            fn minus(self, a: $vector<S>) -> $vector<S> {
                self.0.$minus(a)
            }

            #[inline(always)]
            fn sum_of_products(self, a: $vector<S>, b: $vector<S>, c: $vector<S>) -> $vector<S> {
                if S::FUSED { self.0.$fused(a, b, c) } else { self.0.$plus(self.0.$times(a, b), c) }
            }

            /// Rounds of a perfect shuffle.
            #[inline(always)]
            fn transpose(self, mut x: [$vector<S>; $lanes]) -> [$vector<S>; $lanes] {
                for _ in 0..$rounds {
                    let old = x;
                    for i in 0..$half {
                        x[2 * i] = self.0.$low(old[i], old[i + $half]);
                        x[2 * i + 1] = self.0.$high(old[i], old[i + $half]);
                    }
                }
                x
            }

            $($totals)*
        }
    };
}

vectors! {
    8, 4, 3, f64x8: splat_f64x8, add_f64x8, neg_f64x8, mul_f64x8, mul_add_precise_f64x8, zip_low_f64x8, zip_high_f64x8;

    #[inline(always)]
    fn total(self, x: f64x8<S>) -> f64 {
        Vectors::<4>::total(self, self.fold(x))
    }

    #[inline(always)]
    fn totals(self, [a, b, c, d]: [f64x8<S>; 4]) -> [f64; 4] {
        Vectors::<4>::totals(self, [self.fold(a), self.fold(b), self.fold(c), self.fold(d)])
    }
}

vectors! {
    4, 2, 2, f64x4: splat_f64x4, add_f64x4, neg_f64x4, mul_f64x4, mul_add_precise_f64x4, zip_low_f64x4, zip_high_f64x4;

    #[inline(always)]
    fn total(self, x: f64x4<S>) -> f64 {
        let (low, high) = self.0.split_f64x4(x);
        Vectors::<2>::total(self, self.0.add_f64x2(low, high))
    }

    #[inline(always)]
    fn totals(self, [a, b, c, d]: [f64x4<S>; 4]) -> [f64; 4] {
        let (p, q) = (self.fold_two(a, b), self.fold_two(c, d));
        self.0.add_f64x4(self.0.unzip_low_f64x4(p, q), self.0.unzip_high_f64x4(p, q)).into()
    }
}

vectors! {
    2, 1, 1, f64x2: splat_f64x2, add_f64x2, neg_f64x2, mul_f64x2, mul_add_precise_f64x2, zip_low_f64x2, zip_high_f64x2;

    #[inline(always)]
    fn total(self, x: f64x2<S>) -> f64 {
        let two: [f64; 2] = x.into();
        two[0] + two[1]
    }

    #[inline(always)]
    fn totals(self, [a, b, c, d]: [f64x2<S>; 4]) -> [f64; 4] {
        [a, b, c, d].map(
            #[inline(always)]
            |x| Vectors::<2>::total(self, x),
        )
    }
}

impl<S: Instructions> Wide<S> {
    /// The first four lanes plus the last four.
    #[inline(always)]
    fn fold(self, x: f64x8<S>) -> f64x4<S> {
        let (low, high) = self.0.split_f64x8(x);
        self.0.add_f64x4(low, high)
    }

    /// Two lanes of `a`, two of `b`, each a sum of two.
    #[inline(always)]
    fn fold_two(self, a: f64x4<S>, b: f64x4<S>) -> f64x4<S> {
        let (a_low, a_high) = self.0.split_f64x4(a);
        let (b_low, b_high) = self.0.split_f64x4(b);
        self.0.add_f64x4(self.0.combine_f64x2(a_low, b_low), self.0.combine_f64x2(a_high, b_high))
    }
}
