//! The trait of error functions that are sums over rows.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Output;
use super::frame::Frame;
use super::module::Kernels;

impl Frame<'_> {
    /// Its methods, where the outputs have enough for it; those whose function is not asked for are made from others.
    pub(super) fn rows_methods(&self, kernels: &Kernels) -> Option<TokenStream> {
        let private = &self.module.private;
        let (start, call, space) = self.entered(kernels, Output::GradientOfRows)?;
        let kernel = kernels.of(Output::GradientOfRows)?;
        let (sizes, count) = (self.held(), self.body(kernel).bound(&kernel.rows.as_ref()?.length()));
        let chunk = |name: &str, packed| self.chunk(&format_ident!("{name}"), packed);
        let (gradient, triangle) = (chunk("gradient", false), chunk("hessian", true));
        let (direction, product) = (self.chunk_of("direction"), chunk("product", false));
        let value = match self.entered(kernels, Output::ValueOfRows) {
            Some((start, call, space)) => quote!(#start value_of_rows(#call rows, #space)),
            None => quote! {
                self.value_gradient_of_rows(parameters, rows, &mut #private::vec![0.0; #private::ErrorFunction::dimension(self)])
            },
        };
        let [hessian, multiplied] =
            [Output::HessianOfRows, Output::HessianVectorOfRows].map(|output| self.entered(kernels, output));
        if hessian.is_none() && multiplied.is_none() {
            return None;
        }
        let hessian = match hessian {
            Some((start, call, space)) => quote! {
                #start #gradient #triangle
                value_gradient_hessian_of_rows_into(#call rows, gradient, hessian, #space)
            },
            None => quote! {
                let count = #private::ErrorFunction::dimension(self);
                let mut direction = #private::vec![0.0; count];
                let mut product = #private::vec![0.0; count];
                for row in 0..count {
                    direction[row] = 1.0;
                    self.hessian_vector_of_rows(parameters, rows.clone(), &direction, &mut product);
                    direction[row] = 0.0;
                    hessian[row * (row + 1) / 2..][..=row].copy_from_slice(&product[..=row]);
                }
                self.value_gradient_of_rows(parameters, rows, gradient)
            },
        };
        let multiplied = match multiplied {
            Some((start, call, space)) => quote! {
                #start #direction #product
                hessian_vector_of_rows_into(#call rows, direction, product, #space)
            },
            None => quote! {
                let count = #private::ErrorFunction::dimension(self);
                let mut hessian = #private::vec![0.0; count * (count + 1) / 2];
                self.value_gradient_hessian_of_rows(parameters, rows, product, &mut hessian);
                #private::packed::multiply(&hessian, direction, product);
            },
        };
        let rows = quote!(rows: core::ops::Range<usize>);
        Some(quote! {
            #[inline]
            fn rows(&self) -> usize { #sizes #count }
            #[inline]
            fn value_of_rows(&self, parameters: &[f64], #rows) -> f64 { #value }
            #[inline]
            fn value_gradient_of_rows(&self, parameters: &[f64], #rows, gradient: &mut [f64]) -> f64 {
                #start #gradient
                value_gradient_of_rows_into(#call rows, gradient, #space)
            }
            #[inline]
            fn value_gradient_hessian_of_rows(
                &self,
                parameters: &[f64],
                #rows,
                gradient: &mut [f64],
                hessian: &mut [f64],
            ) -> f64 {
                #hessian
            }
            #[inline]
            fn hessian_vector_of_rows(
                &self,
                parameters: &[f64],
                #rows,
                direction: &[f64],
                product: &mut [f64],
            ) {
                #multiplied
            }
        })
    }
}
