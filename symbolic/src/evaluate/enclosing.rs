//! A program made ready for intervals.
//!
//! Two things matter there that do not for numbers: x·x, a product of equal factors, is not below zero where its
//! factors vary together, so chains of products become powers of their base; and a constant is enclosed once, not at
//! every use.

use std::collections::HashMap;

use hesse_runtime::interval::Interval;

use super::program::{Compute, Step};
use super::scalar::Scalar;
use crate::graph::Number;
use crate::schedule::{Operand, Operation, Slot};

/// Rewrites the steps; gives the constants, which go to the slots from `slots` on.
pub(super) fn make_enclosing(body: &mut [Step], slots: usize) -> Vec<Interval> {
    let mut rewriting =
        Rewriting { slots, constants: Vec::new(), places: HashMap::new(), powers: HashMap::new() };
    rewriting.block(body);
    rewriting.constants
}

struct Rewriting {
    slots: usize,
    constants: Vec<Interval>,
    places: HashMap<Number, Slot>,
    /// Slots that are powers of others.
    powers: HashMap<Slot, (Slot, i32)>,
}

impl Rewriting {
    fn block(&mut self, body: &mut [Step]) {
        for step in body {
            match step {
                Step::Let(slot, compute) => {
                    if let Compute::Plain(operation) = compute {
                        operation.map_operands(|operand| self.constant(operand));
                        if let Some((base, exponent)) = self.power(operation) {
                            self.powers.insert(*slot, (base, exponent));
                            *compute = Compute::Power(Operand::Slot(base), exponent);
                        }
                    }
                }
                Step::Loop { body, .. } => self.block(body),
                _ => {}
            }
        }
    }

    fn constant(&mut self, operand: Operand) -> Operand {
        let Operand::Number(number) = operand else { return operand };
        let place = *self.places.entry(number).or_insert_with(|| {
            self.constants.push(Interval::number(number));
            Slot((self.slots + self.constants.len() - 1) as u32)
        });
        Operand::Slot(place)
    }

    /// The power that an operation is, where it is one.
    fn power(&self, operation: &Operation) -> Option<(Slot, i32)> {
        let of = |operand: &Operand| match operand {
            Operand::Slot(slot) => Some(self.powers.get(slot).copied().unwrap_or((*slot, 1))),
            Operand::Number(_) => None,
        };
        let Operation::Mul(a, b) = operation else { return None };
        let ((base, m), (other, n)) = (of(a)?, of(b)?);
        (base == other).then(|| m.checked_add(n)).flatten().map(|exponent| (base, exponent))
    }
}
