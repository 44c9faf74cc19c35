//! The functions over groups of eight lanes: y = f(x) for each pair of groups, up to the shorter slice.
//!
//! The bits are those of the scalar functions.
//!
//! ```
//! use hesse_runtime::lanes::{self, Plain};
//!
//! let x = [[0.5; 8]; 3];
//! let mut y = [[0.0; 8]; 3];
//! lanes::groups::exp::<Plain>(&x, &mut y);
//! assert_eq!(y, [[lanes::exp::<Plain>(0.5); 8]; 3]);
//! ```

use super::Machine;
use super::trigonometric::{REDUCIBLE, cos_near, sin_near};

macro_rules! branch_free {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
            for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
                *y = super::$name::<M>(x);
            }
        }
    )*};
}

branch_free! {
    /// [`exp`](super::exp) of each lane.
    exp;
    /// [`exp2`](super::exp2) of each lane.
    exp2;
    /// [`exp_m1`](super::exp_m1) of each lane.
    exp_m1;
    /// [`ln`](super::ln) of each lane.
    ln;
    /// [`ln_1p`](super::ln_1p) of each lane.
    ln_1p;
    /// [`log2`](super::log2) of each lane.
    log2;
    /// [`log10`](super::log10) of each lane.
    log10;
    /// [`tanh`](super::tanh) of each lane.
    tanh;
}

/// [`sin`](super::sin) of each lane.
#[inline(always)]
pub fn sin<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
    periodic(x, y, sin_near::<M>, libm::sin);
}

/// [`cos`](super::cos) of each lane.
#[inline(always)]
pub fn cos<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
    periodic(x, y, cos_near::<M>, libm::cos);
}

/// Computes all lanes without branches, then those again that are too large for it.
#[inline(always)]
fn periodic(x: &[[f64; 8]], y: &mut [[f64; 8]], near: impl Fn(f64) -> f64, far: fn(f64) -> f64) {
    let mut reducible = true;
    for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
        reducible &= x.abs() <= REDUCIBLE;
        *y = near(x);
    }
    if !reducible {
        replace_large(x, y, far);
    }
}

#[cold]
#[inline(never)]
fn replace_large(x: &[[f64; 8]], y: &mut [[f64; 8]], far: fn(f64) -> f64) {
    for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
        // Not `>`, so that NaN is replaced too.
        let reducible = x.abs() <= REDUCIBLE;
        if !reducible {
            *y = far(x);
        }
    }
}
