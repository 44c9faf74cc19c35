//! The choice of a machine, once per call of a routine.

#[cfg(all(feature = "lanes", any(target_arch = "x86", target_arch = "x86_64")))]
use super::wide::Wide;
use super::{Machine, Plain, Vectors};
#[cfg(all(feature = "lanes", any(target_arch = "x86", target_arch = "x86_64")))]
use fearless_simd::{Level, Simd};

/// Work that [`dispatch`] compiles once per kind of processor.
///
/// ```
/// use hesse_runtime::lanes::{Routine, Vectors, dispatch};
///
/// struct Sum<'a>(&'a [f64; 8]);
///
/// impl Routine for Sum<'_> {
///     type Output = f64;
///
///     #[inline(always)]
///     fn run<M: Vectors>(self, machine: M) -> f64 {
///         machine.total(machine.load(self.0))
///     }
/// }
///
/// assert_eq!(dispatch(Sum(&[1.0; 8])), 8.0);
/// ```
pub trait Routine {
    /// What the work leaves behind.
    type Output;

    /// Does the work; the implementation, and all it calls in its loops, must be `#[inline(always)]`, or it is
    /// compiled for the baseline. It may ask less of the machine: the vectors of one width, or none.
    fn run<M: Vectors<2> + Vectors<4> + Vectors<8>>(self, machine: M) -> Self::Output;
}

/// Runs a routine compiled for what this processor has: AVX-512 (as of Ice Lake), AVX2 with FMA, or
/// the baseline of the target.
///
/// The processor is asked once per process; without the feature `lanes` it is not asked, and the baseline
/// runs.
///
/// ```
/// use hesse_runtime::lanes::{Machine, Routine, dispatch};
///
/// struct Exponentials([f64; 8]);
///
/// impl Routine for Exponentials {
///     type Output = [f64; 8];
///
///     #[inline(always)]
///     fn run<M: Machine>(self, _: M) -> [f64; 8] {
///         self.0.map(hesse_runtime::lanes::exp::<M>)
///     }
/// }
///
/// assert_eq!(dispatch(Exponentials([0.0; 8])), [1.0; 8]);
/// ```
#[inline]
pub fn dispatch<R: Routine>(routine: R) -> R::Output {
    #[cfg(all(feature = "lanes", any(target_arch = "x86", target_arch = "x86_64")))]
    {
        let level = Level::new();
        // Code that is not optimized gains nothing from more machines, while each takes time to compile. The bits are those
        // of AVX2, and of the baseline.
        #[cfg(not(unoptimized))]
        if let Some(avx512) = level.as_avx512() {
            return avx512.vectorize(
                #[inline(always)]
                || routine.run(Wide(avx512)),
            );
        }
        if let Some(avx2) = level.as_avx2() {
            return avx2.vectorize(
                #[inline(always)]
                || routine.run(Wide(avx2)),
            );
        }
        // Where the target has fused multiply-add without AVX2, the baseline uses it.
        #[cfg(not(unoptimized))]
        if let Some(sse2) = level.as_sse2()
            && !Plain::FUSED
        {
            return sse2.vectorize(
                #[inline(always)]
                || routine.run(Wide(sse2)),
            );
        }
    }
    routine.run(Plain)
}

/// Whether [`dispatch`] runs routines on a machine with [`Machine::FUSED`]: who computes one row at a time calls the
/// functions of that machine to get the bits that routines get.
///
/// ```
/// // What `dispatch` runs rounds a·b + c as this says.
/// let exact = f64::EPSILON * f64::EPSILON;
/// let x = 1.0 + f64::EPSILON;
/// let fused = x.mul_add(x, -(1.0 + 2.0 * f64::EPSILON));
/// assert_eq!(fused, exact);
/// let _ = hesse_runtime::lanes::is_fused();
/// ```
#[inline]
#[must_use]
pub fn is_fused() -> bool {
    #[cfg(all(feature = "lanes", any(target_arch = "x86", target_arch = "x86_64")))]
    return Plain::FUSED || Level::new().as_avx2().is_some();
    #[cfg(not(all(feature = "lanes", any(target_arch = "x86", target_arch = "x86_64"))))]
    return Plain::FUSED;
}
