//! What leaves a tile row by row.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::body::{Body, mentions};
use super::windows::Window;
use crate::schedule::{Block, Operand, Operation, Slot, Statement, Triangle, neighbors};

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
        let (_, windows) = self.open_windows(row, statements);
        let (mut opened, mut turned) = (TokenStream::new(), TokenStream::new());
        let mut left: Vec<&Statement> = statements.iter().collect();
        for window in &self.windows[windows..] {
            match self.turned(window, block, statements) {
                Some(added) => {
                    turned.extend(added);
                    left.retain(|statement| {
                        self.goes_to(statement).is_none_or(|(to, _)| !window.is_called(&to))
                    });
                }
                None => opened.extend(window.opening()),
            }
        }
        let left: Block = left.into_iter().cloned().collect();
        let block = needed(block, &left);
        let (block, left) = (self.block(&block), self.block(&left));
        self.windows.truncate(windows);
        if left.is_empty() {
            return turned;
        }
        let body = quote!(#opened #block #left);
        let bind = mentions(&body, &counter).then(|| quote!(let #counter = start + lane;));
        quote! {
            #turned
            for lane in 0..rows {
                #bind
                #body
            }
        }
    }

    /// The rows of a tile turned and added to a window as a whole, where each row has one number in a panel for every place
    /// of the window, and there are enough of them.
    fn turned(&self, window: &Window, block: &Block, statements: &Block) -> Option<TokenStream> {
        let mut panels: Vec<Option<TokenStream>> = vec![None; usize::try_from(window.length).ok()?];
        for statement in statements {
            let Some((to, at)) = self.goes_to(statement) else { continue };
            if !window.is_called(&to) {
                continue;
            }
            let (Statement::Gradient(_, Operand::Slot(slot)) | Statement::Entry(_, Operand::Slot(slot))) =
                statement
            else {
                return None;
            };
            let (panel, position) = block.iter().find_map(|statement| match statement {
                Statement::Let(bound, Operation::Lane(panel, at)) if bound == slot => Some((*panel, at)),
                _ => None,
            })?;
            let lanes = self.all_lanes(panel, position);
            let lanes = if position.is_empty() { quote!(&*#lanes) } else { quote!(&#lanes) };
            let place = panels.get_mut(at?)?;
            if place.replace(lanes).is_some() {
                return None;
            }
        }
        if panels.len() < self.kernel.lanes.count() {
            return None;
        }
        let panels: Vec<TokenStream> = panels.into_iter().collect::<Option<_>>()?;
        let tile = self.tile.as_ref()?;
        let (private, counter, Window { whole, line, .. }) = (&self.private, &tile.counter, window);
        let (size, length) = (Literal::usize_unsuffixed(tile.rows), Literal::usize_unsuffixed(panels.len()));
        let lanes = self.lane_count();
        Some(quote! {
            {
                let mut places = [0; #size];
                for lane in 0..rows {
                    let #counter = start + lane;
                    places[lane] = #line;
                }
                let to = #whole.as_chunks_mut::<#length>().0;
                #private::lanes::add_rows::<#lanes, M, #length, #size>(machine, [#(#panels),*], &places[..rows], to);
            }
        })
    }

    /// The buffer, and the position in it where that is a number, of a statement that adds its value to one place.
    fn goes_to(&self, statement: &Statement) -> Option<(Ident, Option<usize>)> {
        let (to, at) = match statement {
            Statement::Gradient(place, _) => self.first_place(place),
            Statement::Entry(entry, _) => {
                let (to, at) = self.value_place(&entry.cell);
                let at = if entry.triangle == Triangle::Below { at } else { TokenStream::new() };
                (to, at)
            }
            _ => return None,
        };
        Some((to, at.to_string().parse().ok()))
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

/// The statements that bind what others mention.
fn needed(block: &Block, by: &Block) -> Block {
    let mut mentioned: HashSet<Slot> = HashSet::new();
    let mut mention = |operand: Operand| {
        if let Operand::Slot(slot) = operand {
            mentioned.insert(slot);
        }
    };
    for statement in by {
        match statement {
            Statement::Gradient(_, value) | Statement::Entry(_, value) | Statement::Hessian(.., value) => {
                mention(*value);
            }
            // Whatever else there is may need all.
            _ => return block.clone(),
        }
    }
    let mut kept: Block = Vec::new();
    for statement in block.iter().rev() {
        if let Statement::Let(slot, operation) = statement {
            if !mentioned.contains(slot) {
                continue;
            }
            operation.for_each_operand(|operand| {
                if let Operand::Slot(slot) = operand {
                    mentioned.insert(slot);
                }
            });
        }
        kept.push(statement.clone());
    }
    kept.reverse();
    kept
}
