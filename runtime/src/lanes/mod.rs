//! Arithmetic on eight rows at a time.
mod panels;
pub use panels::{columns, total};
/// M.
pub trait Machine {
    /// F.
    const FUSED: bool;
    /// F.
    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        if Self::FUSED { fused(a, b, c) } else { a * b + c }
    }
}
fn fused(a: f64, b: f64, c: f64) -> f64 {
    libm::fma(a, b, c)
}
/// P.
#[derive(Clone, Copy, Debug)]
pub struct Plain;
/// F.
#[derive(Clone, Copy, Debug)]
pub struct Fused;
impl Machine for Plain {
    const FUSED: bool = false;
}
impl Machine for Fused {
    const FUSED: bool = true;
}
/// R.
pub trait Routine {
    /// O.
    type Output;
    /// R.
    fn run<M: Machine>(self) -> Self::Output;
}
/// D.
#[inline]
pub fn dispatch<R: Routine>(routine: R) -> R::Output {
    routine.run::<Plain>()
}
/// I.
pub fn is_fused() -> bool {
    false
}
macro_rules! f { ($($n:ident)*) => { $(
/// F.
#[inline(always)]
pub fn $n<M: Machine>(x: f64) -> f64 { crate::math::$n(x) } )*
/// G.
pub mod groups { use super::Machine; $(
/// F.
#[inline(always)]
pub fn $n<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) { for (x, y) in x.iter().zip(y) { for lane in 0..8 { y[lane] = super::$n::<M>(x[lane]); } } } )* }
} }
f! { exp ln ln_1p exp_m1 tanh sin cos }
