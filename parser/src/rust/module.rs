//! The module that stands beside a function.

use hesse_symbolic::emit::{Module, Settings};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemFn;

use super::Function;

impl Function {
    /// What to emit for the function it was read from: a module of its name and visibility that finds the runtime
    /// in `::hesse`.
    ///
    /// ```
    /// let item: syn::ItemFn = syn::parse_quote! {
    ///     pub fn bowl(w: &[f64; 2]) -> f64 {
    ///         w[0] * w[0] + 3.0 * w[1] * w[1]
    ///     }
    /// };
    /// let read = hesse_parser::rust::parse(Default::default(), &item).map_err(|d| d[0].message.clone())?;
    /// let tokens = read.module(&item).bordered(&read.border, &read.settings(&item, None));
    /// assert!(tokens.to_string().contains("pub mod bowl"));
    /// # Ok::<(), String>(())
    /// ```
    pub fn module(&self, function: &ItemFn) -> Module<'_> {
        let (name, visibility) = (&function.sig.ident, &function.vis);
        // Where there is no such function, there is no such module.
        let configured = function.attrs.iter().filter(|a| a.path().is_ident("cfg"));
        Module {
            name: format_ident!("{name}"),
            head: quote!(#(#configured)* #visibility),
            graph: &self.model.graph,
            error: self.model.error,
            arguments: self.border.arguments(&self.model.graph),
            private: quote!(::hesse::__private),
            title: format!("`{name}`"),
            applied: &self.model.applied,
            outputs: self.outputs.clone(),
        }
    }

    /// How to emit it; `owner` is the type whose method the function is, as it is written inside of the module.
    pub fn settings(&self, function: &ItemFn, owner: Option<&TokenStream>) -> Settings {
        let name = &function.sig.ident;
        let called = owner.map_or_else(|| quote!(super::#name), |owner| quote!(#owner::#name));
        Settings { lanes: self.lanes, test: self.test.then_some(called) }
    }
}
