//! The module of generated functions for one error function.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Output;
use super::border::Border;
use super::frame::Frame;
use super::item::Item;
use super::signature::Argument;
use crate::graph::{Expr, Graph};
use crate::rules::Applied;
use crate::schedule::{Kernel, Lanes, Request, rows, schedule, squares, vectorize_in};

/// What to emit.
///
/// ```
/// use hesse_symbolic::emit::{Argument, Module, Output};
/// use quote::{format_ident, quote};
///
/// let model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let module = Module {
///     name: format_ident!("square"),
///     head: quote!(pub),
///     graph: &model.graph,
///     error: model.error,
///     arguments: Argument::plain(&model.graph),
///     private: quote!(::hesse::__private),
///     title: "a square".to_owned(),
///     applied: &model.applied,
///     outputs: Output::usual(),
/// };
/// assert!(module.tokens().to_string().contains("fn hessian_vector"));
/// ```
#[derive(Clone, Debug)]
pub struct Module<'a> {
    /// The name of the module.
    pub name: Ident,
    /// Its visibility and attributes.
    pub head: TokenStream,
    /// The graph with its declarations.
    pub graph: &'a Graph,
    /// The error function.
    pub error: Expr,
    /// How its arrays are passed.
    pub arguments: Vec<Argument>,
    /// The path under which generated code finds the runtime.
    pub private: TokenStream,
    /// What it computes, for the documentation.
    pub title: String,
    /// The rules that rewrote the error function; the documentation tells of those that extend its domain.
    pub applied: &'a [Applied],
    /// The functions it has.
    pub outputs: BTreeSet<Output>,
}

/// How a module is made.
///
/// ```
/// use hesse_symbolic::emit::Settings;
///
/// assert_eq!(Settings::default().lanes.count(), 8, "long loops run in tiles");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How many rows of loops over data run at a time.
    pub lanes: Lanes,
    /// The error function as it is called inside of the module, where it gets a test that holds its derivatives against
    /// dual numbers; this needs a bound error function, and [`duals`](super::duals).
    pub test: Option<TokenStream>,
}

/// The kernels of a module.
pub(crate) struct Kernels {
    pub(crate) outputs: Vec<(Output, Kernel)>,
    /// That of rows and columns, where the sparse Hessian is asked for.
    pub(crate) pattern: Option<Kernel>,
    /// Factor and numbers of a sum of squares, where its Gauss–Newton matrix is asked for.
    pub(crate) squares: Option<[Kernel; 3]>,
}

impl Kernels {
    /// Those of the outputs that E has, each as `arrange` leaves it.
    pub(crate) fn new(
        graph: &Graph,
        error: Expr,
        outputs: &BTreeSet<Output>,
        arrange: impl Fn(&Kernel) -> Kernel,
    ) -> Kernels {
        let kernel = |request| schedule(&mut graph.clone(), error, request);
        let squares = outputs.contains(&Output::GaussNewton).then(|| squares(graph, error));
        let squares = squares.flatten();
        let has_rows = outputs.iter().any(|o| o.is_of_rows()) && rows(graph, error).is_ok();
        let exists = |output: Output| match output {
            Output::GaussNewton => squares.is_some(),
            output => has_rows || !output.is_of_rows(),
        };
        let existing = outputs.iter().filter(|output| exists(**output));
        Kernels {
            outputs: existing.map(|&output| (output, arrange(&kernel(output.request())))).collect(),
            pattern: outputs.contains(&Output::SparseHessian).then(|| kernel(Request::PATTERN)),
            squares,
        }
    }

    pub(super) fn of(&self, output: Output) -> Option<&Kernel> {
        self.outputs.iter().find(|(own, _)| *own == output).map(|(_, kernel)| kernel)
    }
}

impl Module<'_> {
    /// The tokens of the module.
    ///
    /// With P parameters and the usual outputs it has `value`, `gradient`, `value_gradient`, `hessian`,
    /// `value_gradient_hessian` and `hessian_vector`, their `…_into` forms that write to buffers (H as packed
    /// lower triangle by rows), and `error_function`, which binds data and implements the runtime's trait. Where
    /// the number of parameters is known at run time only, the forms that return arrays are left out.
    ///
    /// [`Output::SparseHessian`] brings `hessian_entries`, `hessian_pattern` and
    /// `value_gradient_sparse_hessian_into`. The outputs of rows bring `value_of_rows`, `value_gradient_of_rows_into`
    /// and their kin, which take a range of rows after the inputs, and the trait `RowErrorFunction`.
    /// `error_function` is there whenever the outputs have the gradient
    /// and something of second order; what its trait asks for besides is made from these.
    pub fn tokens(&self) -> TokenStream {
        self.expanded(None, &Settings::default())
    }

    /// The tokens of the module, made as `settings` say; without a border there is no function to test.
    ///
    /// ```
    /// use hesse_symbolic::emit::{Argument, Module, Output, Settings};
    /// use hesse_symbolic::graph::{Graph, Number, Role};
    /// use hesse_symbolic::schedule::Lanes;
    /// use quote::{format_ident, quote};
    ///
    /// let mut g = Graph::new();
    /// let x = g.array("x", Role::Parameter, &[]);
    /// let x = g.leaf(x, &[]);
    /// let error = g.power(x, Number::integer(2));
    /// let module = Module {
    ///     name: format_ident!("square"),
    ///     head: quote!(pub),
    ///     graph: &g,
    ///     error,
    ///     arguments: Argument::plain(&g),
    ///     private: quote!(::hesse::__private),
    ///     title: "a square".to_owned(),
    ///     applied: &[],
    ///     outputs: Output::usual(),
    /// };
    /// let lanes = Lanes::of(4).ok_or("no such number")?;
    /// let tokens = module.tokens_as(&Settings { lanes, test: None });
    /// assert!(tokens.to_string().contains("pub mod square"));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn tokens_as(&self, settings: &Settings) -> TokenStream {
        self.expanded(None, settings)
    }

    /// The tokens of the module for people who pass their inputs as `border` says: these functions in their types, around
    /// functions of plain arrays.
    ///
    /// Gradients, Hessians and directions come in the kind of vectors the parameters come in. Vectors of nalgebra
    /// give `SVector` and `SMatrix`, or `DVector` and `DMatrix` where the number of parameters is known at run time
    /// only; a structure that is the only parameter gives itself. Everything else gives arrays. The forms that write to
    /// buffers, and the bound error function, speak of slices of `f64` always.
    pub fn bordered(&self, border: &Border, settings: &Settings) -> TokenStream {
        self.expanded(Some(border), settings)
    }

    fn expanded(&self, border: Option<&Border>, settings: &Settings) -> TokenStream {
        let sizes = border.map_or(&[][..], |border| &border.sizes);
        let frame = Frame::new(self, sizes);
        let arrange = |kernel: &Kernel| vectorize_in(kernel, settings.lanes);
        let kernels = Kernels::new(self.graph, self.error, &self.outputs, arrange);
        let functions =
            kernels.outputs.iter().flat_map(|(output, kernel)| frame.function(output.function(), kernel));
        let pattern = kernels.pattern.iter().flat_map(|kernel| frame.pattern(kernel));
        let squares = kernels.squares.iter().flat_map(|kernels| frame.squares(kernels));
        let items: Vec<Item> = functions.chain(pattern).chain(squares).collect();
        let plain = items.iter().map(|item| frame.item(item));
        let surface = frame.surface(&kernels);
        let body = match border.filter(|border| !border.is_plain(self.graph)) {
            None => {
                let returning = frame.returning(&frame.plain_calls(border), &kernels);
                quote!(#returning #(#plain)* #surface)
            }
            Some(border) => {
                let returning = frame.returning(&frame.calls(border), &kernels);
                let forwarders = frame.forwarders(border, &items);
                let parts = frame.parts(border);
                let binding = surface.is_some().then(|| frame.binding(border));
                let constants = frame.outer_constants();
                let imported = (!border.functions.is_empty()).then(|| {
                    quote!(
                        use super::outer;
                    )
                });
                quote! {
                    #constants
                    #returning
                    #forwarders
                    #binding
                    #parts

                    /// The same on plain arrays.
                    mod plain { #imported #(#plain)* #surface }
                }
            }
        };
        let test = settings.test.as_ref().zip(border).map(|(function, border)| {
            let kernel = schedule(&mut self.graph.clone(), self.error, Request::VALUE_AS_WRITTEN);
            frame.agreement(border, &kernel, function)
        });
        let outer = border.and_then(Border::outer_functions);
        let (head, name) = (&self.head, &self.name);
        let title = format!(" Derivatives of {}.", self.title);
        let parameters = frame.parameter_doc();
        let remarks = self.applied.iter().filter_map(Applied::remark);
        let remarks = remarks.flat_map(|remark| [String::new(), format!(" {remark}.")]);
        quote! {
            #[doc = #title]
            #[doc = ""]
            #(#[doc = #parameters])*
            #(#[doc = #remarks])*
            #[automatically_derived]
            #[allow(unused, clippy::all, non_snake_case)]
            #head mod #name { #outer #body #test }
        }
    }
}
