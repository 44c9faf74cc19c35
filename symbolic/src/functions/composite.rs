//! Functions made of others: one row each, with the formula.

use super::Function;
use crate::graph::{Comparison, Expr, Graph, Number};

/// A function written in those of the table; as good as an entry, since its parts stay right at the extremes.
///
/// ```
/// use hesse_symbolic::functions::Composite;
/// use hesse_symbolic::graph::{Graph, Role};
///
/// let mut g = Graph::new();
/// let x = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(x, &[]);
/// assert_eq!(Composite::Huber.arity(), (1, 2));
/// let huber = Composite::Huber.of(&mut g, &[x]);
/// assert!(g.depends_on_parameters(huber));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Composite {
    /// sin(x)/x, 1 at 0
    Sinc,
    /// x ln x, 0 at 0
    XLogX,
    /// 1/x
    Recip,
    /// x − trunc(x); derivative 1 everywhere
    Fract,
    /// The number in `lo..=hi` nearest to x; derivative 1 inside and at the ends, 0 outside
    Clamp,
    /// ln σ(x)
    LogSigmoid,
    /// x above zero, a·x elsewhere; a is 0.01 unless given
    LeakyRelu,
    /// x above zero, a(eˣ − 1) elsewhere; a is 1 unless given
    Elu,
    /// 1.0507…·elu(x, 1.6732…), Klambauer et al. 2017
    Selu,
    /// x Φ(x)
    Gelu,
    /// x σ(x)
    Silu,
    /// x tanh(softplus(x))
    Mish,
    /// x²/2 where |x| ≤ d, d(|x| − d/2) elsewhere; d is 1 unless given
    Huber,
    /// d²(√(1 + (x/d)²) − 1); d is 1 unless given
    PseudoHuber,
    /// −x²/2 − ln √(2π)
    LnNormalPdf,
    /// The derivative of ln Γ
    Digamma,
    /// The second derivative of ln Γ
    Trigamma,
    /// Γ(x)Γ(y)/Γ(x+y)
    Beta,
    /// The Bessel function of the first kind of order 0
    BesselJ0,
    /// The same of order 1
    BesselJ1,
}

/// Name in formulas and in the numeric core, least and greatest number of arguments.
const ROWS: &[(Composite, &str, usize, usize)] = &[
    (Composite::Sinc, "sinc", 1, 1),
    (Composite::XLogX, "xlogx", 1, 1),
    (Composite::Recip, "recip", 1, 1),
    (Composite::Fract, "fract", 1, 1),
    (Composite::Clamp, "clamp", 3, 3),
    (Composite::LogSigmoid, "log_sigmoid", 1, 1),
    (Composite::LeakyRelu, "leaky_relu", 1, 2),
    (Composite::Elu, "elu", 1, 2),
    (Composite::Selu, "selu", 1, 1),
    (Composite::Gelu, "gelu", 1, 1),
    (Composite::Silu, "silu", 1, 1),
    (Composite::Mish, "mish", 1, 1),
    (Composite::Huber, "huber", 1, 2),
    (Composite::PseudoHuber, "pseudo_huber", 1, 2),
    (Composite::LnNormalPdf, "ln_normal_pdf", 1, 1),
    (Composite::Digamma, "digamma", 1, 1),
    (Composite::Trigamma, "trigamma", 1, 1),
    (Composite::Beta, "beta", 2, 2),
    (Composite::BesselJ0, "bessel_j0", 1, 1),
    (Composite::BesselJ1, "bessel_j1", 1, 1),
];

impl Composite {
    /// Every function of this table with its name, in order.
    pub fn all() -> impl Iterator<Item = (Composite, &'static str)> {
        ROWS.iter().map(|row| (row.0, row.1))
    }

    /// The function of that name.
    ///
    /// ```
    /// use hesse_symbolic::functions::Composite;
    ///
    /// assert_eq!(Composite::from_name("gelu"), Some(Composite::Gelu));
    /// assert_eq!(Composite::from_name("exp"), None, "not made of others");
    /// ```
    pub fn from_name(name: &str) -> Option<Composite> {
        ROWS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// The least and the greatest number of arguments.
    pub fn arity(self) -> (usize, usize) {
        ROWS.iter().find(|row| row.0 == self).map_or((1, 1), |row| (row.2, row.3))
    }

    /// The function of `args`; arguments that may be left out take the values said above.
    pub fn of(self, g: &mut Graph, args: &[Expr]) -> Expr {
        let zero = g.zero();
        let x = args.first().copied().unwrap_or(zero);
        let mut given = |at: usize, default: Number| match args.get(at) {
            Some(&arg) => arg,
            None => g.number(default),
        };
        let square = |g: &mut Graph, x| g.power(x, Number::integer(2));
        match self {
            Composite::Sinc => g.apply(Function::SphericalBessel, &[zero, x]),
            Composite::XLogX => g.apply(Function::XLogY, &[x, x]),
            Composite::Recip => g.power(x, Number::MINUS_ONE),
            Composite::Fract => {
                let whole = g.apply(Function::Trunc, &[x]);
                g.sub(x, whole)
            }
            Composite::Clamp => {
                let (lo, hi) = (given(1, Number::ZERO), given(2, Number::ONE));
                let raised = g.apply(Function::Max, &[x, lo]);
                g.apply(Function::Min, &[raised, hi])
            }
            Composite::LogSigmoid => {
                let negative = g.neg(x);
                let softplus = g.apply(Function::Softplus, &[negative]);
                g.neg(softplus)
            }
            Composite::LeakyRelu => {
                let a = given(1, Number::rational(1, 100));
                let leak = g.mul(a, x);
                above_zero(g, x, x, leak)
            }
            Composite::Elu => {
                let a = given(1, Number::ONE);
                elu(g, x, a)
            }
            Composite::Selu => {
                let a = g.number(Number::float(SELU_ALPHA));
                let elu = elu(g, x, a);
                g.scale(Number::float(SELU_SCALE), elu)
            }
            Composite::Gelu => {
                let cdf = g.apply(Function::NormalCdf, &[x]);
                g.mul(x, cdf)
            }
            Composite::Silu => {
                let sigmoid = g.apply(Function::Sigmoid, &[x]);
                g.mul(x, sigmoid)
            }
            Composite::Mish => {
                let softplus = g.apply(Function::Softplus, &[x]);
                let tanh = g.apply(Function::Tanh, &[softplus]);
                g.mul(x, tanh)
            }
            Composite::Huber => {
                let d = given(1, Number::ONE);
                let size = g.apply(Function::Abs, &[x]);
                let near = square(g, x);
                let near = g.scale(Number::HALF, near);
                let far = g.sum(&[(Number::ONE, size), (Number::HALF.negate(), d)]);
                let far = g.mul(d, far);
                let is_near = g.compare(Comparison::LessEqual, size, d);
                g.select(is_near, near, far)
            }
            Composite::PseudoHuber => {
                let d = given(1, Number::ONE);
                let ratio = g.div(x, d);
                let rise = g.apply(Function::HypotM1, &[ratio]);
                let scale = square(g, d);
                g.mul(scale, rise)
            }
            Composite::LnNormalPdf => {
                let square = square(g, x);
                let constant = g.number(Number::float(LN_ROOT_TWO_PI));
                g.sum(&[(Number::HALF.negate(), square), (Number::MINUS_ONE, constant)])
            }
            Composite::Digamma => g.apply(Function::Polygamma, &[zero, x]),
            Composite::Trigamma => {
                let one = g.one();
                g.apply(Function::Polygamma, &[one, x])
            }
            Composite::Beta => {
                let y = given(1, Number::ONE);
                let ln = g.apply(Function::LnBeta, &[x, y]);
                g.apply(Function::Exp, &[ln])
            }
            Composite::BesselJ0 => g.apply(Function::BesselJ, &[zero, x]),
            Composite::BesselJ1 => {
                let one = g.one();
                g.apply(Function::BesselJ, &[one, x])
            }
        }
    }
}

/// `a` where x is above zero, `b` elsewhere.
fn above_zero(g: &mut Graph, x: Expr, a: Expr, b: Expr) -> Expr {
    let zero = g.zero();
    let above = g.compare(Comparison::Greater, x, zero);
    g.select(above, a, b)
}

fn elu(g: &mut Graph, x: Expr, a: Expr) -> Expr {
    let below = g.apply(Function::ExpM1, &[x]);
    let below = g.mul(a, below);
    above_zero(g, x, x, below)
}

const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const LN_ROOT_TWO_PI: f64 = 0.918_938_533_204_672_7;
