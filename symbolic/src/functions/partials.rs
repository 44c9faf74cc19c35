//! The derivative rules: one row per function, in terms of its arguments and of its own value.

use super::Function;
use crate::graph::{Comparison, Expr, Graph, Node, Number};

/// The partial derivatives of `f = function(args)`, one per argument.
///
/// Kinks pick one branch: `relu'(0) = 0`, `abs'(0) = 0`, ties of `min` and `max` follow the first argument.
/// Steps (`floor`, `sign`, …) have derivative zero everywhere. An order (`polygamma`, `bessel_j`) is no variable: the
/// derivative by it is NaN.
///
/// Slopes are written in functions whose own slopes keep their digits, so that derivatives of every order do.
///
/// ```
/// use hesse_symbolic::functions::{Function, partials};
/// use hesse_symbolic::graph::{Graph, Role};
///
/// let mut g = Graph::new();
/// let x = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(x, &[]);
/// let exp = g.apply(Function::Exp, &[x]);
/// assert_eq!(partials(&mut g, Function::Exp, &[x], exp), [exp]);
/// ```
pub fn partials(g: &mut Graph, function: Function, args: &[Expr], f: Expr) -> Vec<Expr> {
    use Function::*;
    let x = args[0];
    let y = args.get(1).copied().unwrap_or(x);
    let one = g.one();
    let zero = g.zero();
    let minus_half = Number::rational(-1, 2);
    match function {
        // There is nothing beyond what is given.
        Outer(_, 2..) => vec![g.number(Number::float(f64::NAN))],
        Outer(number, order) => vec![g.apply(Outer(number, order + 1), &[x])],
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
            let c = g.apply(OneMinusSquare, &[x]);
            g.power(c, minus_half)
        }],
        Acos => vec![{
            let c = g.apply(OneMinusSquare, &[x]);
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
            let c = g.apply(OneMinusSquare, &[x]);
            g.power(c, Number::MINUS_ONE)
        }],
        Abs => vec![g.apply(Sign, &[x])],
        Sign | Floor | Ceil | Round | Trunc => vec![zero],
        // σ' = σ(x) σ(−x): never σ (1 − σ)
        Sigmoid => vec![g.apply(SigmoidSlope, &[x])],
        // (σ(x) σ(−x))' = −σ(x) σ(−x) tanh(x/2): σ(−x) − σ(x) would cancel near 0
        SigmoidSlope => vec![{
            let half = g.scale(Number::HALF, x);
            let tanh = g.apply(Tanh, &[half]);
            let product = g.mul(f, tanh);
            g.neg(product)
        }],
        // ln(eˣ + eʸ)' = σ(x − y), σ(y − x)
        LogAddExp => {
            let (u, v) = (g.sub(x, y), g.sub(y, x));
            vec![g.apply(Sigmoid, &[u]), g.apply(Sigmoid, &[v])]
        }
        LnCosh => vec![g.apply(Tanh, &[x])],
        Softplus => vec![g.apply(Sigmoid, &[x])],
        Relu => vec![{
            let positive = g.compare(Comparison::Greater, x, zero);
            g.select(positive, one, zero)
        }],
        // erf' = 2/√π exp(−x²)
        Erf => vec![bell(g, x, std::f64::consts::FRAC_2_SQRT_PI)],
        Erfc => vec![bell(g, x, -std::f64::consts::FRAC_2_SQRT_PI)],
        // (x^y)' = y x^(y−1), x^y ln x; the former is 0 at x = y = 0, the latter at x = 0
        Pow => vec![
            {
                let less = one_less(g, y);
                let power = g.pow(x, less);
                let slope = g.mul(y, power);
                zero_at_origin(g, x, y, slope)
            },
            {
                let ln = g.apply(Ln, &[x]);
                let slope = g.mul(f, ln);
                let at_zero = g.compare(Comparison::Equal, x, zero);
                g.select(at_zero, zero, slope)
            },
        ],
        // atan2(y, x)' = x/(x²+y²), −y/(x²+y²); here x is the ordinate and y the abscissa
        Atan2 => {
            let h = g.apply(Hypot, &[x, y]);
            let (sine, cosine) = (g.apply(Direction, &[x, y]), g.apply(Direction, &[y, x]));
            let slope = g.div(sine, h);
            vec![g.div(cosine, h), g.neg(slope)]
        }
        // hypot' = x/hypot, y/hypot
        Hypot => vec![g.apply(Direction, args), g.apply(Direction, &[y, x])],
        // (x/h)' = (y/h)²/h, −(x/h)(y/h)/h for h = hypot(x, y): 1/h − x²/h³ would cancel
        Direction => {
            let h = g.apply(Hypot, &[x, y]);
            let other = g.apply(Direction, &[y, x]);
            let curved = g.product(&[(other, Number::integer(2)), (h, Number::MINUS_ONE)]);
            let twisted = g.product(&[(f, Number::ONE), (other, Number::ONE), (h, Number::MINUS_ONE)]);
            vec![curved, g.neg(twisted)]
        }
        // (√(1+x²) − 1)' = x/√(1+x²)
        HypotM1 => vec![g.apply(Direction, &[x, one])],
        // ((1−x)(1+x))' = −2x
        OneMinusSquare => vec![g.scale(Number::integer(-2), x)],
        // (x/y)' = 1/y, −(x/y)/y
        Quotient => {
            let slope = g.div(f, y);
            vec![g.power(y, Number::MINUS_ONE), g.neg(slope)]
        }
        // (x ln y)' = ln y, x/y
        XLogY => vec![g.apply(Ln, &[y]), g.div(x, y)],
        // φ' = −x φ
        NormalPdf => vec![{
            let product = g.mul(x, f);
            g.neg(product)
        }],
        NormalCdf => vec![g.apply(NormalPdf, &[x])],
        // (ln Φ)' = φ/Φ = λ, λ' = −λ (x + λ), (x + λ)' = 1 − λ (x + λ)
        LnNormalCdf => vec![g.apply(NormalHazard, &[x])],
        NormalHazard => vec![{
            let excess = g.apply(NormalExcess, &[x]);
            let product = g.mul(f, excess);
            g.neg(product)
        }],
        NormalExcess => vec![{
            let hazard = g.apply(NormalHazard, &[x]);
            let product = g.mul(hazard, f);
            g.sub(one, product)
        }],
        // Γ' = Γ ψ, (ln Γ)' = ψ
        Gamma => vec![{
            let digamma = g.apply(Polygamma, &[zero, x]);
            g.mul(f, digamma)
        }],
        LnGamma => vec![g.apply(Polygamma, &[zero, x])],
        Polygamma => {
            let next = g.add(x, one);
            vec![no_derivative(g), g.apply(Polygamma, &[next, y])]
        }
        // (ln B)' = ψ(x) − ψ(x+y), ψ(y) − ψ(x+y)
        LnBeta => {
            let rises = [g.apply(DigammaRise, args), g.apply(DigammaRise, &[y, x])];
            rises.map(|rise| g.neg(rise)).to_vec()
        }
        // (ψ(x+y) − ψ(x))' = ψ₁(x+y) − ψ₁(x), ψ₁(x+y)
        DigammaRise => {
            let fall = g.apply(TrigammaFall, args);
            let sum = g.add(x, y);
            vec![g.neg(fall), g.apply(Polygamma, &[one, sum])]
        }
        // (ψ₁(x) − ψ₁(x+y))' = ψ₂(x) − ψ₂(x+y), −ψ₂(x+y)
        TrigammaFall => {
            let (two, sum) = (g.integer(2), g.add(x, y));
            let [near, far] = [x, sum].map(|x| g.apply(Polygamma, &[two, x]));
            vec![g.sub(near, far), g.neg(far)]
        }
        // W' = r/(1 + W), r' = −r²/(1 + W) for r = exp(−W) = W/x: no division by x, which is 0 at 0
        LambertW => vec![{
            let ratio = g.apply(LambertRatio, &[x]);
            let divisor = g.add(one, f);
            g.div(ratio, divisor)
        }],
        LambertRatio => vec![{
            let w = g.apply(LambertW, &[x]);
            let divisor = g.add(one, w);
            let slope = g.product(&[(f, Number::integer(2)), (divisor, Number::MINUS_ONE)]);
            g.neg(slope)
        }],
        // Jₙ' = (Jₙ₋₁ − Jₙ₊₁)/2
        BesselJ => {
            let (before, after) = (g.sub(x, one), g.add(x, one));
            let [before, after] = [before, after].map(|order| g.apply(BesselJ, &[order, y]));
            let half = Number::HALF;
            vec![no_derivative(g), g.sum(&[(half, before), (half.negate(), after)])]
        }
        // jₙ' = (n jₙ₋₁ − (n+1) jₙ₊₁)/(2n+1): no division by the argument, which may be 0
        SphericalBessel => {
            let (before, after) = (g.sub(x, one), g.add(x, one));
            let [left, right] = [before, after].map(|order| g.apply(SphericalBessel, &[order, y]));
            let (left, right) = (g.mul(x, left), g.mul(after, right));
            let difference = g.sub(left, right);
            let divisor = g.add(x, after);
            vec![no_derivative(g), g.div(difference, divisor)]
        }
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

/// A slope that has no limit where both arguments are zero; for an exponent of zero it is zero.
fn zero_at_origin(g: &mut Graph, x: Expr, y: Expr, slope: Expr) -> Expr {
    if x == y || g.as_number(slope).is_some() {
        return slope;
    }
    let zero = g.zero();
    let [x, y] = [x, y].map(|arg| g.compare(Comparison::Equal, arg, zero));
    let both = g.and(x, y);
    g.select(both, zero, slope)
}

/// y − 1, added up with the constant that y may have.
fn one_less(g: &mut Graph, y: Expr) -> Expr {
    let mut terms = if let Node::Sum(terms) = g.node(y) { terms.to_vec() } else { vec![(Number::ONE, y)] };
    terms.push((Number::MINUS_ONE, g.one()));
    g.sum(&terms)
}

/// The derivative by an order.
fn no_derivative(g: &mut Graph) -> Expr {
    g.number(Number::float(f64::NAN))
}

fn bell(g: &mut Graph, x: Expr, factor: f64) -> Expr {
    let square = g.power(x, Number::integer(2));
    let negative = g.neg(square);
    let bell = g.apply(Function::Exp, &[negative]);
    g.scale(Number::float(factor), bell)
}
