//! The functions of data and sizes alone: where the values of a sparse Hessian belong, and what a sum of squares is
//! made of.

use proc_macro2::TokenStream;
use quote::quote;

use super::frame::Frame;
use crate::schedule::Kernel;

impl Frame<'_> {
    /// `hessian_entries` and `hessian_pattern`: of data and sizes alone, the arguments of `error_function`.
    pub(super) fn pattern(&self, kernel: &Kernel) -> TokenStream {
        let mut body = self.body(kernel);
        let statements = body.statements();
        let (inputs, prologue) = self.bound_inputs();
        let (entries, checks, count) = match body.fixed_entries() {
            Some(_) => {
                let entries = body.entries();
                let count = quote!(pub const fn hessian_entries() -> usize { #entries });
                (quote!([usize; #entries]), None, count)
            }
            None => {
                let entries = body.entries();
                let checks = quote! {
                    assert!(rows.len() == #entries, "one row per entry");
                    assert!(columns.len() == #entries, "one column per entry");
                };
                let count = quote!(pub fn hessian_entries(#inputs) -> usize { #prologue #entries });
                (quote!([usize]), Some(checks), count)
            }
        };
        quote! {
            /// The number of values of the sparse Hessian.
            #count
            /// Row and column of every value of the sparse Hessian, row ≥ column, in a fixed order.
            ///
            /// Made once: they depend on sizes and look-ups alone. A pair may occur more than once; its values
            /// then add up.
            pub fn hessian_pattern(#inputs rows: &mut #entries, columns: &mut #entries) {
                #prologue
                #checks
                rows.fill(0);
                columns.fill(0);
                #statements
            }
        }
    }

    /// `residual_scale` and `residual_count`: of data and sizes alone, too.
    pub(super) fn squares(&self, kernels: &[Kernel; 2]) -> TokenStream {
        let (inputs, prologue) = self.bound_inputs();
        let function = |kernel: &Kernel| {
            let mut body = self.body(kernel);
            // Local arrays of run-time size have no workspace here.
            let private = &self.module.private;
            let length = body.workspace_length();
            let workspace =
                length.map(|length| quote!(let workspace = &mut #private::vec![0.0; #length][..];));
            let statements = body.statements();
            quote!(#prologue #workspace let mut value = 0.0; #statements)
        };
        let [scale, count] = kernels.each_ref().map(function);
        quote! {
            /// The factor s in E = s·Σ r².
            pub fn residual_scale(#inputs) -> f64 { #scale value }
            /// The number of residuals.
            pub fn residual_count(#inputs) -> usize { #count value as usize }
        }
    }

    /// Data and sizes as arguments, and what makes them readable.
    fn bound_inputs(&self) -> (TokenStream, TokenStream) {
        let bound = self.bound(None);
        let inputs: TokenStream = bound.iter().map(|(name, kind)| quote!(#name: #kind,)).collect();
        let mut prologue = TokenStream::new();
        for (dimension, name) in self.dimensions.iter().enumerate() {
            if let Some(data) = self.telling_data(dimension) {
                prologue.extend(quote!(let #name = #data.len();));
            }
        }
        for (argument, name) in self.arguments.iter().filter(|(a, _)| !self.is_parameter(a)) {
            if let Some(view) = argument.view(name) {
                prologue.extend(quote!(let #name = #view;));
            }
        }
        (inputs, prologue)
    }
}
