//! Passes over the rows of a tile as Rust: one loop over lanes that reads its inputs and writes its outputs where they
//! lie.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use crate::graph::Array;
use crate::schedule::{Operand, Outgoing, Stage, Statement, Stream, Sum, Target, Term, Tiles};

impl Body<'_> {
    /// What the passes of a loop keep from tile to tile: where it begins, and where it ends.
    pub(super) fn flow(&mut self, tiles: &Tiles) -> (TokenStream, TokenStream) {
        let private = self.private.clone();
        let size = Literal::usize_unsuffixed(tiles.rows);
        let (lo, hi) = (self.bound(&tiles.range.lo), self.bound(&tiles.range.hi));
        let (mut opened, mut closed) = (TokenStream::new(), TokenStream::new());
        for stream in tiles.stages.iter().filter_map(streamed) {
            for (sum, lanes) in stream.sums.iter().zip(sum_names(stream)) {
                let Target::Slot(slot) = sum.target else { continue };
                let target = self.slot(slot);
                opened.extend(quote!(let mut #lanes = #private::lanes::Aligned([0.0; #size]);));
                closed.extend(
                    quote!(#target += machine.total(machine.load(&#private::lanes::folded(&#lanes)));),
                );
            }
            for (at, outgoing) in stream.outgoing.iter().enumerate() {
                let carried = carried(at, outgoing);
                let (buffer, begin) = self.first_of(outgoing, &lo);
                let (_, end) = self.first_of(outgoing, &hi);
                let reach = Literal::usize_unsuffixed(carried.len());
                opened.extend(quote!(#(let mut #carried = 0.0;)*));
                if outgoing.is_first {
                    let end = if carried.is_empty() { end.clone() } else { quote!(#end + #reach) };
                    opened.extend(quote! {
                        let places = if #lo < #hi { #begin..#end } else { 0..0 };
                        #private::lanes::clear_around(&mut *#buffer, places);
                    });
                }
                let assign = assignment(outgoing);
                if !carried.is_empty() {
                    closed.extend(quote! {
                        if #lo < #hi {
                            let beyond = [#(#carried),*];
                            for (entry, value) in #buffer[#end..][..#reach].iter_mut().zip(beyond) {
                                *entry #assign value;
                            }
                        }
                    });
                }
            }
        }
        (opened, closed)
    }

    /// Arrays and families that a pass is the first to write, so that nothing has to clear them.
    pub(super) fn written_first(&self) -> (Vec<Array>, Vec<usize>) {
        let (mut arrays, mut families) = (Vec::new(), Vec::new());
        for statement in &self.kernel.body {
            let Statement::Tiles(tiles) = statement else { continue };
            let all = tiles.stages.iter().filter_map(streamed).flat_map(|stream| &stream.outgoing);
            for outgoing in all.filter(|outgoing| outgoing.is_first) {
                match &outgoing.target {
                    Target::Gradient(place) => arrays.push(place.array),
                    Target::Entry(entry) => families.push(entry.cell.family),
                    Target::Slot(_) | Target::Table(..) | Target::Hessian(..) => {}
                }
            }
        }
        (arrays, families)
    }

    /// One pass.
    pub(super) fn stream(&mut self, stream: &Stream) -> TokenStream {
        let private = self.private.clone();
        let Some((size, is_full)) = self.tile.as_ref().map(|tile| (tile.rows, tile.is_full)) else {
            return TokenStream::new();
        };
        let size = Literal::usize_unsuffixed(size);
        let (mut opened, mut closed) = (TokenStream::new(), TokenStream::new());
        let mut body = self.block(&stream.block);
        for (sum, lanes) in stream.sums.iter().zip(sum_names(stream)) {
            body.extend(self.added(sum, &lanes));
        }
        for (at, outgoing) in stream.outgoing.iter().enumerate() {
            let (window, carried) = (format_ident!("o{at}"), carried(at, outgoing));
            let (buffer, begin) = self.first_of(outgoing, &quote!(start));
            let assign = assignment(outgoing);
            let values: Vec<TokenStream> =
                outgoing.values.iter().map(|values| self.sum_of_values(values)).collect();
            // What arrives comes first, and is read before it is replaced.
            let arriving = carried.iter().map(Some).chain([None]);
            let sums = arriving.zip(&values).map(|(carried, values)| match (carried, values.is_empty()) {
                (Some(carried), false) => quote!(#carried + #values),
                (Some(carried), true) => quote!(#carried),
                (None, false) => quote!(#values),
                (None, true) => quote!(0.0),
            });
            let sums: Vec<TokenStream> = sums.collect();
            let (completed, further) = (&sums[0], &sums[1..]);
            if is_full {
                opened.extend(
                    quote!(let #window = #private::lanes::window_mut::<#size>(&mut #buffer[#begin..]);),
                );
                body.extend(quote!(#window[lane] #assign #completed; #(#carried = #further;)*));
                continue;
            }
            let lanes: Vec<Ident> = carried.iter().map(|name| format_ident!("{name}_lanes")).collect();
            opened.extend(quote! {
                let mut #window = #private::lanes::Aligned([0.0; #size]);
                #(let mut #lanes = #private::lanes::Aligned([0.0; #size]);)*
            });
            body.extend(quote! {
                #window[lane] = #completed;
                #(#carried = #further; #lanes[lane] = #carried;)*
            });
            closed.extend(quote! {
                for (entry, value) in #buffer[#begin..][..rows].iter_mut().zip(#window.iter()) {
                    *entry #assign *value;
                }
                #(#carried = #lanes[rows - 1];)*
            });
        }
        let passes = self.for_lanes(&body);
        quote!({ #opened #passes #closed })
    }

    /// Adds a row to the lanes of a sum, if there is such a row.
    fn added(&self, sum: &Sum, lanes: &Ident) -> TokenStream {
        let is_full = self.tile.as_ref().is_some_and(|tile| tile.is_full);
        let sums = sum.terms.iter().fold(quote!(#lanes[lane]), |sum, Term { is_negative, a, b }| {
            let a = self.operand(*a);
            match (b.map(|b| self.operand(b)), is_negative) {
                (Some(b), false) => quote!(M::mul_add(#a, #b, #sum)),
                (Some(b), true) => quote!(M::mul_add(-#a, #b, #sum)),
                (None, false) => quote!(#sum + #a),
                (None, true) => quote!(#sum - #a),
            }
        });
        match is_full {
            true => quote!(#lanes[lane] = #sums;),
            // A choice and not a branch: it stays in lanes.
            false => quote!(#lanes[lane] = if lane < rows { #sums } else { #lanes[lane] };),
        }
    }

    fn sum_of_values(&self, values: &[Operand]) -> TokenStream {
        let values = values.iter().map(|&value| self.operand(value));
        quote!(#(#values)+*)
    }

    /// The buffer, and in it the place that a row completes.
    fn first_of(&self, outgoing: &Outgoing, row: &TokenStream) -> (Ident, TokenStream) {
        let (buffer, at) = match &outgoing.target {
            Target::Entry(entry) => self.value_place(&entry.cell),
            Target::Gradient(place) => self.first_place(place),
            // Nothing else goes to neighbors.
            Target::Slot(_) | Target::Table(..) | Target::Hessian(..) => (self.target(), quote!(0)),
        };
        let Some(tile) = &self.tile else { return (buffer, at) };
        let counter = &tile.counter;
        let is_row = *counter == at.to_string();
        (buffer, if is_row { row.clone() } else { quote!(({ let #counter = #row; #at })) })
    }
}

fn streamed(stage: &Stage) -> Option<&Stream> {
    match stage {
        Stage::Stream(stream) => Some(stream),
        _ => None,
    }
}

/// The lanes of the sums of a pass.
fn sum_names(stream: &Stream) -> impl Iterator<Item = Ident> {
    stream.sums.iter().enumerate().map(|(at, _)| format_ident!("l{at}"))
}

/// What travels to the next rows, nearest first.
fn carried(at: usize, outgoing: &Outgoing) -> Vec<Ident> {
    (1..outgoing.values.len()).map(|rows| format_ident!("c{at}_{rows}")).collect()
}

fn assignment(outgoing: &Outgoing) -> TokenStream {
    if outgoing.is_first { quote!(=) } else { quote!(+=) }
}
