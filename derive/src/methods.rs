//! Error functions that are methods: `self` is a structure of parameters like any other argument.

use hesse_parser::rust;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, ImplItem, ImplItemFn, ItemFn, ItemImpl, Path, ReceiverKind, ReturnType, Type};

use crate::expand::module;
use crate::task::{Kind, Task, used};

/// The block without marks on its methods, and a module for each error function beside it.
pub(crate) fn derive(attribute: TokenStream, block: &ItemImpl) -> TokenStream {
    let mut own = block.clone();
    for item in &mut own.items {
        if let ImplItem::Fn(method) = item {
            method.attrs.retain(|a| !is_mark(a));
            rust::without_marks(&mut method.sig);
        }
    }
    let refuse = |tokens: &dyn ToTokens, message: &str| {
        let error = syn::Error::new_spanned(tokens.to_token_stream(), message).to_compile_error();
        quote!(#own #error)
    };
    let Some(path) = structure(block) else {
        return refuse(
            &block.self_ty,
            "methods of this type cannot be differentiated\nhelp: write `impl Name { … }` for a structure with `#[derive(Parameters)]`",
        );
    };
    if error_functions(block).is_empty() {
        return refuse(
            &block.self_ty,
            "no method here is an error function\nhelp: write `fn error(&self, …) -> f64`",
        );
    }
    let mut pending = vec![path.clone()];
    let marks = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(mark(method)),
        _ => None,
    });
    for path in marks.flatten().chain([attribute.clone()]).flat_map(|options| used(&options)) {
        pending.push(path);
    }
    let item = block.to_token_stream();
    let task = Task { kind: Kind::Methods, attribute, item, known: Vec::new(), pending };
    let modules = task.proceed(modules);
    quote!(#own #modules)
}

/// The modules, once every definition is there.
pub(crate) fn modules(task: Task) -> TokenStream {
    let block: ItemImpl = match syn::parse2(task.item.clone()) {
        Ok(block) => block,
        Err(error) => return error.to_compile_error(),
    };
    let Some(path) = structure(&block) else { return TokenStream::new() };
    let modules = error_functions(&block).into_iter().map(|method| {
        let function = free(method, path);
        let mut known = task.known.clone();
        known.extend(siblings(&block, method, path, &task.known));
        let (outer, inner) = (&task.attribute, mark(method).unwrap_or_default());
        let comma = (!outer.is_empty() && !inner.is_empty()).then(|| quote!(,));
        let task = Task {
            kind: Kind::Module,
            attribute: quote!(#outer #comma #inner),
            item: TokenStream::new(),
            known,
            pending: Vec::new(),
        };
        module(&task, &function, Some(&rust::inside(path)))
    });
    quote!(#(#modules)*)
}

/// The methods that are error functions: those with a mark, or where none has one those that return a number and that
/// no other method mentions.
fn error_functions(block: &ItemImpl) -> Vec<&ImplItemFn> {
    let methods = || {
        block.items.iter().filter_map(|item| match item {
            ImplItem::Fn(method) => Some(method),
            _ => None,
        })
    };
    let marked: Vec<_> = methods().filter(|method| mark(method).is_some()).collect();
    if !marked.is_empty() {
        return marked;
    }
    let is_number =
        |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("f64") || path.path.is_ident("f32"));
    let returns =
        |method: &&ImplItemFn| matches!(&method.sig.output, ReturnType::Type(_, ty) if is_number(ty));
    let is_called = |method: &&ImplItemFn| {
        let mut others = methods().filter(|other| other.sig.ident != method.sig.ident);
        others.any(|other| names(other.block.to_token_stream()).contains(&method.sig.ident))
    };
    methods().filter(|method| method.sig.receiver().is_some() && !is_called(method)).filter(returns).collect()
}

/// The other methods that a method mentions, and those these mention, as definitions, each after those it mentions itself.
/// A circle ends where it began, and is refused as a call of something unknown.
fn siblings<'a>(
    block: &'a ItemImpl,
    method: &'a ImplItemFn,
    path: &Path,
    known: &[(TokenStream, TokenStream)],
) -> Vec<(TokenStream, TokenStream)> {
    let mut order = Vec::new();
    gather(block, method, &mut vec![&method.sig.ident], &mut order);
    let definition = |other: &ImplItemFn| {
        let (function, name) = (free(other, path), &other.sig.ident);
        let known = known.iter().map(|(path, definition)| quote!({#path} {#definition}));
        let called = if other.sig.receiver().is_some() { quote!(.#name) } else { quote!(Self::#name) };
        (called, quote!(function { #function } { #(#known)* }))
    };
    order.into_iter().map(definition).collect()
}

fn gather<'a>(
    block: &'a ItemImpl,
    method: &'a ImplItemFn,
    seen: &mut Vec<&'a Ident>,
    order: &mut Vec<&'a ImplItemFn>,
) {
    let mentioned = names(method.block.to_token_stream());
    for item in &block.items {
        let ImplItem::Fn(other) = item else { continue };
        if mentioned.contains(&other.sig.ident) && !seen.contains(&&other.sig.ident) {
            seen.push(&other.sig.ident);
            gather(block, other, seen, order);
            order.push(other);
        }
    }
}

/// The method as a function whose first argument is called `self`.
fn free(method: &ImplItemFn, path: &Path) -> ItemFn {
    let mut sig = method.sig.clone();
    for input in &mut sig.inputs {
        if let FnArg::Receiver(receiver) = input {
            let reference = matches!(receiver.kind, ReceiverKind::Reference(_, _, None));
            let token = &receiver.self_token;
            let own = Ident::new("self", token.span);
            let ty: Type = if reference { syn::parse_quote!(&#path) } else { syn::parse_quote!(#path) };
            *input = FnArg::Typed(syn::PatType {
                attrs: receiver.attrs.clone(),
                pat: Box::new(syn::Pat::Ident(syn::PatIdent {
                    attrs: Vec::new(),
                    by_ref: None,
                    mutability: None,
                    ident: own,
                    subpat: None,
                })),
                colon_token: Default::default(),
                ty: Box::new(ty),
            });
        }
    }
    ItemFn {
        attrs: Vec::new(),
        vis: method.vis.clone(),
        modifiers: Default::default(),
        sig,
        block: Box::new(method.block.clone()),
    }
}

/// The path of the structure.
fn structure(block: &ItemImpl) -> Option<&Path> {
    match &*block.self_ty {
        Type::Path(path)
            if path.qself.is_none()
                && block.generics.params.is_empty()
                && path.path.segments.iter().all(|s| s.arguments.is_none()) =>
        {
            Some(&path.path)
        }
        _ => None,
    }
}

fn is_mark(attribute: &syn::Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|s| s.ident == "derive_hessian")
}

/// The options in the mark of a method, where it has one.
fn mark(method: &ImplItemFn) -> Option<TokenStream> {
    method.attrs.iter().find(|a| is_mark(a)).map(|a| match &a.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    })
}

fn names(tokens: TokenStream) -> Vec<Ident> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) => vec![ident],
            TokenTree::Group(group) => names(group.stream()),
            _ => Vec::new(),
        })
        .collect()
}
