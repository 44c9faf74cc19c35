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
        }
    }
}
