//! How arrays are passed to the functions that compute.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::graph::{Array, Declaration, Extent, Graph, Role};

/// One argument of the functions that compute.
///
/// ```
/// use hesse_symbolic::emit::{Argument, Form};
///
/// let text = "param w[3]; data x[n, 3]; E = sum(i, (sum(j, w[j]*x[i, j]))^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let forms: Vec<Form> = Argument::plain(&model.graph).iter().map(|argument| argument.form).collect();
/// assert_eq!(forms, [Form::Array, Form::Slice]);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// The array it brings.
    pub array: Array,
    /// How it is passed.
    pub form: Form,
    /// What it holds.
    pub element: Element,
    /// Whether its rows are vectors of nalgebra.
    pub has_vectors: bool,
    /// Whether it is a matrix whose columns lie one after another: its subscripts are column and row.
    pub by_columns: bool,
}

/// How an array is passed.
///
/// ```
/// use hesse_symbolic::emit::{Argument, Form};
///
/// let text = "param lambda; data x[n, m]; E = sum(i, j, (x[i, j] - lambda)^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let forms: Vec<Form> = Argument::plain(&model.graph).iter().map(|argument| argument.form).collect();
/// assert_eq!(forms, [Form::Scalar, Form::Flat]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `f64`
    Scalar,
    /// `&[f64; N]`, `&[[f64; D]; N]`, …: all extents fixed.
    Array,
    /// `[f64; N]`, taken by value.
    Value,
    /// `&[f64]`, `&[[f64; D]]`, …: the first extent named, the others fixed.
    Slice,
    /// `&[f64]` in row-major order: several named extents, passed as `usize` where no other argument has them.
    Flat,
    /// A constant of the module around the generated one, under its name there: no argument at all.
    Outer,
}

/// What an array holds. Everything is computed in `f64`; other numbers are converted where they are read.
///
/// ```
/// use hesse_symbolic::emit::Element;
///
/// assert_eq!(Element::named("f32"), Some(Element::Single));
/// assert_eq!(Element::named("usize"), Some(Element::POSITION));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Element {
    /// `f64`
    Double,
    /// `f32`
    Single,
    /// An integer type: its name, and whether every value of it is an `f64`.
    Integer(&'static str, bool),
    /// `bool`: 1 or 0.
    Truth,
}

impl Element {
    /// Positions.
    pub const POSITION: Element = Element::Integer("usize", false);

    /// The element type called `name`.
    ///
    /// ```
    /// use hesse_symbolic::emit::Element;
    ///
    /// assert_eq!(Element::named("i32"), Some(Element::Integer("i32", true)));
    /// assert_eq!(Element::named("u128"), None);
    /// ```
    pub fn named(name: &str) -> Option<Element> {
        const INTEGERS: [(&str, bool); 10] = [
            ("u8", true),
            ("u16", true),
            ("u32", true),
            ("u64", false),
            ("usize", false),
            ("i8", true),
            ("i16", true),
            ("i32", true),
            ("i64", false),
            ("isize", false),
        ];
        match name {
            "f64" => Some(Element::Double),
            "f32" => Some(Element::Single),
            "bool" => Some(Element::Truth),
            _ => INTEGERS.iter().find(|i| i.0 == name).map(|&(name, exact)| Element::Integer(name, exact)),
        }
    }

    /// The type.
    pub(super) fn r#type(self) -> Ident {
        match self {
            Element::Double => format_ident!("f64"),
            Element::Single => format_ident!("f32"),
            Element::Integer(name, _) => format_ident!("{name}"),
            Element::Truth => format_ident!("bool"),
        }
    }

    /// The number that the expression `value` of this type stands for.
    pub(super) fn number(self, value: TokenStream) -> TokenStream {
        match self {
            Element::Double => value,
            Element::Single | Element::Integer(_, true) => quote!(f64::from(#value)),
            Element::Integer(_, false) => quote!((#value as f64)),
            Element::Truth => quote!(f64::from(u8::from(#value))),
        }
    }

    /// The position that the expression `value` of this type stands for.
    pub(super) fn position(self, value: TokenStream) -> TokenStream {
        if self == Element::POSITION { value } else { quote!((#value as usize)) }
    }
}

impl Argument {
    /// The arguments for all parameters and data of a graph, in order of declaration, in their plain forms.
    pub fn plain(graph: &Graph) -> Vec<Argument> {
        let is_input = |d: &Declaration| !matches!(d.role, Role::Direction(_));
        let inputs = graph.arrays().filter(|(_, d)| is_input(d));
        inputs
            .map(|(array, d)| {
                let element = if d.role == Role::Lookup { Element::POSITION } else { Element::Double };
                Argument {
                    name: d.name.clone(),
                    array,
                    form: Form::of(&d.shape, &[]),
                    element,
                    has_vectors: false,
                    by_columns: false,
                }
            })
            .collect()
    }

    /// The type, with the lifetime `life` on its references.
    pub(super) fn r#type(
        &self,
        declaration: &Declaration,
        private: &TokenStream,
        life: Option<&TokenStream>,
        generics: &[Option<Ident>],
    ) -> TokenStream {
        let element = self.element.r#type();
        let mut element = quote!(#element);
        let mut shape = &declaration.shape[..];
        if let (true, [outer @ .., size]) = (self.has_vectors, shape) {
            let size = fixed(*size, generics);
            element = quote!(#private::nalgebra::SVector<#element, #size>);
            shape = outer;
        }
        match self.form {
            Form::Scalar | Form::Outer => element,
            Form::Array | Form::Slice => {
                let array = nested(shape, element, generics);
                quote!(& #life #array)
            }
            Form::Value => nested(shape, element, generics),
            Form::Flat => quote!(& #life [#element]),
        }
    }

    /// What its numbers are called in functions; a pattern must not be the name of a constant.
    pub(super) fn local_name(&self) -> String {
        if self.form == Form::Outer { self.name.to_lowercase() } else { self.name.clone() }
    }

    /// The expression that reads it as an array or slice of numbers, where its own name does not.
    pub(super) fn view(&self, name: &Ident) -> Option<TokenStream> {
        match self.form {
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
        generics: &[Option<Ident>],
    ) -> TokenStream {
        let form = if self.form == Form::Value { Form::Array } else { self.form };
        Argument { form, ..self.clone() }.r#type(declaration, private, Some(life), generics)
    }

    /// The expression that makes the argument from `view`, an array, slice or number of its own shape.
    pub(super) fn made_of(&self, view: &TokenStream) -> TokenStream {
        if self.form == Form::Value { quote!(*#view) } else { view.clone() }
    }
}

impl Form {
    /// The plain form of an array; generic sizes are as good as fixed ones.
    pub(super) fn of(shape: &[Extent], generics: &[Option<Ident>]) -> Form {
        let is_fixed = |extent: &Extent| fixed(*extent, generics).is_some();
        let later_fixed = shape.iter().skip(1).all(is_fixed);
        match shape.first() {
            None => Form::Scalar,
            Some(first) if is_fixed(first) && later_fixed => Form::Array,
            Some(_) if later_fixed => Form::Slice,
            _ => Form::Flat,
        }
    }
}

/// Arrays of arrays of `element`; slices where extents are named.
fn nested(shape: &[Extent], element: TokenStream, generics: &[Option<Ident>]) -> TokenStream {
    shape.iter().rev().fold(element, |inner, &extent| match fixed(extent, generics) {
        Some(size) => quote!([#inner; #size]),
        None => quote!([#inner]),
    })
}

/// The size that an extent has in types, where it has one: `generics` are the generic sizes by dimension.
pub(super) fn fixed(extent: Extent, generics: &[Option<Ident>]) -> Option<TokenStream> {
    match extent {
        Extent::Fixed(size) => Some(Literal::usize_unsuffixed(size).into_token_stream()),
        Extent::Named(dimension) => Some(generics.get(dimension.0 as usize)?.as_ref()?.into_token_stream()),
    }
}
