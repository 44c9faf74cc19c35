//! A file of functions, without those that nobody calls.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Item;
use syn::spanned::Spanned;

/// The text of the Rust file `text` without the functions that neither `users` mention nor what is left calls.
///
/// For files of independent functions: a function counts as called where its name occurs.
///
/// # Errors
/// Where `text` or one of the `users` is no Rust.
///
/// ```
/// let text = "
/// fn half(x: f64) -> f64 { x / 2.0 }
/// /// Not needed.
/// fn third(x: f64) -> f64 { x / 3.0 }";
/// let kept = hesse_build::kept_functions(text, &["fn main() { half(1.0); }"])?;
/// assert_eq!(kept.trim(), "fn half(x: f64) -> f64 { x / 2.0 }");
/// # Ok::<(), syn::Error>(())
/// ```
pub fn kept_functions(text: &str, users: &[&str]) -> syn::Result<String> {
    let file = syn::parse_file(text)?;
    let mut named = BTreeSet::new();
    for user in users {
        let tokens: TokenStream = user
            .parse()
            .map_err(|error: proc_macro2::LexError| syn::Error::new(error.span(), error.to_string()))?;
        identifiers(tokens, &mut named);
    }
    loop {
        let before = named.len();
        for item in &file.items {
            match item {
                Item::Fn(function) if !named.contains(&function.sig.ident.to_string()) => {}
                Item::Fn(function) => identifiers(function.block.to_token_stream(), &mut named),
                other => identifiers(other.to_token_stream(), &mut named),
            }
        }
        if named.len() == before {
            break;
        }
    }
    let (mut kept, mut end) = (String::with_capacity(text.len()), 0);
    for item in &file.items {
        if let Item::Fn(function) = item
            && !named.contains(&function.sig.ident.to_string())
        {
            let range = function.span().byte_range();
            kept.push_str(text[end..range.start].trim_end());
            end = range.end;
        }
    }
    kept.push_str(&text[end..]);
    Ok(kept)
}

fn identifiers(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => identifiers(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
