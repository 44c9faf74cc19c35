//! Structures of parameters: the trait, and the way to the definition.

use hesse_parser::rust::attributes::parameters::{self, fields, implementation, used};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, ItemStruct};

use crate::task::{Kind, Task, handing_on};

/// The trait, and the way to the definition.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let made = structure(&input).and_then(|structure| {
        let fields = fields(&structure)?;
        let task = Task {
            kind: Kind::Structure,
            attribute: TokenStream::new(),
            item: input.clone(),
            known: Vec::new(),
            pending: used(fields),
        };
        let (implementation, definition) = (implementation(&structure, fields), task.proceed(define));
        Ok(quote!(#implementation #definition))
    });
    made.unwrap_or_else(|error| error.to_compile_error())
}

/// The macro that hands the fields on, once those of inner structures are there.
pub(crate) fn define(task: Task) -> TokenStream {
    let made = structure(&task.item).and_then(|structure| {
        let definition = parameters::definition(fields(&structure)?, &task.known);
        Ok(handing_on(&structure.ident, &structure.attrs, &structure.vis, &definition))
    });
    made.unwrap_or_else(|error| error.to_compile_error())
}

/// The structure, where it is one.
fn structure(input: &TokenStream) -> syn::Result<ItemStruct> {
    let item: DeriveInput = syn::parse2(input.clone())?;
    match item.data {
        Data::Struct(_) => syn::parse2(input.clone()),
        Data::Enum(_) | Data::Union(_) => Err(syn::Error::new(
            item.ident.span(),
            "`Parameters` belongs on a structure\nhelp: write a `struct` with named fields",
        )),
    }
}
