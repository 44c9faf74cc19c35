//! Rust functions to the syntax tree, and on to the graph.
//!
//! What rustc reports better is left to rustc: types are trusted, names of other items are not visible here.

mod arms;
mod arrays;
mod assignments;
pub mod attributes;
mod calls;
mod constants;
mod expressions;
mod items;
mod iterators;
mod jumps;
mod matches;
mod module;
mod nesting;
mod options;
mod patterns;
mod reductions;
mod signature;
mod statements;
mod types;
mod uses;
mod walks;

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::Model;
use crate::diagnostic::{Diagnostic, Problem};
use crate::formula::{Columns, MAX_DEPTH};
use crate::syntax::{Dialect, Name, Node, NodeId, Pattern, Program, SpanId, Statement, Tree};
use hesse_symbolic::emit::{Border, Input, Output};
use hesse_symbolic::schedule::Lanes;
pub use nesting::check_nesting;
pub use options::{BESIDE, Options};
use signature::Heading;
pub use signature::without_marks;
pub use types::inside;
pub use uses::{Definition, Field, FieldKind, Use, check, handed_on, path_text};

/// An error function read from a Rust function.
///
/// ```
/// let item: syn::ItemFn = syn::parse_quote! {
///     fn misfit(a: f64, y: &[f64]) -> f64 {
///         y.iter().map(|y| (y - a).powi(2)).sum()
///     }
/// };
/// let function = hesse_parser::rust::parse(Default::default(), &item).unwrap();
/// assert_eq!(function.border.inputs.len(), 2);
/// assert!(function.lanes.count() == 8 && !function.test);
/// ```
#[derive(Clone, Debug)]
pub struct Function {
    /// The error function.
    pub model: Model,
    /// How people call it.
    pub border: Border,
    /// The functions to generate.
    pub outputs: BTreeSet<Output>,
    /// How many rows are to run at a time.
    pub lanes: Lanes,
    /// Whether there is to be a test of the derivatives.
    pub test: bool,
}

/// Reads an error function from a Rust function and the tokens of its attribute.
///
/// Numbers and arrays of fixed size are parameters, slices are data; `wrt(w, b)` makes exactly these arguments
/// parameters, `#[data]` before an argument makes it data. Slices of integers are look-ups for use inside subscripts. Sizes of
/// slices that are walked together are one dimension. `only(gradient, hessian_vector)` names what to generate,
/// `sparse` takes the sparse Hessian in place of the dense one, `parallel` adds functions of some rows alone.
///
/// # Errors
/// Everything in the function that cannot be differentiated, at its token.
///
/// ```
/// let item: syn::ItemFn = syn::parse_quote! {
///     fn rosenbrock(w: &[f64; 2]) -> f64 {
///         let [x, y] = *w;
///         (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
///     }
/// };
/// let function = hesse_parser::rust::parse(Default::default(), &item).map_err(|d| d[0].message.clone())?;
/// assert_eq!(function.border.inputs[0].name, "w");
/// # Ok::<(), String>(())
/// ```
pub fn parse(attribute: TokenStream, item: &syn::ItemFn) -> Result<Function, Vec<Diagnostic<Span>>> {
    parse_with(attribute, item, &[])
}

/// Reads an error function that uses what is defined elsewhere.
///
/// # Errors
/// Everything in the function and in what it uses that cannot be differentiated, at its token.
///
/// ```
/// use hesse_parser::rust::{Definition, Use, parse_with};
///
/// let square: syn::ItemFn = syn::parse_quote! {
///     fn square(x: f64) -> f64 {
///         x * x
///     }
/// };
/// let definition = Definition::Function(Box::new(square), Vec::new());
/// let uses = [Use { path: "tools::square".to_owned(), definition }];
/// let item: syn::ItemFn = syn::parse_quote! {
///     fn error(x: f64) -> f64 {
///         tools::square(x - 1.0)
///     }
/// };
/// assert!(parse_with(Default::default(), &item, &uses).is_ok());
/// assert!(parse_with(Default::default(), &item, &[]).is_err());
/// ```
pub fn parse_with(
    attribute: TokenStream,
    item: &syn::ItemFn,
    uses: &[Use],
) -> Result<Function, Vec<Diagnostic<Span>>> {
    let mut reader = Reader::default();
    reader.define(uses);
    let Heading { arguments, refused, result, options } = reader.signature(attribute, &item.sig);
    let body = reader.body(&item.block);
    let error = if refused.is_empty() { body } else { reader.without(refused, body, item.block.span()) };
    let Reader { spans, tree, mut diagnostics, sizes, definitions, given, .. } = reader;
    let declarations: Vec<_> = arguments.iter().flat_map(|a| a.declarations.clone()).collect();
    let declared = declarations.len();
    let program = Program { dialect: Dialect::Rust, tree, declarations, definitions, error };
    let resolved = match crate::resolve::resolve(&program, &Columns::none()) {
        Ok(resolved) if diagnostics.is_empty() => resolved,
        Ok(_) => return Err(spanned(diagnostics, &spans)),
        Err(more) => {
            diagnostics.extend(more);
            return Err(spanned(diagnostics, &spans));
        }
    };
    let span = program.tree.span(program.error);
    let model = crate::lower::lower(&resolved, options.mode())
        .map_err(|problem| spanned(vec![Diagnostic::new(problem, span)], &spans))?;
    let outputs = options.outputs(&model)?;
    // The arrays of a graph are its declarations, in order; what is not declared comes after what is.
    let mut arrays: Vec<_> = model.graph.arrays().map(|(array, _)| array).collect();
    let constants = arrays.split_off(declared);
    let mut arrays = arrays.into_iter();
    let inputs = arguments
        .into_iter()
        .map(|argument| Input {
            name: argument.ident.to_string().trim_start_matches("r#").to_owned(),
            container: argument.container,
            is_reference: argument.is_reference,
            element: argument.element,
            arrays: arrays.by_ref().take(argument.declarations.len()).collect(),
        })
        .collect();
    let functions = given.iter().map(|path| outside(path)).collect();
    let border = Border { inputs, constants, functions, sizes, result };
    Ok(Function { model, border, outputs, lanes: options.lanes(), test: options.has_test() })
}

/// A path as the module of functions from outside writes it, which has the names of the module around the generated one.
fn outside(path: &[String]) -> TokenStream {
    // `super` is that of the module around.
    let up = path.first().is_some_and(|first| first == "super").then(|| quote!(super::super::));
    let segments = path.iter().map(|segment| syn::parse_str::<TokenStream>(segment).unwrap_or_default());
    quote!(#up #(#segments)::*)
}

fn spanned(diagnostics: Vec<Diagnostic<SpanId>>, spans: &[Span]) -> Vec<Diagnostic<Span>> {
    let mut diagnostics = diagnostics;
    // Spans are numbered in the order of reading, which is that of the source.
    diagnostics.sort_by_key(|d| (d.primary.span, d.code));
    diagnostics.dedup_by_key(|d| (d.primary.span, d.code));
    let span = |id: SpanId| spans.get(id.0 as usize).copied().unwrap_or_else(Span::call_site);
    diagnostics.into_iter().map(|d| d.map_spans(span)).collect()
}

/// The function with the error function 0 in place of its own, where its arguments are understood.
///
/// What is generated from it can be called like the real thing, so that a refused body is all that is wrong.
///
/// ```
/// let item: syn::ItemFn = syn::parse_quote!(fn refused(w: &[f64; 2]) -> f64 { while true {} });
/// assert!(hesse_parser::rust::parse(Default::default(), &item).is_err());
/// let outline = hesse_parser::rust::outline(Default::default(), &item, &[]);
/// assert!(outline.is_some_and(|function| function.border.inputs.len() == 1));
/// ```
pub fn outline(attribute: TokenStream, item: &syn::ItemFn, uses: &[Use]) -> Option<Function> {
    let zero = Box::new(syn::parse_quote!({ 0.0 }));
    parse_with(attribute, &syn::ItemFn { block: zero, ..item.clone() }, uses).ok()
}

/// What was made of a function so far.
#[derive(Default)]
struct Reader {
    spans: Vec<Span>,
    tree: Tree,
    diagnostics: Vec<Diagnostic<SpanId>>,
    /// The generic sizes of the function.
    sizes: Vec<String>,
    /// Whether the function returns `f32`.
    is_single: bool,
    /// Structures by their paths.
    structures: Vec<(String, Vec<Field>)>,
    /// The functions in reach by their paths, and the definitions they stand for.
    functions: Vec<(String, String)>,
    definitions: Vec<crate::syntax::Definition>,
    /// The paths of functions with given derivatives.
    given: Vec<Vec<String>>,
    fresh: u32,
    depth: usize,
    /// What `hesse::math` is called inside of the function.
    math_names: Vec<String>,
}

impl Reader {
    fn span(&mut self, span: Span) -> SpanId {
        self.spans.push(span);
        SpanId((self.spans.len() - 1) as u32)
    }

    fn push(&mut self, node: Node, span: Span) -> NodeId {
        let span = self.span(span);
        self.tree.push(node, span)
    }

    fn name(&mut self, ident: &syn::Ident) -> Name {
        let text = ident.to_string();
        Name { text: text.trim_start_matches("r#").into(), span: self.span(ident.span()) }
    }

    /// A name no source can contain.
    fn fresh_name(&mut self, span: Span) -> Name {
        self.fresh += 1;
        Name { text: format!("#{}", self.fresh).into(), span: self.span(span) }
    }

    fn complain(&mut self, problem: Problem, span: Span) -> NodeId {
        let id = self.span(span);
        self.diagnostics.push(Diagnostic::new(problem, id));
        self.tree.push(Node::Error, id)
    }

    /// Complains about something that has a replacement.
    fn unsupported(&mut self, what: &str, instead: &str, at: &impl Spanned) -> NodeId {
        self.complain(Problem::Unsupported { what: what.to_owned(), instead: instead.to_owned() }, at.span())
    }

    /// One level deeper, unless that is too deep.
    fn nested(&mut self, at: &impl Spanned, read: impl FnOnce(&mut Self) -> NodeId) -> NodeId {
        if self.depth >= MAX_DEPTH {
            return self.complain(Problem::TooDeep { limit: MAX_DEPTH }, at.span());
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    /// The body of a function: its statements, then its value.
    fn body(&mut self, block: &syn::Block) -> NodeId {
        self.refuse_configuration(block);
        self.returning(block, Problem::Unfinished)
    }

    /// The value where names are bound to nothing: their uses are no mistakes of their own.
    fn without(&mut self, refused: Vec<Pattern>, value: NodeId, span: Span) -> NodeId {
        let nothing = self.push(Node::Error, span);
        let names = refused.into_iter().map(|names| Statement::Let(names, nothing)).collect();
        self.push(Node::Block(names, value), span)
    }

    /// Conditional compilation inside is not decided yet when an attribute macro sees its function.
    fn refuse_configuration(&mut self, block: &syn::Block) {
        let mut configured = Configured::default();
        configured.visit_block(block);
        for attribute in configured.attributes {
            let instead = "put the attribute on the whole function";
            self.unsupported("conditional compilation", instead, &attribute);
        }
    }
}

/// Finds `#[cfg]` and `#[cfg_attr]`.
#[derive(Default)]
struct Configured {
    attributes: Vec<syn::Attribute>,
}

impl<'a> Visit<'a> for Configured {
    fn visit_attribute(&mut self, attribute: &'a syn::Attribute) {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            self.attributes.push(attribute.clone());
        }
    }
}
