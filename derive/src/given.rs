//! Functions whose derivatives are given by hand.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{FnArg, PatType, Path, ReturnType, Token, Type};

use crate::task::handing_on;

/// The function, untouched, a module with its value, slope and curvature, and the way to them.
pub(crate) fn derivatives(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let function: syn::ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let message = format!("`derivatives` belongs on a function with a body: {error}");
            let error = syn::Error::new(error.span(), message).to_compile_error();
            return quote!(#item #error);
        }
    };
    let paths = Punctuated::<Path, Token![,]>::parse_terminated.parse2(attribute.clone());
    let paths: Vec<Path> = paths.into_iter().flatten().collect();
    let [slope, curvature] = &paths[..] else {
        return refused(
            &item,
            &attribute,
            "expected two functions\nhelp: write `#[derivatives(slope, curvature)]`",
        );
    };
    if !is_of_one_number(&function) {
        let message = "expected a function of one number\nhelp: write `fn name(x: f64) -> f64`";
        return refused(&item, &function.sig, message);
    }
    let (name, visibility) = (&function.sig.ident, &function.vis);
    let title = format!(" The function `{name}` and its derivatives.");
    let [slope, curvature] = [slope, curvature].map(beside);
    let definition = handing_on(name, visibility, &quote!(given {}));
    quote! {
        #[allow(dead_code)]
        #item

        #[doc = #title]
        #[allow(dead_code)]
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
        #definition
    }
}

fn refused(item: &TokenStream, place: &dyn ToTokens, message: &str) -> TokenStream {
    let error = syn::Error::new_spanned(place.to_token_stream(), message).to_compile_error();
    quote!(#item #error)
}

/// `fn name(x: f64) -> f64`
fn is_of_one_number(function: &syn::ItemFn) -> bool {
    let is_number = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("f64"));
    let signature = &function.sig;
    let takes = matches!(signature.inputs.first(), Some(FnArg::Typed(PatType { ty, .. })) if is_number(ty));
    let gives = matches!(&signature.output, ReturnType::Type(_, ty) if is_number(ty));
    takes && gives && signature.inputs.len() == 1 && signature.generics.params.is_empty()
}

/// The call of a path from a module inside, where names of the module around and of other crates mean the same.
fn beside(path: &Path) -> TokenStream {
    let first = path.segments.first().map(|segment| segment.ident.to_string());
    match first.as_deref() {
        _ if path.leading_colon.is_some() => quote!(#path(x)),
        Some("crate") => quote!(#path(x)),
        Some("super") => quote!(super::#path(x)),
        Some("self") => {
            let inner = path.segments.iter().skip(1);
            quote!(super::#(#inner)::*(x))
        }
        _ => quote!(use super::*; #path(x)),
    }
}
