//! Sums over the rows of a tile as Rust: eight parts each, in registers while the rows go by.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use crate::graph::Index;
use crate::schedule::{Block, Operand, Statement, Sum, Target, Term, Triangle};

/// The position of an inner loop, where there is one, what is read there and what is added up.
pub(super) type Pass<'k> = (Option<(Index, Ident)>, &'k Block, &'k Vec<Sum>);

impl Body<'_> {
    /// Sums over all rows of a tile, each in eight parts; for several positions at once, where these are given.
    pub(super) fn reduce(&mut self, passes: &[Pass<'_>]) -> TokenStream {
        let (mut opened, mut added, mut closed) =
            (TokenStream::new(), TokenStream::new(), TokenStream::new());
        let mut number = 0;
        for (copy, (position, block, sums)) in passes.iter().enumerate() {
            if let Some((index, name)) = position {
                self.suffix = Some(copy);
                self.counters.push((index.0, name.clone()));
            }
            for statement in block.iter() {
                // What is the same at all positions is read once.
                let is_read = matches!(statement, Statement::Let(slot, _) if !self.is_copied(*slot));
                if copy == 0 || !is_read {
                    added.extend(self.statement(statement));
                }
            }
            for sum in sums.iter() {
                let part = format_ident!("a{number}");
                number += 1;
                let (open, close) = self.home(&part, &sum.target, sum.scale);
                opened.extend(open);
                closed.extend(close);
                added.extend(sum.terms.iter().map(|term| self.term(&part, term)).collect::<TokenStream>());
            }
            if position.is_some() {
                self.counters.pop();
                self.suffix = None;
            }
        }
        quote! {{
            #opened
            for group in 0..groups {
                for part in 0..8 {
                    let lane = 8 * group + part;
                    #added
                }
            }
            #closed
        }}
    }

    /// How a sum begins and where it goes.
    fn home(&self, part: &Ident, target: &Target, scale: Option<Operand>) -> (TokenStream, TokenStream) {
        let private = &self.private;
        let tile = self.tile.as_ref();
        let (keeps_gradient, keeps_hessian) =
            tile.map_or((false, false), |tile| (tile.keeps_gradient, tile.keeps_hessian));
        let fresh = quote!(let mut #part = [0.0; 8];);
        let scale = scale.map(|scale| self.operand(scale));
        let kept = |place: TokenStream| match &scale {
            None => (quote!(let mut #part = #place;), quote!(#place = #part;)),
            Some(scale) => (
                fresh.clone(),
                quote! {
                    for part in 0..8 {
                        #place[part] = M::mul_add(#scale, #part[part], #place[part]);
                    }
                },
            ),
        };
        let total = match &scale {
            None => quote!(#private::lanes::total(&#part)),
            Some(scale) => quote!(#scale * #private::lanes::total(&#part)),
        };
        match target {
            Target::Slot(slot) => {
                let name = format_ident!("s{}", slot.0);
                kept(quote!(#name))
            }
            Target::Table(table, at) => {
                let entry = self.read(*table, at);
                (fresh, quote!(#entry += #total;))
            }
            Target::Gradient(place) => {
                let (at, target) = (self.position(place), self.target());
                if keeps_gradient {
                    let lanes = format_ident!("{target}_lanes");
                    return kept(quote!(#lanes[#at]));
                }
                (fresh, quote!(#target[#at] += #total;))
            }
            Target::Hessian(row, column, Triangle::Below) => {
                let at = self.entry(row, column);
                if keeps_hessian {
                    return kept(quote!(hessian_lanes[#at]));
                }
                (fresh, quote!(hessian[#at] += #total;))
            }
            Target::Hessian(row, column, triangle) => {
                let add = self.hessian_entry(row, column, *triangle, &quote!(total));
                (fresh, quote!({ let total = #total; #add }))
            }
            Target::Entry(entry) => {
                let add = self.sparse_entry(entry, &quote!(total));
                (fresh, quote!({ let total = #total; #add }))
            }
        }
    }

    fn term(&self, part: &Ident, term: &Term) -> TokenStream {
        let a = self.operand(term.a);
        match (term.b, term.is_negative) {
            (Some(b), is_negative) => {
                let b = self.operand(b);
                let a = if is_negative { quote!(-#a) } else { a };
                quote!(#part[part] = M::mul_add(#a, #b, #part[part]);)
            }
            (None, false) => quote!(#part[part] += #a;),
            (None, true) => quote!(#part[part] -= #a;),
        }
    }
}
