//! Kinds of processors, as far as rounding can tell them apart.

use super::panels::total;

/// A kind of processor for which lane code is compiled.
///
/// Sealed: [`Plain`], [`Fused`] and what [`dispatch`](super::dispatch) chooses among are all there are. Each of them has
/// [`Vectors`] of two, four and eight rows.
///
/// ```
/// use hesse_runtime::lanes::{Machine, Plain};
///
/// assert_eq!(Plain::mul_add(2.0, 3.0, 1.0), 7.0);
/// ```
pub trait Machine: Copy + sealed::Machine {
    /// Whether [`mul_add`](Self::mul_add) rounds once.
    const FUSED: bool;

    /// `a · b + c`: rounded once where the machine has the instruction, else after each operation.
    #[must_use]
    fn mul_add(a: f64, b: f64, c: f64) -> f64;

    /// Runs work in a function of its own, compiled for this machine, so that compilers simplify it once and not in the
    /// midst of every place that uses it; the closure must be `#[inline(always)]`.
    fn apart<R>(self, work: impl FnOnce() -> R) -> R;
}

/// A machine's arithmetic on `L` rows at a time: two, four, or eight.
///
/// Compilers turn loops over lanes into vector instructions by themselves, but not loops around sums that stay in
/// registers; those are written with [`Lanes`](Self::Lanes).
///
/// ```
/// use hesse_runtime::lanes::{Plain, Vectors};
///
/// let x = [1.0, 2.0, 3.0, 4.0];
/// let (lanes, half) = (Plain.load(&x), Plain.splat(0.5));
/// let sum = Vectors::<4>::sum_of_products(Plain, lanes, half, Plain.splat(1.0));
/// assert_eq!(Vectors::<4>::total(Plain, sum), 5.0 + 4.0);
/// ```
pub trait Vectors<const L: usize = 8>: Machine {
    /// So many numbers, side by side in registers.
    type Lanes: Copy;

    /// The same number in every lane.
    fn splat(self, x: f64) -> Self::Lanes;

    /// Lanes from memory.
    fn load(self, x: &[f64; L]) -> Self::Lanes;

    /// Lanes to memory.
    fn store(self, x: Self::Lanes, to: &mut [f64; L]);

    /// `a + b` lane by lane.
    fn plus(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// `−a` lane by lane.
    fn minus(self, a: Self::Lanes) -> Self::Lanes;

    /// [`mul_add`](Machine::mul_add) lane by lane.
    fn sum_of_products(self, a: Self::Lanes, b: Self::Lanes, c: Self::Lanes) -> Self::Lanes;

    /// Lane i of the result j is lane j of `x[i]`.
    fn transpose(self, x: [Self::Lanes; L]) -> [Self::Lanes; L];

    /// The sum of the lanes, added up as [`total`] does.
    fn total(self, x: Self::Lanes) -> f64;

    /// The sums of four at once, which share their shuffles.
    fn totals(self, x: [Self::Lanes; 4]) -> [f64; 4];
}

/// What the crate is compiled for: separate multiplication and addition, unless fused multiply-add is
/// part of the target (AArch64, or x86 with `-C target-feature=+fma`) and the feature `std` is on.
///
/// ```
/// use hesse_runtime::lanes::{Plain, Vectors};
///
/// assert_eq!(Vectors::<4>::total(Plain, Vectors::<4>::splat(Plain, 0.5)), 2.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plain;

/// A processor with fused multiply-add.
///
/// Anywhere but under [`dispatch`](super::dispatch) on such a processor, `mul_add` gives the same bits by a slow
/// emulation.
///
/// ```
/// use hesse_runtime::lanes::{Fused, Machine};
///
/// // One rounding, not two
/// let x = 1.0 + f64::EPSILON;
/// assert!(Fused::mul_add(x, x, -(x * x)) != 0.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fused;

impl Machine for Plain {
    const FUSED: bool = cfg!(all(feature = "std", any(target_feature = "fma", target_arch = "aarch64")));

    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        if Self::FUSED { Fused::mul_add(a, b, c) } else { a * b + c }
    }

    #[inline(always)]
    fn apart<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }
}

impl Machine for Fused {
    const FUSED: bool = true;

    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        #[cfg(feature = "std")]
        return a.mul_add(b, c);
        #[cfg(not(feature = "std"))]
        return libm::fma(a, b, c);
    }

    #[inline(always)]
    fn apart<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }
}

/// Lanes as arrays, left to the compiler.
macro_rules! arrays {
    ($($machine:ty),*) => {$(
        impl<const L: usize> Vectors<L> for $machine {
            type Lanes = [f64; L];

            #[inline(always)]
            fn splat(self, x: f64) -> [f64; L] {
                [x; L]
            }

            #[inline(always)]
            fn load(self, x: &[f64; L]) -> [f64; L] {
                *x
            }

            #[inline(always)]
            fn store(self, x: [f64; L], to: &mut [f64; L]) {
                *to = x;
            }

            #[inline(always)]
            fn plus(self, mut a: [f64; L], b: [f64; L]) -> [f64; L] {
                for lane in 0..L {
                    a[lane] += b[lane];
                }
                a
            }

            #[inline(always)]
            fn minus(self, mut a: [f64; L]) -> [f64; L] {
                for lane in 0..L {
                    a[lane] = -a[lane];
                }
                a
            }

            #[inline(always)]
            fn sum_of_products(self, a: [f64; L], b: [f64; L], mut c: [f64; L]) -> [f64; L] {
                for lane in 0..L {
                    c[lane] = Self::mul_add(a[lane], b[lane], c[lane]);
                }
                c
            }

            #[inline(always)]
            fn transpose(self, x: [[f64; L]; L]) -> [[f64; L]; L] {
                let mut turned = [[0.0; L]; L];
                for (i, row) in x.iter().enumerate() {
                    for (j, x) in row.iter().enumerate() {
                        turned[j][i] = *x;
                    }
                }
                turned
            }

            #[inline(always)]
            fn total(self, x: [f64; L]) -> f64 {
                total(&x)
            }

            #[inline(always)]
            fn totals(self, [a, b, c, d]: [[f64; L]; 4]) -> [f64; 4] {
                [total(&a), total(&b), total(&c), total(&d)]
            }
        }
    )*};
}

arrays!(Plain, Fused);

pub(super) mod sealed {
    pub trait Machine {}
    impl Machine for super::Plain {}
    impl Machine for super::Fused {}
}

/// c₀ + c₁x + c₂x² + …, by pairs of terms: half the dependent steps of Horner's rule at one more multiplication.
#[inline(always)]
pub(super) fn polynomial<M: Machine, const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    let square = x * x;
    let mut n = N - 1 - (N + 1) % 2;
    let mut total = if N % 2 == 1 { c[n] } else { M::mul_add(c[n + 1], x, c[n]) };
    while n > 0 {
        n -= 2;
        total = M::mul_add(total, square, M::mul_add(c[n + 1], x, c[n]));
    }
    total
}

/// `x` cut off after 26 bits: the product of two such numbers is exact.
#[inline(always)]
pub(super) fn first_half(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !0x7ff_ffff)
}
