//! Calls of one function, eight at a time.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::body::Body;
use crate::functions::Function;
use crate::schedule::{LANES, Operand, Operation, Slot, Statement};

impl Body<'_> {
    /// The first of some statements, as many as call one function abreast, and how many these are.
    pub(super) fn calls_abreast(&self, statements: &[Statement]) -> Option<(usize, TokenStream)> {
        let (function, ..) = call(statements.first()?)?;
        let calls: Vec<(Slot, Operand)> = statements
            .iter()
            .map_while(|statement| call(statement).filter(|(other, ..)| *other == function))
            .map(|(_, slot, argument)| (slot, argument))
            .collect();
        let (private, name) = (&self.private, Ident::new(function.name(), Span::call_site()));
        let (mut arguments, mut targets) = (TokenStream::new(), TokenStream::new());
        for group in calls.chunks(LANES) {
            // Lanes that are left over repeat the last call.
            let last = group.last().map(|(_, argument)| *argument);
            let lanes = group.iter().map(|(_, argument)| *argument).chain(last.into_iter().cycle());
            let lanes = lanes.take(LANES).map(|argument| self.operand(argument));
            let names = group.iter().map(|(slot, _)| self.slot(*slot));
            let rest = (group.len() < LANES).then(|| quote!(..));
            arguments.extend(quote!([#(#lanes),*],));
            targets.extend(quote!([#(#names,)* #rest],));
        }
        // A loop of a known number of steps would be written out, lane by lane, before compilers think of lanes.
        let groups = Literal::usize_unsuffixed(calls.len().div_ceil(LANES));
        let tokens = quote! {
            let [#targets] = {
                let groups = #private::lanes::opaque(#groups);
                let mut lanes = [[0.0; 8]; #groups];
                #private::lanes::groups::#name::<M, 8>(&[#arguments][..groups], &mut lanes[..groups]);
                lanes
            };
        };
        Some((calls.len(), tokens))
    }
}

fn call(statement: &Statement) -> Option<(Function, Slot, Operand)> {
    match statement {
        Statement::Let(slot, Operation::Abreast(function, argument)) => Some((*function, *slot, *argument)),
        _ => None,
    }
}
