//! Sums and products become two-operand arithmetic, grouped by loop: what is known outside is combined
//! outside.

use super::block::Scheduler;
use super::kernel::{Operand, Operation};
use crate::functions::Function;
use crate::graph::{Expr, Number};

impl Scheduler<'_> {
    /// Σ coefficient · term, terms of outer loops first.
    pub(super) fn sum(&mut self, terms: &[(Number, Expr)]) -> Operand {
        let mut terms: Vec<(Number, Operand)> = terms.iter().map(|&(c, e)| (c, self.operand(e))).collect();
        // Within a loop a positive term leads, so that a − b needs no negation.
        terms.sort_by_key(|&(c, operand)| (self.depth(operand), c.is_negative()));
        let mut total: Option<Operand> = None;
        for (coefficient, operand) in terms {
            let size = if coefficient.is_negative() { coefficient.negate() } else { coefficient };
            let scaled = self.multiply(Operand::Number(size), operand);
            total = Some(match (total, coefficient.is_negative()) {
                (None, false) => scaled,
                (None, true) => self.negate(scaled),
                (Some(total), false) => self.emit(Operation::Add(total, scaled)),
                (Some(total), true) => self.emit(Operation::Sub(total, scaled)),
            });
        }
        total.unwrap_or(Operand::Number(Number::ZERO))
    }

    /// Π factor ^ exponent, factors of outer loops first; one division per loop at most.
    pub(super) fn product(&mut self, factors: &[(Expr, Number)]) -> Operand {
        let mut factors: Vec<(Operand, Number, bool)> = factors
            .iter()
            .map(|&(e, p)| (self.operand(e), p, self.divisors.get(&e).is_some_and(|&uses| uses > 1)))
            .collect();
        factors.sort_by_key(|&(operand, exponent, _)| (self.depth(operand), exponent.is_negative()));
        let mut total: Option<Operand> = None;
        while let Some(&(first, ..)) = factors.first() {
            let depth = self.depth(first);
            let group: Vec<_> = factors.extract_if(.., |factor| self.depth(factor.0) == depth).collect();
            let mut divisor: Option<Operand> = None;
            for (base, exponent, shared) in group {
                let size = if exponent.is_negative() { exponent.negate() } else { exponent };
                if exponent.is_negative() && shared {
                    let one = Operand::Number(Number::ONE);
                    let reciprocal = self.emit(Operation::Div(one, base));
                    let power = self.power(reciprocal, size);
                    total = Some(self.times(total, power));
                } else if exponent.is_negative() {
                    let power = self.power(base, size);
                    divisor = Some(self.times(divisor, power));
                } else {
                    let power = self.power(base, size);
                    total = Some(self.times(total, power));
                }
            }
            if let Some(divisor) = divisor {
                let dividend = total.unwrap_or(Operand::Number(Number::ONE));
                total = Some(self.emit(Operation::Div(dividend, divisor)));
            }
        }
        total.unwrap_or(Operand::Number(Number::ONE))
    }

    /// `base ^ exponent` for a positive exponent: products for integers, a square root for halves.
    fn power(&mut self, base: Operand, exponent: Number) -> Operand {
        const LARGEST_CHAIN: i64 = 64;
        match (exponent.to_integer(), exponent.to_half_integer()) {
            (Some(k), _) if k <= LARGEST_CHAIN => self.integer_power(base, k),
            (None, Some(twice)) if twice <= LARGEST_CHAIN => {
                let root = self.emit(Operation::Sqrt(base));
                if twice == 1 {
                    return root;
                }
                let whole = self.integer_power(base, twice / 2);
                self.multiply(whole, root)
            }
            _ => self.emit(Operation::Call(Function::Pow, vec![base, Operand::Number(exponent)])),
        }
    }

    /// Squaring, so that the powers of one base share their chain.
    fn integer_power(&mut self, base: Operand, exponent: i64) -> Operand {
        if exponent <= 1 {
            return base;
        }
        let half = self.integer_power(base, exponent / 2);
        let square = self.emit(Operation::Mul(half, half));
        if exponent % 2 == 0 { square } else { self.emit(Operation::Mul(square, base)) }
    }

    fn times(&mut self, total: Option<Operand>, factor: Operand) -> Operand {
        match total {
            Some(total) => self.multiply(total, factor),
            None => factor,
        }
    }

    fn multiply(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Operand::Number(one), other) | (other, Operand::Number(one)) if one.is_one() => other,
            (Operand::Number(a), Operand::Number(b)) => Operand::Number(a.times(b)),
            _ => self.emit(Operation::Mul(a, b)),
        }
    }

    fn negate(&mut self, a: Operand) -> Operand {
        match a {
            Operand::Number(number) => Operand::Number(number.negate()),
            slot => self.emit(Operation::Neg(slot)),
        }
    }
}
