//! The functions over groups of lanes: y = f(x) for each pair of groups, up to the shorter slice.
//!
//! The bits are those of the scalar functions. Without optimization these functions are compiled once per machine, and not
//! into every loop that calls them, which would take rustc longer than all else.
//!
//! ```
//! use hesse_runtime::lanes::{self, Plain};
//!
//! let x = [[0.5; 8]; 3];
//! let mut y = [[0.0; 8]; 3];
//! lanes::groups::exp::<Plain, 8>(&x, &mut y);
//! assert_eq!(y, [[lanes::exp::<Plain>(0.5); 8]; 3]);
//! ```

use super::Machine;
use super::logarithm::{ln_1p_inside, ln_normal};
use super::trigonometric::{REDUCIBLE, cos_near, sin_near};

macro_rules! branch_free {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[cfg_attr(not(unoptimized), inline(always))]
        #[cfg_attr(unoptimized, inline(never))]
        pub fn $name<M: Machine, const L: usize>(x: &[[f64; L]], y: &mut [[f64; L]]) {
            for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
                *y = super::$name::<M>(x);
            }
        }
    )*};
}

branch_free! {
    /// [`log2`](super::log2) of each lane.
    log2;
    /// [`log10`](super::log10) of each lane.
    log10;
    /// [`exp`](super::exp) of each lane.
    exp;
    /// [`exp2`](super::exp2) of each lane.
    exp2;
    /// [`exp_m1`](super::exp_m1) of each lane.
    exp_m1;
    /// [`tanh`](super::tanh) of each lane.
    tanh;
    /// [`sech`](super::sech) of each lane.
    sech;
    /// [`erf`](super::erf) of each lane.
    erf;
    /// [`erfc`](super::erfc) of each lane.
    erfc;
    /// [`ln_cosh`](super::ln_cosh) of each lane.
    ln_cosh;
    /// [`normal_pdf`](super::normal_pdf) of each lane.
    normal_pdf;
    /// [`normal_cdf`](super::normal_cdf) of each lane.
    normal_cdf;
    /// [`ln_normal_cdf`](super::ln_normal_cdf) of each lane.
    ln_normal_cdf;
    /// [`normal_hazard`](super::normal_hazard) of each lane.
    normal_hazard;
    /// [`normal_excess`](super::normal_excess) of each lane.
    normal_excess;
}

// A macro, not a function that takes these functions: what is not inlined into the loop is compiled for the baseline processor.
macro_rules! mostly {
    ($($(#[$doc:meta])* $name:ident: $fast:path where |$x:ident| $inside:expr, else $rare:path;)*) => {$(
        $(#[$doc])*
        #[cfg_attr(not(unoptimized), inline(always))]
        #[cfg_attr(unoptimized, inline(never))]
        pub fn $name<M: Machine, const L: usize>(x: &[[f64; L]], y: &mut [[f64; L]]) {
            #[cold]
            #[inline(never)]
            fn replace(x: &[f64], y: &mut [f64], rare: fn(f64) -> f64) {
                for (y, &$x) in y.iter_mut().zip(x) {
                    let is_inside = $inside;
                    if !is_inside {
                        *y = rare($x);
                    }
                }
            }
            // All lanes at once, then those outside the domain again.
            let mut all = true;
            for (y, &$x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
                all &= $inside;
                *y = $fast($x);
            }
            if !all {
                replace(x.as_flattened(), y.as_flattened_mut(), $rare);
            }
        }
    )*};
}

mostly! {
    /// [`ln`](super::ln) of each lane.
    ln: ln_normal::<M> where |x| (f64::MIN_POSITIVE..f64::INFINITY).contains(&x), else super::ln::<M>;
    /// [`ln_1p`](super::ln_1p) of each lane.
    ln_1p: ln_1p_inside::<M> where |x| (x > -1.0) & (x < f64::INFINITY), else super::ln_1p::<M>;
    /// [`sin`](super::sin) of each lane.
    sin: sin_near::<M> where |x| x.abs() <= REDUCIBLE, else libm::sin;
    /// [`cos`](super::cos) of each lane.
    cos: cos_near::<M> where |x| x.abs() <= REDUCIBLE, else libm::cos;
}
