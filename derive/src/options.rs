//! What `formula!` is asked for: `#[hesse(only(gradient, hessian_vector), sparse, parallel)]`.

use std::collections::BTreeSet;

use hesse_parser::Model;
use hesse_parser::diagnostic::{Diagnostic, Problem};
use hesse_symbolic::emit::Output;
use hesse_symbolic::schedule::{NoRows, rows, squares};
use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Token};

/// The options as written.
#[derive(Default)]
pub(crate) struct Options {
    only: Option<Vec<Ident>>,
    is_sparse: bool,
    parallel: Option<Span>,
}

impl Options {
    /// Adds what an attribute says.
    pub(crate) fn read(&mut self, attribute: &Attribute) -> syn::Result<()> {
        for meta in attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)? {
            match &meta {
                Meta::List(list) if list.path.is_ident("only") => {
                    let names = list.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)?;
                    self.only.get_or_insert_default().extend(names);
                }
                Meta::Path(path) if path.is_ident("sparse") => self.is_sparse = true,
                Meta::Path(path) if path.is_ident("parallel") => self.parallel = Some(meta.span()),
                _ => {
                    let text =
                        "unknown option: write `only(…)` with names of functions, `sparse` or `parallel`";
                    return Err(syn::Error::new_spanned(&meta, text));
                }
            }
        }
        Ok(())
    }

    /// Where functions are named.
    pub(crate) fn only(&self) -> Option<Span> {
        self.only.as_ref()?.first().map(Ident::span)
    }

    /// The functions to generate for `model`.
    ///
    /// # Errors
    /// Names that are no functions, and functions that this error function has not.
    pub(crate) fn outputs(&self, model: &Model) -> Result<BTreeSet<Output>, Vec<Diagnostic<[Span; 2]>>> {
        let mut complaints = Vec::new();
        let mut complain = |problem, span: Span| complaints.push(Diagnostic::new(problem, [span; 2]));
        let mut rows_asked = self.parallel;
        let only = self.only.as_ref().map(|names| {
            let mut outputs = BTreeSet::new();
            for name in names {
                let Some(output) = Output::named(&name.to_string()) else {
                    let known: Vec<_> = Output::ALL.iter().map(|o| format!("`{}`", o.name())).collect();
                    let problem = Problem::UnknownOutput { name: name.to_string(), known: known.join(", ") };
                    complain(problem, name.span());
                    continue;
                };
                outputs.insert(output);
                if output == Output::GaussNewton && squares(&model.graph, model.error).is_none() {
                    complain(Problem::NoSquares, name.span());
                }
                if output.is_of_rows() {
                    rows_asked = rows_asked.or(Some(name.span()));
                }
            }
            outputs
        });
        if let Some(span) = rows_asked {
            match rows(&model.graph, model.error) {
                Ok(_) => {}
                Err(NoRows::NoSum) => complain(Problem::NoRows, span),
                Err(_) => complain(Problem::WholeRows, span),
            }
        }
        if complaints.is_empty() {
            Ok(Output::selection(only, self.is_sparse, self.parallel.is_some()))
        } else {
            Err(complaints)
        }
    }
}
