//! The functions that return derivatives, in the kind of vectors and matrices their parameters come in.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::Output;
use super::border::Calls;
use super::frame::Frame;
use super::input::converted;
use super::module::Kernels;
use super::signature::Element;

/// Matrices of more parameters are not returned by value: they would crowd the stack.
const LARGEST_BY_VALUE: usize = 128;

/// In what derivatives are returned.
pub(super) struct Returned {
    pub(super) shape: Shape,
    /// `f64` or `f32`.
    pub(super) element: Element,
}

/// The kind of vectors, each with the number of parameters.
pub(super) enum Shape {
    /// `[f64; P]` and `[[f64; P]; P]`.
    Array(TokenStream),
    /// `SVector<f64, P>` and `SMatrix<f64, P, P>`.
    Vector(TokenStream),
    /// `DVector<f64>` and `DMatrix<f64>`.
    Dynamic(TokenStream),
    /// The structure of parameters itself, and `[[f64; P]; P]`.
    Record(TokenStream, TokenStream),
}

impl Returned {
    fn size(&self) -> &TokenStream {
        match &self.shape {
            Shape::Array(size) | Shape::Vector(size) | Shape::Dynamic(size) | Shape::Record(_, size) => size,
        }
    }

    fn is_dynamic(&self) -> bool {
        matches!(self.shape, Shape::Dynamic(_))
    }

    /// The type of a vector.
    fn vector(&self, private: &TokenStream) -> TokenStream {
        let element = self.element.r#type();
        match &self.shape {
            Shape::Array(size) => quote!([#element; #size]),
            Shape::Vector(size) => quote!(#private::nalgebra::SVector<#element, #size>),
            Shape::Dynamic(_) => quote!(#private::nalgebra::DVector<#element>),
            Shape::Record(path, _) => path.clone(),
        }
    }

    /// The type of a matrix.
    fn matrix(&self, private: &TokenStream) -> TokenStream {
        let element = self.element.r#type();
        match &self.shape {
            Shape::Array(size) | Shape::Record(_, size) => quote!([[#element; #size]; #size]),
            Shape::Vector(size) => quote!(#private::nalgebra::SMatrix<#element, #size, #size>),
            Shape::Dynamic(_) => quote!(#private::nalgebra::DMatrix<#element>),
        }
    }

    /// A buffer of zeros for a vector.
    fn zeros(&self, private: &TokenStream) -> TokenStream {
        let size = self.size();
        if self.is_dynamic() { quote!(#private::vec![0.0; #size]) } else { quote!([0.0; #size]) }
    }

    /// The vector in the buffer `name`.
    fn made(&self, name: &Ident, private: &TokenStream) -> TokenStream {
        let own = match (&self.shape, self.element) {
            (Shape::Record(..), _) => return quote!(#private::Parameters::from_array(&#name)),
            (_, Element::Double) => quote!(#name),
            (Shape::Dynamic(_), _) => quote!(#name.into_iter().map(|x| x as f32).collect()),
            _ => quote!(#name.map(|x| x as f32)),
        };
        match &self.shape {
            Shape::Vector(_) => quote!(#private::nalgebra::SVector::from(#own)),
            Shape::Dynamic(_) => quote!(#private::nalgebra::DVector::from_vec(#own)),
            _ => own,
        }
    }

    /// The plain array of `direction`.
    fn direction(&self, private: &TokenStream) -> TokenStream {
        let single = (self.element != Element::Double).then(|| quote!(.map(f64::from)));
        match (&self.shape, &single) {
            (Shape::Record(..), _) => quote!(&#private::Parameters::to_array(direction)),
            (Shape::Array(_), None) => quote!(direction),
            (Shape::Array(_), _) => quote!(&direction #single),
            (Shape::Vector(_), _) => quote!(&direction.data.0[0] #single),
            (Shape::Dynamic(_), _) => quote!(direction #single.as_slice()),
        }
    }
}

impl Frame<'_> {
    /// The functions that return vectors and matrices.
    pub(super) fn returning(&self, calls: &Calls, kernels: &Kernels) -> Option<TokenStream> {
        let returned = calls.returned.as_ref()?;
        let Calls { inputs, names, opening, passed, path, .. } = calls;
        let private = &self.module.private;
        let generics = self.generics(None);
        let (vector, zeros) = (returned.vector(private), returned.zeros(private));
        let made = |name: &str| returned.made(&format_ident!("{name}"), private);
        let element = returned.element.r#type();
        let cast = (returned.element != Element::Double).then(|| quote!(as f32));
        // Where the workspace goes: callers bring it, unless what is returned is allocated anyway.
        let wanted = |output: Output| {
            let kernel = kernels.of(output)?;
            let needs_space = self.body(kernel).workspace_length().is_some();
            let name = format_ident!("{}_workspace", output.function().trim_end_matches("_into"));
            Some(match (needs_space, returned.is_dynamic()) {
                (false, _) => (None, None, None),
                (true, true) => {
                    let made = quote!(let workspace = &mut #private::vec![0.0; #path #name(#passed)][..];);
                    (None, Some(quote!(workspace,)), Some(made))
                }
                (true, false) => (Some(quote!(workspace: &mut [f64],)), Some(quote!(workspace,)), None),
            })
        };
        let mut tokens = TokenStream::new();
        let is_small = self.count.is_none_or(|count| count <= LARGEST_BY_VALUE);
        if let Some((space, give, workspace)) = wanted(Output::Hessian).filter(|_| is_small) {
            let given = space.is_some().then(|| quote!(workspace,));
            let (matrix, filled) = (returned.matrix(private), self.filled(returned, calls, give.as_ref()));
            let gradient = made("gradient");
            tokens.extend(quote! {
                /// The Hessian of E, both triangles equal bit for bit.
                #[inline]
                pub fn hessian #generics(#inputs #space) -> #matrix {
                    value_gradient_hessian(#names #given).2
                }
                /// E, ∇E and the Hessian, both triangles equal bit for bit, in one pass.
                #[inline]
                pub fn value_gradient_hessian #generics(#inputs #space) -> (#element, #vector, #matrix) {
                    #opening
                    #workspace
                    let mut gradient = #zeros;
                    #filled
                    (value #cast, #gradient, hessian)
                }
            });
        }
        if let Some((space, give, workspace)) = wanted(Output::Gradient) {
            let given = space.is_some().then(|| quote!(workspace,));
            let gradient = made("gradient");
            tokens.extend(quote! {
                /// ∇E, one entry per parameter.
                #[inline]
                pub fn gradient #generics(#inputs #space) -> #vector {
                    value_gradient(#names #given).1
                }
                /// E and ∇E in one pass.
                #[inline]
                pub fn value_gradient #generics(#inputs #space) -> (#element, #vector) {
                    #opening
                    #workspace
                    let mut gradient = #zeros;
                    let value = #path value_gradient_into(#passed &mut gradient, #give);
                    (value #cast, #gradient)
                }
            });
        }
        if let Some((space, give, workspace)) = wanted(Output::HessianVector) {
            let (direction, product) = (returned.direction(private), made("product"));
            tokens.extend(quote! {
                /// The product of the Hessian with `direction`, without the Hessian.
                #[inline]
                pub fn hessian_vector #generics(#inputs direction: &#vector, #space) -> #vector {
                    #opening
                    #workspace
                    let mut product = #zeros;
                    #path hessian_vector_into(#passed #direction, &mut product, #give);
                    #product
                }
            });
        }
        if let Some((space, give, workspace)) = wanted(Output::HessianDiagonal) {
            let diagonal = made("diagonal");
            tokens.extend(quote! {
                /// The diagonal of the Hessian.
                #[inline]
                pub fn hessian_diagonal #generics(#inputs #space) -> #vector {
                    #opening
                    #workspace
                    let mut diagonal = #zeros;
                    #path hessian_diagonal_into(#passed &mut diagonal, #give);
                    #diagonal
                }
            });
        }
        Some(tokens)
    }

    /// Statements that leave E under `value` and the Hessian under `hessian`.
    fn filled(&self, returned: &Returned, calls: &Calls, give: Option<&TokenStream>) -> TokenStream {
        let (private, size) = (&self.module.private, returned.size());
        let Calls { passed, path, .. } = calls;
        let own = match (&returned.shape, returned.element) {
            (Shape::Vector(_), Element::Double) => Some(quote!(#private::nalgebra::SMatrix::from(hessian))),
            (Shape::Vector(_), _) => {
                let single = converted(2, &quote!(|x| x as f32));
                Some(quote!(#private::nalgebra::SMatrix::from(hessian #single)))
            }
            (Shape::Dynamic(_), _) => {
                let single = (returned.element != Element::Double).then(|| quote!(.map(|x| x as f32)));
                Some(quote!(#private::nalgebra::DMatrix::from_vec(count, count, hessian) #single))
            }
            (_, Element::Double) => None,
            _ => {
                let single = converted(2, &quote!(|x| x as f32));
                Some(quote!(hessian #single))
            }
        };
        let own = own.map(|own| quote!(let hessian = #own;));
        if let Some(count) = self.count {
            let triangle = Literal::usize_unsuffixed(count * (count + 1) / 2);
            return quote! {
                let mut packed = [0.0; #triangle];
                let value = #path value_gradient_hessian_into(#passed &mut gradient, &mut packed, #give);
                let mut hessian = [[0.0; #size]; #size];
                for row in 0..#size {
                    for column in 0..=row {
                        let entry = packed[row * (row + 1) / 2 + column];
                        hessian[row][column] = entry;
                        hessian[column][row] = entry;
                    }
                }
                #own
            };
        }
        // The triangle fits into the matrix, where it is unfolded in place.
        let (matrix, entries) = if returned.is_dynamic() {
            (quote!(#private::vec![0.0; count * count]), quote!(&mut hessian[..]))
        } else {
            (quote!([[0.0; #size]; #size]), quote!(hessian.as_flattened_mut()))
        };
        quote! {
            let count = #size;
            let mut hessian = #matrix;
            let entries = #entries;
            let packed = &mut entries[..count * (count + 1) / 2];
            let value = #path value_gradient_hessian_into(#passed &mut gradient, packed, #give);
            #private::packed::unfold(entries);
            #own
        }
    }
}
