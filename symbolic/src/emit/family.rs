//! What a bound error function offers beyond the first trait.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Output;
use super::frame::Frame;
use super::module::Kernels;

impl Frame<'_> {
    /// The methods of the trait of sums of squares.
    pub(super) fn squares_methods(&self, kernels: &Kernels) -> Option<TokenStream> {
        kernels.squares.as_ref()?;
        let names = self.bound(None).into_iter().map(|(name, _)| name);
        let bound = quote!(#(self.#names,)*);
        let called = self.generic_arguments(None).map(|sizes| quote!(::#sizes));
        let (start, call, space) = self.entered(kernels, Output::GaussNewton)?;
        let matrix = self.chunk(&format_ident!("matrix"), true);
        Some(quote! {
            #[inline]
            fn scale(&self) -> f64 { residual_scale #called(#bound) }
            #[inline]
            fn residual_count(&self) -> usize { residual_count #called(#bound) }
            #[inline]
            fn observation_count(&self) -> usize { observation_count #called(#bound) }
            #[inline]
            fn gauss_newton(&self, parameters: &[f64], matrix: &mut [f64]) -> f64 {
                #start #matrix
                gauss_newton_into(#call matrix, #space)
            }
        })
    }

    /// Methods of its own.
    pub(super) fn inherent(&self, kernels: &Kernels) -> Option<TokenStream> {
        let mut methods = TokenStream::new();
        if let Some((start, call, space)) = self.entered(kernels, Output::HessianDiagonal) {
            let diagonal = self.chunk(&format_ident!("diagonal"), false);
            methods.extend(quote! {
                /// The diagonal of the Hessian, into `diagonal`.
                #[inline]
                pub fn hessian_diagonal(&self, parameters: &[f64], diagonal: &mut [f64]) {
                    #start #diagonal
                    hessian_diagonal_into(#call diagonal, #space)
                }
            });
        }
        if let Some((start, call, space)) = self.entered(kernels, Output::Directional) {
            let direction = self.chunk_of("direction");
            methods.extend(quote! {
                /// E(w + t·direction) at t = 0, and its first three derivatives by t.
                #[inline]
                pub fn directional(&self, parameters: &[f64], direction: &[f64]) -> [f64; 4] {
                    #start #direction
                    directional(#call direction, #space)
                }
            });
        }
        if let Some((start, call, space)) = self.entered(kernels, Output::HessianVectors) {
            methods.extend(quote! {
                /// The products of the Hessian with `vectors` directions, into `products`; the numbers of one
                /// parameter for all vectors are side by side in both.
                #[inline]
                pub fn hessian_vectors(
                    &self,
                    parameters: &[f64],
                    vectors: usize,
                    directions: &[f64],
                    products: &mut [f64],
                ) {
                    #start
                    hessian_vectors_into(#call vectors, directions, products, #space)
                }
            });
        }
        (!methods.is_empty()).then_some(methods)
    }

    /// The sizes and parameters of a method, the arguments of the call, and a workspace where it needs one.
    pub(super) fn entered(
        &self,
        kernels: &Kernels,
        output: Output,
    ) -> Option<(TokenStream, TokenStream, Option<TokenStream>)> {
        let private = &self.module.private;
        let length = self.body(kernels.of(output)?).workspace_length();
        let space = length.map(|length| quote!(&mut #private::vec![0.0; #length],));
        let (sizes, split) = (self.held(), self.split());
        Some((quote!(#sizes #split), self.call(), space))
    }
}
