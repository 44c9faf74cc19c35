//! Kinds of processors, as far as rounding can tell them apart.

/// A kind of processor for which lane code is compiled.
///
/// Sealed: [`Plain`] and [`Fused`] are all there are.
pub trait Machine: Copy + sealed::Machine {
    /// Whether [`mul_add`](Self::mul_add) rounds once.
    const FUSED: bool;

    /// `a · b + c`: rounded once where the machine has the instruction, else after each operation.
    #[must_use]
    fn mul_add(a: f64, b: f64, c: f64) -> f64;
}

/// What the crate is compiled for: separate multiplication and addition, unless fused multiply-add is
/// part of the target (AArch64, or x86 with `-C target-feature=+fma`) and the feature `std` is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plain;

/// A processor with fused multiply-add.
///
/// Anywhere but under [`dispatch`](super::dispatch) on such a processor, `mul_add` gives the same bits by a slow
/// emulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fused;

impl Machine for Plain {
    const FUSED: bool = cfg!(all(feature = "std", any(target_feature = "fma", target_arch = "aarch64")));

    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        if Self::FUSED { Fused::mul_add(a, b, c) } else { a * b + c }
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
}

mod sealed {
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
