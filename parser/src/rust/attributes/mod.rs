//! What attributes make of items beside the derivatives, for whoever expands them: the macros, which see one item at a time
//! and hand definitions on from one to the next, and `hesse-build`, which sees a file.
//!
//! A definition is tokens: `structure {fields}`, `function {item} {uses}` or `given {}`, as [`Definition`](super::Definition)
//! parses them.

pub mod given;
pub mod methods;
pub mod parameters;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{ItemFn, Meta, Path, Token};

use super::{Use, path_text, without_marks};

/// What an item uses from outside: paths with their definitions.
pub type Known = [(TokenStream, TokenStream)];

/// The paths in the option `uses(…)` of an attribute, each once.
///
/// ```
/// let attribute = "sparse, uses(huber, models::Decay, huber)".parse().map_err(|_| "no tokens")?;
/// let paths = hesse_parser::rust::attributes::used(&attribute);
/// assert!(paths.len() == 2 && paths[0].is_ident("huber"));
/// # Ok::<(), &str>(())
/// ```
pub fn used(attribute: &TokenStream) -> Vec<Path> {
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(attribute.clone());
    let lists = metas.into_iter().flatten().filter_map(|meta| match meta {
        Meta::List(list) if list.path.is_ident("uses") => Some(list.tokens),
        _ => None,
    });
    let paths =
        lists.filter_map(|tokens| Punctuated::<Path, Token![,]>::parse_terminated.parse2(tokens).ok());
    let mut found: Vec<Path> = Vec::new();
    for path in paths.flatten() {
        if found.iter().all(|known| path_text(known) != path_text(&path)) {
            found.push(path);
        }
    }
    found
}

/// The definitions as [`parse_with`](super::parse_with) takes them.
///
/// # Errors
/// Tokens that are no definition.
#[doc(hidden)]
pub fn uses(known: &Known) -> syn::Result<Vec<Use>> {
    known.iter().map(|(path, definition)| syn::parse2(quote!({#path} {#definition}))).collect()
}

/// The definition of a function that uses what is known.
///
/// ```
/// use hesse_parser::rust::attributes::{function, uses};
/// use quote::quote;
///
/// let definition = function(&syn::parse_quote!(fn square(x: f64) -> f64 { x * x }), &[]);
/// assert!(uses(&[(quote!(square), definition)]).is_ok());
/// ```
pub fn function(item: &ItemFn, known: &Known) -> TokenStream {
    let mut item = ItemFn { attrs: Vec::new(), ..item.clone() };
    without_marks(&mut item.sig);
    let known = known.iter().map(|(path, definition)| quote!({#path} {#definition}));
    quote!(function { #item } { #(#known)* })
}
