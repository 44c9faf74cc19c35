//! The table of elementary functions, a file per column.
//!
//! | column | file |
//! |---|---|
//! | names and values | here |
//! | partial derivatives, as graph templates | `partials` |
//! | stable evaluation through shared subterms | `expand` |
//! | functions made of others | `composite` |
//! | symmetries that make equal calls one node | `symmetry` |
//! | forms for eight lanes at a time | `lanes` |
//! | cost of a call | `cost` |
//! | values on intervals | `interval` |
//! | values on hyper-dual numbers | `dual` |

mod composite;
mod cost;
mod dual;
mod expand;
mod interval;
mod lanes;
mod partials;
mod symmetry;

use hesse_runtime::math;

pub use composite::Composite;
pub use cost::DIVISION;
pub use expand::{expand, expand_sums};
pub use partials::partials;
pub(crate) use symmetry::symmetric;

macro_rules! table {
    ($($variant:ident $name:literal $arity:literal $value:expr;)*) => {
        /// An elementary function. Powers with a constant exponent are factors of a product instead.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Function {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
            /// A function from outside whose derivatives are given: its number among those, and the order of the
            /// derivative, 0 to 2. Only generated code can call it.
            Outer(u16, u8),
        }

        impl Function {
            /// Every function of the table, in its order; those from outside are not in the table.
            pub const ALL: &[Function] = &[$(Function::$variant,)*];

            /// The name in formulas and in the numeric core.
            pub fn name(self) -> &'static str {
                match self {
                    $(Function::$variant => $name,)*
                    Function::Outer(_, 0) => "outer",
                    Function::Outer(_, 1) => "outer_slope",
                    Function::Outer(..) => "outer_curvature",
                }
            }

            /// The number of arguments.
            pub fn arity(self) -> usize {
                match self { $(Function::$variant => $arity,)* Function::Outer(..) => 1 }
            }

            /// The function of that name.
            pub fn from_name(name: &str) -> Option<Function> {
                match name { $($name => Some(Function::$variant),)* _ => None }
            }

            /// The value, from the same numeric core that generated code calls; NaN for too few arguments.
            pub fn value(self, args: &[f64]) -> f64 {
                let x = args.first().copied().unwrap_or(f64::NAN);
                let y = args.get(1).copied().unwrap_or(f64::NAN);
                match self { $(Function::$variant => Value::at($value, x, y),)* Function::Outer(..) => f64::NAN }
            }
        }
    };
}

table! {
    Exp      "exp"      1 math::exp as fn(f64) -> f64;
    Exp2     "exp2"     1 math::exp2 as fn(f64) -> f64;
    ExpM1    "exp_m1"   1 math::exp_m1 as fn(f64) -> f64;
    Ln       "ln"       1 math::ln as fn(f64) -> f64;
    Ln1p     "ln_1p"    1 math::ln_1p as fn(f64) -> f64;
    Log2     "log2"     1 math::log2 as fn(f64) -> f64;
    Log10    "log10"    1 math::log10 as fn(f64) -> f64;
    Cbrt     "cbrt"     1 math::cbrt as fn(f64) -> f64;
    Sin      "sin"      1 math::sin as fn(f64) -> f64;
    Cos      "cos"      1 math::cos as fn(f64) -> f64;
    Tan      "tan"      1 math::tan as fn(f64) -> f64;
    Asin     "asin"     1 math::asin as fn(f64) -> f64;
    Acos     "acos"     1 math::acos as fn(f64) -> f64;
    Atan     "atan"     1 math::atan as fn(f64) -> f64;
    Sinh     "sinh"     1 math::sinh as fn(f64) -> f64;
    Cosh     "cosh"     1 math::cosh as fn(f64) -> f64;
    Tanh     "tanh"     1 math::tanh as fn(f64) -> f64;
    Sech     "sech"     1 math::sech as fn(f64) -> f64;
    Asinh    "asinh"    1 math::asinh as fn(f64) -> f64;
    Acosh    "acosh"    1 math::acosh as fn(f64) -> f64;
    Atanh    "atanh"    1 math::atanh as fn(f64) -> f64;
    Abs      "abs"      1 math::abs as fn(f64) -> f64;
    Sign     "sign"     1 math::sign as fn(f64) -> f64;
    Floor    "floor"    1 math::floor as fn(f64) -> f64;
    Ceil     "ceil"     1 math::ceil as fn(f64) -> f64;
    Round    "round"    1 math::round as fn(f64) -> f64;
    Trunc    "trunc"    1 math::trunc as fn(f64) -> f64;
    Sigmoid  "sigmoid"  1 math::sigmoid as fn(f64) -> f64;
    Softplus "softplus" 1 math::softplus as fn(f64) -> f64;
    Relu     "relu"     1 math::relu as fn(f64) -> f64;
    Erf      "erf"      1 math::erf as fn(f64) -> f64;
    Erfc     "erfc"     1 math::erfc as fn(f64) -> f64;
    Pow      "pow"      2 math::pow as fn(f64, f64) -> f64;
    Atan2    "atan2"    2 math::atan2 as fn(f64, f64) -> f64;
    Hypot    "hypot"    2 math::hypot as fn(f64, f64) -> f64;
    Min      "min"      2 math::min as fn(f64, f64) -> f64;
    Max      "max"      2 math::max as fn(f64, f64) -> f64;
    HypotM1  "hypot_m1" 1 math::hypot_m1 as fn(f64) -> f64;
    XLogY    "xlogy"    2 math::xlogy as fn(f64, f64) -> f64;
    LnCosh   "ln_cosh"  1 math::ln_cosh as fn(f64) -> f64;
    LogAddExp "log_add_exp" 2 math::log_add_exp as fn(f64, f64) -> f64;
    NormalPdf "normal_pdf" 1 math::normal_pdf as fn(f64) -> f64;
    NormalCdf "normal_cdf" 1 math::normal_cdf as fn(f64) -> f64;
    LnNormalCdf "ln_normal_cdf" 1 math::ln_normal_cdf as fn(f64) -> f64;
    Gamma    "gamma"    1 math::gamma as fn(f64) -> f64;
    LnGamma  "ln_gamma" 1 math::ln_gamma as fn(f64) -> f64;
    LnBeta   "ln_beta"  2 math::ln_beta as fn(f64, f64) -> f64;
    LambertW "lambert_w" 1 math::lambert_w as fn(f64) -> f64;
    // Of an order, which is no variable, and an argument.
    Polygamma "polygamma" 2 math::polygamma as fn(f64, f64) -> f64;
    BesselJ  "bessel_j" 2 math::bessel_j as fn(f64, f64) -> f64;
    SphericalBessel "spherical_bessel" 2 math::spherical_bessel as fn(f64, f64) -> f64;
    // What derivatives are made of.
    OneMinusSquare "one_minus_square" 1 math::one_minus_square as fn(f64) -> f64;
    Direction "direction" 2 math::direction as fn(f64, f64) -> f64;
    Quotient "quotient" 2 (|x, y| x / y) as fn(f64, f64) -> f64;
    SigmoidSlope "sigmoid_slope" 1 math::sigmoid_slope as fn(f64) -> f64;
    LambertRatio "lambert_ratio" 1 math::lambert_ratio as fn(f64) -> f64;
    DigammaRise "digamma_rise" 2 math::digamma_rise as fn(f64, f64) -> f64;
    TrigammaFall "trigamma_fall" 2 math::trigamma_fall as fn(f64, f64) -> f64;
    NormalHazard "normal_hazard" 1 math::normal_hazard as fn(f64) -> f64;
    NormalExcess "normal_excess" 1 math::normal_excess as fn(f64) -> f64;
}

impl Function {
    /// Whether the first argument is an integer order, by which there is no derivative.
    pub fn has_order(self) -> bool {
        matches!(self, Function::Polygamma | Function::BesselJ | Function::SphericalBessel)
    }

    /// Whether it is twice continuously differentiable everywhere: it has no kink, no pole and no border, so that functions
    /// made of such ones have none.
    pub fn is_smooth(self) -> bool {
        use Function::{
            Asinh, Atan, BesselJ, Cos, Cosh, Erf, Erfc, Exp, Exp2, ExpM1, HypotM1, LnCosh, LnNormalCdf,
            LogAddExp, NormalCdf, NormalPdf, Sech, Sigmoid, Sin, Sinh, Softplus, SphericalBessel, Tanh,
        };
        let is_wave = matches!(self, Sin | Cos | BesselJ | SphericalBessel);
        let is_exponential =
            matches!(self, Exp | Exp2 | ExpM1 | Sinh | Cosh | Tanh | Sech | LnCosh | HypotM1);
        let is_step = matches!(self, Atan | Asinh | Sigmoid | Softplus | LogAddExp);
        let is_bell = matches!(self, Erf | Erfc | NormalPdf | NormalCdf | LnNormalCdf);
        is_wave || is_exponential || is_step || is_bell
    }

    /// Whether it is finite for all finite arguments.
    pub(crate) fn is_total(self) -> bool {
        use Function::{
            Abs, Asinh, Atan, Atan2, BesselJ, Cbrt, Ceil, Cos, Erf, Erfc, Floor, Hypot, HypotM1, LnCosh,
            LnNormalCdf, LogAddExp, Max, Min, NormalCdf, NormalPdf, OneMinusSquare, Relu, Round, Sech,
            Sigmoid, SigmoidSlope, Sign, Sin, Softplus, SphericalBessel, Tanh, Trunc,
        };
        let is_piece = matches!(self, Abs | Sign | Floor | Ceil | Round | Trunc | Relu | Min | Max);
        let is_wave = matches!(self, Sin | Cos | BesselJ | SphericalBessel);
        let is_slow =
            matches!(self, Atan | Atan2 | Asinh | Cbrt | Hypot | HypotM1 | LnCosh | LogAddExp | Softplus);
        let is_step = matches!(self, Tanh | Sech | OneMinusSquare | Sigmoid | SigmoidSlope);
        let is_bell = matches!(self, Erf | Erfc | NormalPdf | NormalCdf | LnNormalCdf);
        is_piece || is_wave || is_slow || is_step || is_bell
    }
}

/// A function of one or two numbers, called with two.
trait Value {
    fn at(self, x: f64, y: f64) -> f64;
}

impl Value for fn(f64) -> f64 {
    fn at(self, x: f64, _: f64) -> f64 {
        self(x)
    }
}

impl Value for fn(f64, f64) -> f64 {
    fn at(self, x: f64, y: f64) -> f64 {
        self(x, y)
    }
}
