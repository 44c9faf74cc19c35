//! The module of a refused function.

use hesse_parser::rust;
use proc_macro2::TokenStream;

use crate::expand::module;

/// A module that can be called like the one the function would have, so that calls of it are no further errors.
///
/// There is none where the arguments themselves are refused.
pub(crate) fn stubs(attribute: TokenStream, function: &syn::ItemFn) -> Option<TokenStream> {
    rust::outline(attribute, function).map(|outline| module(function, &outline))
}
