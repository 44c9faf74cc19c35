//! The functions on hyper-dual numbers: values with slopes and a curvature, by derivatives that have nothing to do with
//! those of the table.

use hesse_runtime::dual::Dual;

use super::Function;

impl Function {
    /// The value with its derivatives along both directions; NaN for too few arguments, and for functions of the user.
    ///
    /// ```
    /// use hesse_runtime::dual::Dual;
    /// use hesse_symbolic::functions::Function;
    ///
    /// let x = Dual { value: 0.0, first: 1.0, second: 1.0, mixed: 0.0 };
    /// let sine = Function::Sin.dual(&[x]);
    /// assert_eq!((sine.value, sine.first, sine.mixed), (0.0, 1.0, 0.0));
    /// ```
    pub fn dual(self, args: &[Dual]) -> Dual {
        use Function::*;
        let unknown = Dual::constant(f64::NAN);
        let x = args.first().copied().unwrap_or(unknown);
        let y = args.get(1).copied().unwrap_or(unknown);
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
            HypotM1 => x.hypot_m1(),
            XLogY => x.xlogy(y),
            LnCosh => x.ln_cosh(),
            LogAddExp => x.log_add_exp(y),
            NormalPdf => x.normal_pdf(),
            NormalCdf => x.normal_cdf(),
            LnNormalCdf => x.ln_normal_cdf(),
            Gamma => x.gamma(),
            LnGamma => x.ln_gamma(),
            LnBeta => x.ln_beta(y),
            LambertW => x.lambert_w(),
            Polygamma => x.polygamma(y),
            BesselJ => x.bessel_j(y),
            SphericalBessel => x.spherical_bessel(y),
            OneMinusSquare => x.one_minus_square(),
            Direction => x.direction(y),
            Quotient => x.quotient(y),
            SigmoidSlope => x.sigmoid_slope(),
            LambertRatio => x.lambert_ratio(),
            DigammaRise => x.digamma_rise(y),
            TrigammaFall => x.trigamma_fall(y),
            NormalHazard => x.normal_hazard(),
            NormalExcess => x.normal_excess(),
            Outer(..) => unknown,
        }
    }
}
