//! From the annotated item to the item and what is derived from it.

use hesse_parser::rust::attributes::{self, given, used};
use hesse_parser::rust::{self, Function};
use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::complaints::at_tokens;
use crate::task::{Kind, Task, handing_on};

/// The function, untouched, and its module, which computes nothing where there are complaints.
pub(crate) fn derive_hessian(attribute: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(complaints) = rust::check_nesting(item.clone()) {
        let complaints = at_tokens(complaints);
        return quote!(#item #complaints);
    }
    let mut function: syn::ItemFn = match syn::parse2(item.clone()) {
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
    let attribute = if tell(&mut function, "differentiable") { told(&attribute) } else { attribute };
    let task = Task { kind: Kind::Module, attribute, item: item.clone(), known: Vec::new(), pending };
    let module = task.proceed(|task| module(&task, &function, None));
    rust::without_marks(&mut function.sig);
    let own = with_body_of(&function, item);
    // Whoever calls only the derivatives is not to be warned that the function itself is unused.
    quote!(#[allow(dead_code)] #own #module)
}

/// A function with another head, its body as it was written: what a macro captured stays together only there.
fn with_body_of(function: &syn::ItemFn, item: TokenStream) -> TokenStream {
    let syn::ItemFn { attrs, vis, sig, .. } = function;
    let body = item.into_iter().last();
    quote!(#(#attrs)* #vis #sig #body)
}

/// The function, untouched, and the way to its definition.
pub(crate) fn differentiable(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let pending = used(&attribute);
    let (mut attribute, mut own) = (attribute, item.clone());
    if let Ok(mut function) = syn::parse2::<syn::ItemFn>(item.clone())
        && tell(&mut function, "derive_hessian")
    {
        attribute = told(&attribute);
        own = with_body_of(&function, item.clone());
    }
    let task = Task { kind: Kind::Function, attribute, item, known: Vec::new(), pending };
    let definition = task.proceed(define);
    quote!(#own #definition)
}

/// Tells the other attribute of a function, where it has one of the name `other`, that it is not alone.
///
/// Both make a module of the name of the function: that of the error function takes the other one in.
fn tell(function: &mut syn::ItemFn, other: &str) -> bool {
    let is_other =
        |a: &&mut syn::Attribute| a.path().segments.last().is_some_and(|segment| segment.ident == other);
    let Some(attribute) = function.attrs.iter_mut().find(is_other) else { return false };
    let path = attribute.path().clone();
    let options = match &attribute.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let options = told(&options);
    *attribute = syn::parse_quote!(#[#path(#options)]);
    true
}

/// The options with the word that there is another attribute.
fn told(options: &TokenStream) -> TokenStream {
    let word = format_ident!("{}", rust::BESIDE);
    if options.is_empty() { quote!(#word) } else { quote!(#word, #options) }
}

/// Whether there is another attribute.
fn is_beside(options: &TokenStream) -> bool {
    options.clone().into_iter().any(|tree| matches!(tree, TokenTree::Ident(word) if word == rust::BESIDE))
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
    let (read, complaints) = match rust::parse_with(task.attribute.clone(), function, &uses) {
        Ok(read) => (Some(read), None),
        // One mistake is one error: calls of the module find one to call.
        Err(diagnostics) => {
            (rust::outline(task.attribute.clone(), function, &uses), Some(at_tokens(diagnostics)))
        }
    };
    let module = read.map(|read| tokens(function, &read, owner));
    if owner.is_some() {
        return quote!(#module #complaints);
    }
    if is_beside(&task.attribute) {
        let module = module.map(|module| given::taken_in(function, module));
        return quote!(#module #complaints);
    }
    // Others may call it, as if `differentiable` stood beside.
    let mut callable = function.clone();
    if complaints.is_some() {
        *callable.block = syn::parse_quote!({ 0.0 });
    }
    let has_given = given::handed_on(function, &task.known, &uses).is_some();
    let beside = has_given.then(|| given::module_of(&given::apart(function), function, &task.known, &uses));
    let module = module.map(|module| if has_given { given::taken_in(function, module) } else { module });
    let definition = definition(task, &callable);
    quote!(#module #beside #definition #complaints)
}

fn tokens(function: &syn::ItemFn, read: &Function, owner: Option<&TokenStream>) -> TokenStream {
    read.module(function).bordered(&read.border, &read.settings(function, owner))
}

/// The macro that hands a function on, once what it uses is there.
fn define(task: Task) -> TokenStream {
    let item = task.item.clone();
    let function: syn::ItemFn = match syn::parse2(item) {
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
    let beside = match is_beside(&task.attribute) {
        true => Some(given::module_of(&given::apart(&function), &function, &task.known, &uses)),
        false => given::handed_on(&function, &task.known, &uses),
    };
    let definition = definition(&task, &function);
    quote!(#beside #definition)
}

/// The macro that hands a function on, with what it uses itself.
fn definition(task: &Task, function: &syn::ItemFn) -> TokenStream {
    let definition = attributes::function(function, &task.known);
    handing_on(&function.sig.ident, &function.attrs, &function.vis, &definition)
}
