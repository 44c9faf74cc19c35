//! Rows in tiles: the loops that only add to derivatives run once per tile instead of once per row.
//!
//! A data loop computes a few scalars per row, then adds outer products of the row to gradient and Hessian.
//! Row by row, each of these entries is read and written once per row. Here the scalars of [`ROWS`] rows go
//! to small arrays first; then a line of entries at a time stays in registers while all rows of the tile are
//! added to it (a rank-k update). Every entry still receives its rows in the same order: the same bits.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::{Body, operand, slot};
use super::signature::Form;
use crate::graph::{Affine, Array, Index, Range, Symbol};
use crate::schedule::{Block, Operand, Operation, Place, Slot, Statement, Triangle};

/// How many rows make a tile: enough to pay for reading and writing the entries, few enough for the cache.
const ROWS: u64 = 64;
/// Lines longer than this, or more lines than this, are left to the plain loop.
const LONGEST: i64 = 32;

/// A statement that adds to derivatives, with the loops around it.
struct Target<'k> {
    loops: Vec<(Index, &'k Range)>,
    /// The scalars it may need, bound in the loops up to and including the same position.
    lets: Vec<Vec<&'k Statement>>,
    statement: &'k Statement,
}

impl Body<'_> {
    /// The loop over `range` in tiles, where its body has loops that only add to derivatives.
    pub(super) fn tiled(&mut self, index: Index, range: &Range, body: &Block) -> Option<TokenStream> {
        if !self.counters.is_empty() || range.length().as_constant().is_some() {
            return None;
        }
        let (sinks, rows): (Vec<&Statement>, Vec<&Statement>) = body.iter().partition(|s| is_sink(s));
        let mut targets = Vec::new();
        for sink in &sinks {
            gather(sink, &mut Vec::new(), &mut Vec::new(), &mut targets);
        }
        if targets.is_empty()
            || !targets.iter().all(|t| is_apart_from_rows(t, index))
            || !are_disjoint(&targets, &rows)
        {
            return None;
        }
        let mut lines = Vec::new();
        for target in &targets {
            lines.extend(unroll(target)?);
        }
        let (lo, hi) = (self.bound(&range.lo), self.bound(&range.hi));
        let rest = self.plain_loop(index, &quote!(tiled..#hi), body);
        let size = Literal::u64_unsuffixed(ROWS);
        let tiled = match range.lo.as_constant() {
            Some(0) => quote!(#hi / #size * #size),
            _ => quote!(#lo + (#hi).saturating_sub(#lo) / #size * #size),
        };
        let mut views = TokenStream::new();
        for array in self.rows_of(index, body) {
            let (name, view) = (&self.arrays[array.0 as usize], self.view_of(array));
            views.extend(quote!(let #view = &#name[start..][..#size];));
            self.views.push((array, index));
        }
        let counter = self.counter();
        self.counters.push((index.0, counter.clone()));
        let carried = carried(&targets, body);
        let stage: TokenStream = rows.iter().map(|statement| self.statement(statement)).collect();
        let updates: TokenStream =
            lines.iter().map(|(target, fixed)| self.line(target, fixed, &carried)).collect();
        self.counters.pop();
        self.views.clear();
        let arrays: Vec<_> = carried.iter().map(|s| format_ident!("c{}", s.0)).collect();
        let values: Vec<_> = carried.iter().map(|s| slot(*s)).collect();
        Some(quote! {
            let tiled = #tiled;
            for start in (#lo..tiled).step_by(#size) {
                #views
                #(let mut #arrays = [0.0; #size];)*
                for lane in 0..#size {
                    let #counter = start + lane;
                    #stage
                    #(#arrays[lane] = #values;)*
                }
                #updates
            }
            #rest
        })
    }

    /// The slices whose rows the loop reads: in a tile they are views of known length, free of bounds checks.
    fn rows_of(&self, index: Index, body: &Block) -> Vec<Array> {
        let mut rows = Vec::new();
        let mut pending: Vec<&Statement> = body.iter().collect();
        while let Some(statement) = pending.pop() {
            match statement {
                Statement::Loop(_, _, body) => pending.extend(body),
                Statement::Let(_, Operation::Load(array, subscripts)) => {
                    let is_slice = self.arguments.iter().any(|a| a.array == *array && a.form == Form::Slice);
                    let first = subscripts.first().and_then(|s| s.as_affine()).and_then(Affine::as_index);
                    if is_slice && first == Some(index) && !rows.contains(array) {
                        rows.push(*array);
                    }
                }
                _ => {}
            }
        }
        rows.sort_unstable();
        rows
    }

    pub(super) fn view_of(&self, array: Array) -> Ident {
        format_ident!("{}_tile", self.arrays[array.0 as usize])
    }

    /// One line of entries, for all rows of a tile.
    fn line(&mut self, target: &Target<'_>, fixed: &HashMap<Index, i64>, carried: &[Slot]) -> TokenStream {
        let Some(((inner, range), outer)) = target.loops.split_last() else { return TokenStream::new() };
        let (Some(lo), Some(hi)) = (evaluate(&range.lo, fixed), evaluate(&range.hi, fixed)) else {
            return TokenStream::new();
        };
        let mut bindings = TokenStream::new();
        let depth = self.counters.len();
        for (index, _) in outer {
            let counter = self.counter();
            let position = Literal::i64_unsuffixed(fixed[index]);
            bindings.extend(quote!(let #counter = #position;));
            self.counters.push((index.0, counter));
        }
        let counter = self.counter();
        self.counters.push((inner.0, counter.clone()));
        let used = needed(target);
        let (hoisted, repeated): (Vec<&Statement>, Vec<&Statement>) = {
            let (last, before) = target.lets.split_last().map_or((&[][..], &[][..]), |(l, b)| (&l[..], b));
            let keep = |s: &&&Statement| matches!(s, Statement::Let(target, _) if used.contains(target));
            (
                before.iter().flatten().filter(keep).copied().collect(),
                last.iter().filter(keep).copied().collect(),
            )
        };
        let hoisted: TokenStream = hoisted.into_iter().map(|s| self.statement(s)).collect();
        let repeated: TokenStream = repeated.into_iter().map(|s| self.statement(s)).collect();
        let loaded = carried.iter().filter(|s| used.contains(s)).map(|s| {
            let (name, array) = (slot(*s), format_ident!("c{}", s.0));
            quote!(let #name = #array[lane];)
        });
        let (entry, value) = match target.statement {
            Statement::Gradient(place, value) => {
                let position = self.position(place);
                let target = self.target();
                (quote!(#target[#position]), operand(*value))
            }
            Statement::Hessian(row, column, _, value) => {
                let column = self.position(column);
                let entry = match self.fixed_position(row) {
                    Some(row) => {
                        let start = Literal::u64_unsuffixed(row * (row + 1) / 2);
                        quote!(hessian[#start + #column])
                    }
                    None => {
                        let row = self.position(row);
                        quote!(hessian[(#row) * (#row + 1) / 2 + #column])
                    }
                };
                (entry, operand(*value))
            }
            _ => return TokenStream::new(),
        };
        let row = &self.counters[0].1.clone();
        self.counters.truncate(depth);
        let (size, length) = (Literal::u64_unsuffixed(ROWS), Literal::i64_unsuffixed(hi - lo));
        let at = if lo == 0 {
            quote!(#counter)
        } else {
            let lo = Literal::i64_unsuffixed(lo);
            quote!(#counter - #lo)
        };
        let (lo, hi) = (Literal::i64_unsuffixed(lo), Literal::i64_unsuffixed(hi));
        quote! {{
            #bindings
            let mut line = [0.0; #length];
            for #counter in #lo..#hi {
                line[#at] = #entry;
            }
            for lane in 0..#size {
                let #row = start + lane;
                #(#loaded)*
                #hoisted
                for #counter in #lo..#hi {
                    #repeated
                    line[#at] += #value;
                }
            }
            for #counter in #lo..#hi {
                #entry = line[#at];
            }
        }}
    }
}

/// Whether a statement is a loop that binds cheap scalars and adds to derivatives, and nothing else.
fn is_sink(statement: &Statement) -> bool {
    let Statement::Loop(_, range, body) = statement else { return false };
    let is_cheap = |operation: &Operation| {
        matches!(
            operation,
            Operation::Load(..)
                | Operation::Add(..)
                | Operation::Sub(..)
                | Operation::Mul(..)
                | Operation::Neg(_)
        )
    };
    range.lo.terms.iter().chain(&range.hi.terms).all(|(symbol, _)| matches!(symbol, Symbol::Index(_)))
        && body.iter().all(|inner| match inner {
            Statement::Let(_, operation) => is_cheap(operation),
            Statement::Gradient(..) => true,
            Statement::Hessian(_, _, triangle, _) => *triangle == Triangle::Below,
            inner => is_sink(inner),
        })
}

fn gather<'k>(
    statement: &'k Statement,
    loops: &mut Vec<(Index, &'k Range)>,
    lets: &mut Vec<Vec<&'k Statement>>,
    targets: &mut Vec<Target<'k>>,
) {
    match statement {
        Statement::Loop(index, range, body) => {
            loops.push((*index, range));
            lets.push(Vec::new());
            for inner in body {
                gather(inner, loops, lets, targets);
            }
            loops.pop();
            lets.pop();
        }
        Statement::Let(..) => {
            if let Some(last) = lets.last_mut() {
                last.push(statement);
            }
        }
        _ => targets.push(Target { loops: loops.clone(), lets: lets.clone(), statement }),
    }
}

fn places(statement: &Statement) -> Vec<&Place> {
    match statement {
        Statement::Gradient(place, _) | Statement::Diagonal(place, ..) => vec![place],
        Statement::Hessian(row, column, ..) => vec![row, column],
        _ => Vec::new(),
    }
}

/// Whether the entries a target adds to are the same for every row.
fn is_apart_from_rows(target: &Target<'_>, row: Index) -> bool {
    places(target.statement).iter().all(|place| {
        place
            .subscripts
            .iter()
            .all(|s| s.as_affine().is_some_and(|affine| affine.indices().all(|i| i != row)))
    })
}

/// Whether no two statements of the body may add to the same entry: their order would change.
fn are_disjoint(targets: &[Target<'_>], rows: &[&Statement]) -> bool {
    let mut entries: Vec<Vec<Array>> = Vec::new();
    for target in targets {
        let entry: Vec<Array> = places(target.statement).iter().map(|place| place.array).collect();
        if entries.contains(&entry) {
            return false;
        }
        entries.push(entry);
    }
    let mut pending: Vec<&Statement> = rows.to_vec();
    while let Some(statement) = pending.pop() {
        if let Statement::Loop(_, _, body) = statement {
            pending.extend(body);
        }
        let entry: Vec<Array> = places(statement).iter().map(|place| place.array).collect();
        if entries.contains(&entry) {
            return false;
        }
    }
    true
}

/// The positions of the outer loops of a target, one line each; `None` for too many or too long ones.
fn unroll<'t, 'k>(target: &'t Target<'k>) -> Option<Vec<(&'t Target<'k>, HashMap<Index, i64>)>> {
    let (last, outer) = target.loops.split_last()?;
    let mut lines = vec![HashMap::new()];
    for (index, range) in outer {
        let mut longer = Vec::new();
        for fixed in &lines {
            for position in evaluate(&range.lo, fixed)?..evaluate(&range.hi, fixed)? {
                let mut fixed: HashMap<Index, i64> = fixed.clone();
                fixed.insert(*index, position);
                longer.push(fixed);
                if longer.len() as i64 > LONGEST {
                    return None;
                }
            }
        }
        lines = longer;
    }
    for fixed in &lines {
        let length = evaluate(&last.1.hi, fixed)? - evaluate(&last.1.lo, fixed)?;
        if length > LONGEST {
            return None;
        }
    }
    lines.retain(|fixed| evaluate(&last.1.hi, fixed) > evaluate(&last.1.lo, fixed));
    Some(lines.into_iter().map(|fixed| (target, fixed)).collect())
}

fn evaluate(affine: &Affine, fixed: &HashMap<Index, i64>) -> Option<i64> {
    affine.terms.iter().try_fold(affine.constant, |sum, (symbol, coefficient)| match symbol {
        Symbol::Index(index) => Some(sum + coefficient * fixed.get(index)?),
        Symbol::Dimension(_) => None,
    })
}

/// Scalars bound per row that the targets read.
fn carried(targets: &[Target<'_>], body: &Block) -> Vec<Slot> {
    let mut bound: Vec<Slot> = body
        .iter()
        .filter_map(|s| match s {
            Statement::Let(slot, _) | Statement::Start(slot, _) => Some(*slot),
            _ => None,
        })
        .collect();
    let used: Vec<Slot> = targets.iter().flat_map(needed).collect();
    bound.retain(|slot| used.contains(slot));
    bound
}

/// All scalars a target reads, directly or through the scalars of its loops.
fn needed(target: &Target<'_>) -> Vec<Slot> {
    let mut needed = Vec::new();
    let mut want = |operand: Operand| {
        if let Operand::Slot(slot) = operand {
            needed.push(slot);
        }
    };
    match target.statement {
        Statement::Gradient(_, value) | Statement::Hessian(.., value) => want(*value),
        _ => {}
    }
    for statement in target.lets.iter().rev().flat_map(|lets| lets.iter().rev()) {
        if let Statement::Let(slot, operation) = statement
            && needed.contains(slot)
        {
            operation.for_each_operand(|operand| {
                if let Operand::Slot(slot) = operand {
                    needed.push(slot);
                }
            });
        }
    }
    needed
}
