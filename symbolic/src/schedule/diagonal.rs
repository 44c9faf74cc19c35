//! The part of a Hessian that reaches its diagonal.

use super::shape::extreme;
use super::task::{Output, place};
use crate::differentiate::{Contribution, Pairing, SecondContribution, release};
use crate::graph::{Expr, Graph, Index, Number, Subscript};

/// What pairs of leaves add to the diagonal: where two plain indices must agree, one loop takes the place of
/// both; where look-ups may agree, a test decides.
pub(super) fn diagonal(g: &mut Graph, hessian: Vec<SecondContribution>) -> Vec<Output> {
    hessian.into_iter().filter_map(|contribution| restricted(g, contribution)).collect()
}

fn restricted(g: &mut Graph, contribution: SecondContribution) -> Option<Output> {
    let SecondContribution { row, column, value, pairing } = contribution;
    // One that stands for its mirror image too counts twice where both are the same.
    let value = match pairing {
        Pairing::Lower => value,
        Pairing::Symmetric => g.scale(Number::integer(2), value),
    };
    let mut parts = [row, column, value];
    release(g, &mut parts, 2);
    loop {
        let [row, column, value] = parts;
        match meeting(g, row, column) {
            Meeting::Always => return Some(Output::Gradient(Contribution { leaf: row, value })),
            Meeting::Never => return None,
            Meeting::Where(from, to) => {
                parts = parts.map(|part| g.substitute(part, &[(from, to)]));
                release(g, &mut parts, 2);
            }
            Meeting::Perhaps => {
                return Some(Output::Diagonal(SecondContribution { row, column, value, pairing }));
            }
        }
    }
}

/// When two leaves are the same element.
enum Meeting {
    Always,
    Never,
    /// Only where the first index equals the second, which has the same range.
    Where(Index, Index),
    Perhaps,
}

fn meeting(g: &Graph, row: Expr, column: Expr) -> Meeting {
    let (Some(row), Some(column)) = (place(g, row), place(g, column)) else { return Meeting::Never };
    if row.array != column.array {
        return Meeting::Never;
    }
    let mut found = Meeting::Always;
    for (r, c) in row.subscripts.iter().zip(&column.subscripts).filter(|(r, c)| r != c) {
        let (Subscript::Affine(r), Subscript::Affine(c)) = (r, c) else {
            found = Meeting::Perhaps;
            continue;
        };
        let difference = r.sub(c);
        let bound = |upper| extreme(g, &difference, upper, &[]).as_constant();
        if bound(false).is_some_and(|least| least > 0) || bound(true).is_some_and(|largest| largest < 0) {
            return Meeting::Never;
        }
        if let (Some(to), Some(from)) = (r.as_index(), c.as_index())
            && g.range(to) == g.range(from)
        {
            return Meeting::Where(from, to);
        }
        found = Meeting::Perhaps;
    }
    found
}
