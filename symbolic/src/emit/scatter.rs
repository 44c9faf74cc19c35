//! What leaves a tile row by row.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::body::{Body, mentions};
use crate::graph::{Index, Subscript, Symbol};
use crate::schedule::{Block, Entry, Operand, Operation, Place, Statement, Triangle};

impl Body<'_> {
    /// Row by row, where each row has a place of its own; side by side where the places are neighbors.
    pub(super) fn scatter(&mut self, block: &Block, statement: &Statement) -> TokenStream {
        let Some(tile) = &self.tile else { return TokenStream::new() };
        let (row, counter) = (tile.index, tile.counter.clone());
        let read = |value: &Operand| match (value, &block[..]) {
            (Operand::Slot(slot), [Statement::Let(bound, Operation::Lane(panel, at))]) if slot == bound => {
                Some(self.all_lanes(*panel, at))
            }
            _ => None,
        };
        let found = match statement {
            Statement::Gradient(place, value) => {
                read(value).zip(self.neighbors(place, row)).map(|found| (self.target(), found))
            }
            Statement::Entry(entry, value) => {
                read(value).zip(self.neighboring(entry, row)).map(|found| (format_ident!("values"), found))
            }
            _ => None,
        };
        if let Some((target, (lanes, first))) = found {
            return quote! {
                for (entry, value) in #target[#first..][..rows].iter_mut().zip(#lanes.iter()) {
                    *entry += *value;
                }
            };
        }
        let (block, statement) = (self.block(block), self.statement(statement));
        let body = quote!(#block #statement);
        let bind = mentions(&body, &counter).then(|| quote!(let #counter = start + lane;));
        quote! {
            for lane in 0..rows {
                #bind
                #body
            }
        }
    }

    /// The place of the first row of a tile, where the places of the rows are neighbors.
    fn neighbors(&self, place: &Place, row: Index) -> Option<TokenStream> {
        if !are_neighbors(&place.subscripts, row) {
            return None;
        }
        let counter = self.tile.as_ref()?.counter.clone();
        let at = self.position(place);
        Some(quote!({ let #counter = start; #at }))
    }

    /// The value of the sparse Hessian for the first row of a tile, where those of the rows are neighbors.
    fn neighboring(&self, entry: &Entry, row: Index) -> Option<TokenStream> {
        let is_plain = entry.triangle == Triangle::Below && entry.cell.pair[0].is_empty();
        if !is_plain || !are_neighbors(&entry.cell.lines, row) {
            return None;
        }
        let counter = self.tile.as_ref()?.counter.clone();
        let at = self.at(&entry.cell);
        Some(quote!({ let #counter = start; #at }))
    }
}

/// Whether the last subscript, and it alone, moves by one from row to row.
fn are_neighbors(subscripts: &[Subscript], row: Index) -> bool {
    let Some((last, others)) = subscripts.split_last() else { return false };
    let is_fixed = |s: &Subscript| {
        s.as_affine().is_some_and(|a| a.terms.iter().all(|(symbol, _)| *symbol != Symbol::Index(row)))
    };
    let is_next = last.as_affine().is_some_and(|affine| affine.terms.contains(&(Symbol::Index(row), 1)));
    is_next && others.iter().all(is_fixed)
}
