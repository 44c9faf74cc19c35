//! How often the body of a nest of loops runs.

use super::Polynomial;
use super::names::Names;
use crate::graph::{Affine, Index, Range};
use crate::schedule::Level;

/// Counters and ranges of loops, outermost first.
pub(super) type Nest = Vec<(Index, Range)>;

pub(super) fn nest(levels: &[Level]) -> Nest {
    levels.iter().map(|level| (level.index, level.range.clone())).collect()
}

/// How often the body of a nest runs.
///
/// Positions for which an inner range is empty are left out where that is known for all sizes; so the count is
/// exact whenever the sizes leave no whole range with its end before its beginning.
pub(super) fn positions(nest: &Nest, names: &Names<'_>) -> Polynomial {
    let mut nest = nest.clone();
    for inner in (0..nest.len()).rev() {
        if nest[inner].1.length().as_constant().is_some_and(|length| length <= 0) {
            return Polynomial::default();
        }
        narrow(&mut nest, inner);
    }
    let indices: Vec<Index> = nest.iter().map(|(index, _)| *index).collect();
    (0..nest.len()).rev().fold(Polynomial::constant(1), |count, depth| {
        let (range, outer) = (&nest[depth].1, &indices[..depth]);
        count.summed(&names.counter(depth), &names.form(&range.lo, outer), &names.form(&range.hi, outer))
    })
}

/// Takes positions from the ends of the deepest loop the range at `inner` depends on, where that range would end
/// before it begins.
fn narrow(nest: &mut Nest, inner: usize) {
    let length = nest[inner].1.length();
    let moves = |outer: &usize| length.coefficient(nest[*outer].0) != 0;
    let Some(outer) = (0..inner).rev().find(moves) else { return };
    let (index, range) = nest[outer].clone();
    let step = length.coefficient(index);
    let rest = length.sub(&Affine::index(index).scale(step));
    let end = if step > 0 { range.lo.clone() } else { range.hi.sub(&Affine::constant(1)) };
    // What the range lacks there.
    let lack = rest.add(&end.scale(step)).scale(-1);
    let lack = match (lack.as_constant(), step.unsigned_abs()) {
        (Some(lack), step) if lack > 0 => Affine::constant(lack.unsigned_abs().div_ceil(step) as i64),
        (None, 1) if least(&lack, &nest[..outer]).is_some_and(|least| least >= 0) => lack,
        _ => return,
    };
    let range = &mut nest[outer].1;
    if step > 0 {
        range.lo = range.lo.add(&lack);
    } else {
        range.hi = range.hi.sub(&lack);
    }
}

/// The smallest value of a form inside a nest, where it is known.
fn least(form: &Affine, nest: &[(Index, Range)]) -> Option<i64> {
    let mut form = form.clone();
    for (index, range) in nest.iter().rev() {
        let step = form.coefficient(*index);
        let end = if step > 0 { range.lo.clone() } else { range.hi.sub(&Affine::constant(1)) };
        form = form.sub(&Affine::index(*index).scale(step)).add(&end.scale(step));
    }
    form.as_constant()
}
