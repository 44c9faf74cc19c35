//! What `error_function` takes, for code that calls it.

use proc_macro2::Ident;

use super::frame::Frame;
use super::module::Module;
use super::names::Names;
use super::signature::Form;

/// An argument of the generated `error_function`.
///
/// ```
/// // A number that is data of the error function is an argument of `error_function`.
/// use hesse_symbolic::emit::{Bound, Form};
/// use quote::format_ident;
///
/// let bound = Bound { name: "λ".into(), ident: format_ident!("λ"), form: Some(Form::Scalar) };
/// assert_eq!(bound.ident.to_string(), bound.name);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// Its name in the formula.
    pub name: String,
    /// That name as Rust can spell it.
    pub ident: Ident,
    /// How it is passed; a size is a `usize`.
    pub form: Option<Form>,
}

impl Module<'_> {
    /// The arguments of `error_function`: data in order, then the sizes that no slice of data tells.
    ///
    /// ```
    /// use hesse_symbolic::emit::{Argument, Form, Module, Output};
    /// use hesse_symbolic::graph::{Graph, Role};
    /// use quote::{format_ident, quote};
    ///
    /// let mut g = Graph::new();
    /// let arrays = [("w", Role::Parameter), ("x", Role::Data)].map(|(name, role)| g.array(name, role, &[]));
    /// let leaves = arrays.map(|array| g.leaf(array, &[]));
    /// let error = g.mul(leaves[0], leaves[1]);
    /// let module = Module {
    ///     name: format_ident!("line"),
    ///     head: quote!(pub),
    ///     graph: &g,
    ///     error,
    ///     arguments: Argument::plain(&g),
    ///     private: quote!(::hesse::__private),
    ///     title: "a line".to_owned(),
    ///     applied: &[],
    ///     outputs: Output::usual(),
    /// };
    /// let bound: Vec<_> = module.bound().into_iter().map(|bound| (bound.name, bound.form)).collect();
    /// assert_eq!(bound, [("x".to_owned(), Some(Form::Scalar))]);
    /// ```
    pub fn bound(&self) -> Vec<Bound> {
        let frame = Frame::new(self, &[]);
        let bound =
            |name: &str, form| Bound { name: name.to_owned(), ident: Names::default().claim(name), form };
        let data = self.arguments.iter().filter(|argument| !frame.is_parameter(argument));
        let data = data.map(|argument| bound(&argument.name, Some(argument.form)));
        let names = self.graph.dimensions().iter().enumerate();
        let sizes = names.filter(|(dimension, _)| frame.telling_data(*dimension).is_none());
        data.chain(sizes.map(|(_, name)| bound(name, None))).collect()
    }
}
