//! The derivative rules: one row per function, in terms of its arguments and of its own value.

use super::Function;
use crate::graph::{Comparison, Expr, Graph, Number};

/// The partial derivatives of `f = function(args)`, one per argument.
///
/// Kinks pick one branch: `relu'(0) = 0`, `abs'(0) = 0`, ties of `min` and `max` follow the first argument.
/// Steps (`floor`, `sign`, …) have derivative zero everywhere.
pub fn partials(g: &mut Graph, function: Function, args: &[Expr], f: Expr) -> Vec<Expr> {
    use Function::*;
    let x = args[0];
    let y = args.get(1).copied().unwrap_or(x);
    let one = g.one();
    let zero = g.zero();
    let minus_half = Number::rational(-1, 2);
    match function {
        // exp' = exp
        Exp => vec![f],
        // exp2' = ln 2 · exp2
        Exp2 => vec![g.scale(Number::float(std::f64::consts::LN_2), f)],
        // expm1' = exp
        ExpM1 => vec![g.apply(Exp, &[x])],
        // ln' = 1/x
        Ln => vec![g.power(x, Number::MINUS_ONE)],
        // log1p' = 1/(1+x)
        Ln1p => vec![{
            let shifted = g.add(one, x);
            g.power(shifted, Number::MINUS_ONE)
        }],
        // log_b' = 1/(x ln b)
        Log2 => vec![{
            let r = g.power(x, Number::MINUS_ONE);
            g.scale(Number::float(std::f64::consts::LOG2_E), r)
        }],
        Log10 => vec![{
            let r = g.power(x, Number::MINUS_ONE);
            g.scale(Number::float(std::f64::consts::LOG10_E), r)
        }],
        // cbrt' = 1/(3 cbrt²)
        Cbrt => vec![{
            let r = g.power(f, Number::integer(-2));
            g.scale(Number::rational(1, 3), r)
        }],
        Sin => vec![g.apply(Cos, &[x])],
        Cos => vec![{
            let s = g.apply(Sin, &[x]);
            g.neg(s)
        }],
        // tan' = 1 + tan²
        Tan => vec![{
            let square = g.power(f, Number::integer(2));
            g.add(one, square)
        }],
        // asin' = ((1−x)(1+x))^−½: the factors do not cancel near ±1
        Asin => vec![{
            let c = one_minus_square(g, x);
            g.power(c, minus_half)
        }],
        Acos => vec![{
            let c = one_minus_square(g, x);
            let r = g.power(c, minus_half);
            g.neg(r)
        }],
        // atan' = 1/(1+x²)
        Atan => vec![{
            let square = g.power(x, Number::integer(2));
            let c = g.add(one, square);
            g.power(c, Number::MINUS_ONE)
        }],
        Sinh => vec![g.apply(Cosh, &[x])],
        Cosh => vec![g.apply(Sinh, &[x])],
        // tanh' = sech²: 1 − tanh² is 0 beyond 19
        Tanh => vec![{
            let sech = g.apply(Sech, &[x]);
            g.power(sech, Number::integer(2))
        }],
        // sech' = −sech tanh
        Sech => vec![{
            let tanh = g.apply(Tanh, &[x]);
            let product = g.mul(f, tanh);
            g.neg(product)
        }],
        // arsinh' = 1/hypot(1, x): x² would overflow
        Asinh => vec![{
            let h = g.apply(Hypot, &[one, x]);
            g.power(h, Number::MINUS_ONE)
        }],
        // arcosh' = (x−1)^−½ (x+1)^−½
        Acosh => vec![{
            let (below, above) = (g.sub(x, one), g.add(x, one));
            g.product(&[(below, minus_half), (above, minus_half)])
        }],
        // artanh' = 1/((1−x)(1+x))
        Atanh => vec![{
            let c = one_minus_square(g, x);
            g.power(c, Number::MINUS_ONE)
        }],
        Abs => vec![g.apply(Sign, &[x])],
        Sign | Floor | Ceil | Round | Trunc => vec![zero],
        // σ' = σ(x) σ(−x): never σ (1 − σ)
        Sigmoid => vec![{
            let negative = g.neg(x);
            let c = g.apply(Sigmoid, &[negative]);
            g.mul(f, c)
        }],
        Softplus => vec![g.apply(Sigmoid, &[x])],
        Relu => vec![{
            let positive = g.compare(Comparison::Greater, x, zero);
            g.select(positive, one, zero)
        }],
        // erf' = 2/√π exp(−x²)
        Erf => vec![bell(g, x, std::f64::consts::FRAC_2_SQRT_PI)],
        Erfc => vec![bell(g, x, -std::f64::consts::FRAC_2_SQRT_PI)],
        // (x^y)' = y x^(y−1), x^y ln x; the latter is 0 at x = 0
        Pow => vec![
            {
                let less = g.sub(y, one);
                let power = g.pow(x, less);
                g.mul(y, power)
            },
            {
                let ln = g.apply(Ln, &[x]);
                let slope = g.mul(f, ln);
                let at_zero = g.compare(Comparison::Equal, x, zero);
                g.select(at_zero, zero, slope)
            },
        ],
        // atan2(y, x)' = x/(x²+y²), −y/(x²+y²); here x is the ordinate and y the abscissa
        Atan2 => vec![
            {
                let r = squared_radius(g, x, y);
                g.div(y, r)
            },
            {
                let r = squared_radius(g, x, y);
                let q = g.div(x, r);
                g.neg(q)
            },
        ],
        // hypot' = x/hypot, y/hypot
        Hypot => vec![g.div(x, f), g.div(y, f)],
        Min => {
            let first = g.compare(Comparison::LessEqual, x, y);
            vec![g.select(first, one, zero), g.select(first, zero, one)]
        }
        Max => {
            let first = g.compare(Comparison::GreaterEqual, x, y);
            vec![g.select(first, one, zero), g.select(first, zero, one)]
        }
    }
}

fn one_minus_square(g: &mut Graph, x: Expr) -> Expr {
    let one = g.one();
    let (below, above) = (g.sub(one, x), g.add(one, x));
    g.mul(below, above)
}

fn squared_radius(g: &mut Graph, x: Expr, y: Expr) -> Expr {
    let (a, b) = (g.power(x, Number::integer(2)), g.power(y, Number::integer(2)));
    g.add(a, b)
}

fn bell(g: &mut Graph, x: Expr, factor: f64) -> Expr {
    let square = g.power(x, Number::integer(2));
    let negative = g.neg(square);
    let bell = g.apply(Function::Exp, &[negative]);
    g.scale(Number::float(factor), bell)
}
