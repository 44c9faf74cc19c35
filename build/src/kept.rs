//! Files of functions, without those that nobody calls.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{File, Item, UseTree};

/// The texts of the Rust files `texts` without the functions that neither `users` mention nor what is left calls,
/// and without these in `use`.
///
/// For files of independent functions: a function counts as called where its name occurs.
///
/// # Errors
/// Where one of the `texts` or `users` is no Rust.
///
/// ```
/// let text = "
/// use parts::{quarter, third};
/// fn half(x: f64) -> f64 { x / 2.0 + quarter(x) }
/// /// Not needed.
/// fn sixth(x: f64) -> f64 { third(half(x)) }";
/// let kept = hesse_build::kept_functions(&[text], &["fn main() { half(1.0); }"])?;
/// assert_eq!(kept[0].trim(), "use parts::{quarter};\nfn half(x: f64) -> f64 { x / 2.0 + quarter(x) }");
/// # Ok::<(), syn::Error>(())
/// ```
pub fn kept_functions(texts: &[&str], users: &[&str]) -> syn::Result<Vec<String>> {
    let files = texts.iter().map(|text| syn::parse_file(text)).collect::<syn::Result<Vec<File>>>()?;
    let mut named = BTreeSet::new();
    for user in users {
        let tokens: TokenStream = user
            .parse()
            .map_err(|error: proc_macro2::LexError| syn::Error::new(error.span(), error.to_string()))?;
        identifiers(tokens, &mut named);
    }
    loop {
        let before = named.len();
        for item in files.iter().flat_map(|file| &file.items) {
            match item {
                // These name functions, and call none.
                Item::Use(_) | Item::Mod(_) => {}
                Item::Fn(function) if !named.contains(&function.sig.ident.to_string()) => {}
                Item::Fn(function) => identifiers(function.block.to_token_stream(), &mut named),
                other => identifiers(other.to_token_stream(), &mut named),
            }
        }
        if named.len() == before {
            break;
        }
    }
    Ok(texts.iter().zip(&files).map(|(text, file)| kept(text, file, &named)).collect())
}

/// The text of a file without the functions that are not named.
fn kept(text: &str, file: &File, named: &BTreeSet<String>) -> String {
    let (mut kept, mut end) = (String::with_capacity(text.len()), 0);
    let mut replace = |range: Range<usize>, replacement: &str| {
        let before = &text[end..range.start];
        kept.push_str(if replacement.is_empty() { before.trim_end() } else { before });
        kept.push_str(replacement);
        end = range.end;
    };
    for item in &file.items {
        match item {
            Item::Fn(function) if !named.contains(&function.sig.ident.to_string()) => {
                replace(function.span().byte_range(), "");
            }
            Item::Use(used) if has_unnamed(&used.tree, named) => match named_in(&used.tree, named) {
                Some(tree) => replace(used.tree.span().byte_range(), &tree),
                None => replace(used.span().byte_range(), ""),
            },
            _ => {}
        }
    }
    kept.push_str(&text[end..]);
    kept
}

fn has_unnamed(tree: &UseTree, named: &BTreeSet<String>) -> bool {
    match tree {
        UseTree::Name(name) => !(name.ident == "self" || named.contains(&name.ident.to_string())),
        UseTree::Path(path) => has_unnamed(&path.tree, named),
        UseTree::Group(group) => group.items.iter().any(|tree| has_unnamed(tree, named)),
        _ => false,
    }
}

/// The text of what is named in a `use`.
fn named_in(tree: &UseTree, named: &BTreeSet<String>) -> Option<String> {
    match tree {
        UseTree::Name(_) if has_unnamed(tree, named) => None,
        UseTree::Path(path) => Some(format!("{}::{}", path.ident, named_in(&path.tree, named)?)),
        UseTree::Group(group) => {
            let kept: Vec<String> = group.items.iter().filter_map(|tree| named_in(tree, named)).collect();
            (!kept.is_empty()).then(|| format!("{{{}}}", kept.join(", ")))
        }
        other => Some(other.to_token_stream().to_string()),
    }
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
