//! The options of the attribute.

use std::collections::BTreeSet;

use hesse_symbolic::emit::Output;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Meta, Token};

use super::Reader;
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::SpanId;

/// The options of the attribute.
#[derive(Clone, Default, Debug)]
pub(super) struct Options {
    /// `wrt(…)`: exactly these arguments are parameters.
    pub(super) wrt: Option<Vec<Ident>>,
    /// `data(…)`: these arguments are data.
    pub(super) data: Vec<Ident>,
    /// `only(…)`: the functions to generate.
    only: Option<Vec<Ident>>,
    /// `sparse`: the sparse Hessian in place of the dense one.
    sparse: bool,
    /// `parallel`: functions of some rows alone beside the usual ones.
    parallel: Option<Span>,
    /// `lanes = 1`: plain loops, one row at a time.
    plain_loops: bool,
    /// `test`: a test that holds derivatives against dual numbers.
    test: Option<Span>,
}

/// What to generate.
pub(super) struct Selection {
    pub(super) outputs: BTreeSet<Output>,
    /// Where the Gauss–Newton matrix is asked for.
    pub(super) gauss_newton: Option<SpanId>,
    /// Where functions of some rows alone are asked for.
    pub(super) rows: Option<SpanId>,
    /// Whether loops are to stay plain.
    pub(super) plain_loops: bool,
    /// Where a test is asked for.
    pub(super) test: Option<SpanId>,
}

impl Reader {
    pub(super) fn options(&mut self, attribute: TokenStream) -> Options {
        let mut options = Options::default();
        let metas = match Punctuated::<Meta, Token![,]>::parse_terminated.parse2(attribute) {
            Ok(metas) => metas,
            Err(error) => {
                self.complain(Problem::UnknownOption { name: error.to_string() }, error.span());
                return options;
            }
        };
        for meta in metas {
            let names = match &meta {
                Meta::List(list) => {
                    // `self` is a name like any other here.
                    let names = |input: ParseStream<'_>| {
                        Punctuated::<Ident, Token![,]>::parse_terminated_with(input, Ident::parse_any)
                    };
                    names.parse2(list.tokens.clone()).ok()
                }
                _ => None,
            };
            match (names, meta.path().get_ident().map(ToString::to_string).as_deref()) {
                (Some(names), Some("wrt")) => options.wrt.get_or_insert_default().extend(names),
                (Some(names), Some("data")) => options.data.extend(names),
                (Some(names), Some("only")) => options.only.get_or_insert_default().extend(names),
                // What is used arrives as definitions.
                (_, Some("uses")) if matches!(meta, Meta::List(_)) => {}
                (None, Some("sparse")) if matches!(meta, Meta::Path(_)) => options.sparse = true,
                (None, Some("parallel")) if matches!(meta, Meta::Path(_)) => {
                    options.parallel = Some(meta.span());
                }
                (None, Some("test")) if matches!(meta, Meta::Path(_)) => options.test = Some(meta.span()),
                (None, Some("lanes")) => match lanes(&meta) {
                    Some(lanes) => options.plain_loops = lanes == 1,
                    None => {
                        self.complain(Problem::Lanes, meta.span());
                    }
                },
                _ => {
                    let name = meta.path().to_token_stream().to_string();
                    self.complain(Problem::UnknownOption { name }, meta.span());
                }
            }
        }
        options
    }

    pub(super) fn outputs(&mut self, options: &Options) -> Selection {
        let mut gauss_newton = None;
        let mut rows = options.parallel.map(|span| self.span(span));
        let only = options.only.as_ref().map(|names| {
            let mut outputs = BTreeSet::new();
            for name in names {
                match Output::named(&name.to_string()) {
                    Some(output) => {
                        outputs.insert(output);
                        if output == Output::GaussNewton {
                            gauss_newton = Some(self.span(name.span()));
                        }
                        if output.is_of_rows() && rows.is_none() {
                            rows = Some(self.span(name.span()));
                        }
                    }
                    None => {
                        let known: Vec<_> =
                            Output::ALL.iter().map(|output| format!("`{}`", output.name())).collect();
                        let problem =
                            Problem::UnknownOutput { name: name.to_string(), known: known.join(", ") };
                        self.complain(problem, name.span());
                    }
                }
            }
            outputs
        });
        let outputs = Output::selection(only, options.sparse, options.parallel.is_some());
        let test = options.test.map(|span| self.span(span));
        if let Some(span) = test
            && !has_surface(&outputs)
        {
            self.diagnostics.push(Diagnostic::new(Problem::TestWithoutOutputs, span));
        }
        Selection { outputs, gauss_newton, rows, plain_loops: options.plain_loops, test }
    }
}

/// The number in `lanes = 1` and `lanes = 8`.
fn lanes(meta: &Meta) -> Option<u32> {
    let Meta::NameValue(pair) = meta else { return None };
    let Expr::Lit(literal) = &pair.value else { return None };
    let Lit::Int(lanes) = &literal.lit else { return None };
    lanes.base10_parse().ok().filter(|lanes| matches!(lanes, 1 | 8))
}

/// Whether there is a bound error function.
fn has_surface(outputs: &BTreeSet<Output>) -> bool {
    let second = [Output::Hessian, Output::HessianVector, Output::SparseHessian];
    outputs.contains(&Output::Gradient) && second.iter().any(|output| outputs.contains(output))
}
