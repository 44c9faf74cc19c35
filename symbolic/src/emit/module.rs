//! The module of generated functions for one error function.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Output;
use super::frame::Frame;
use super::signature::Argument;
use crate::graph::{Expr, Graph};
use crate::schedule::{Kernel, Request, rows, schedule, squares, vectorize};

/// What to emit.
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
    /// The functions it has.
    pub outputs: BTreeSet<Output>,
}

/// The kernels of a module.
pub(crate) struct Kernels {
    pub(crate) outputs: Vec<(Output, Kernel)>,
    /// That of rows and columns, where the sparse Hessian is asked for.
    pub(crate) pattern: Option<Kernel>,
    /// Factor and number of a sum of squares, where its Gauss–Newton matrix is asked for.
    pub(crate) squares: Option<[Kernel; 2]>,
}

impl Kernels {
    /// Those of the outputs that E has, each as `arrange` leaves it.
    pub(crate) fn new(
        graph: &Graph,
        error: Expr,
        outputs: &BTreeSet<Output>,
        arrange: fn(&Kernel) -> Kernel,
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
        let frame = Frame::new(self);
        let kernels = Kernels::new(self.graph, self.error, &self.outputs, vectorize);
        let functions =
            kernels.outputs.iter().map(|(output, kernel)| frame.function(output.function(), kernel));
        let pattern = kernels.pattern.as_ref().map(|kernel| frame.pattern(kernel));
        let squares = kernels.squares.as_ref().map(|kernels| frame.squares(kernels));
        let wrappers = frame.count.map(|count| frame.wrappers(count, &kernels));
        let surface = frame.surface(&kernels);
        let (head, name) = (&self.head, &self.name);
        let title = format!(" Derivatives of {}.", self.title);
        let parameters = frame.parameter_doc();
        quote! {
            #[doc = #title]
            #[doc = ""]
            #(#[doc = #parameters])*
            #[automatically_derived]
            #[allow(unused, clippy::all, non_snake_case)]
            #head mod #name {
                #wrappers
                #(#functions)*
                #pattern
                #squares
                #surface
            }
        }
    }
}
