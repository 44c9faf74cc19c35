//! The arguments of an error function as people pass them, and their way to plain arrays.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::signature::{Argument, Element, Form, fixed};
use crate::graph::{Array, Declaration, Extent, Graph, Role};

/// An argument as people pass it.
///
/// ```
/// use hesse_symbolic::emit::{Container, Element, Input};
///
/// let model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let arrays = model.graph.arrays().map(|(array, _)| array).collect();
/// let x = Input {
///     name: "x".into(),
///     container: Container::Number,
///     is_reference: false,
///     element: Element::Single,
///     arrays,
/// };
/// assert_eq!(x.arrays.len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its type, without a reference in front.
    pub container: Container,
    /// Whether a reference stands in front.
    pub is_reference: bool,
    /// What it holds.
    pub element: Element,
    /// Its array; for a structure that of every field, in order.
    pub arrays: Vec<Array>,
}

/// What holds the numbers of an argument.
///
/// ```
/// use hesse_symbolic::emit::Container;
///
/// // `&[f64]` is a slice behind a reference; see `Input::is_reference`.
/// let container = Container::Slice;
/// assert!(matches!(container, Container::Slice));
/// ```
#[derive(Clone, Debug)]
pub enum Container {
    /// One number.
    Number,
    /// `[f64; N]`, `[[f64; D]; N]`, …
    Array,
    /// `[f64]`, `[[f64; D]]`, …; a `Vec` by reference is passed as one.
    Slice,
    /// `[SVector<f64, D>]`
    VectorSlice,
    /// `[SVector<f64, D>; N]`
    VectorArray,
    /// `SVector<f64, N>` of nalgebra.
    Vector,
    /// `SMatrix<f64, R, C>` of nalgebra; its array has the shape C × R, as the columns lie one after another.
    Matrix,
    /// `DVector<f64>` of nalgebra.
    DynamicVector,
    /// `DMatrix<f64>` of nalgebra; columns before rows, too.
    DynamicMatrix,
    /// `DVectorView<f64>` of nalgebra.
    VectorView,
    /// A structure of parameters.
    Record {
        /// Its type, as it is written inside of the module.
        path: TokenStream,
        /// Which of its fields are matrices whose columns lie one after another.
        by_columns: Vec<bool>,
    },
}

impl Input {
    /// The plain arguments that stand for it.
    pub(super) fn arguments(&self, graph: &Graph, generics: &[Option<Ident>]) -> Vec<Argument> {
        self.arrays
            .iter()
            .enumerate()
            .map(|(at, &array)| {
                let by_columns = match &self.container {
                    Container::Record { by_columns, .. } => by_columns.get(at) == Some(&true),
                    own => matches!(own, Container::Matrix | Container::DynamicMatrix),
                };
                let declaration = graph.declaration(array);
                let is_converted = self.is_converted(declaration);
                let form = match Form::of(&declaration.shape, generics) {
                    Form::Array if is_converted || !self.is_reference || self.is_record() => Form::Value,
                    form => form,
                };
                let element = if is_converted || self.is_record() { Element::Double } else { self.element };
                let has_vectors = matches!(self.container, Container::VectorSlice);
                Argument { name: declaration.name.clone(), array, form, element, has_vectors, by_columns }
            })
            .collect()
    }

    /// Whether it comes from nalgebra.
    pub(super) fn is_of_nalgebra(&self) -> bool {
        !matches!(
            self.container,
            Container::Number | Container::Array | Container::Slice | Container::Record { .. }
        )
    }

    /// Whether plain arguments are passed as it is, without a conversion.
    pub(super) fn is_plain(&self, graph: &Graph) -> bool {
        match &self.container {
            Container::Number => !self.is_reference && self.element == Element::Double,
            Container::Array | Container::Slice => {
                self.arrays.iter().all(|&array| !self.is_converted(graph.declaration(array)))
            }
            _ => false,
        }
    }

    fn is_record(&self) -> bool {
        matches!(self.container, Container::Record { .. })
    }

    /// Parameters are `f64` inside, so that a bound error function takes them in full precision.
    fn is_converted(&self, declaration: &Declaration) -> bool {
        let is_number = matches!(self.container, Container::Number);
        matches!(self.container, Container::VectorArray)
            || self.element != Element::Double && (declaration.role == Role::Parameter || is_number)
    }

    /// The type, with the lifetime `life` on its references; `size` writes an extent.
    pub(super) fn r#type(
        &self,
        declaration: &Declaration,
        private: &TokenStream,
        life: Option<&TokenStream>,
        size: &dyn Fn(Extent) -> TokenStream,
    ) -> TokenStream {
        let element = self.element.r#type();
        let shape = &declaration.shape;
        let nested = |shape: &[Extent]| {
            shape.iter().rev().fold(quote!(#element), |inner, &extent| {
                let size = size(extent);
                quote!([#inner; #size])
            })
        };
        let sizes: Vec<TokenStream> = shape.iter().map(|&extent| size(extent)).collect();
        let nalgebra = quote!(#private::nalgebra);
        let own = match (&self.container, &sizes[..]) {
            (Container::Number, _) => quote!(#element),
            (Container::Slice, [_, ..]) => {
                let inner = nested(&shape[1..]);
                quote!([#inner])
            }
            (Container::VectorSlice, [_, size]) => quote!([#nalgebra::SVector<#element, #size>]),
            (Container::VectorArray, [length, size]) => {
                quote!([#nalgebra::SVector<#element, #size>; #length])
            }
            (Container::Vector, [size]) => quote!(#nalgebra::SVector<#element, #size>),
            (Container::Matrix, [columns, rows]) => quote!(#nalgebra::SMatrix<#element, #rows, #columns>),
            (Container::DynamicVector, _) => quote!(#nalgebra::DVector<#element>),
            (Container::DynamicMatrix, _) => quote!(#nalgebra::DMatrix<#element>),
            (Container::VectorView, _) => {
                let life = life.cloned().unwrap_or_else(|| quote!('_));
                quote!(#nalgebra::DVectorView<#life, #element>)
            }
            (Container::Record { path, .. }, _) => path.clone(),
            _ => nested(shape),
        };
        if self.is_reference { quote!(& #life #own) } else { own }
    }

    /// Statements that leave its numbers under the names of its plain arguments.
    pub(super) fn views(&self, name: &Ident, arguments: &[(Argument, Ident)], graph: &Graph) -> TokenStream {
        if self.is_record() {
            let reference = (!self.is_reference).then(|| quote!(&));
            let own = arguments.iter().filter(|(argument, _)| self.arrays.contains(&argument.array));
            let (names, parts) = (own.map(|(_, name)| name), parts_of(name));
            return quote!(let (#(#names,)*) = #parts(#reference #name););
        }
        let Some(&array) = self.arrays.first() else { return TokenStream::new() };
        let declaration = graph.declaration(array);
        let own = match &self.container {
            Container::Number => {
                let star = self.is_reference.then(|| quote!(*));
                let value = self.element.number(quote!((#star #name)));
                let is_kept = !self.is_reference && self.element == Element::Double;
                return if is_kept { TokenStream::new() } else { quote!(let #name = #value;) };
            }
            Container::Vector => quote!(#name.data.0[0]),
            Container::Matrix => quote!(#name.data.0),
            Container::VectorView => return quote!(let #name = #name.data.into_slice();),
            Container::DynamicVector | Container::DynamicMatrix => {
                return quote!(let #name = #name.as_slice(););
            }
            _ => quote!(#name),
        };
        if self.is_converted(declaration) {
            let converted = match (&self.container, self.element) {
                (Container::VectorArray, Element::Double) => quote!(.map(|row| row.data.0[0])),
                (Container::VectorArray, _) => quote!(.map(|row| row.data.0[0].map(f64::from))),
                _ => converted(declaration.shape.len(), &quote!(f64::from)),
            };
            return quote!(let #name = #own #converted;);
        }
        match &self.container {
            Container::Vector | Container::Matrix => {
                let reference = self.is_reference.then(|| quote!(&));
                quote!(let #name = #reference #own;)
            }
            _ => TokenStream::new(),
        }
    }

    /// For a structure, the function that takes it apart into its plain arguments.
    pub(super) fn parts(
        &self,
        name: &Ident,
        arguments: &[(Argument, Ident)],
        graph: &Graph,
        private: &TokenStream,
    ) -> Option<TokenStream> {
        let Container::Record { path, .. } = &self.container else { return None };
        let own = || arguments.iter().filter(|(argument, _)| self.arrays.contains(&argument.array));
        let declaration = |argument: &Argument| graph.declaration(argument.array);
        let count = own().filter_map(|(a, _)| declaration(a).fixed_length()).sum();
        let count = Literal::usize_unsuffixed(count);
        let kinds = own().map(|(a, _)| a.r#type(declaration(a), private, None, &[]));
        let names = own().map(|(_, name)| name);
        let size = |extent| fixed(extent, &[]).unwrap_or_default();
        let taken = own().map(|(a, name)| taken(a, name, &declaration(a).shape, &size, &[]));
        let function = parts_of(name);
        Some(quote! {
            /// The fields, in order.
            fn #function(structure: &#path) -> (#(#kinds,)*) {
                let rest = &#private::Parameters::to_array::<#count>(structure)[..];
                #(#taken)*
                (#(#names,)*)
            }
        })
    }

    /// What tells the extent of an axis of its array, where something does.
    pub(super) fn tells(&self, name: &Ident, axis: usize) -> Option<TokenStream> {
        match (&self.container, axis) {
            (
                Container::Slice | Container::VectorSlice | Container::DynamicVector | Container::VectorView,
                0,
            ) => Some(quote!(#name.len())),
            (Container::DynamicMatrix, 0) => Some(quote!(#name.ncols())),
            (Container::DynamicMatrix, 1) => Some(quote!(#name.nrows())),
            _ => None,
        }
    }
}

fn parts_of(name: &Ident) -> Ident {
    format_ident!("parts_of_{}", name.to_string().trim_end_matches('_'))
}

/// `.map(…)` through so many axes, with `step` for each number.
pub(super) fn converted(rank: usize, step: &TokenStream) -> TokenStream {
    let inner = (1..rank).fold(step.clone(), |step, depth| {
        let row = format_ident!("row{depth}");
        quote!(|#row| #row.map(#step))
    });
    quote!(.map(#inner))
}

/// Statements that take the numbers of one argument from the front of `rest`.
pub(super) fn taken(
    argument: &Argument,
    name: &Ident,
    shape: &[Extent],
    size: &dyn Fn(Extent) -> TokenStream,
    generics: &[Option<Ident>],
) -> TokenStream {
    let Some((first, inner)) = shape.split_first() else {
        return quote! {
            let [#name, rest @ ..] = rest else { panic!("one entry per parameter") };
            let #name = *#name;
        };
    };
    let length = super::body::product(shape.iter().map(|&extent| size(extent)));
    let mut tokens = quote!(let (#name, rest) = rest.split_at(#length););
    if argument.form == Form::Flat {
        return tokens;
    }
    for &extent in inner.iter().rev() {
        let size = size(extent);
        tokens.extend(quote!(let #name = #name.as_chunks::<#size>().0;));
    }
    if let Some(size) = fixed(*first, generics) {
        tokens.extend(quote! {
            let Some(#name) = #name.first_chunk::<#size>() else { panic!("one entry per parameter") };
        });
    }
    let made = argument.made_of(&quote!(#name));
    tokens.extend(quote!(let #name = #made;));
    tokens
}
