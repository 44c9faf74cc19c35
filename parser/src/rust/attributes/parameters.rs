//! Structures of parameters: the trait, and the definition for error functions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Fields, FieldsNamed, ItemStruct, Path, Type};

use super::Known;
use crate::rust::path_text;

/// The named fields of a structure of parameters.
///
/// # Errors
/// Everything else.
///
/// ```
/// let structure = syn::parse_quote!(struct Decay { amplitude: f64, rates: [f64; 2] });
/// let fields = hesse_parser::rust::attributes::parameters::fields(&structure)?;
/// assert_eq!(fields.named.len(), 2);
/// # Ok::<(), syn::Error>(())
/// ```
pub fn fields(structure: &ItemStruct) -> syn::Result<&FieldsNamed> {
    let refuse = |span, message: &str| Err(syn::Error::new(span, message));
    let Fields::Named(fields) = &structure.fields else {
        return refuse(
            structure.ident.span(),
            "the fields of a structure of parameters have names\nhelp: write `struct Name { field: f64 }`",
        );
    };
    if let Some(generic) = structure.generics.params.first() {
        return refuse(
            generic.span(),
            "a structure of parameters is not generic\nhelp: write the types of its fields out",
        );
    }
    Ok(fields)
}

/// The paths of the structures inside, each once.
#[doc(hidden)]
pub fn used(fields: &FieldsNamed) -> Vec<Path> {
    let mut found: Vec<Path> = Vec::new();
    for path in fields.named.iter().filter_map(|field| inner(&field.ty)) {
        if found.iter().all(|known| path_text(known) != path_text(path)) {
            found.push(path.clone());
        }
    }
    found
}

/// The implementation of the trait `hesse::Parameters`.
#[doc(hidden)]
pub fn implementation(structure: &ItemStruct, fields: &FieldsNamed) -> TokenStream {
    let name = &structure.ident;
    let (names, kinds): (Vec<_>, Vec<_>) = fields.named.iter().map(|f| (&f.ident, &f.ty)).unzip();
    quote! {
        #[automatically_derived]
        impl ::hesse::Parameters for #name {
            const COUNT: usize = 0 #(+ <#kinds as ::hesse::Parameters>::COUNT)*;

            fn write_to(&self, parameters: &mut [f64]) {
                let at = 0;
                #(
                    <#kinds as ::hesse::Parameters>::write_to(&self.#names, &mut parameters[at..]);
                    let at = at + <#kinds as ::hesse::Parameters>::COUNT;
                )*
                let _ = at;
            }

            fn read_from(parameters: &[f64]) -> Self {
                let at = 0;
                #(
                    let from = at;
                    let at = at + <#kinds as ::hesse::Parameters>::COUNT;
                    let #names = <#kinds as ::hesse::Parameters>::read_from(&parameters[from..at]);
                )*
                let _ = at;
                Self { #(#names,)* }
            }
        }
    }
}

/// The definition of a structure, with those of the structures inside.
#[doc(hidden)]
pub fn definition(fields: &FieldsNamed, known: &Known) -> TokenStream {
    let fields = fields.named.iter().map(|field| {
        let (name, kind) = (&field.ident, &field.ty);
        let known = inner(kind).and_then(|path| {
            let text = path_text(path);
            known.iter().find(|(known, _)| path_text(known) == text)
        });
        match known {
            Some((_, definition)) => {
                // `structure {…}` without its first word.
                let inside: TokenStream = definition.clone().into_iter().skip(1).collect();
                quote!(#name: #inside)
            }
            None => quote!(#name: #kind),
        }
    });
    quote!(structure { #(#fields,)* })
}

/// The path of a structure inside, as far as names tell: numbers, arrays and types with arguments are none.
fn inner(kind: &Type) -> Option<&Path> {
    match kind {
        Type::Paren(inside) => inner(&inside.elem),
        Type::Group(inside) => inner(&inside.elem),
        Type::Path(own) if own.qself.is_none() => {
            let is_plain = own.path.segments.iter().all(|segment| segment.arguments.is_none());
            let text = own.path.to_token_stream().to_string();
            let is_number = matches!(text.as_str(), "f64" | "f32");
            (is_plain && !is_number).then_some(&own.path)
        }
        _ => None,
    }
}
