//! From the annotated function to the function and its module.

use hesse_parser::diagnostic::Diagnostic;
use hesse_parser::rust::{self, Function};
use hesse_symbolic::emit::Module;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// The function, untouched, and its module; in place of the module one error per complaint.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let function: syn::ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = syn::Error::new(
                error.span(),
                format!("`derive_hessian` belongs on a function with a body: {error}"),
            );
            let error = error.to_compile_error();
            return quote!(#item #error);
        }
    };
    match rust::parse(attribute, &function) {
        Ok(read) => {
            let module = module(&function, &read);
            // Whoever calls only the derivatives is not to be warned that the function itself is unused.
            quote!(#[allow(dead_code)] #item #module)
        }
        Err(diagnostics) => {
            let complaints = diagnostics.iter().map(complaint);
            quote!(#item #(#complaints)*)
        }
    }
}

fn module(function: &syn::ItemFn, read: &Function) -> TokenStream {
    let name = &function.sig.ident;
    let visibility = &function.vis;
    Module {
        name: name.clone(),
        head: quote!(#visibility),
        graph: &read.model.graph,
        error: read.model.error,
        arguments: read.border.arguments(&read.model.graph),
        private: quote!(::hesse::__private),
        title: format!("`{name}`"),
        outputs: read.outputs.clone(),
    }
    .bordered(&read.border)
}

fn complaint(diagnostic: &Diagnostic<Span>) -> TokenStream {
    let mut message = diagnostic.message.clone();
    for (head, text) in [("note", Some(&diagnostic.primary.text)), ("help", diagnostic.help.as_ref())] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            message.push_str(&format!("\n{head}: {text}"));
        }
    }
    if let Some(fix) = &diagnostic.fix {
        message.push_str(&format!("\ntry: `{}`", fix.replacement));
    }
    quote_spanned!(diagnostic.primary.span => ::core::compile_error!(#message);)
}
