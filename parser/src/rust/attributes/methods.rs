//! Error functions that are methods: `self` is a structure of parameters like any other argument.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, ImplItem, ImplItemFn, ItemFn, ItemImpl, Path, ReceiverKind, ReturnType, Type};

use super::{Known, function, used};
use crate::rust::without_marks;

/// An error function in a block of methods.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct Method {
    /// The method as a function whose first argument is called `self`.
    pub function: ItemFn,
    /// The options of the block and those of the method.
    pub attribute: TokenStream,
    /// What it uses: what the block does, and other methods.
    pub known: Vec<(TokenStream, TokenStream)>,
}

/// The structure whose methods these are.
///
/// # Errors
/// Types that are no structure by its path, and blocks in which no method is an error function.
///
/// ```
/// let block = syn::parse_quote!(impl Model { fn error(&self) -> f64 { self.a * self.a } });
/// let path = hesse_parser::rust::attributes::methods::structure(&block)?;
/// assert!(path.is_ident("Model"));
/// # Ok::<(), syn::Error>(())
/// ```
pub fn structure(block: &ItemImpl) -> syn::Result<&Path> {
    let refuse = |message: &str| syn::Error::new_spanned(&block.self_ty, message);
    let path = match &*block.self_ty {
        Type::Path(path)
            if path.qself.is_none()
                && block.generics.params.is_empty()
                && path.path.segments.iter().all(|s| s.arguments.is_none()) =>
        {
            &path.path
        }
        _ => {
            return Err(refuse(
                "methods of this type cannot be differentiated\nhelp: write `impl Name { … }` for a structure with `#[derive(Parameters)]`",
            ));
        }
    };
    if error_functions(block).is_empty() {
        return Err(refuse("no method here is an error function\nhelp: write `fn error(&self, …) -> f64`"));
    }
    Ok(path)
}

/// The paths that a block and its methods use, the structure first.
#[doc(hidden)]
pub fn used_by(block: &ItemImpl, path: &Path, attribute: &TokenStream) -> Vec<Path> {
    let marks = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => mark(method),
        _ => None,
    });
    let named = marks.chain([attribute.clone()]).flat_map(|options| used(&options));
    [path.clone()].into_iter().chain(named).collect()
}

/// The block as it is left, without marks.
#[doc(hidden)]
pub fn unmarked(block: &ItemImpl) -> ItemImpl {
    let mut own = block.clone();
    own.attrs.retain(|a| !is_mark(a));
    for item in &mut own.items {
        if let ImplItem::Fn(method) = item {
            method.attrs.retain(|a| !is_mark(a));
            without_marks(&mut method.sig);
        }
    }
    own
}

/// The error functions of a block whose options are `attribute`.
#[doc(hidden)]
pub fn methods(block: &ItemImpl, path: &Path, attribute: &TokenStream, known: &Known) -> Vec<Method> {
    let method = |method: &ImplItemFn| {
        let mut all = known.to_vec();
        all.extend(siblings(block, method, path, known));
        let inner = mark(method).unwrap_or_default();
        let comma = (!attribute.is_empty() && !inner.is_empty()).then(|| quote!(,));
        Method { function: free(method, path), attribute: quote!(#attribute #comma #inner), known: all }
    };
    error_functions(block).into_iter().map(method).collect()
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
    known: &Known,
) -> Vec<(TokenStream, TokenStream)> {
    let mut order = Vec::new();
    gather(block, method, &mut vec![&method.sig.ident], &mut order);
    let definition = |other: &ImplItemFn| {
        let name = &other.sig.ident;
        let called = if other.sig.receiver().is_some() { quote!(.#name) } else { quote!(Self::#name) };
        (called, function(&free(other, path), known))
    };
    order.into_iter().map(definition).collect()
}

fn gather<'a>(
    block: &'a ItemImpl,
    method: &ImplItemFn,
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
