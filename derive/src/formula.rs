//! From a formula in a Rust file to its module, or to the error function bound to variables in scope.

use std::io::ErrorKind;
use std::path::Path;

use hesse_parser::Model;
use hesse_parser::diagnostic::{Diagnostic, render};
use hesse_parser::formula::{Columns, parse_in};
use hesse_parser::rust::Options;
use hesse_symbolic::emit::{Argument, Bound, Form, Module, Output, Settings};
use hesse_symbolic::rules::Mode;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Token, Visibility};

use crate::complaints::{at_tokens, error_at, from_to};
use crate::layout::{Layout, Locate};

/// A module, where the input begins with `mod name;`, else an expression.
pub(crate) fn expand(input: TokenStream, locate: Locate<'_>) -> TokenStream {
    read(input, locate).unwrap_or_else(|complaints| complaints)
}

fn read(input: TokenStream, locate: Locate<'_>) -> Result<TokenStream, TokenStream> {
    let (header, source) = Header::split.parse2(input).map_err(|error| error.to_compile_error())?;
    let options = Options::of_formula(header.options).map_err(at_tokens)?;
    let formula = Formula::read(source, locate, options.mode())?;
    let outputs = options.outputs(&formula.model).map_err(at_tokens)?;
    let settings = Settings { lanes: options.lanes(), test: None };
    let (attributes, visibility) = (&header.attributes, &header.visibility);
    let mut module = Module {
        name: format_ident!("formula"),
        head: quote!(#(#attributes)* #visibility),
        graph: &formula.model.graph,
        error: formula.model.error,
        arguments: Argument::plain(&formula.model.graph),
        private: quote!(::hesse::__private),
        title: format!("`{}`", formula.origin),
        applied: &formula.model.applied,
        outputs,
    };
    let watched = &formula.watched;
    match header.name {
        Some(name) => {
            module.name = name;
            let module = module.tokens_as(&settings);
            Ok(quote!(#module #watched))
        }
        None if !Output::have_error_function(&module.outputs) => {
            let span = options.only().unwrap_or_else(Span::call_site);
            Err(error_at(
                [span; 2],
                "an error function needs `gradient` and one of `hessian`, `sparse_hessian`, `hessian_vector`\n\
                 help: name these too, or begin with `mod name;` for a module of functions",
            ))
        }
        None => {
            let variables = variables(&module);
            let module = module.tokens_as(&settings);
            Ok(quote!({ #watched #module formula::error_function(#(#variables),*) }))
        }
    }
}

/// What stands before the formula.
struct Header {
    attributes: Vec<Attribute>,
    /// What `#[hesse(…)]` has in brackets.
    options: Vec<TokenStream>,
    visibility: Visibility,
    /// The name of the module, where there is to be one.
    name: Option<Ident>,
}

impl Header {
    /// The header and the tokens of the formula.
    fn split(input: ParseStream<'_>) -> syn::Result<(Header, TokenStream)> {
        let (own, attributes): (Vec<Attribute>, Vec<Attribute>) =
            input.call(Attribute::parse_outer)?.into_iter().partition(|a| a.path().is_ident("hesse"));
        let options = own.iter().map(Attribute::parse_args).collect::<syn::Result<_>>()?;
        let visibility: Visibility = input.parse()?;
        let is_module = input.peek(Token![mod]) || !matches!(visibility, Visibility::Inherited);
        let name = if is_module {
            input.parse::<Token![mod]>()?;
            let name = input.parse()?;
            input.parse::<Token![;]>()?;
            Some(name)
        } else {
            None
        };
        Ok((Header { attributes, options, visibility, name }, input.parse()?))
    }
}

/// A formula that was read.
struct Formula {
    model: Model,
    /// What the documentation calls it.
    origin: String,
    /// What tells the compiler of a file it depends on.
    watched: Option<TokenStream>,
}

impl Formula {
    /// From tokens, a text in quotes, or a file; else what is wrong with it.
    fn read(source: TokenStream, locate: Locate<'_>, mode: Mode) -> Result<Formula, TokenStream> {
        let origin = "formula".to_owned();
        if let Ok(text) = in_quotes.parse2(source.clone()) {
            let model = model(&text.value(), &origin, text.span(), mode)?;
            return Ok(Formula { model, origin, watched: None });
        }
        if let Ok(path) = file.parse2(source.clone()) {
            return Formula::read_file(&path, mode);
        }
        let layout = Layout::new(source, locate);
        let spanned = |diagnostics: Vec<Diagnostic>| {
            from_to(diagnostics.into_iter().map(|d| d.map_spans(|range| layout.tokens_in(&range))))
        };
        let model = parse_in(&layout.text, &Columns::none(), mode).map_err(spanned)?;
        Ok(Formula { model, origin, watched: None })
    }

    fn read_file(path: &LitStr, mode: Mode) -> Result<Formula, TokenStream> {
        let help = "give its path relative to the folder of `Cargo.toml`";
        if Path::new(&path.value()).is_absolute() {
            let message = format!("`{}` is an absolute path\nhelp: {help}", path.value());
            return Err(error_at([path.span(); 2], &message));
        }
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        let full = Path::new(&folder).join(path.value());
        let text = std::fs::read_to_string(&full).map_err(|error| {
            let reason = match error.kind() {
                ErrorKind::NotFound => "no such file".to_owned(),
                _ => error.to_string(),
            };
            let message = format!("cannot read `{}`: {reason}\nhelp: {help}", path.value());
            error_at([path.span(); 2], &message)
        })?;
        let name = Path::new(&path.value()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let model = model(&text, &path.value(), path.span(), mode)?;
        let watched = quote!(
            const _: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", #path));
        );
        Ok(Formula { model, origin: name, watched: Some(watched) })
    }
}

/// `"text"`, alone.
fn in_quotes(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let text = input.parse()?;
    input.parse::<Option<Token![;]>>()?;
    Ok(text)
}

/// `file = "path"`, alone.
fn file(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let key: Ident = input.parse()?;
    if key != "file" {
        return Err(syn::Error::new(key.span(), "expected `file`"));
    }
    input.parse::<Token![=]>()?;
    in_quotes(input)
}

/// The model of a text; its mistakes are shown as excerpts, for a compiler marks the whole text at most.
fn model(text: &str, origin: &str, span: Span, mode: Mode) -> Result<Model, TokenStream> {
    parse_in(text, &Columns::none(), mode).map_err(|diagnostics| {
        let excerpts: Vec<String> = diagnostics.iter().map(|d| render(text, origin, d, false)).collect();
        error_at([span; 2], &format!("this formula is wrong\n{}", excerpts.join("\n\n")))
    })
}

/// The variables that stand for data, and for sizes that no data tells.
fn variables(module: &Module<'_>) -> Vec<TokenStream> {
    let variable = |bound: Bound| {
        let name = syn::parse_str::<Ident>(&bound.name).unwrap_or(bound.ident);
        match bound.form {
            None | Some(Form::Scalar) => quote!(#name),
            Some(Form::Slice | Form::Flat) => quote!(&#name[..]),
            Some(_) => quote!(&#name),
        }
    };
    module.bound().into_iter().map(variable).collect()
}

#[cfg(test)]
#[path = "formula_tests.rs"]
mod tests;
