//! What people write, lifted to entries of the table that stay right where the written form overflows or cancels.
//!
//! This happens before differentiation, so that derivatives are those of the entry. Every rule is an identity of real
//! numbers; where the written form is exact to rounding, so is the entry.
//!
//! | written | entry |
//! |---|---|
//! | ln(1 + eˣ), log1p(eˣ) | softplus(x) |
//! | ln(eˣ + eʸ + c) | log-add-exp |
//! | ln Σᵢ exp aᵢ | log-sum-exp |
//! | ln σ(x), ln(1 − σ(x)) | −softplus(∓x) |
//! | ln Φ(x), ln erfc(x), ln Γ(x), ln cosh x | entries of their own |
//! | ln(1 + x) | log1p(x) |
//! | eˣ − 1 | expm1(x) |
//! | 1 − cos x, cosh x − 1 | 2 sin²(x/2), 2 sinh²(x/2) |
//! | 1 − tanh² x, 1 − σ(x), 1 − erf x, 1 − Φ(x) | sech² x, σ(−x), erfc x, Φ(−x) |
//! | 1/(1 + e⁻ˣ), eˣ/(1 + eˣ) | σ(x) |
//! | exp(aⱼ)/Σᵢ exp(aᵢ) | exp(aⱼ − log-sum-exp) |
//! | √(x² + y²), √x² | hypot(x, y), abs x |
//! | √(1 + x²) − 1 | entry of its own |
//! | (1 − x²)ᵏ for k < 0 or k = n/2 | ((1 − x)(1 + x))ᵏ |
//! | sin(cx)/x | c sinc(cx) |
//! | x ln x | 0 at 0 |

use std::collections::HashMap;

use super::Function;
use crate::graph::{Expr, Graph, Node, Number, ReduceKind};

type Terms = Vec<(Number, Expr)>;
type Factors = Vec<(Expr, Number)>;

/// Rewrites an expression that somebody wrote; the value of the result differs by rounding, and where the written form
/// fails.
///
/// ```
/// use hesse_symbolic::functions::{Function, lift};
/// use hesse_symbolic::graph::{Graph, Role};
///
/// let mut g = Graph::new();
/// let array = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(array, &[]);
/// let (one, exp) = (g.one(), g.apply(Function::Exp, &[x]));
/// let sum = g.add(one, exp);
/// let written = g.apply(Function::Ln, &[sum]);
/// assert_eq!(lift(&mut g, written), g.apply(Function::Softplus, &[x]));
/// ```
pub fn lift(g: &mut Graph, root: Expr) -> Expr {
    let mut lifted: HashMap<Expr, Expr> = HashMap::new();
    for expr in g.reachable(&[root], |_, _| true) {
        let new = g.rebuild(expr, |_, arg| lifted.get(&arg).copied().unwrap_or(arg));
        let better = match g.node(new).clone() {
            Node::Apply(Function::Ln, args) => logarithm(g, args[0]),
            Node::Apply(Function::Ln1p, args) => logarithm_of_more(g, args[0]),
            // What was a product has become a multiple of one.
            Node::Sum(terms) if terms.len() == 1 => multiple(g, terms[0]),
            Node::Sum(terms) => sum(g, &terms),
            Node::Product(factors) => product(g, &factors),
            _ => None,
        };
        lifted.insert(expr, better.unwrap_or(new));
    }
    lifted.get(&root).copied().unwrap_or(root)
}

/// ln u
fn logarithm(g: &mut Graph, u: Expr) -> Option<Expr> {
    match g.node(u).clone() {
        Node::Apply(Function::Sigmoid, args) => {
            let negative = g.neg(args[0]);
            let softplus = g.apply(Function::Softplus, &[negative]);
            Some(g.neg(softplus))
        }
        Node::Apply(Function::NormalCdf, args) => Some(g.apply(Function::LnNormalCdf, &args)),
        Node::Apply(Function::Gamma, args) => Some(g.apply(Function::LnGamma, &args)),
        Node::Apply(Function::Cosh, args) => Some(g.apply(Function::LnCosh, &args)),
        // erfc(x) = 2 Φ(−√2 x)
        Node::Apply(Function::Erfc, args) => {
            let x = g.scale(Number::float(-std::f64::consts::SQRT_2), args[0]);
            let ln_cdf = g.apply(Function::LnNormalCdf, &[x]);
            let ln_2 = g.number(Number::float(std::f64::consts::LN_2));
            Some(g.add(ln_2, ln_cdf))
        }
        Node::Reduce(ReduceKind::Sum, index, body) => {
            let exponent = argument(g, body, Function::Exp)?;
            Some(g.reduce(ReduceKind::LogSumExp, index, exponent))
        }
        Node::Sum(terms) => match terms[..] {
            // ln(c u) = ln c + ln u, where u has an entry
            [(c, inner)] if !c.is_negative() => {
                let inner = logarithm(g, inner)?;
                let ln_c = g.number(Number::float(c.to_f64().ln()));
                Some(g.add(ln_c, inner))
            }
            _ => {
                if let Some(exponents) = exponents(g, &terms) {
                    return log_of_exponentials(g, &exponents);
                }
                let rest = without_one(g, &terms, Number::ONE)?;
                let rest = g.sum(&rest);
                logarithm_of_more(g, rest).or_else(|| Some(g.apply(Function::Ln1p, &[rest])))
            }
        },
        _ => None,
    }
}

/// ln(1 + u)
fn logarithm_of_more(g: &mut Graph, u: Expr) -> Option<Expr> {
    let exponent = argument(g, u, Function::Exp)?;
    Some(g.apply(Function::Softplus, &[exponent]))
}

/// ln Σ exp of some numbers.
fn log_of_exponentials(g: &mut Graph, exponents: &[Expr]) -> Option<Expr> {
    let zero = g.zero();
    match *exponents {
        [] | [_] => None,
        [a, b] if a == zero => Some(g.apply(Function::Softplus, &[b])),
        [a, b] if b == zero => Some(g.apply(Function::Softplus, &[a])),
        [first, ref rest @ ..] => {
            Some(rest.iter().fold(first, |all, &next| g.apply(Function::LogAddExp, &[all, next])))
        }
    }
}

/// The logarithms of the terms, where they are exponentials, positive multiples of them and positive numbers; at least
/// one exponential.
fn exponents(g: &mut Graph, terms: &[(Number, Expr)]) -> Option<Vec<Expr>> {
    const MOST: usize = 8;
    if terms.len() > MOST || !terms.iter().any(|term| argument(g, term.1, Function::Exp).is_some()) {
        return None;
    }
    let mut exponents = Vec::with_capacity(terms.len());
    for &(coefficient, term) in terms {
        if coefficient.is_negative() {
            return None;
        }
        let exponent = match argument(g, term, Function::Exp) {
            Some(exponent) => exponent,
            None if g.as_number(term).is_some_and(Number::is_one) => g.zero(),
            None => return None,
        };
        let ln = if coefficient.is_one() { Number::ZERO } else { Number::float(coefficient.to_f64().ln()) };
        let ln = g.number(ln);
        exponents.push(g.add(exponent, ln));
    }
    Some(exponents)
}

/// A sum that has c − c f, for a function f that comes close to 1.
fn sum(g: &mut Graph, terms: &[(Number, Expr)]) -> Option<Expr> {
    let constant = terms.iter().find(|term| g.as_number(term.1).is_some())?.0;
    let rest = without_one(g, terms, constant)?;
    for (at, &(c, term)) in rest.iter().enumerate() {
        if c != constant.negate() {
            continue;
        }
        // Of 1 − f.
        if let Some((factor, difference)) = from_one(g, term) {
            let mut terms = rest.clone();
            terms[at] = (constant.times(factor), difference);
            return Some(g.sum(&terms));
        }
    }
    None
}

/// 1 − f as a number times an expression.
fn from_one(g: &mut Graph, f: Expr) -> Option<(Number, Expr)> {
    let two = Number::integer(2);
    match g.node(f).clone() {
        Node::Apply(function, args) => {
            let x = args[0];
            let half = g.scale(Number::HALF, x);
            match function {
                Function::Exp => Some((Number::MINUS_ONE, g.apply(Function::ExpM1, &[x]))),
                Function::Cos if !is_root(g, x) => {
                    let sine = g.apply(Function::Sin, &[half]);
                    Some((two, g.power(sine, two)))
                }
                Function::Cosh => {
                    let sine = g.apply(Function::Sinh, &[half]);
                    Some((two.negate(), g.power(sine, two)))
                }
                Function::Erf => Some((Number::ONE, g.apply(Function::Erfc, &[x]))),
                Function::Sigmoid | Function::NormalCdf => {
                    let negative = g.neg(x);
                    Some((Number::ONE, g.apply(function, &[negative])))
                }
                Function::Hypot => {
                    let other = match (g.as_number(x), g.as_number(args[1])) {
                        (Some(one), _) if one.is_one() => args[1],
                        (_, Some(one)) if one.is_one() => x,
                        _ => return None,
                    };
                    Some((Number::MINUS_ONE, g.apply(Function::HypotM1, &[other])))
                }
                _ => None,
            }
        }
        Node::Product(factors) => match factors[..] {
            [(base, power)] if power == two => {
                let x = argument(g, base, Function::Tanh)?;
                let sech = g.apply(Function::Sech, &[x]);
                Some((Number::ONE, g.power(sech, two)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// c · Π, with the product lifted.
fn multiple(g: &mut Graph, (coefficient, term): (Number, Expr)) -> Option<Expr> {
    let Node::Product(factors) = g.node(term).clone() else { return None };
    let lifted = product(g, &factors)?;
    Some(g.scale(coefficient, lifted))
}

/// A product with a pair of factors that belong together; one rule at a time.
fn product(g: &mut Graph, factors: &[(Expr, Number)]) -> Option<Expr> {
    let mut current: Factors = factors.to_vec();
    let mut changed = false;
    while let Some(next) = paired(g, &current) {
        current = next;
        changed = true;
    }
    for factor in &mut current {
        if let Some(better) = power(g, *factor) {
            *factor = better;
            changed = true;
        }
    }
    changed.then(|| g.product(&current))
}

/// The factors after a rule for two of them.
fn paired(g: &mut Graph, factors: &[(Expr, Number)]) -> Option<Factors> {
    for (at, &(base, exponent)) in factors.iter().enumerate() {
        for (to, &(other, power)) in factors.iter().enumerate() {
            if at == to {
                continue;
            }
            let replaced = |new: Factors| {
                let others = factors.iter().enumerate().filter(|(i, _)| *i != at && *i != to);
                new.into_iter().chain(others.map(|factor| *factor.1)).collect()
            };
            // x · ln x
            if exponent.is_one() && power.is_one() && argument(g, other, Function::Ln) == Some(base) {
                let xlogx = g.apply(Function::XLogY, &[base, base]);
                return Some(replaced(vec![(xlogx, Number::ONE)]));
            }
            // sin(c x)ᵏ / xᵐ
            if let Some(u) = argument(g, base, Function::Sin)
                && let (Some(k), Some(m)) = (exponent.to_integer(), power.to_integer())
                && k > 0
                && m < 0
                && let (c, inner) = g.split_coefficient(Number::ONE, u)
                && inner == other
                && !is_root(g, inner)
            {
                let count = k.min(-m);
                let zero = g.zero();
                let sinc = g.apply(Function::SphericalBessel, &[zero, u]);
                let scale = g.number(c);
                return Some(replaced(vec![
                    (sinc, Number::integer(count)),
                    (scale, Number::integer(count)),
                    (base, Number::integer(k - count)),
                    (other, Number::integer(m + count)),
                ]));
            }
            // exp(a)/Σ exp
            if exponent.is_one()
                && power.to_integer().is_some_and(|m| m < 0)
                && let Some(softmax) = over_total(g, base, other)
            {
                return Some(replaced(vec![(softmax, Number::ONE), (other, power.plus(Number::ONE))]));
            }
        }
    }
    None
}

/// `expr`/`total`, where that is 1 + eᵃ or Σ exp and there is an exponential in `expr` to be divided first.
fn over_total(g: &mut Graph, expr: Expr, total: Expr) -> Option<Expr> {
    match g.node(expr).clone() {
        Node::Apply(Function::Exp, args) => {
            if one_plus_exp(g, total) == Some(args[0]) {
                return Some(g.apply(Function::Sigmoid, &args));
            }
            let Node::Reduce(ReduceKind::Sum, index, body) = *g.node(total) else { return None };
            let inner = argument(g, body, Function::Exp)?;
            let log = g.reduce(ReduceKind::LogSumExp, index, inner);
            let below = g.sub(args[0], log);
            Some(g.apply(Function::Exp, &[below]))
        }
        Node::Product(factors) => (0..factors.len()).find_map(|at| {
            let (factor, exponent) = factors[at];
            let divided = if exponent.is_one() { over_total(g, factor, total)? } else { return None };
            let mut factors = factors.to_vec();
            factors[at].0 = divided;
            Some(g.product(&factors))
        }),
        Node::Reduce(ReduceKind::Sum, index, body) if !g.free(total).contains(&index) => {
            let divided = over_total(g, body, total)?;
            Some(g.reduce(ReduceKind::Sum, index, divided))
        }
        _ => None,
    }
}

/// A factor of its own.
fn power(g: &mut Graph, (base, exponent): (Expr, Number)) -> Option<(Expr, Number)> {
    let is_half = exponent.to_integer().is_none() && exponent.to_half_integer().is_some();
    let twice = exponent.times(Number::integer(2));
    match g.node(base).clone() {
        // 1/(1 + eᵃ)
        Node::Sum(_) if exponent.to_integer().is_some_and(|k| k < 0) && one_plus_exp(g, base).is_some() => {
            let a = one_plus_exp(g, base)?;
            let negative = g.neg(a);
            Some((g.apply(Function::Sigmoid, &[negative]), exponent.negate()))
        }
        Node::Sum(terms) if exponent.is_negative() || is_half => {
            let [a, b] = terms[..] else { return None };
            if is_half && let (Some(x), Some(y)) = (root(g, a), root(g, b)) {
                return Some((g.apply(Function::Hypot, &[x, y]), twice));
            }
            let (one, (c, square)) = if g.as_number(a.1).is_some() { (a, b) } else { (b, a) };
            let is_one = one.0.is_one() && g.as_number(one.1).is_some();
            if !is_one || c != Number::MINUS_ONE {
                return None;
            }
            let x = root(g, (Number::ONE, square))?;
            Some((g.apply(Function::OneMinusSquare, &[x]), exponent))
        }
        Node::Product(_) if is_half => {
            let x = root(g, (Number::ONE, base))?;
            Some((g.apply(Function::Abs, &[x]), twice))
        }
        _ => None,
    }
}

/// Whether the expression is a root: at zero its own slope is infinite, so that entries which are smooth there would not
/// help, and rotations by √(a² + b² + c²) keep their sine and cosine.
fn is_root(g: &Graph, expr: Expr) -> bool {
    match g.node(expr) {
        Node::Product(factors) => factors.iter().any(|(_, power)| power.to_integer().is_none()),
        _ => false,
    }
}

/// x, where the term is x²: even powers, with a coefficient whose root is exact.
fn root(g: &mut Graph, (coefficient, term): (Number, Expr)) -> Option<Expr> {
    let scale = exact_root(coefficient)?;
    if g.as_number(term).is_some_and(Number::is_one) {
        return Some(g.number(scale));
    }
    let Node::Product(factors) = g.node(term).clone() else { return None };
    let mut halves = Factors::with_capacity(factors.len());
    for (base, exponent) in factors {
        let half = exponent.to_integer().filter(|k| k % 2 == 0)? / 2;
        halves.push((base, Number::integer(half)));
    }
    let x = g.product(&halves);
    Some(g.scale(scale, x))
}

/// The square root of a number, where both are exact.
fn exact_root(number: Number) -> Option<Number> {
    let Number::Rational(ratio) = number else { return None };
    let whole = |n: i128| {
        let root = (n as f64).sqrt() as i128;
        (root * root == n).then_some(root)
    };
    let (numerator, denominator) = (*ratio.numer(), *ratio.denom());
    (numerator > 0).then(|| Some(Number::rational(whole(numerator)?, whole(denominator)?)))?
}

/// a, where the expression is 1 + eᵃ.
fn one_plus_exp(g: &Graph, expr: Expr) -> Option<Expr> {
    let Node::Sum(terms) = g.node(expr) else { return None };
    let rest = without_one(g, terms, Number::ONE)?;
    match rest[..] {
        [(c, exp)] if c.is_one() => argument(g, exp, Function::Exp),
        _ => None,
    }
}

/// The other terms of a sum that has this constant.
fn without_one(g: &Graph, terms: &[(Number, Expr)], constant: Number) -> Option<Terms> {
    let at = terms.iter().position(|&(c, term)| g.as_number(term).is_some() && c == constant)?;
    Some(terms.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, term)| *term).collect())
}

/// x, where the expression is `function(x)`.
fn argument(g: &Graph, expr: Expr, function: Function) -> Option<Expr> {
    match g.node(expr) {
        Node::Apply(found, args) if *found == function => Some(args[0]),
        _ => None,
    }
}
