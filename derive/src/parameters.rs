//! Structures of parameters: the trait, and the definition for error functions.

use hesse_parser::rust::path_text;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Path, Type};

use crate::task::{Kind, Task, handing_on};

/// The trait, and the way to the definition.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let structure: DeriveInput = match syn::parse2(input.clone()) {
        Ok(structure) => structure,
        Err(error) => return error.to_compile_error(),
    };
    let refuse = |span, message: &str| syn::Error::new(span, message).to_compile_error();
    let Data::Struct(data) = &structure.data else {
        return refuse(
            structure.ident.span(),
            "`Parameters` belongs on a structure\nhelp: write a `struct` with named fields",
        );
    };
    let Fields::Named(fields) = &data.fields else {
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
    let name = &structure.ident;
    let (names, kinds): (Vec<_>, Vec<_>) = fields.named.iter().map(|f| (&f.ident, &f.ty)).unzip();
    let mut pending: Vec<Path> = Vec::new();
    for path in kinds.iter().filter_map(|kind| inner(kind)) {
        if pending.iter().all(|known| path_text(known) != path_text(path)) {
            pending.push(path.clone());
        }
    }
    let task = Task {
        kind: Kind::Structure,
        attribute: TokenStream::new(),
        item: input,
        known: Vec::new(),
        pending,
    };
    let definition = task.proceed(define);
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
        #definition
    }
}

/// The macro that hands the fields on, once those of inner structures are there.
pub(crate) fn define(task: Task) -> TokenStream {
    let structure: DeriveInput = match syn::parse2(task.item.clone()) {
        Ok(structure) => structure,
        Err(error) => return error.to_compile_error(),
    };
    let Data::Struct(data) = &structure.data else { return TokenStream::new() };
    let fields = data.fields.iter().map(|field| {
        let (name, kind) = (&field.ident, &field.ty);
        let known = inner(kind).and_then(|path| {
            let text = path_text(path);
            task.known.iter().find(|(known, _)| path_text(known) == text)
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
    let definition = quote!(structure { #(#fields,)* });
    handing_on(&structure.ident, &structure.vis, &definition)
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
