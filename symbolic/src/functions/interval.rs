//! The functions on intervals: enclosures of all their values, one row per function.

use hesse_runtime::interval::Interval;

use super::Function;

impl Function {
    /// Encloses the values on a box of arguments; unknown for too few arguments.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    /// use hesse_symbolic::functions::Function;
    ///
    /// let sine = Function::Sin.enclose(&[Interval::new(1.0, 2.0)]);
    /// assert_eq!(sine.hi(), 1.0);                                      // at π/2
    /// ```
    pub fn enclose(self, args: &[Interval]) -> Interval {
        use Function::*;
        let x = args.first().copied().unwrap_or(Interval::UNKNOWN);
        let y = args.get(1).copied().unwrap_or(Interval::UNKNOWN);
        match self {
            Exp => x.exp(),
            Exp2 => x.exp2(),
            ExpM1 => x.exp_m1(),
            Ln => x.ln(),
            Ln1p => x.ln_1p(),
            Log2 => x.log2(),
            Log10 => x.log10(),
            Cbrt => x.cbrt(),
            Sin => x.sin(),
            Cos => x.cos(),
            Tan => x.tan(),
            Asin => x.asin(),
            Acos => x.acos(),
            Atan => x.atan(),
            Sinh => x.sinh(),
            Cosh => x.cosh(),
            Tanh => x.tanh(),
            Sech => x.sech(),
            Asinh => x.asinh(),
            Acosh => x.acosh(),
            Atanh => x.atanh(),
            Abs => x.abs(),
            Sign => x.sign(),
            Floor => x.floor(),
            Ceil => x.ceil(),
            Round => x.round(),
            Trunc => x.trunc(),
            Sigmoid => x.sigmoid(),
            Softplus => x.softplus(),
            Relu => x.relu(),
            Erf => x.erf(),
            Erfc => x.erfc(),
            Pow => x.pow(y),
            Atan2 => x.atan2(y),
            Hypot => x.hypot(y),
            Min => x.min(y),
            Max => x.max(y),
            // x²/(1 + √(1 + x²))
            HypotM1 => x.powi(2) / (Interval::ONE + Interval::ONE.hypot(x)),
            // 0 ln 0 is a limit.
            XLogY => {
                if y.lo() > 0.0 {
                    x * y.ln()
                } else {
                    Interval::UNKNOWN
                }
            }
            LnCosh => ln_cosh(x),
            LogAddExp => log_add_exp(x, y),
            NormalPdf => normal_pdf(x),
            NormalCdf => normal_cdf(x),
            // On the right Φ rounds to 1.
            LnNormalCdf if x.lo() > 0.0 => (-normal_cdf(-x)).ln_1p(),
            LnNormalCdf => normal_cdf(x).ln(),
            NormalHazard => normal_pdf(x) / normal_cdf(x),
            NormalExcess => x + normal_pdf(x) / normal_cdf(x),
            SphericalBessel if x.lo() == 0.0 && x.hi() == 0.0 => sinc(y),
            SphericalBessel => y.spherical_bessel(x),
            BesselJ => y.bessel_j(x),
            OneMinusSquare => (Interval::ONE - x) * (Interval::ONE + x),
            Direction => x / x.hypot(y),
            Quotient => x / y,
            // σ′ = sech²(x/2)/4
            SigmoidSlope => (x * Interval::point(0.5)).sech().powi(2) * Interval::point(0.25),
            Gamma => x.gamma(),
            LnGamma => x.ln_gamma(),
            LnBeta => x.ln_beta(y),
            Polygamma => y.polygamma(x),
            DigammaRise => x.digamma_rise(y),
            TrigammaFall => x.trigamma_fall(y),
            LambertW => x.lambert_w(),
            LambertRatio => x.lambert_ratio(),
            // Nothing is known of a function of the caller.
            Outer(..) => Interval::UNKNOWN,
        }
    }
}

/// max(x, y) + ln(1 + e^(−|x − y|)), which grows with both.
fn log_add_exp(x: Interval, y: Interval) -> Interval {
    let at = |x: f64, y: f64| {
        let below = Interval::point(x.min(y)) - Interval::point(x.max(y));
        Interval::point(x.max(y)) + below.softplus()
    };
    if !x.is_bounded() || !y.is_bounded() {
        return Interval::UNKNOWN;
    }
    at(x.lo(), y.lo()).hull(at(x.hi(), y.hi())).at_most(x.decoration()).at_most(y.decoration())
}

/// |x| + ln(1 + e^(−2|x|)) − ln 2, and ln(1 + sinh² x)/2, which does not cancel at 0.
fn ln_cosh(x: Interval) -> Interval {
    let far = x.abs() + (x.abs() * Interval::point(-2.0)).softplus() - Interval::point(2.0).ln();
    let near = x.sinh().powi(2).ln_1p() * Interval::point(0.5);
    if near.is_bounded() { far.intersection(near) } else { far }
}

/// e^(−x²/2)/√(2π)
fn normal_pdf(x: Interval) -> Interval {
    let circle = Interval::around(std::f64::consts::TAU, 1);
    (x.powi(2) * Interval::point(-0.5)).exp() / circle.sqrt()
}

/// erfc(−x/√2)/2
fn normal_cdf(x: Interval) -> Interval {
    (-x / Interval::point(2.0).sqrt()).erfc() * Interval::point(0.5)
}

/// sin(x)/x, which lies between 1 − x²/6 and 1.
fn sinc(x: Interval) -> Interval {
    if !x.contains(0.0) {
        return x.sin() / x;
    }
    let least = Interval::ONE - x.powi(2) / Interval::point(6.0);
    Interval::new(least.lo().max(-1.0), 1.0).at_most(x.decoration())
}
