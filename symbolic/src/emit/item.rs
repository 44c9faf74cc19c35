//! The public functions of a module, before it is settled how people pass their inputs.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::frame::Frame;

/// A public function.
pub(super) struct Item {
    pub(super) doc: Vec<String>,
    pub(super) name: Ident,
    pub(super) inputs: Inputs,
    /// What it takes besides: directions, buffers, a workspace.
    pub(super) further: Vec<(Ident, TokenStream)>,
    /// `-> f64`, or nothing.
    pub(super) result: TokenStream,
    pub(super) body: TokenStream,
}

/// Which of the inputs of the error function a function takes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Inputs {
    /// Parameters, data, sizes.
    All,
    /// What `error_function` takes: data, and sizes that no data tells.
    Bound,
    /// None: it is a constant.
    None,
}

impl Frame<'_> {
    /// A function that takes its inputs as plain arrays. Like all functions of the module it is `#[inline]`: crates that do not
    /// call it do not wait for its code.
    pub(super) fn item(&self, item: &Item) -> TokenStream {
        let Item { doc, name, result, body, .. } = item;
        let (inputs, constant) = match item.inputs {
            Inputs::All => (self.inputs(), None),
            Inputs::Bound => {
                let bound = self.bound(None).into_iter().map(|(name, kind)| quote!(#name: #kind,));
                (bound.collect(), None)
            }
            Inputs::None => (TokenStream::new(), Some(quote!(const))),
        };
        let generics = self.generics(None).filter(|_| item.inputs != Inputs::None);
        let further = item.further.iter().map(|(name, kind)| quote!(#name: #kind,));
        quote! {
            #(#[doc = #doc])*
            #[inline]
            pub #constant fn #name #generics(#inputs #(#further)*) #result { #body }
        }
    }
}
