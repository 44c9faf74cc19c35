//! Fewer operations: passes over all values of a kernel at once, after differentiation and before scheduling; `choose`
//! comes before differentiation.
//!
//! | pass | what it finds | file |
//! |---|---|---|
//! | choose | look-ups among values that are all needed | `choose` |
//! | group | factors that vary in the same loops | `group` |
//! | factor | a·b + a·c = a·(b + c), the most frequent factor first | `factor` |
//! | scale | a place for constant coefficients, outside of inner loops | `scale` |
//! | share | parts of sums and products that occur in several of them | `share` |
//!
//! Every decision is made once for all instances of an expression (`z[j]` and `z[j']`), so that they stay
//! instances of one expression.

mod choose;
mod factor;
mod group;
mod instances;
mod scale;
mod share;

use crate::graph::{Expr, Graph};

pub(crate) use choose::choose;

/// Rewrites the values so that they take fewer operations together.
///
/// Sums and products may be regrouped, so results agree to rounding only. Cost: about linear in the number of
/// nodes; sums and products of more than some dozens of operands are left as they are.
pub(crate) fn simplify(g: &mut Graph, values: &[Expr]) -> Vec<Expr> {
    let values = group::group(g, values);
    let values = factor::factor(g, &values);
    let values = scale::scale(g, &values);
    share::share(g, &values)
}
