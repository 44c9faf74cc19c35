//! The functions of data and sizes alone: where the values of a sparse Hessian belong, and what a sum of squares is
//! made of.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::frame::Frame;
use super::item::{Inputs, Item};
use crate::schedule::Kernel;

impl Frame<'_> {
    /// `hessian_entries` and `hessian_pattern`: of data and sizes alone, the arguments of `error_function`.
    pub(super) fn pattern(&self, kernel: &Kernel) -> [Item; 2] {
        let mut body = self.body(kernel);
        let statements = body.statements();
        let prologue = self.bound_prologue();
        let entries = body.entries();
        let counted = Item {
            doc: vec![" The number of values of the sparse Hessian.".to_owned()],
            name: format_ident!("hessian_entries"),
            inputs: Inputs::Bound,
            further: Vec::new(),
            result: quote!(-> usize),
            body: quote!(#prologue #entries),
        };
        let (counted, list, checks) = match body.fixed_entries() {
            Some(_) => {
                let counted = Item { inputs: Inputs::None, body: entries.clone(), ..counted };
                (counted, quote!([usize; #entries]), None)
            }
            None => {
                let checks = quote! {
                    assert!(rows.len() == #entries, "one row per entry");
                    assert!(columns.len() == #entries, "one column per entry");
                };
                (counted, quote!([usize]), Some(checks))
            }
        };
        let doc = [
            " Row and column of every value of the sparse Hessian, row ≥ column, in a fixed order.",
            "",
            " Made once: they depend on sizes and look-ups alone. A pair may occur more than once; its values",
            " then add up.",
        ];
        let pattern = Item {
            doc: doc.map(str::to_owned).into(),
            name: format_ident!("hessian_pattern"),
            inputs: Inputs::Bound,
            further: ["rows", "columns"].map(|name| (format_ident!("{name}"), quote!(&mut #list))).into(),
            result: TokenStream::new(),
            body: quote!(#prologue #checks rows.fill(0); columns.fill(0); #statements),
        };
        [counted, pattern]
    }

    /// `residual_scale`, `residual_count` and `observation_count`: of data and sizes alone, too.
    pub(super) fn squares(&self, kernels: &[Kernel; 3]) -> [Item; 3] {
        let prologue = self.bound_prologue();
        let item = |kernel: &Kernel, doc: &str, name: &str, result: TokenStream, end: TokenStream| {
            let mut body = self.body(kernel);
            // Local arrays of run-time size have no workspace here.
            let private = &self.module.private;
            let length = body.workspace_length();
            let workspace =
                length.map(|length| quote!(let workspace = &mut #private::vec![0.0; #length][..];));
            let statements = body.statements();
            Item {
                doc: vec![doc.to_owned()],
                name: format_ident!("{name}"),
                inputs: Inputs::Bound,
                further: Vec::new(),
                result,
                body: quote!(#prologue #workspace let mut value = 0.0; #statements #end),
            }
        };
        let [scale, count, observations] = kernels;
        let whole = |kernel, doc, name| item(kernel, doc, name, quote!(-> usize), quote!(value as usize));
        [
            item(scale, " The factor s in E = s·Σ r².", "residual_scale", quote!(-> f64), quote!(value)),
            whole(count, " The number of residuals.", "residual_count"),
            whole(observations, " The number of residuals whose weight is not zero.", "observation_count"),
        ]
    }

    /// What makes data and sizes readable.
    fn bound_prologue(&self) -> TokenStream {
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
        prologue
    }
}
