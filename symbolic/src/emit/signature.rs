//! How arrays are passed to generated functions.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::graph::{Array, Declaration, Extent, Graph, Role};

/// One argument of the generated functions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// The array it brings.
    pub array: Array,
    /// How it is passed.
    pub form: Form,
}

/// How an array is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `f64`
    Scalar,
    /// `&f64`
    Reference,
    /// `&[f64; N]`, `&[[f64; D]; N]`, …: all extents fixed.
    Array,
    /// `[f64; N]`, taken by value.
    Value,
    /// `&[f64]`, `&[[f64; D]]`, …: the first extent named, the others fixed.
    Slice,
    /// `&[f64]` in row-major order: several named extents, passed as `usize` where no other argument has them.
    Flat,
    /// `&SVector<f64, N>` of nalgebra.
    Vector,
    /// `SVector<f64, N>` of nalgebra, taken by value.
    VectorValue,
    /// A constant of the module around the generated one, under its name there: no argument at all.
    Outer,
}

impl Argument {
    /// The arguments for all parameters and data of a graph, in order of declaration, in their plain forms.
    pub fn plain(graph: &Graph) -> Vec<Argument> {
        let is_input = |d: &Declaration| !matches!(d.role, Role::Direction(_));
        let inputs = graph.arrays().filter(|(_, d)| is_input(d));
        inputs
            .map(|(array, d)| {
                let later_fixed = d.shape.iter().skip(1).all(|e| matches!(e, Extent::Fixed(_)));
                let form = match d.shape.first() {
                    None => Form::Scalar,
                    Some(Extent::Fixed(_)) if later_fixed => Form::Array,
                    Some(Extent::Named(_)) if later_fixed => Form::Slice,
                    _ => Form::Flat,
                };
                Argument { name: d.name.clone(), array, form }
            })
            .collect()
    }

    /// The type, with the lifetime `life` on its references.
    pub(super) fn r#type(
        &self,
        declaration: &Declaration,
        private: &TokenStream,
        life: Option<&TokenStream>,
    ) -> TokenStream {
        let element = if declaration.role == Role::Lookup { quote!(usize) } else { quote!(f64) };
        let nested = |extents: &[Extent]| {
            extents.iter().rev().fold(element.clone(), |inner, extent| match extent {
                Extent::Fixed(size) => {
                    let size = Literal::usize_unsuffixed(*size);
                    quote!([#inner; #size])
                }
                Extent::Named(_) => quote!([#inner]),
            })
        };
        let size = match declaration.shape.first() {
            Some(Extent::Fixed(size)) => Literal::usize_unsuffixed(*size),
            _ => Literal::usize_unsuffixed(0),
        };
        match self.form {
            Form::Scalar | Form::Outer => element,
            Form::Reference => quote!(& #life #element),
            Form::Array | Form::Slice => {
                let array = nested(&declaration.shape);
                quote!(& #life #array)
            }
            Form::Value => nested(&declaration.shape),
            Form::Flat => quote!(& #life [#element]),
            Form::Vector => quote!(& #life #private::nalgebra::SVector<f64, #size>),
            Form::VectorValue => quote!(#private::nalgebra::SVector<f64, #size>),
        }
    }

    /// The expression that reads it as an array or slice of numbers, where its own name does not.
    pub(super) fn view(&self, name: &Ident) -> Option<TokenStream> {
        match self.form {
            Form::Reference => Some(quote!(*#name)),
            Form::Vector | Form::VectorValue => Some(quote!(&#name.data.0[0])),
            Form::Value => Some(quote!(&#name)),
            Form::Outer => {
                let own = format_ident!("{}", self.name);
                Some(quote!(super::#own as f64))
            }
            Form::Scalar | Form::Array | Form::Slice | Form::Flat => None,
        }
    }

    /// The type of what the prologue leaves under the argument's name.
    pub(super) fn view_type(
        &self,
        declaration: &Declaration,
        private: &TokenStream,
        life: &TokenStream,
    ) -> TokenStream {
        let plain = |form| Argument { form, ..self.clone() }.r#type(declaration, private, Some(life));
        match self.form {
            Form::Reference | Form::Outer => plain(Form::Scalar),
            Form::Value | Form::Vector | Form::VectorValue => plain(Form::Array),
            form => plain(form),
        }
    }

    /// The expression that makes the argument from `view`, an array, slice or number of its own shape.
    pub(super) fn made_of(&self, view: &TokenStream, private: &TokenStream) -> TokenStream {
        match self.form {
            Form::Reference => quote!(&#view),
            Form::Vector => quote!(&#private::nalgebra::SVector::from(*#view)),
            Form::VectorValue => quote!(#private::nalgebra::SVector::from(*#view)),
            Form::Value => quote!(*#view),
            Form::Scalar | Form::Outer | Form::Array | Form::Slice | Form::Flat => view.clone(),
        }
    }
}
