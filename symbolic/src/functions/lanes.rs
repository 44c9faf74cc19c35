//! Functions that the numeric core has for eight lanes at a time.

use hesse_runtime::lanes::{self, Machine};

use super::Function;

impl Function {
    /// Whether there is a branch-free form for loops over lanes; its values may differ from
    /// [`value`](Function::value) in the last bit.
    pub fn has_lanes(self) -> bool {
        use Function::*;
        let [basic, others] = [
            matches!(
                self,
                Exp | Exp2 | ExpM1 | Ln | Ln1p | Log2 | Log10 | Sin | Cos | Tanh | Sech | Erf | Erfc
            ),
            matches!(self, Hypot | LnCosh | SphericalBessel),
        ];
        basic || others || matches!(self, NormalPdf | NormalCdf | LnNormalCdf | NormalHazard | NormalExcess)
    }

    /// The value as a loop over lanes has it on machine `M`.
    pub fn lane_value<M: Machine>(self, args: &[f64]) -> f64 {
        let x = args.first().copied().unwrap_or(f64::NAN);
        let y = args.get(1).copied().unwrap_or(f64::NAN);
        match self {
            Function::Exp => lanes::exp::<M>(x),
            Function::Exp2 => lanes::exp2::<M>(x),
            Function::Log2 => lanes::log2::<M>(x),
            Function::Log10 => lanes::log10::<M>(x),
            Function::ExpM1 => lanes::exp_m1::<M>(x),
            Function::Ln => lanes::ln::<M>(x),
            Function::Ln1p => lanes::ln_1p::<M>(x),
            Function::Sin => lanes::sin::<M>(x),
            Function::Cos => lanes::cos::<M>(x),
            Function::Tanh => lanes::tanh::<M>(x),
            Function::Sech => lanes::sech::<M>(x),
            Function::Erf => lanes::erf::<M>(x),
            Function::Erfc => lanes::erfc::<M>(x),
            Function::LnCosh => lanes::ln_cosh::<M>(x),
            Function::NormalPdf => lanes::normal_pdf::<M>(x),
            Function::NormalCdf => lanes::normal_cdf::<M>(x),
            Function::LnNormalCdf => lanes::ln_normal_cdf::<M>(x),
            Function::NormalHazard => lanes::normal_hazard::<M>(x),
            Function::NormalExcess => lanes::normal_excess::<M>(x),
            Function::Hypot => lanes::hypot::<M>(x, y),
            Function::SphericalBessel => lanes::spherical_bessel::<M>(x, y),
            other => other.value(args),
        }
    }
}
