//! Functions whose derivatives are given by hand.

use hesse_parser::rust::attributes::given::module;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use crate::task::handing_on;

/// The function, untouched, a module with its value, slope and curvature, and the way to them.
pub(crate) fn derivatives(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let message = format!("`derivatives` belongs on a function with a body: {error}");
            let error = syn::Error::new(error.span(), message).to_compile_error();
            return quote!(#item #error);
        }
    };
    match module(&attribute, &function) {
        Ok(module) => {
            let (name, visibility) = (&function.sig.ident, &function.vis);
            let definition = handing_on(name, &function.attrs, visibility, &quote!(given {}));
            quote!(#[allow(dead_code)] #item #module #definition)
        }
        Err(error) => {
            let error = error.to_compile_error();
            quote!(#item #error)
        }
    }
}
