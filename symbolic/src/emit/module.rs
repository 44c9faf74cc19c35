//! The module of generated functions for one error function.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::frame::Frame;
use super::signature::Argument;
use crate::graph::{Expr, Graph};
use crate::schedule::{Request, schedule, vectorize};

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
}

impl Module<'_> {
    /// The tokens of the module.
    ///
    /// With P parameters it has `value`, `gradient`, `value_gradient`, `hessian`, `value_gradient_hessian` and
    /// `hessian_vector`, their `…_into` forms that write to buffers (H as packed lower triangle by rows), and
    /// `error_function`, which binds data and implements the runtime's trait. Where the number of
    /// parameters is known at run time only, the forms that return arrays are left out.
    pub fn tokens(&self) -> TokenStream {
        let frame = Frame::new(self);
        let kernel = |request| vectorize(&schedule(&mut self.graph.clone(), self.error, request));
        let kernels = [
            ("value", kernel(Request::VALUE)),
            ("value_gradient_into", kernel(Request::VALUE_GRADIENT)),
            ("value_gradient_hessian_into", kernel(Request::VALUE_GRADIENT_HESSIAN)),
            ("hessian_vector_into", kernel(Request::HESSIAN_VECTOR)),
        ];
        let functions = kernels.iter().map(|(name, kernel)| frame.function(name, kernel));
        let needs = kernels.each_ref().map(|(_, kernel)| frame.body(kernel).workspace_length());
        let wrappers = frame.count.map(|count| frame.wrappers(count, &needs));
        let surface = frame.surface(&needs);
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
                #surface
            }
        }
    }
}
