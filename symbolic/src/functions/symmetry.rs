//! Symmetries that make equal calls one node.

use super::Function;
use crate::graph::{Expr, Graph, Number};

/// The call in its canonical form, where `function(args)` is another way to write it.
///
/// * arguments of hypot and log-add-exp may be exchanged;
/// * J₋ₙ = (−1)ⁿ Jₙ.
pub(crate) fn symmetric(g: &mut Graph, function: Function, args: &[Expr]) -> Option<Expr> {
    match (function, args) {
        (Function::Hypot | Function::LogAddExp | Function::LnBeta, &[x, y]) => {
            (g.order(y) < g.order(x)).then(|| g.apply(function, &[y, x]))
        }
        (Function::BesselJ, &[order, x]) => {
            let n = g.as_number(order)?.to_integer().filter(|n| *n < 0)?;
            let order = g.number(Number::integer(-n));
            let bessel = g.apply(function, &[order, x]);
            Some(if n % 2 == 0 { bessel } else { g.neg(bessel) })
        }
        _ => None,
    }
}
