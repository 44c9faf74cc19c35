//! From the annotated function to the function and its module.

use hesse_parser::diagnostic::Diagnostic;
use hesse_parser::rust::{self, Function};
use hesse_symbolic::emit::{Argument, Form, Module};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use crate::stubs::stubs;

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
    match rust::parse(attribute.clone(), &function) {
        Ok(read) => {
            let module = module(&function, &read);
            // Whoever calls only the derivatives is not to be warned that the function itself is unused.
            quote!(#[allow(dead_code)] #item #module)
        }
        Err(diagnostics) => {
            let complaints = diagnostics.iter().map(complaint);
            let stubs = stubs(attribute, &function);
            quote!(#[allow(dead_code)] #item #stubs #(#complaints)*)
        }
    }
}

pub(crate) fn module(function: &syn::ItemFn, read: &Function) -> TokenStream {
    let arguments = read.arguments.iter().map(|argument| Argument {
        name: argument.ident.to_string().trim_start_matches("r#").to_owned(),
        array: argument.array,
        form: form(&argument.ty),
    });
    let constants = read.constants.iter().map(|constant| Argument {
        name: constant.name.clone(),
        array: constant.array,
        form: Form::Outer,
    });
    let name = &function.sig.ident;
    let visibility = &function.vis;
    Module {
        name: name.clone(),
        head: quote!(#visibility),
        graph: &read.model.graph,
        error: read.model.error,
        arguments: arguments.chain(constants).collect(),
        private: quote!(::hesse::__private),
        title: format!("`{name}`"),
        outputs: read.outputs.clone(),
    }
    .tokens()
}

/// How an argument of this type is passed.
fn form(ty: &Type) -> Form {
    let (inner, is_reference) = match ty {
        Type::Reference(reference) => (&*reference.elem, true),
        Type::Paren(paren) => return form(&paren.elem),
        Type::Group(group) => return form(&group.elem),
        own => (own, false),
    };
    match inner {
        Type::Slice(_) => Form::Slice,
        Type::Array(_) if is_reference => Form::Array,
        Type::Array(_) => Form::Value,
        Type::Path(path) if path.path.segments.last().is_some_and(|s| !s.arguments.is_none()) => {
            if is_reference {
                Form::Vector
            } else {
                Form::VectorValue
            }
        }
        _ if is_reference => Form::Reference,
        _ => Form::Scalar,
    }
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
