//! The type that binds data and implements the runtime's trait.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::Output;
use super::frame::Frame;
use super::input::taken;
use super::module::Kernels;
use super::signature::Form;

impl Frame<'_> {
    /// The type that binds data and implements the runtime's trait, where the outputs have enough for it.
    pub(super) fn surface(&self, kernels: &Kernels) -> Option<TokenStream> {
        let methods = self.methods(kernels)?;
        let private = &self.module.private;
        let (names, kinds): (Vec<_>, Vec<_>) = self.bound(Some(&quote!('a))).into_iter().unzip();
        let is_borrowing = self.is_borrowing();
        let (life, unnamed) = (is_borrowing.then(|| quote!('a)), is_borrowing.then(|| quote!('_)));
        let (declared, given) = (self.generics(life.as_ref()), self.generic_arguments(life.as_ref()));
        let (implemented, elided) = (self.generics(None), self.generic_arguments(unnamed.as_ref()));
        let (total, sizes) = (self.total(), self.held());
        let name_cases = self.parameter_names();
        let smooth = self.module.graph.is_smooth(self.module.error).then(|| {
            quote! {
                #[inline]
                fn is_smooth(&self) -> bool { true }
            }
        });
        let sparse = self.sparse_methods(kernels).map(|methods| {
            quote! {
                impl #implemented #private::SparseErrorFunction for Surface #elided { #methods }
            }
        });
        let squares = self.squares_methods(kernels).map(|methods| {
            quote! {
                impl #implemented #private::SumOfSquares for Surface #elided { #methods }
            }
        });
        let rows = self.rows_methods(kernels).map(|methods| {
            quote! {
                impl #implemented #private::RowErrorFunction for Surface #elided { #methods }
            }
        });
        let inherent =
            self.inherent(kernels).map(|methods| quote!(impl #implemented Surface #elided { #methods }));
        Some(quote! {
            /// The error function with its data bound.
            #[derive(Clone, Copy, Debug)]
            pub struct Surface #declared { #(#names: #kinds,)* }

            /// Binds the data; parameters are laid out one after another in the order of the arguments.
            #[inline]
            pub fn error_function #declared(#(#names: #kinds,)*) -> Surface #given {
                Surface { #(#names,)* }
            }

            impl #implemented #private::ErrorFunction for Surface #elided {
                #[inline]
                fn dimension(&self) -> usize { #sizes #total }
                #methods
                #smooth
                #name_cases
            }

            #sparse
            #squares
            #rows
            #inherent
        })
    }

    /// Whether a bound error function refers to its data.
    pub(super) fn is_borrowing(&self) -> bool {
        let mut data = self.given().filter(|(a, _)| !self.is_parameter(a));
        data.any(|(a, _)| !matches!(a.form, Form::Scalar | Form::Value))
    }

    /// Zeros for a vector or a packed triangle: an array where their number is known, so that no allocator is needed.
    fn zeros(&self, is_triangle: bool) -> TokenStream {
        let private = &self.module.private;
        match self.count {
            Some(count) => {
                let length = if is_triangle { count * (count + 1) / 2 } else { count };
                let length = Literal::usize_unsuffixed(length);
                quote!([0.0; #length])
            }
            None if is_triangle => {
                quote!(#private::vec![0.0; self.dimension() * (self.dimension() + 1) / 2])
            }
            None => quote!(#private::vec![0.0; self.dimension()]),
        }
    }

    /// The methods of the trait; those whose function is not asked for are made from others.
    fn methods(&self, kernels: &Kernels) -> Option<TokenStream> {
        let (split, call, sizes) = (self.split(), self.call(), self.held());
        let private = &self.module.private;
        let space = |output| {
            let length = self.body(kernels.of(output)?).workspace_length()?;
            Some(quote!(&mut #private::vec![0.0; #length],))
        };
        let has = |output| kernels.of(output).is_some();
        if !has(Output::Gradient) {
            return None;
        }
        let (vector, triangle) =
            (self.chunk(&format_ident!("gradient"), false), self.chunk(&format_ident!("hessian"), true));
        let direction = self.chunk_of("direction");
        let result = self.chunk(&format_ident!("product"), false);
        let value = if has(Output::Value) {
            let space = space(Output::Value);
            quote!(#sizes #split value(#call #space))
        } else {
            let gradient = self.zeros(false);
            quote!(self.value_gradient(parameters, &mut #gradient))
        };
        let space_gradient = space(Output::Gradient);
        let hessian = if has(Output::Hessian) {
            let space = space(Output::Hessian);
            quote!(#sizes #split #vector #triangle value_gradient_hessian_into(#call gradient, hessian, #space))
        } else if has(Output::SparseHessian) {
            quote!(#private::sparse::dense(self, parameters, gradient, hessian))
        } else if has(Output::HessianVector) {
            let zeros = self.zeros(false);
            quote! {
                let count = self.dimension();
                let mut direction = #zeros;
                let mut product = #zeros;
                for row in 0..count {
                    direction[row] = 1.0;
                    self.hessian_vector(parameters, &direction, &mut product);
                    direction[row] = 0.0;
                    hessian[row * (row + 1) / 2..][..=row].copy_from_slice(&product[..=row]);
                }
                self.value_gradient(parameters, gradient)
            }
        } else {
            return None;
        };
        let product = if has(Output::HessianVector) {
            let space = space(Output::HessianVector);
            quote!(#sizes #split #direction #result hessian_vector_into(#call direction, product, #space))
        } else if has(Output::SparseHessian) {
            quote!(#private::sparse::product(self, parameters, direction, product))
        } else {
            let zeros = self.zeros(true);
            quote! {
                let mut hessian = #zeros;
                self.value_gradient_hessian(parameters, product, &mut hessian);
                #private::packed::multiply(&hessian, direction, product);
            }
        };
        Some(quote! {
            #[inline]
            fn value(&self, parameters: &[f64]) -> f64 { #value }
            #[inline]
            fn value_gradient(&self, parameters: &[f64], gradient: &mut [f64]) -> f64 {
                #sizes #split #vector
                value_gradient_into(#call gradient, #space_gradient)
            }
            #[inline]
            fn value_gradient_hessian(&self, parameters: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
                #hessian
            }
            #[inline]
            fn hessian_vector(&self, parameters: &[f64], direction: &[f64], product: &mut [f64]) { #product }
        })
    }

    /// The methods of the trait of sparse Hessians.
    fn sparse_methods(&self, kernels: &Kernels) -> Option<TokenStream> {
        let kernel = kernels.of(Output::SparseHessian)?;
        let (split, call, sizes) = (self.split(), self.call(), self.held());
        let private = &self.module.private;
        let body = self.body(kernel);
        let space = body.workspace_length().map(|length| quote!(&mut #private::vec![0.0; #length],));
        let vector = self.chunk(&format_ident!("gradient"), false);
        let chunk = |name: &str| {
            let entries = Literal::u64_unsuffixed(body.fixed_entries()?);
            let name = format_ident!("{name}");
            Some(quote! {
                let Some(#name) = #name.first_chunk_mut::<#entries>() else { panic!("one value per entry") };
            })
        };
        let (values, rows, columns) = (chunk("values"), chunk("rows"), chunk("columns"));
        let names = self.bound(None).into_iter().map(|(name, _)| name);
        let bound = quote!(#(self.#names,)*);
        let called = self.generic_arguments(None).map(|sizes| quote!(::#sizes));
        let counting = called.clone().filter(|_| body.fixed_entries().is_none());
        let counted = body.fixed_entries().is_none().then(|| bound.clone());
        Some(quote! {
            #[inline]
            fn entries(&self) -> usize { hessian_entries #counting(#counted) }
            #[inline]
            fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
                #rows #columns
                hessian_pattern #called(#bound rows, columns)
            }
            #[inline]
            fn value_gradient_sparse_hessian(&self, parameters: &[f64], gradient: &mut [f64], values: &mut [f64]) -> f64 {
                #sizes #split #vector #values
                value_gradient_sparse_hessian_into(#call gradient, values, #space)
            }
        })
    }

    /// What a bound error function holds: data and the sizes that no data tells.
    pub(super) fn bound(&self, life: Option<&TokenStream>) -> Vec<(Ident, TokenStream)> {
        let data = self.given().filter(|(a, _)| !self.is_parameter(a)).map(|(argument, name)| {
            let declaration = self.declaration(argument);
            (name.clone(), argument.r#type(declaration, &self.module.private, life, &self.generics))
        });
        data.chain(self.held_sizes().into_iter().map(|name| (name.clone(), quote!(usize)))).collect()
    }

    /// The sizes inside a method of the bound error function.
    pub(super) fn held(&self) -> TokenStream {
        let told = (0..self.dimensions.len()).filter_map(|d| {
            let data = self.telling_data(d)?;
            let name = &self.dimensions[d];
            Some(quote!(let #name = self.#data.len();))
        });
        let held = self.held_sizes().into_iter().map(|name| quote!(let #name = self.#name;));
        told.chain(held).collect()
    }

    /// Cuts `parameters` into the parameter arguments.
    pub(super) fn split(&self) -> TokenStream {
        let mut tokens = quote!(let rest = parameters;);
        for (argument, name) in self.arguments.iter().filter(|(a, _)| self.is_parameter(a)) {
            let shape = &self.declaration(argument).shape;
            tokens.extend(taken(argument, name, shape, &|extent| self.size(extent), &self.generics));
        }
        tokens
    }

    /// The arguments of a call from within the bound error function.
    pub(super) fn call(&self) -> TokenStream {
        let inputs =
            self.given().map(
                |(argument, name)| {
                    if self.is_parameter(argument) { quote!(#name,) } else { quote!(self.#name,) }
                },
            );
        let sizes = self.sizes();
        quote!(#(#inputs)* #(#sizes,)*)
    }

    pub(super) fn chunk(&self, name: &Ident, packed: bool) -> Option<TokenStream> {
        let count = self.count?;
        let length = Literal::usize_unsuffixed(if packed { count * (count + 1) / 2 } else { count });
        Some(quote! {
            let Some(#name) = #name.first_chunk_mut::<#length>() else { panic!("one entry per parameter") };
        })
    }

    pub(super) fn chunk_of(&self, name: &str) -> Option<TokenStream> {
        let (count, name) = (Literal::usize_unsuffixed(self.count?), format_ident!("{name}"));
        Some(quote! {
            let Some(#name) = #name.first_chunk::<#count>() else { panic!("one entry per parameter") };
        })
    }

    /// `parameter_name`, where the number of parameters is fixed; run-time arrays keep the trait's default.
    pub(super) fn parameter_names(&self) -> Option<TokenStream> {
        self.count?;
        let names = self.names_of_parameters();
        let cases = names.iter().enumerate().map(|(at, name)| {
            let at = Literal::usize_unsuffixed(at);
            quote!(#at => f.write_str(#name),)
        });
        Some(quote! {
            #[inline]
            fn parameter_name(&self, index: usize, f: &mut dyn core::fmt::Write) -> core::fmt::Result {
                match index {
                    #(#cases)*
                    _ => f.write_str("?"),
                }
            }
        })
    }
}
