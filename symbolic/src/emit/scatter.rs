//! What leaves a tile row by row.

use proc_macro2::TokenStream;
use quote::quote;

use super::body::{Body, mentions};
use crate::schedule::{Block, Operand, Operation, Statement, neighbors};

impl Body<'_> {
    /// Row by row, where each row has a place of its own; side by side where the places are neighbors.
    pub(super) fn scatter(&mut self, block: &Block, statements: &Block) -> TokenStream {
        let Some(tile) = &self.tile else { return TokenStream::new() };
        let (row, counter) = (tile.index, tile.counter.clone());
        if let [statement] = &statements[..]
            && neighbors(statement, row)
            && let Some(added) = self.side_by_side(block, statement)
        {
            return added;
        }
        let (opened, windows) = self.open_windows(row, statements);
        let (block, statements) = (self.block(block), self.block(statements));
        self.windows.truncate(windows);
        let body = quote!(#opened #block #statements);
        let bind = mentions(&body, &counter).then(|| quote!(let #counter = start + lane;));
        quote! {
            for lane in 0..rows {
                #bind
                #body
            }
        }
    }

    /// All rows of a tile at once, from where the first one has its place.
    fn side_by_side(&self, block: &Block, statement: &Statement) -> Option<TokenStream> {
        let ((target, at), value) = match statement {
            Statement::Gradient(place, value) => (self.first_place(place), *value),
            Statement::Entry(entry, value) => (self.value_place(&entry.cell), *value),
            _ => return None,
        };
        let counter = self.tile.as_ref()?.counter.clone();
        let places = quote!(#target[{ let #counter = start; #at }..][..rows].iter_mut());
        match (value, &block[..]) {
            (Operand::Slot(slot), [Statement::Let(bound, Operation::Lane(panel, at))]) if slot == *bound => {
                let lanes = self.all_lanes(*panel, at);
                Some(quote! {
                    for (entry, value) in #places.zip(#lanes.iter()) {
                        *entry += *value;
                    }
                })
            }
            (value, []) => {
                let value = self.operand(value);
                Some(quote!(for entry in #places { *entry += #value; }))
            }
            _ => None,
        }
    }
}
