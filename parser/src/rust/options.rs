//! The options of the attribute, and of `formula!`: what to generate, and how.

use std::collections::BTreeSet;

use hesse_symbolic::emit::Output;
use hesse_symbolic::functions::Function;
use hesse_symbolic::graph::Node as GraphNode;
use hesse_symbolic::rules::Mode;
use hesse_symbolic::schedule::{Lanes, NoRows, rows, squares};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Meta, Token};

use crate::Model;
use crate::diagnostic::{Diagnostic, Problem};

/// What `#[derive_hessian]` and `#[differentiable]` on one function write into each other's options.
#[doc(hidden)]
pub const BESIDE: &str = "__beside";

/// Options as they were written.
///
/// ```
/// use hesse_parser::formula::{Columns, parse};
/// use hesse_parser::rust::Options;
/// use hesse_symbolic::emit::Output;
///
/// let tokens = "only(value, gradient)".parse().map_err(|_| "no tokens")?;
/// let options = Options::of_formula([tokens]).map_err(|_| "no options")?;
/// let model = parse("x^2 + y^2", &Columns::none()).map_err(|_| "no formula")?;
/// let outputs = options.outputs(&model).map_err(|_| "no such functions")?;
/// assert_eq!(outputs, [Output::Value, Output::Gradient].into());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Default, Debug)]
pub struct Options {
    /// `wrt(…)`: exactly these arguments are parameters.
    pub(super) wrt: Option<Vec<Ident>>,
    /// `only(…)`: the functions to generate.
    only: Option<Vec<(Option<Output>, Span)>>,
    /// `sparse`: the sparse Hessian in place of the dense one.
    sparse: bool,
    /// `parallel`: functions of some rows alone beside the usual ones.
    parallel: Option<Span>,
    /// `lanes = …`: how many rows run at a time.
    lanes: Lanes,
    /// `strict` or `fast`: which rewriting rules are applied.
    mode: Option<Mode>,
    /// `test`: a test that holds derivatives against dual numbers.
    test: Option<Span>,
    complaints: Vec<Diagnostic<Span>>,
}

impl Options {
    /// The options of a formula, from what its attributes have in brackets.
    ///
    /// # Errors
    /// What is no option of a formula, and names that are no functions.
    pub fn of_formula(
        attributes: impl IntoIterator<Item = TokenStream>,
    ) -> Result<Options, Vec<Diagnostic<Span>>> {
        let mut options = Options::default();
        for attribute in attributes {
            options.read(attribute, &|meta| {
                let known = ["only", "sparse", "parallel", "lanes", "strict", "robust", "fast"];
                let problem = |name| Problem::UnknownFormulaOption { name };
                (!known.iter().any(|name| meta.path().is_ident(name))).then(|| problem(name(meta)))
            });
        }
        match std::mem::take(&mut options.complaints) {
            complaints if complaints.is_empty() => Ok(options),
            complaints => Err(complaints),
        }
    }

    /// The options of a Rust function, and what is wrong with them.
    pub(super) fn of_function(attribute: TokenStream) -> (Options, Vec<Diagnostic<Span>>) {
        let mut options = Options::default();
        options.read(attribute, &|_| None);
        if let Some(span) = options.test
            && !Output::have_error_function(&options.selection())
        {
            options.complain(Problem::TestWithoutOutputs, span);
        }
        let complaints = std::mem::take(&mut options.complaints);
        (options, complaints)
    }

    /// The functions to generate for an error function.
    ///
    /// # Errors
    /// Functions that this error function has not.
    pub fn outputs(&self, model: &Model) -> Result<BTreeSet<Output>, Vec<Diagnostic<Span>>> {
        let mut complaints = Vec::new();
        let only = || self.only.iter().flatten().filter_map(|&(output, span)| Some((output?, span)));
        for (output, span) in only() {
            if output == Output::GaussNewton && squares(&model.graph, model.error).is_none() {
                complaints.push(Diagnostic::new(Problem::NoSquares, span));
            }
        }
        let third = only().find(|(output, _)| *output == Output::Directional);
        if let Some((_, span)) = third.filter(|_| has_outer(model)) {
            complaints.push(Diagnostic::new(Problem::NoThirdDerivative, span));
        }
        let of_rows = only().find(|(output, _)| output.is_of_rows()).map(|(_, span)| span);
        if let Some(span) = self.parallel.or(of_rows) {
            match rows(&model.graph, model.error) {
                Ok(_) => {}
                Err(NoRows::NoSum) => complaints.push(Diagnostic::new(Problem::NoRows, span)),
                Err(_) => complaints.push(Diagnostic::new(Problem::WholeRows, span)),
            }
        }
        if let Some(span) = self.test
            && let Err(name) = hesse_symbolic::emit::duals(&model.graph, model.error)
        {
            let name = if has_outer(model) { "#[derivatives]" } else { name };
            complaints.push(Diagnostic::new(Problem::NoDual { name: name.to_owned() }, span));
        }
        if complaints.is_empty() { Ok(self.selection()) } else { Err(complaints) }
    }

    /// Which rewriting rules are applied.
    ///
    /// ```
    /// use hesse_parser::rust::Options;
    /// use hesse_symbolic::rules::Mode;
    ///
    /// let tokens = "strict, lanes = 1".parse().map_err(|_| "no tokens")?;
    /// let options = Options::of_formula([tokens]).map_err(|_| "no options")?;
    /// assert_eq!(options.mode(), Mode::Strict);
    /// assert!(options.lanes().is_one() && options.only().is_none());
    /// # Ok::<(), &str>(())
    /// ```
    pub fn mode(&self) -> Mode {
        self.mode.unwrap_or_default()
    }

    /// Where functions are named.
    pub fn only(&self) -> Option<Span> {
        self.only.as_ref()?.first().map(|(_, span)| *span)
    }

    /// How many rows are to run at a time.
    pub fn lanes(&self) -> Lanes {
        self.lanes
    }

    /// Whether there is to be a test.
    pub(super) fn has_test(&self) -> bool {
        self.test.is_some()
    }

    fn selection(&self) -> BTreeSet<Output> {
        let only = self.only.as_ref().map(|only| only.iter().filter_map(|(output, _)| *output).collect());
        Output::selection(only, self.sparse, self.parallel.is_some())
    }

    /// Adds what an attribute says; `refuse` gives the problem with an option that does not belong here.
    fn read(&mut self, attribute: TokenStream, refuse: &dyn Fn(&Meta) -> Option<Problem>) {
        let metas = match Punctuated::<Meta, Token![,]>::parse_terminated.parse2(attribute) {
            Ok(metas) => metas,
            Err(error) => {
                self.complain(Problem::UnknownOption { name: error.to_string() }, error.span());
                return;
            }
        };
        for meta in metas {
            match refuse(&meta) {
                Some(problem) => self.complain(problem, meta.span()),
                None => self.option(&meta),
            }
        }
    }

    fn option(&mut self, meta: &Meta) {
        let key = meta.path().get_ident().map(ToString::to_string);
        let key = key.as_deref().unwrap_or_default();
        let is_word = matches!(meta, Meta::Path(_));
        match (names(meta), key) {
            (Some(names), "wrt") => self.wrt.get_or_insert_default().extend(names),
            (Some(_), "data") => self.complain(Problem::DataOption, meta.span()),
            (Some(names), "only") => {
                if names.is_empty() {
                    self.complain(Problem::NothingNamed, meta.span());
                }
                let outputs: Vec<_> = names.iter().map(|name| (self.output(name), name.span())).collect();
                self.only.get_or_insert_default().extend(outputs);
            }
            // What is used arrives as definitions.
            (_, "uses") if matches!(meta, Meta::List(_)) => {}
            // One attribute tells the other that it is there.
            (None, BESIDE) if is_word => {}
            (None, "sparse") if is_word => self.sparse = true,
            (None, "parallel") if is_word => self.parallel = Some(meta.span()),
            (None, "test") if is_word => self.test = Some(meta.span()),
            (None, word) if is_word && Mode::named(word).is_some() => {
                let mode = Mode::named(word);
                if self.mode.is_some() && self.mode != mode {
                    self.complain(Problem::SecondMode, meta.span());
                }
                self.mode = mode;
            }
            (None, "lanes") => match lanes(meta) {
                Some(lanes) => self.lanes = lanes,
                None => self.complain(Problem::Lanes, meta.span()),
            },
            _ => self.complain(Problem::UnknownOption { name: name(meta) }, meta.span()),
        }
    }

    fn output(&mut self, name: &Ident) -> Option<Output> {
        let output = Output::named(&name.to_string());
        if output.is_none() {
            let known: Vec<_> = Output::ALL.iter().map(|output| format!("`{}`", output.name())).collect();
            let problem = Problem::UnknownOutput { name: name.to_string(), known: known.join(", ") };
            self.complain(problem, name.span());
        }
        output
    }

    fn complain(&mut self, problem: Problem, span: Span) {
        self.complaints.push(Diagnostic::new(problem, span));
    }
}

fn name(meta: &Meta) -> String {
    meta.path().to_token_stream().to_string()
}

/// The names in brackets; `self` is a name like any other here.
fn names(meta: &Meta) -> Option<Punctuated<Ident, Token![,]>> {
    let Meta::List(list) = meta else { return None };
    let names = |input: ParseStream<'_>| {
        Punctuated::<Ident, Token![,]>::parse_terminated_with(input, Ident::parse_any)
    };
    names.parse2(list.tokens.clone()).ok()
}

/// The number in `lanes = 4`.
fn lanes(meta: &Meta) -> Option<Lanes> {
    let Meta::NameValue(pair) = meta else { return None };
    let Expr::Lit(literal) = &pair.value else { return None };
    let Lit::Int(lanes) = &literal.lit else { return None };
    lanes.base10_parse().ok().and_then(Lanes::of)
}

/// Whether an error function calls one whose derivatives are given.
fn has_outer(model: &Model) -> bool {
    let reached = model.graph.reachable(&[model.error], |_, _| true);
    reached.into_iter().any(|expr| matches!(model.graph.node(expr), GraphNode::Apply(Function::Outer(..), _)))
}
