//! From the annotated item to the item and what is derived from it.

use hesse_parser::rust::{self, Function};
use proc_macro2::TokenStream;
use quote::quote;

use crate::complaints::at_tokens;
use crate::task::{Kind, Task, handing_on, used};

/// The function, untouched, and its module, which computes nothing where there are complaints.
pub(crate) fn derive_hessian(attribute: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(complaints) = rust::check_nesting(item.clone()) {
        let complaints = at_tokens(complaints);
        return quote!(#item #complaints);
    }
    let function: syn::ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            if let Ok(block) = syn::parse2(item.clone()) {
                return crate::methods::derive(attribute, &block);
            }
            let error = syn::Error::new(
                error.span(),
                format!("`derive_hessian` belongs on a function with a body: {error}"),
            );
            let error = error.to_compile_error();
            return quote!(#item #error);
        }
    };
    let pending = used(&attribute);
    let task = Task { kind: Kind::Module, attribute, item: item.clone(), known: Vec::new(), pending };
    let module = task.proceed(|task| module(&task, &function, None));
    // Whoever calls only the derivatives is not to be warned that the function itself is unused.
    quote!(#[allow(dead_code)] #item #module)
}

/// The function, untouched, and the way to its definition.
pub(crate) fn differentiable(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let pending = used(&attribute);
    let task = Task { kind: Kind::Function, attribute, item: item.clone(), known: Vec::new(), pending };
    let definition = task.proceed(define);
    quote!(#item #definition)
}

/// What a task makes once it has every definition.
pub(crate) fn finish(task: Task) -> TokenStream {
    match task.kind {
        Kind::Module => match syn::parse2(task.item.clone()) {
            Ok(function) => module(&task, &function, None),
            Err(error) => error.to_compile_error(),
        },
        Kind::Methods => crate::methods::modules(task),
        Kind::Function => define(task),
        Kind::Structure => crate::parameters::define(task),
    }
}

/// The module of an error function; `owner` is the type whose method it is, as it is written inside of the module.
pub(crate) fn module(task: &Task, function: &syn::ItemFn, owner: Option<&TokenStream>) -> TokenStream {
    let uses = match task.uses() {
        Ok(uses) => uses,
        Err(error) => return error.to_compile_error(),
    };
    match rust::parse_with(task.attribute.clone(), function, &uses) {
        Ok(read) => tokens(function, &read, owner),
        Err(diagnostics) => {
            let complaints = at_tokens(diagnostics);
            // One mistake is one error: calls of the module find one to call.
            let outline = rust::outline(task.attribute.clone(), function, &uses);
            let stubs = outline.map(|outline| tokens(function, &outline, owner));
            quote!(#stubs #complaints)
        }
    }
}

fn tokens(function: &syn::ItemFn, read: &Function, owner: Option<&TokenStream>) -> TokenStream {
    read.module(function).bordered(&read.border, &read.settings(function, owner))
}

/// The macro that hands a function on, once what it uses is there.
fn define(task: Task) -> TokenStream {
    let item = task.item.clone();
    let mut function: syn::ItemFn = match syn::parse2(item) {
        Ok(function) => function,
        Err(error) => {
            let message = format!("`differentiable` belongs on a function with a body: {error}");
            return syn::Error::new(error.span(), message).to_compile_error();
        }
    };
    let uses = match task.uses() {
        Ok(uses) => uses,
        Err(error) => return error.to_compile_error(),
    };
    if let Err(diagnostics) = rust::check(&function, &uses) {
        return at_tokens(diagnostics);
    }
    function.attrs.clear();
    let given = crate::given::handed_on(&function, &task.known, &uses);
    let known = task.known.iter().map(|(path, definition)| quote!({#path} {#definition}));
    let definition = quote!(function { #function } { #(#known)* });
    let definition = handing_on(&function.sig.ident, &function.vis, &definition);
    quote!(#given #definition)
}
