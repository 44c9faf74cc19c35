//! Inputs that rows find by one look-up are brought in together.

use proc_macro2::TokenStream;
use quote::quote;

use super::body::{Body, mentions};
use crate::graph::{Array, Role, Subscript};
use crate::schedule::{Element, Fill};

/// Elements of one array whose subscripts differ in the last one only.
struct Found<'f> {
    array: Array,
    lead: &'f [Subscript],
    fills: Vec<&'f Fill>,
}

impl Body<'_> {
    /// Brings in inputs that stand one after another.
    pub(super) fn fills(&mut self, fills: &[&Fill]) -> TokenStream {
        let mut tokens = TokenStream::new();
        let mut together: Vec<Found<'_>> = Vec::new();
        for &fill in fills {
            let Some((array, lead)) = self.looked_up(fill) else {
                tokens.extend(self.fill(fill));
                continue;
            };
            match together.iter_mut().find(|found| found.array == array && found.lead == lead) {
                Some(found) => found.fills.push(fill),
                None => together.push(Found { array, lead, fills: vec![fill] }),
            }
        }
        for found in together {
            tokens.extend(match found.fills[..] {
                [fill] => self.fill(fill),
                _ => self.fill_together(&found),
            });
        }
        tokens
    }

    /// The array and all subscripts but the last, where these are look-ups and the last is a constant.
    fn looked_up<'f>(&self, fill: &'f Fill) -> Option<(Array, &'f [Subscript])> {
        let Element::Array(array, subscripts) = &fill.element else { return None };
        let (last, lead) = subscripts.split_last()?;
        let is_constant = last.as_affine().is_some_and(|last| last.as_constant().is_some());
        let is_found = lead.iter().any(|subscript| matches!(subscript, Subscript::Lookup(..)));
        let is_parameter = self.kernel.arrays[array.0 as usize].role == Role::Parameter;
        let is_alike = fill.axes.is_empty() && is_constant && is_found && is_parameter;
        (is_alike && !self.is_flat(*array)).then_some((*array, lead))
    }

    fn fill_together(&mut self, found: &Found<'_>) -> TokenStream {
        let Some(counter) = self.tile.as_ref().map(|tile| tile.counter.clone()) else {
            return TokenStream::new();
        };
        let clear = self.clear();
        let name = &self.arrays[found.array.0 as usize];
        let lead = found.lead.iter().map(|subscript| self.subscript(subscript));
        let row = quote!(&#name #([#lead])*);
        let (mut brought, mut cleared) = (TokenStream::new(), TokenStream::new());
        for fill in &found.fills {
            let Element::Array(_, subscripts) = &fill.element else { continue };
            let (lanes, last) =
                (self.all_lanes(fill.panel, &[]), self.subscript(&subscripts[found.lead.len()]));
            brought.extend(quote!(#lanes[lane] = row[#last];));
            cleared.extend(quote!(#clear(&mut #lanes, rows);));
        }
        let bind = mentions(&row, &counter).then(|| quote!(let #counter = start + lane;));
        quote! {
            for lane in 0..rows {
                #bind
                let row = #row;
                #brought
            }
            #cleared
        }
    }
}
