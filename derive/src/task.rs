//! A macro sees its own tokens alone. What it needs of other items it asks them for, one after the other: each item that
//! can be used has a macro of its own name, which hands its definition on to `resume`.

use hesse_parser::fingerprint;
use hesse_parser::rust::{Use, attributes};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream, Result};
use syn::{Attribute, Path, Visibility, braced};

/// What is to be made once every definition is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The module of an error function.
    Module,
    /// The modules of the methods of an `impl` block.
    Methods,
    /// The definition of a function for others.
    Function,
    /// The definition of a structure for others.
    Structure,
}

/// Something to make, with the definitions there are and the paths of those still to come.
pub(crate) struct Task {
    pub(crate) kind: Kind,
    pub(crate) attribute: TokenStream,
    pub(crate) item: TokenStream,
    /// Paths with their definitions, each in braces.
    pub(crate) known: Vec<(TokenStream, TokenStream)>,
    pub(crate) pending: Vec<Path>,
}

impl Task {
    /// Asks for the first definition that is missing; where none is, `finish` makes what is to be made.
    pub(crate) fn proceed(self, finish: impl FnOnce(Task) -> TokenStream) -> TokenStream {
        match self.pending.first() {
            Some(path) => quote!(#path! { { #self } }),
            None => finish(self),
        }
    }

    /// The definitions as the parser reads them.
    pub(crate) fn uses(&self) -> Result<Vec<Use>> {
        attributes::uses(&self.known)
    }
}

impl ToTokens for Task {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let kind = match self.kind {
            Kind::Module => "module",
            Kind::Methods => "methods",
            Kind::Function => "function",
            Kind::Structure => "structure",
        };
        let kind = format_ident!("{kind}");
        let Task { attribute, item, pending, .. } = self;
        let known = self.known.iter().map(|(path, definition)| quote!({#path} {#definition}));
        tokens.extend(quote!(#kind {#attribute} {#item} {#(#known)*} {#({#pending})*}));
    }
}

/// A task with the definition it asked for in front.
impl Parse for Task {
    fn parse(input: ParseStream<'_>) -> Result<Task> {
        let (definition, attribute, item, known, pending);
        braced!(definition in input);
        let kind: Ident = input.parse()?;
        braced!(attribute in input);
        braced!(item in input);
        braced!(known in input);
        braced!(pending in input);
        let kind = match kind.to_string().as_str() {
            "module" => Kind::Module,
            "methods" => Kind::Methods,
            "function" => Kind::Function,
            _ => Kind::Structure,
        };
        let mut task = Task {
            kind,
            attribute: attribute.parse()?,
            item: item.parse()?,
            known: Vec::new(),
            pending: Vec::new(),
        };
        while !known.is_empty() {
            let (path, definition);
            braced!(path in known);
            braced!(definition in known);
            task.known.push((path.parse()?, definition.parse()?));
        }
        while !pending.is_empty() {
            let path;
            braced!(path in pending);
            task.pending.push(path.parse()?);
        }
        if !task.pending.is_empty() {
            let asked = task.pending.remove(0);
            task.known.push((asked.into_token_stream(), definition.parse()?));
        }
        Ok(task)
    }
}

/// The macro that hands a definition on, under the name of the item; there where `attributes` say that the item is.
pub(crate) fn handing_on(
    name: &Ident,
    attributes: &[Attribute],
    visibility: &Visibility,
    definition: &TokenStream,
) -> TokenStream {
    let configured: Vec<_> = attributes.iter().filter(|a| a.path().is_ident("cfg")).collect();
    // What is exported stands at the root of its crate, where names must differ.
    let place = name.span().unwrap();
    let hidden = format_ident!(
        "__hesse_{}_{:016x}",
        name,
        fingerprint(&[&format!("{}:{} {definition}", place.line(), place.column())])
    );
    let is_public = matches!(visibility, Visibility::Public(_));
    let export = is_public.then(|| quote!(#[macro_export]));
    let visibility = match visibility {
        Visibility::Inherited => None,
        own => Some(own),
    };
    quote! {
        #(#configured)*
        #[doc(hidden)]
        #export
        #[allow(unused_macros, non_local_definitions, clippy::crate_in_macro_def)]
        macro_rules! #hidden {
            ({ $($task:tt)* }) => { ::hesse::__private::resume! { { #definition } $($task)* } };
        }
        #(#configured)*
        #[doc(hidden)]
        #[allow(unused_imports)]
        #visibility use #hidden as #name;
    }
}
