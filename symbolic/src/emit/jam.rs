//! Loops inside a tile: several positions share a pass over the lanes, so that what is in registers serves them all.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::body::Body;
use super::products::Products;
use super::sums::Position;
use crate::graph::{Index, Range, Subscript};
use crate::schedule::{Operation, Slot, Stage, Statement, Sum, Target};

/// So many positions of an inner loop share one pass over a tile.
const JAMMED: usize = 4;

impl Body<'_> {
    /// A loop inside a tile. Where its body is one pass over the lanes, several positions share the pass.
    pub(super) fn inner(&mut self, index: Index, range: &Range, inner: &[Stage]) -> TokenStream {
        let scalars = scalars(inner);
        if let Some(products) = Products::of(index, &inner[scalars..]) {
            return self.products(&products, range, &inner[..scalars]);
        }
        let is_short = range.length().as_constant().is_some_and(|length| length < 2);
        let is_shared = match &inner[scalars..] {
            [Stage::Lanes(_)] => true,
            [Stage::Reduce(_, sums)] => match &sums[..] {
                [sum] => moves(&sum.target, index),
                // Of neighbors in one array, one position's second place is the next one's first.
                [a, b] => moves(&a.target, index) && moves(&b.target, index) && !is_same_block(a, b),
                _ => false,
            },
            _ => false,
        };
        let counter = self.enter(index);
        let plain = self.stages(inner);
        let (shared, jammed) = if is_shared && !is_short {
            let jammed = jammed(range);
            (self.shared(index, &counter, inner, jammed), jammed)
        } else {
            (TokenStream::new(), 1)
        };
        self.counters.pop();
        let (lo, hi) = (self.bound(&range.lo), self.bound(&range.hi));
        if jammed == 1 {
            return quote!(for #counter in #lo..#hi { #plain });
        }
        let bind = self.bind(&counter, jammed);
        let (size, last) = (Literal::usize_unsuffixed(jammed), self.last(range, jammed));
        let rest = (!is_whole(range, jammed)).then(|| quote!(for #counter in #last..#hi { #plain }));
        quote! {
            for #counter in (#lo..#last).step_by(#size) { #bind #shared }
            #rest
        }
    }

    /// The first position of a range that does not share its pass.
    pub(super) fn last(&self, range: &Range, jammed: usize) -> TokenStream {
        let (lo, hi, size) =
            (self.bound(&range.lo), self.bound(&range.hi), Literal::usize_unsuffixed(jammed));
        match (range.lo.as_constant(), range.hi.as_constant()) {
            (Some(from), Some(to)) => {
                let last = Literal::i64_unsuffixed(from + (to - from) / jammed as i64 * jammed as i64);
                quote!(#last)
            }
            (Some(0), None) => quote!(#hi / #size * #size),
            _ => quote!(#lo + usize::saturating_sub(#hi, #lo) / #size * #size),
        }
    }

    /// The counters of the positions that share a pass.
    fn bind(&self, counter: &Ident, jammed: usize) -> TokenStream {
        let names = (0..jammed).map(|copy| self.copy_of(counter, copy));
        let offsets = (0..jammed).map(Literal::usize_unsuffixed);
        quote!(#(let #names = #counter + #offsets;)*)
    }

    /// The pass over the lanes for several positions of an inner loop.
    fn shared(&mut self, index: Index, counter: &Ident, inner: &[Stage], copies: usize) -> TokenStream {
        let scalars = scalars(inner);
        let positions: Vec<Position> =
            (0..copies).map(|copy| (index, copy, self.copy_of(counter, copy))).collect();
        let known = self.copy_slots(inner, index);
        let mut tokens = TokenStream::new();
        let mut lanes = TokenStream::new();
        for position in &positions {
            self.stand(std::slice::from_ref(position));
            tokens.extend(self.stages(&inner[..scalars]));
            if let [Stage::Lanes(block)] = &inner[scalars..] {
                lanes.extend(self.block(block));
            }
            self.leave(std::slice::from_ref(position));
        }
        match &inner[scalars..] {
            [Stage::Reduce(block, sums)] => {
                let passes: Vec<_> = positions.iter().map(|p| (vec![p.clone()], block, sums)).collect();
                tokens.extend(self.reduce(&passes));
            }
            _ => tokens.extend(self.for_lanes(&lanes)),
        }
        self.forget_slots(known);
        tokens
    }

    /// Whether a scalar is written out once per position of an inner loop.
    pub(super) fn is_copied(&self, slot: Slot, index: Index) -> bool {
        self.tile.as_ref().is_some_and(|tile| tile.copied.contains(&(slot, index)))
    }

    /// Notes the scalars that differ between positions of an inner loop; says how many were noted before.
    fn copy_slots(&mut self, stages: &[Stage], index: Index) -> usize {
        let Some(tile) = &mut self.tile else { return 0 };
        let known = tile.copied.len();
        bound_slots(stages, index, &mut tile.copied);
        known
    }

    fn forget_slots(&mut self, known: usize) {
        if let Some(tile) = &mut self.tile {
            tile.copied.truncate(known);
        }
    }

    /// The counter of one of several positions.
    fn copy_of(&self, counter: &Ident, copy: usize) -> Ident {
        self.names.clone().claim(&format!("{counter}_{copy}"))
    }
}

fn scalars(stages: &[Stage]) -> usize {
    stages.iter().take_while(|stage| matches!(stage, Stage::Scalar(..))).count()
}

/// How many positions share a pass: all of a short range.
fn jammed(range: &Range) -> usize {
    match range.length().as_constant().and_then(|length| usize::try_from(length).ok()) {
        Some(length) if length <= 2 * JAMMED && length % JAMMED != 0 => length,
        _ => JAMMED,
    }
}

/// Whether positions that share passes leave none over.
fn is_whole(range: &Range, jammed: usize) -> bool {
    range.length().as_constant().is_some_and(|length| length % jammed as i64 == 0)
}

/// Whether every position of an inner loop has a target of its own.
fn moves(target: &Target, index: Index) -> bool {
    let along = |subscripts: &[Subscript]| {
        subscripts.iter().any(|s| s.as_affine().is_some_and(|a| a.coefficient(index) != 0))
    };
    match target {
        Target::Gradient(place) => along(&place.subscripts),
        Target::Hessian(row, column, triangle) if triangle.is_one_entry() => {
            along(&row.subscripts) || along(&column.subscripts)
        }
        _ => false,
    }
}

/// Whether two sums go to the derivatives by the same arrays.
fn is_same_block(a: &Sum, b: &Sum) -> bool {
    match (&a.target, &b.target) {
        (Target::Gradient(a), Target::Gradient(b)) => a.array == b.array,
        (Target::Hessian(a, c, _), Target::Hessian(b, d, _)) => (a.array, c.array) == (b.array, d.array),
        _ => false,
    }
}

/// The scalars that stages bind and that differ from one position of a loop to the next.
fn bound_slots(stages: &[Stage], index: Index, slots: &mut Vec<(Slot, Index)>) {
    let moves = |operation: &Operation| match operation {
        Operation::Lane(_, at) => at.iter().any(|affine| affine.coefficient(index) != 0),
        _ => true,
    };
    for stage in stages {
        match stage {
            Stage::Scalar(slot, _) => slots.push((*slot, index)),
            Stage::Lanes(block) | Stage::Reduce(block, _) => {
                for statement in block {
                    if let Statement::Let(slot, operation) = statement
                        && (matches!(stage, Stage::Lanes(_)) || moves(operation))
                    {
                        slots.push((*slot, index));
                    }
                }
            }
            Stage::Loop(_, _, inner) => bound_slots(inner, index, slots),
            _ => {}
        }
    }
}
