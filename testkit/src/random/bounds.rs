//! What values a random term can take, and where functions are defined.

use hesse_symbolic::functions::Function;

use super::term::Exponent;

/// The least and the greatest value a term can take.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Bounds {
    pub(super) lo: f64,
    pub(super) hi: f64,
}

impl Bounds {
    pub(super) fn new(lo: f64, hi: f64) -> Bounds {
        Bounds { lo, hi }
    }

    pub(super) fn size(self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    pub(super) fn within(self, lo: f64, hi: f64) -> bool {
        lo <= self.lo && self.hi <= hi
    }

    pub(super) fn neg(self) -> Bounds {
        Bounds::new(-self.hi, -self.lo)
    }

    pub(super) fn add(self, other: Bounds) -> Bounds {
        Bounds::new(self.lo + other.lo, self.hi + other.hi)
    }

    pub(super) fn mul(self, other: Bounds) -> Bounds {
        Bounds::hull(&[self.lo * other.lo, self.lo * other.hi, self.hi * other.lo, self.hi * other.hi])
    }

    /// Of a divisor away from zero.
    pub(super) fn recip(self) -> Bounds {
        Bounds::hull(&[1.0 / self.lo, 1.0 / self.hi])
    }

    pub(super) fn join(self, other: Bounds) -> Bounds {
        Bounds::hull(&[self.lo, self.hi, other.lo, other.hi])
    }

    pub(super) fn power(self, exponent: Exponent) -> Bounds {
        match exponent {
            Exponent::Integer(n) if n % 2 == 0 && self.lo < 0.0 && self.hi > 0.0 => {
                Bounds::new(0.0, self.size().powi(n))
            }
            Exponent::Integer(n) => Bounds::hull(&[self.lo.powi(n), self.hi.powi(n)]),
            Exponent::Halves(n) => {
                Bounds::hull(&[self.lo.powf(f64::from(n) / 2.0), self.hi.powf(f64::from(n) / 2.0)])
            }
            Exponent::Real(p) => Bounds::hull(&[self.lo.powf(p), self.hi.powf(p)]),
        }
    }

    pub(super) fn hull(values: &[f64]) -> Bounds {
        values.iter().fold(Bounds::new(f64::INFINITY, f64::NEG_INFINITY), |b, &v| {
            Bounds::new(b.lo.min(v), b.hi.max(v))
        })
    }
}

/// The functions that are drawn: all but those of an order and those that only derivatives are made of.
pub fn drawn() -> Vec<Function> {
    Function::ALL.iter().copied().filter(|&function| !domain(function).is_empty()).collect()
}

const ANY: (f64, f64) = (-30.0, 30.0);

/// Where each argument of a function may lie, well inside of its domain.
///
/// Curvature is kept moderate too: close to a pole the oracle would lose digits of its own.
pub(super) fn domain(function: Function) -> &'static [(f64, f64)] {
    use Function::*;
    match function {
        Exp | ExpM1 | Sinh | Cosh | Sech | Erf | Erfc => &[(-3.0, 3.0)],
        Exp2 => &[(-4.0, 4.0)],
        Ln | Log2 | Log10 | Cbrt => &[(0.2, 30.0)],
        Ln1p => &[(-0.7, 30.0)],
        Tan => &[(-1.2, 1.2)],
        Asin | Acos | Atanh => &[(-0.9, 0.9)],
        Acosh => &[(1.2, 30.0)],
        Sin | Cos | Atan | Asinh | Abs | Sign | Floor | Ceil | Round | Trunc | Relu => &[ANY],
        Tanh | Sigmoid | Softplus => &[(-15.0, 15.0)],
        Pow => &[(0.2, 4.0), (-3.0, 3.0)],
        Atan2 => &[(-20.0, 20.0), (0.3, 20.0)],
        Hypot => &[(-20.0, 20.0), (0.3, 20.0)],
        Min | Max => &[ANY, ANY],
        HypotM1 => &[ANY],
        LnCosh => &[(-15.0, 15.0)],
        LogAddExp => &[(-15.0, 15.0), (-15.0, 15.0)],
        XLogY => &[(-4.0, 4.0), (0.2, 30.0)],
        NormalPdf | NormalCdf | LnNormalCdf => &[(-3.0, 3.0)],
        Gamma => &[(0.5, 4.0)],
        LnGamma => &[(0.5, 30.0)],
        LnBeta => &[(0.5, 10.0), (0.5, 10.0)],
        LambertW => &[(-0.2, 30.0)],
        DigammaRise | TrigammaFall | Polygamma | BesselJ | SphericalBessel | Direction | NormalExcess
        | NormalHazard | OneMinusSquare | LambertRatio | Quotient | SigmoidSlope => &[],
    }
}

/// The values of a function on such arguments; functions not named here are monotone there.
pub(super) fn image(function: Function, args: &[Bounds]) -> Bounds {
    use Function::*;
    let x = args[0];
    let y = args.get(1).copied().unwrap_or(x);
    let ends = Bounds::hull(&[function.value(&[x.lo, y.lo]), function.value(&[x.hi, y.hi])]);
    match function {
        Sin | Cos => Bounds::new(-1.0, 1.0),
        Sech | NormalPdf => Bounds::new(0.0, 1.0),
        HypotM1 | LnCosh => Bounds::new(0.0, ends.hi),
        Gamma => Bounds::new(0.88, ends.hi),
        LnGamma => Bounds::new(-0.13, ends.hi.max(0.0)),
        XLogY => x.mul(Bounds::new(y.lo.ln(), y.hi.ln())),
        Cosh => Bounds::new(1.0, ends.hi.max(1.0)),
        Abs => Bounds::new(0.0, x.size()),
        Pow => Bounds::hull(&[x.lo.powf(y.lo), x.lo.powf(y.hi), x.hi.powf(y.lo), x.hi.powf(y.hi)]),
        Atan2 => Bounds::new(-1.6, 1.6),
        Hypot => Bounds::new(y.lo, x.size() + y.hi),
        Min => Bounds::new(x.lo.min(y.lo), x.hi.min(y.hi)),
        Max => Bounds::new(x.lo.max(y.lo), x.hi.max(y.hi)),
        _ => ends,
    }
}
