//! One formula to one formatted module.

use std::collections::BTreeSet;

use hesse_parser::Model;
use hesse_symbolic::emit::{Argument, Module, Output, Settings};
use hesse_symbolic::rules::Mode;
use hesse_symbolic::schedule::{Lanes, NoRows};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use thiserror::Error;

use crate::banner::{banner, first_line};

/// Where a generated file comes from.
///
/// ```
/// use hesse_build::{Output, Source};
///
/// let source = Source { name: "bowl", origin: "bowl.hes", text: "x^2 + y^2", outputs: &Output::usual() };
/// assert!(source.outputs.contains(&Output::Hessian));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The name of the module to generate.
    pub name: &'a str,
    /// What the banner calls the source: a file name, or `formula`.
    pub origin: &'a str,
    /// The formula text.
    pub text: &'a str,
    /// What to generate.
    pub outputs: &'a BTreeSet<Output>,
}

impl Source<'_> {
    /// The first line of the banner: where no table is read, equal lines mean equal files.
    pub(crate) fn first_line(&self, mode: Mode, lanes: Lanes) -> String {
        first_line(self.name, self.origin, self.text, self.outputs, mode, lanes)
    }
}

/// The text of a Rust file with one module: the derivatives of a model that `source` asks for.
///
/// The same input gives the same bytes. The file names `hesse` and `core` alone.
///
/// ```
/// use hesse_build::{Output, Source, generate};
/// use hesse_parser::formula::{Columns, parse};
///
/// let text = "(1 - x)^2 + 100*(y - x^2)^2";
/// let model = parse(text, &Columns::none()).map_err(|e| e[0].message.clone())?;
/// let source = Source { name: "rosenbrock", origin: "formula", text, outputs: &Output::usual() };
/// assert!(generate(&model, source).contains("pub fn value_gradient_hessian(x: f64, y: f64)"));
/// # Ok::<(), String>(())
/// ```
pub fn generate(model: &Model, source: Source<'_>) -> String {
    generate_in(model, source, Lanes::default())
}

/// [`generate`] with loops over data that run so many rows at a time.
///
/// ```
/// use hesse_build::{Lanes, Output, Source, generate_in};
/// use hesse_parser::formula::{Columns, parse};
///
/// let text = "param m; data x[n]; E = sum(i, cosh(x[i] - m))";
/// let model = parse(text, &Columns::none()).map_err(|e| e[0].message.clone())?;
/// let source = Source { name: "spread", origin: "formula", text, outputs: &Output::usual() };
/// let four = Lanes::of(4).ok_or("no such number")?;
/// assert!(generate_in(&model, source, four).contains("[0.0; 4]"));
/// # Ok::<(), String>(())
/// ```
pub fn generate_in(model: &Model, source: Source<'_>, lanes: Lanes) -> String {
    let module = Module {
        name: module_name(source.name),
        head: quote!(pub),
        graph: &model.graph,
        error: model.error,
        arguments: Argument::plain(&model.graph),
        private: quote!(::hesse::__private),
        title: format!("`{}`", source.origin),
        applied: &model.applied,
        outputs: source.outputs.clone(),
    };
    let mut file = banner("//", &source.first_line(model.mode, lanes), source.text);
    file.push_str(&format(module.tokens_as(&Settings { lanes, test: None })));
    file
}

/// Why an output cannot be generated.
///
/// ```
/// use hesse_build::{Output, Unavailable, check};
/// use hesse_parser::formula::{Columns, parse};
///
/// let model = parse("exp(x)", &Columns::none()).unwrap();
/// assert_eq!(check(&model, &[Output::GaussNewton].into()), Err(Unavailable::NoSquares));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The Gauss–Newton matrix of something else than a sum of squares.
    #[error("`gauss_newton` cannot be generated: E is no sum of squares")]
    NoSquares,
    /// Functions of some rows alone of an error function that cannot be cut into blocks of rows.
    #[error("functions of rows cannot be generated: {0}")]
    NoRows(NoRows),
}

/// Checks that a model has all of `outputs`: [`generate`] leaves out those it has not.
///
/// # Errors
/// The first that it has not, and why.
///
/// ```
/// use hesse_build::{Output, Unavailable, check};
/// use hesse_parser::formula::{Columns, parse};
///
/// let model = parse("(1 - x)^2 + exp(x)", &Columns::none()).map_err(|e| e[0].message.clone())?;
/// assert_eq!(check(&model, &Output::usual()), Ok(()));
/// assert_eq!(check(&model, &[Output::GaussNewton].into()), Err(Unavailable::NoSquares));
/// # Ok::<(), String>(())
/// ```
pub fn check(model: &Model, outputs: &BTreeSet<Output>) -> Result<(), Unavailable> {
    if outputs.contains(&Output::GaussNewton) && !is_sum_of_squares(model) {
        return Err(Unavailable::NoSquares);
    }
    if outputs.iter().any(|output| output.is_of_rows()) {
        hesse_symbolic::schedule::rows(&model.graph, model.error).map_err(Unavailable::NoRows)?;
    }
    Ok(())
}

/// Whether a model has a Gauss–Newton matrix.
///
/// ```
/// use hesse_build::is_sum_of_squares;
/// use hesse_parser::formula::{Columns, parse};
///
/// let [squares, other] = ["(x - 1)^2 + (y - x^2)^2", "exp(x)"].map(|text| parse(text, &Columns::none()).unwrap());
/// assert!(is_sum_of_squares(&squares) && !is_sum_of_squares(&other));
/// ```
pub fn is_sum_of_squares(model: &Model) -> bool {
    hesse_symbolic::schedule::squares(&model.graph, model.error).is_some()
}

/// Generated tokens as formatted Rust; text that is no Rust file is returned unformatted.
///
/// ```
/// let tokens = "fn one ( ) -> f64 { 1.0 }".parse().unwrap();
/// assert_eq!(hesse_build::format(tokens), "fn one() -> f64 {\n    1.0\n}\n");
/// ```
pub fn format(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => tokens.to_string(),
    }
}

/// A module name as close to `name` as Rust allows.
fn module_name(name: &str) -> Ident {
    let mut text: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        text.insert_str(0, "e_");
    }
    match syn::parse_str::<Ident>(&text) {
        Ok(name) => name,
        Err(_) => Ident::new(&format!("{text}_"), Span::call_site()),
    }
}
