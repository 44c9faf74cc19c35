//! Sums over the rows of a tile as Rust: as many parts each as there are lanes, in registers while the rows go by.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use crate::graph::Index;
use crate::schedule::{Block, Operand, Operation, Place, Slot, Statement, Sum, Target, Term, Triangle};

/// One of several positions of an inner loop that share a pass: the loop, its number, the name of its counter.
pub(super) type Position = (Index, usize, Ident);

/// Where in the inner loops, what is read there, and what is added up.
pub(super) type Pass<'k> = (Vec<Position>, &'k Block, &'k Vec<Sum>);

/// A sum in registers.
struct Part<'k> {
    name: Ident,
    sum: &'k Sum,
    position: Vec<Position>,
}

impl Body<'_> {
    /// Sums over all rows of a tile, each in its parts; for several positions at once, where these are given.
    pub(super) fn reduce(&mut self, passes: &[Pass<'_>]) -> TokenStream {
        let (mut opened, mut added) = (TokenStream::new(), TokenStream::new());
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut loaded: Vec<Ident> = Vec::new();
        let width = self.lane_count();
        for (position, block, sums) in passes {
            self.stand(position);
            let mut read: Vec<Slot> = Vec::new();
            for statement in block.iter() {
                let Statement::Let(slot, Operation::Lane(panel, at)) = statement else { continue };
                read.push(*slot);
                let name = self.slot(*slot);
                // What is the same at several positions is read once.
                if !loaded.contains(&name) {
                    let (lanes, groups) = (self.all_lanes(*panel, at), format_ident!("r{}", loaded.len()));
                    opened.extend(quote!(let #groups = &#lanes.as_chunks::<#width>().0[..groups];));
                    added.extend(quote!(let #name = machine.load(&#groups[group]);));
                    loaded.push(name);
                }
            }
            for sum in sums.iter() {
                let name = format_ident!("a{}", parts.len());
                let first = match self.kept_lanes(&sum.target).filter(|_| sum.scale.is_none()) {
                    Some(place) => quote!(machine.load(&#place)),
                    None => quote!(machine.splat(0.0)),
                };
                opened.extend(quote!(let mut #name = #first;));
                added.extend(sum.terms.iter().map(|term| self.term(&name, term, &read)));
                parts.push(Part { name, sum, position: position.clone() });
            }
            self.leave(position);
        }
        let closed = self.closed(&parts, passes.first().map_or(0, |pass| pass.2.len()));
        quote! {{
            #opened
            for group in 0..groups { #added }
            #closed
        }}
    }

    /// Where finished sums go, of which there are `count` at each position: to their lanes, or as totals, four at a
    /// time, to where these add up.
    fn closed(&mut self, parts: &[Part<'_>], count: usize) -> TokenStream {
        let mut tokens = TokenStream::new();
        // Positions of one sum side by side: their targets often are neighbors.
        let sums = count.max(1);
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|at| (at % sums, at / sums));
        let mut totals: Vec<&Part<'_>> = Vec::new();
        for at in order {
            let part = &parts[at];
            self.stand(&part.position);
            match self.kept_lanes(&part.sum.target) {
                None => totals.push(part),
                Some(place) => {
                    let name = &part.name;
                    let lanes = match part.sum.scale {
                        None => quote!(#name),
                        Some(scale) => {
                            let scale = self.operand(scale);
                            quote!(machine.sum_of_products(machine.splat(#scale), #name, machine.load(&#place)))
                        }
                    };
                    tokens.extend(quote!(machine.store(#lanes, &mut #place);));
                }
            }
            self.leave(&part.position);
        }
        let (fours, rest) = totals.as_chunks::<4>();
        for four in fours {
            let names = four.iter().map(|part| &part.name);
            let again = names.clone();
            tokens.extend(quote!(let [#(#names),*] = machine.totals([#(#again),*]);));
            tokens.extend(self.add_four(four));
        }
        for part in rest {
            let name = &part.name;
            tokens.extend(quote!(let #name = machine.total(#name);));
            tokens.extend(self.add_total(part));
        }
        tokens
    }

    fn add_four(&mut self, four: &[&Part<'_>; 4]) -> TokenStream {
        let first = &four[0];
        let run = first.position.split_last().and_then(|((index, from, _), outer)| {
            let follows = |(next, part): (usize, &&Part<'_>)| {
                std::ptr::eq(part.sum, first.sum)
                    && part.position.split_last().is_some_and(|(last, others)| {
                        last.1 == from + next && others.iter().zip(outer).all(|(a, b)| a.1 == b.1)
                    })
            };
            if !four.iter().enumerate().all(follows) {
                return None;
            }
            self.stand(&first.position);
            let run = self.run(&first.sum.target, *index);
            self.leave(&first.position);
            run
        });
        match run {
            Some((name, at)) => {
                let totals: Vec<TokenStream> = four.iter().map(|part| self.scaled(part)).collect();
                quote! {
                    for (entry, total) in #name[#at..][..4].iter_mut().zip([#(#totals),*]) {
                        *entry += total;
                    }
                }
            }
            None => four.iter().map(|part| self.add_total(part)).collect(),
        }
    }

    /// Adds a total to where it goes.
    fn add_total(&mut self, part: &Part<'_>) -> TokenStream {
        let total = self.scaled(part);
        self.stand(&part.position);
        let added = self.add_to(&part.sum.target, &total);
        self.leave(&part.position);
        added
    }

    /// Adds a total to a target.
    pub(super) fn add_to(&mut self, target: &Target, total: &TokenStream) -> TokenStream {
        match target {
            Target::Slot(slot) => {
                let name = format_ident!("t{}", slot.0);
                quote!(#name += #total;)
            }
            Target::Table(table, at) => {
                let entry = self.read(*table, at);
                quote!(#entry += #total;)
            }
            Target::Gradient(place) => {
                let (target, at) = self.first_place(place);
                quote!(#target[#at] += #total;)
            }
            Target::Hessian(row, column, triangle) => match triangle.is_one_entry() {
                true => self.hessian_entry(row, column, *triangle, total),
                false => {
                    let add = self.hessian_entry(row, column, *triangle, &quote!(total));
                    quote!({ let total = #total; #add })
                }
            },
            Target::Entry(entry) => {
                let add = self.sparse_entry(entry, &quote!(total));
                quote!({ let total = #total; #add })
            }
        }
    }

    fn scaled(&mut self, part: &Part<'_>) -> TokenStream {
        let name = &part.name;
        let Some(scale) = part.sum.scale else { return quote!(#name) };
        self.stand(&part.position);
        let scale = self.operand(scale);
        self.leave(&part.position);
        quote!(#scale * #name)
    }

    /// The lanes of a sum that stays in lanes for the whole loop.
    pub(super) fn kept_lanes(&self, target: &Target) -> Option<TokenStream> {
        let tile = self.tile.as_ref()?;
        match target {
            Target::Slot(slot) => {
                let name = format_ident!("s{}", slot.0);
                Some(quote!(#name))
            }
            Target::Gradient(place) if tile.keeps_gradient => {
                let (lanes, at) = (format_ident!("{}_lanes", self.target()), self.position(place));
                Some(quote!(#lanes[#at]))
            }
            Target::Hessian(row, column, triangle) if tile.keeps_hessian && triangle.is_one_entry() => {
                let at = self.entry(row, column, *triangle);
                Some(quote!(hessian_lanes[#at]))
            }
            _ => None,
        }
    }

    /// The place of a target, where those of the next positions follow it in memory.
    pub(super) fn run(&self, target: &Target, index: Index) -> Option<(Ident, TokenStream)> {
        let rises = |place: &Place| {
            let (last, others) = place.subscripts.split_last()?;
            let last = last.as_affine()?.coefficient(index);
            let others: Option<Vec<_>> =
                others.iter().map(|s| Some(s.as_affine()?.coefficient(index))).collect();
            Some((last, others?.iter().all(|&coefficient| coefficient == 0)))
        };
        match target {
            Target::Gradient(place) if rises(place) == Some((1, true)) && !self.kernel.request.block => {
                Some(self.first_place(place))
            }
            Target::Hessian(row, column, Triangle::Below)
                if rises(row) == Some((0, true)) && rises(column) == Some((1, true)) =>
            {
                Some((format_ident!("hessian"), self.entry(row, column, Triangle::Below)))
            }
            _ => None,
        }
    }

    fn term(&self, part: &Ident, term: &Term, read: &[Slot]) -> TokenStream {
        let lanes = |operand: Operand| {
            let value = self.operand(operand);
            match operand {
                Operand::Slot(slot) if read.contains(&slot) => value,
                _ => quote!(machine.splat(#value)),
            }
        };
        let a = lanes(term.a);
        let a = if term.is_negative { quote!(machine.minus(#a)) } else { a };
        match term.b.map(lanes) {
            Some(b) => quote!(#part = machine.sum_of_products(#a, #b, #part);),
            None => quote!(#part = machine.plus(#part, #a);),
        }
    }

    /// Names what differs between positions that share a pass by one of them.
    pub(super) fn stand(&mut self, position: &[Position]) {
        for (index, copy, name) in position {
            self.copies.push((*index, *copy));
            self.counters.push((index.0, name.clone()));
        }
    }

    pub(super) fn leave(&mut self, position: &[Position]) {
        self.copies.truncate(self.copies.len() - position.len());
        self.counters.truncate(self.counters.len() - position.len());
    }
}
