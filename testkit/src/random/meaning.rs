//! What a random formula means: its value in hyper-dual numbers, and how far the next kink is.

use std::cell::Cell;

use hesse_symbolic::functions::Function;

use super::Problem;
use super::term::{Array, Condition, Exponent, Index, Range, Reduction, Subscript, Term};
use crate::oracle::{DualNum, HyperDual64 as Dual};

/// A formula at a point.
struct Point<'a> {
    problem: &'a Problem,
    parameters: &'a [Dual],
    /// The least distance from a kink met so far.
    clearance: Cell<f64>,
}

/// The values of indices and arguments.
#[derive(Clone, Default)]
struct Scope {
    indices: Vec<usize>,
    arguments: Vec<Dual>,
}

impl Problem {
    /// E for all parameters in order.
    pub fn value(&self, parameters: &[Dual]) -> Dual {
        let point = Point { problem: self, parameters, clearance: Cell::new(f64::INFINITY) };
        point.value(&self.error, &mut Scope::default())
    }

    /// How far the point is from the nearest kink, jump or tie.
    pub fn clearance(&self) -> f64 {
        let parameters: Vec<Dual> = self.point.iter().map(|&x| Dual::from(x)).collect();
        let point = Point { problem: self, parameters: &parameters, clearance: Cell::new(f64::INFINITY) };
        point.value(&self.error, &mut Scope::default());
        point.clearance.get()
    }
}

impl Point<'_> {
    fn value(&self, term: &Term, scope: &mut Scope) -> Dual {
        match term {
            Term::Number(value) => Dual::from(*value),
            Term::Element(array, subscripts) => self.element(*array, subscripts, scope),
            Term::Index(index) => Dual::from(scope.indices[*index] as f64),
            Term::Size(extent) => Dual::from(self.problem.layout.size(*extent) as f64),
            Term::Sum(terms) => terms.iter().fold(Dual::from(0.0), |sum, (subtracted, term)| {
                let value = self.value(term, scope);
                if *subtracted { sum - value } else { sum + value }
            }),
            Term::Product(factors) => factors.iter().fold(Dual::from(1.0), |product, (divided, factor)| {
                let value = self.value(factor, scope);
                if *divided { product / value } else { product * value }
            }),
            Term::Negative(term) => -self.value(term, scope),
            Term::Power(base, exponent) => {
                let base = self.value(base, scope);
                match *exponent {
                    Exponent::Integer(n) => base.powi(n),
                    Exponent::Halves(n) => base.sqrt().powi(n),
                    Exponent::Real(p) => base.powf(p),
                }
            }
            Term::Apply(function, args) => {
                let x = self.value(&args[0], scope);
                let y = args.get(1).map_or(x, |y| self.value(y, scope));
                self.function(*function, x, y)
            }
            Term::LogSumExp(terms) => {
                terms.iter().fold(Dual::from(0.0), |sum, t| sum + self.value(t, scope).exp()).ln()
            }
            Term::Select(condition, a, b) => {
                let taken = if self.holds(condition, scope) { a } else { b };
                self.value(taken, scope)
            }
            Term::Reduce(reduction, index, range, _, body) => {
                let values: Vec<Dual> = self
                    .positions(*range, scope)
                    .map(|position| {
                        scope.indices.truncate(*index);
                        scope.indices.push(position);
                        self.value(body, scope)
                    })
                    .collect();
                scope.indices.truncate(*index);
                self.reduced(*reduction, &values)
            }
            Term::Shared(at) => self.value(self.problem.definitions[*at].body(), &mut Scope::default()),
            Term::Indexed(at, subscript) => {
                let indices = vec![self.position(subscript, scope)];
                let body = self.problem.definitions[*at].body();
                self.value(body, &mut Scope { indices, arguments: Vec::new() })
            }
            Term::Call(at, args) => {
                let arguments = args.iter().map(|a| self.value(a, scope)).collect();
                let body = self.problem.definitions[*at].body();
                self.value(body, &mut Scope { indices: Vec::new(), arguments })
            }
            Term::Argument(at) => scope.arguments[*at],
        }
    }

    fn element(&self, array: Array, subscripts: &[Subscript], scope: &Scope) -> Dual {
        let layout = &self.problem.layout;
        let flat = array
            .shape()
            .iter()
            .zip(subscripts)
            .fold(0, |flat, (&extent, s)| flat * layout.size(extent) + self.position(s, scope));
        let mut offset = 0;
        for (known, values) in &self.problem.arrays {
            if *known == array {
                return if array.is_parameter() {
                    self.parameters[offset + flat]
                } else {
                    Dual::from(values[flat])
                };
            }
            if known.is_parameter() {
                offset += known.shape().iter().map(|&e| layout.size(e)).product::<usize>();
            }
        }
        unreachable!("every array in use is declared")
    }

    fn position(&self, subscript: &Subscript, scope: &Scope) -> usize {
        match subscript {
            Subscript::Fixed(at) => *at,
            Subscript::Shifted(index, shift) => scope.indices[*index].wrapping_add_signed(*shift as isize),
            Subscript::Double(index) => 2 * scope.indices[*index],
            Subscript::Reversed(extent, index) => {
                self.problem.layout.size(*extent) - 1 - scope.indices[*index]
            }
            Subscript::Lookup(inner) => {
                let at = self.position(inner, scope);
                let column = self.problem.arrays.iter().find(|a| a.0 == Array::C);
                column.map_or(0, |c| c.1[at] as usize)
            }
        }
    }

    fn positions(&self, range: Range, scope: &Scope) -> std::ops::Range<usize> {
        let size = |extent| self.problem.layout.size(extent);
        let at = |index: Index| scope.indices[index];
        match range {
            Range::All(extent) => 0..size(extent),
            Range::ButLast(extent) => 0..size(extent) - 1,
            Range::ButFirst(extent) => 1..size(extent),
            Range::Below(index) => 0..at(index),
            Range::Above(index, extent) => at(index) + 1..size(extent),
            Range::Two => 0..2,
        }
    }

    fn reduced(&self, reduction: Reduction, values: &[Dual]) -> Dual {
        let sum = |f: &dyn Fn(Dual) -> Dual| values.iter().fold(Dual::from(0.0), |s, v| s + f(*v));
        match reduction {
            Reduction::Sum => sum(&|v| v),
            Reduction::Product => values.iter().fold(Dual::from(1.0), |p, v| p * *v),
            Reduction::Max => self.largest(values),
            Reduction::Min => {
                let negative: Vec<Dual> = values.iter().map(|v| -*v).collect();
                -self.largest(&negative)
            }
            Reduction::Mean => sum(&|v| v) / values.len() as f64,
            Reduction::LogSumExp => sum(&|v| v.exp()).ln(),
            Reduction::Norm => sum(&|v| v * v).sqrt(),
        }
    }

    fn largest(&self, values: &[Dual]) -> Dual {
        let mut largest = values[0];
        for value in &values[1..] {
            self.keep_clear(value.re - largest.re);
            if value.re > largest.re {
                largest = *value;
            }
        }
        largest
    }

    fn keep_clear(&self, distance: f64) {
        self.clearance.set(self.clearance.get().min(distance.abs()));
    }

    fn holds(&self, condition: &Condition, scope: &mut Scope) -> bool {
        match condition {
            Condition::Compare(comparison, a, b) => {
                let (x, y) = (self.value(a, scope).re, self.value(b, scope).re);
                // Ties of whole numbers are exact.
                if !matches!((&**a, &**b), (Term::Index(_), Term::Index(_) | Term::Number(_))) {
                    self.keep_clear(x - y);
                }
                comparison.holds(x, y)
            }
            Condition::And(a, b) => self.holds(a, scope) && self.holds(b, scope),
            Condition::Or(a, b) => self.holds(a, scope) || self.holds(b, scope),
            Condition::Not(a) => !self.holds(a, scope),
        }
    }

    fn function(&self, function: Function, x: Dual, y: Dual) -> Dual {
        use std::f64::consts::FRAC_2_SQRT_PI;
        let step = |value: f64| {
            // The next jump is at a whole number, for `round` at a half.
            let jump = if function == Function::Round { x.re - 0.5 } else { x.re };
            self.keep_clear(jump - jump.round());
            Dual::from(value)
        };
        match function {
            Function::Exp => x.exp(),
            Function::Exp2 => x.exp2(),
            Function::ExpM1 => x.exp_m1(),
            Function::Ln => x.ln(),
            Function::Ln1p => x.ln_1p(),
            Function::Log2 => x.log2(),
            Function::Log10 => x.log10(),
            Function::Cbrt if x.re < 0.0 => -(-x).powf(1.0 / 3.0),
            Function::Cbrt => x.powf(1.0 / 3.0),
            Function::Sin => x.sin(),
            Function::Cos => x.cos(),
            Function::Tan => x.tan(),
            Function::Asin => x.asin(),
            Function::Acos => x.acos(),
            Function::Atan => x.atan(),
            Function::Sinh => x.sinh(),
            Function::Cosh => x.cosh(),
            Function::Tanh => x.tanh(),
            Function::Sech => x.cosh().recip(),
            Function::Asinh => x.asinh(),
            Function::Acosh => x.acosh(),
            Function::Atanh => x.atanh(),
            Function::Abs => {
                self.keep_clear(x.re);
                if x.re < 0.0 { -x } else { x }
            }
            Function::Sign => {
                self.keep_clear(x.re);
                Dual::from(x.re.signum())
            }
            Function::Floor => step(x.re.floor()),
            Function::Ceil => step(x.re.ceil()),
            Function::Round => step(x.re.round()),
            Function::Trunc => step(x.re.trunc()),
            Function::Sigmoid => ((-x).exp() + 1.0).recip(),
            Function::Softplus => (x.exp() + 1.0).ln(),
            Function::Relu => {
                self.keep_clear(x.re);
                if x.re < 0.0 { Dual::from(0.0) } else { x }
            }
            // Their slope is ±2/√π exp(−x²), and its slope −2x times that.
            Function::Erf | Function::Erfc => {
                let value = function.value(&[x.re]);
                let sign = if function == Function::Erf { 1.0 } else { -1.0 };
                let slope = sign * FRAC_2_SQRT_PI * (-x.re * x.re).exp();
                lifted(x, value, slope, -2.0 * x.re * slope)
            }
            Function::Pow => (x.ln() * y).exp(),
            // On the right half-plane, which is where arguments are drawn from.
            Function::Atan2 => (x / y).atan(),
            Function::Hypot => (x * x + y * y).sqrt(),
            Function::HypotM1 => (x * x + 1.0).sqrt() - 1.0,
            Function::LnCosh => x.cosh().ln(),
            Function::LogAddExp => (x.exp() + y.exp()).ln(),
            Function::XLogY => x * y.ln(),
            Function::NormalPdf => (x * x * -0.5).exp() * NORMAL,
            Function::NormalCdf | Function::LnNormalCdf => {
                let density = (-0.5 * x.re * x.re).exp() * NORMAL;
                let value = Function::NormalCdf.value(&[x.re]);
                let cdf = lifted(x, value, density, -x.re * density);
                if function == Function::NormalCdf { cdf } else { cdf.ln() }
            }
            Function::Gamma => ln_gamma(x).exp(),
            Function::LnGamma => ln_gamma(x),
            Function::LnBeta => ln_gamma(x) + ln_gamma(y) - ln_gamma(x + y),
            // w + ln w = ln x where w is the value; the derivatives by those of the inverse x = w e^w
            Function::LambertW => {
                let w = function.value(&[x.re]);
                let slope = (-w).exp() / (1.0 + w);
                lifted(x, w, slope, -slope * slope * (2.0 + w) / (1.0 + w))
            }
            // Not drawn.
            Function::Polygamma | Function::BesselJ | Function::SphericalBessel => Dual::from(f64::NAN),
            Function::DigammaRise | Function::TrigammaFall | Function::Direction => Dual::from(f64::NAN),
            Function::NormalExcess | Function::NormalHazard | Function::LambertRatio => Dual::from(f64::NAN),
            Function::OneMinusSquare | Function::Quotient | Function::SigmoidSlope | Function::Outer(..) => {
                Dual::from(f64::NAN)
            }
            Function::Min | Function::Max => {
                self.keep_clear(x.re - y.re);
                if (x.re < y.re) == (function == Function::Min) { x } else { y }
            }
        }
    }
}

/// ln Γ from its derivatives, which are tables' business to check.
fn ln_gamma(x: Dual) -> Dual {
    let value = Function::LnGamma.value(&[x.re]);
    let [slope, curvature] = [0.0, 1.0].map(|order| Function::Polygamma.value(&[order, x.re]));
    lifted(x, value, slope, curvature)
}

/// 1/√(2π)
const NORMAL: f64 = 0.398_942_280_401_432_7;

/// f(x) from its value and its first two derivatives.
fn lifted(x: Dual, value: f64, slope: f64, curvature: f64) -> Dual {
    let mixed = slope * x.eps1eps2 + curvature * x.eps1 * x.eps2;
    Dual::new(value, slope * x.eps1, slope * x.eps2, mixed)
}
