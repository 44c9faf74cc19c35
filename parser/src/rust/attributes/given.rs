//! Functions whose derivatives are given by hand.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{FnArg, Ident, ItemFn, PatType, Path, ReturnType, Token, Type};

use super::Known;
use crate::rust::{Definition, Use};

/// The module beside a function under `#[derivatives(slope, curvature)]`, with its value, slope and curvature.
///
/// # Errors
/// Attributes that do not name two functions, and functions that are not of one number.
///
/// ```
/// use hesse_parser::rust::attributes::given::module;
///
/// let function = syn::parse_quote!(fn sine(x: f64) -> f64 { x.sin() });
/// let attribute = "f64::cos, minus_sine".parse().map_err(|_| "no tokens")?;
/// let module = module(&attribute, &function).map_err(|_| "refused")?;
/// assert!(module.to_string().contains("pub fn curvature"));
/// # Ok::<(), &str>(())
/// ```
pub fn module(attribute: &TokenStream, function: &ItemFn) -> syn::Result<TokenStream> {
    let paths = Punctuated::<Path, Token![,]>::parse_terminated.parse2(attribute.clone());
    let paths: Vec<Path> = paths.into_iter().flatten().collect();
    let [slope, curvature] = &paths[..] else {
        let message = "expected two functions\nhelp: write `#[derivatives(slope, curvature)]`";
        return Err(syn::Error::new_spanned(attribute, message));
    };
    if !is_of_one_number(function) {
        let message = "expected a function of one number\nhelp: write `fn name(x: f64) -> f64`";
        return Err(syn::Error::new_spanned(&function.sig, message));
    }
    let (name, visibility) = (&function.sig.ident, &function.vis);
    let title = format!(" The function `{name}` and its derivatives.");
    let [slope, curvature] = [slope, curvature].map(|path| called(&path.to_token_stream(), 1));
    Ok(quote! {
        #[doc = #title]
        #[allow(dead_code, unused_imports)]
        #visibility mod #name {
            /// The value.
            #[inline]
            pub fn value(x: f64) -> f64 { super::#name(x) }
            /// The first derivative.
            #[inline]
            pub fn slope(x: f64) -> f64 { #slope }
            /// The second derivative.
            #[inline]
            pub fn curvature(x: f64) -> f64 { #curvature }
        }
    })
}

/// `fn name(x: f64) -> f64`, which can be called as it stands.
fn is_of_one_number(function: &ItemFn) -> bool {
    let is_number = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("f64"));
    let signature = &function.sig;
    let takes = matches!(signature.inputs.first(), Some(FnArg::Typed(PatType { ty, .. })) if is_number(ty));
    let gives = matches!(&signature.output, ReturnType::Type(_, ty) if is_number(ty));
    let is_plain = signature.asyncness.is_none() && signature.safety.to_token_stream().is_empty();
    takes && gives && is_plain && signature.inputs.len() == 1 && signature.generics.params.is_empty()
}

/// The module of functions with given derivatives that a function uses, from whatever place it is used itself: paths in
/// it mean what they mean where it stands.
#[doc(hidden)]
pub fn handed_on(function: &ItemFn, known: &Known, uses: &[Use]) -> Option<TokenStream> {
    let has_some = known.iter().zip(uses).any(|((path, _), used)| {
        // Where it stands decides nothing about whether there is any.
        behind(0, path.clone(), &used.definition, 2).is_some()
    });
    has_some.then(|| module_of(&function.sig.ident, function, known, uses))
}

/// The same under the name `name`, empty where there is nothing to hand on.
#[doc(hidden)]
pub fn module_of(name: &Ident, function: &ItemFn, known: &Known, uses: &[Use]) -> TokenStream {
    let modules = known
        .iter()
        .zip(uses)
        .enumerate()
        .filter_map(|(number, ((path, _), used))| behind(number, path.clone(), &used.definition, 2));
    let visibility = &function.vis;
    quote! {
        #[doc(hidden)]
        #[automatically_derived]
        #[allow(unused, clippy::all, non_snake_case)]
        #visibility mod #name { #(#modules)* }
    }
}

/// The name of such a module where the function is an error function, whose module has its name.
#[doc(hidden)]
pub fn apart(function: &ItemFn) -> Ident {
    format_ident!("__hesse_given_{}", function.sig.ident)
}

/// The module of an error function that hands on what it uses itself, as it stands [`apart`].
#[doc(hidden)]
pub fn taken_in(function: &ItemFn, module: TokenStream) -> TokenStream {
    let apart = apart(function);
    let mut trees: Vec<TokenTree> = module.into_iter().collect();
    if let Some(TokenTree::Group(body)) = trees.last_mut() {
        let inside = body.stream();
        *body = Group::new(
            body.delimiter(),
            quote! {
                #[doc(hidden)]
                pub use super::#apart::*;
                #inside
            },
        );
    }
    trees.into_iter().collect()
}

/// What is behind the entry `number` of `uses(…)`, where that is a function with given derivatives or one that uses some;
/// `path` is its path from `depth` modules further out.
fn behind(number: usize, path: TokenStream, definition: &Definition, depth: usize) -> Option<TokenStream> {
    let inside: Vec<TokenStream> = match definition {
        Definition::Structure(_) => Vec::new(),
        Definition::Given => ["value", "slope", "curvature"]
            .into_iter()
            .map(|order| {
                let order = Ident::new(order, Span::call_site());
                let call = called(&quote!(#path::#order), depth);
                quote!(#[inline] pub fn #order(x: f64) -> f64 { #call })
            })
            .collect(),
        Definition::Function(_, uses) => {
            let inner = |(number, used): (usize, &Use)| {
                let place = place(number);
                behind(number, quote!(#path::#place), &used.definition, depth + 1)
            };
            uses.iter().enumerate().filter_map(inner).collect()
        }
    };
    let place = place(number);
    (!inside.is_empty()).then(|| quote!(pub mod #place { #(#inside)* }))
}

fn place(number: usize) -> Ident {
    format_ident!("{}", crate::rust::handed_on(number))
}

/// The call of a path from `depth` modules further in, where names of the module around and of other crates mean the same.
fn called(path: &TokenStream, depth: usize) -> TokenStream {
    let up = std::iter::repeat_n(quote!(super::), depth);
    let up = quote!(#(#up)*);
    let mut segments = path.clone().into_iter();
    match segments.next().map(|first| first.to_string()).as_deref() {
        Some(":" | "crate") => quote!(#path(x)),
        Some("super") => quote!(#up #path(x)),
        // `self::path`
        Some("self") => {
            let rest: TokenStream = segments.skip(2).collect();
            quote!(#up #rest(x))
        }
        _ => quote!(use #up *; #path(x)),
    }
}
