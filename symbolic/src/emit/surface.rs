//! The type that binds data and implements the runtime's trait.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::product;
use super::frame::Frame;
use super::signature::Form;
use crate::graph::Extent;

impl Frame<'_> {
    /// The type that binds data and implements the runtime's trait.
    pub(super) fn surface(&self, needs: &[Option<TokenStream>; 4]) -> TokenStream {
        let private = &self.module.private;
        let data: Vec<_> = self.arguments.iter().filter(|(a, _)| !self.is_parameter(a)).collect();
        let life = quote!('a);
        let fields: Vec<(Ident, TokenStream)> = data
            .iter()
            .map(|(argument, name)| {
                (name.clone(), argument.r#type(self.declaration(argument), private, Some(&life)))
            })
            .chain(self.held_sizes().into_iter().map(|name| (name.clone(), quote!(usize))))
            .collect();
        let is_borrowing =
            data.iter().any(|(a, _)| !matches!(a.form, Form::Scalar | Form::Value | Form::VectorValue));
        let generics = is_borrowing.then(|| quote!(<'a>));
        let elided = is_borrowing.then(|| quote!(<'_>));
        let (names, kinds): (Vec<_>, Vec<_>) = fields.iter().cloned().unzip();
        let total = self.total();
        let dimensions: TokenStream =
            self.held_sizes().into_iter().map(|name| quote!(let #name = self.#name;)).collect();
        let told: TokenStream = (0..self.dimensions.len())
            .filter_map(|d| {
                let by_data = data.iter().find_map(|(argument, name)| {
                    let first = self.declaration(argument).shape.first();
                    let tells = matches!(first, Some(Extent::Named(e)) if e.0 as usize == d);
                    (tells && argument.form == Form::Slice).then(|| quote!(self.#name.len()))
                })?;
                let name = &self.dimensions[d];
                Some(quote!(let #name = #by_data;))
            })
            .collect();
        let (split, call) = (self.split(), self.call());
        let (vector, triangle) =
            (self.chunk(&format_ident!("gradient"), false), self.chunk(&format_ident!("hessian"), true));
        let direction = self.chunk_of("direction");
        let result = self.chunk(&format_ident!("product"), false);
        let space = |at: usize| needs[at].as_ref().map(|length| quote!(&mut #private::vec![0.0; #length],));
        let (space0, space1, space2, space3) = (space(0), space(1), space(2), space(3));
        let name_cases = self.parameter_names();
        let length = format_ident!("parameters");
        quote! {
            /// The error function with its data bound.
            #[derive(Clone, Copy, Debug)]
            pub struct Surface #generics { #(#names: #kinds,)* }

            /// Binds the data; parameters are laid out one after another in the order of the arguments.
            pub fn error_function #generics(#(#names: #kinds,)*) -> Surface #generics {
                Surface { #(#names,)* }
            }

            impl #private::ErrorFunction for Surface #elided {
                fn dimension(&self) -> usize { #told #dimensions #total }
                fn value(&self, #length: &[f64]) -> f64 {
                    #told #dimensions #split
                    value(#call #space0)
                }
                fn value_gradient(&self, #length: &[f64], gradient: &mut [f64]) -> f64 {
                    #told #dimensions #split #vector
                    value_gradient_into(#call gradient, #space1)
                }
                fn value_gradient_hessian(&self, #length: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
                    #told #dimensions #split #vector #triangle
                    value_gradient_hessian_into(#call gradient, hessian, #space2)
                }
                fn hessian_vector(&self, #length: &[f64], direction: &[f64], product: &mut [f64]) {
                    #told #dimensions #split #direction #result
                    hessian_vector_into(#call direction, product, #space3)
                }
                #name_cases
            }
        }
    }

    /// Cuts `parameters` into the parameter arguments.
    pub(super) fn split(&self) -> TokenStream {
        let mut tokens = quote!(let rest = parameters;);
        for (argument, name) in self.arguments.iter().filter(|(a, _)| self.is_parameter(a)) {
            let shape = &self.declaration(argument).shape;
            let Some((first, inner)) = shape.split_first() else {
                tokens.extend(quote! {
                    let [#name, rest @ ..] = rest else { panic!("one entry per parameter") };
                    let #name = *#name;
                });
                if argument.form == Form::Reference {
                    tokens.extend(quote!(let #name = &#name;));
                }
                continue;
            };
            let length = product(shape.iter().map(|&extent| self.size(extent)));
            tokens.extend(quote!(let (#name, rest) = rest.split_at(#length);));
            if argument.form == Form::Flat {
                continue;
            }
            for extent in inner.iter().rev() {
                let size = self.size(*extent);
                tokens.extend(quote!(let #name = #name.as_chunks::<#size>().0;));
            }
            if let Extent::Fixed(size) = first {
                let size = Literal::usize_unsuffixed(*size);
                tokens.extend(quote! {
                    let Some(#name) = #name.first_chunk::<#size>() else { panic!("one entry per parameter") };
                });
            }
            let made = argument.made_of(&quote!(#name), &self.module.private);
            tokens.extend(quote!(let #name = #made;));
        }
        tokens
    }

    /// The arguments of a call from within the bound error function.
    pub(super) fn call(&self) -> TokenStream {
        let inputs = self.arguments.iter().map(|(argument, name)| {
            if self.is_parameter(argument) { quote!(#name,) } else { quote!(self.#name,) }
        });
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
            fn parameter_name(&self, index: usize, f: &mut dyn core::fmt::Write) -> core::fmt::Result {
                match index {
                    #(#cases)*
                    _ => f.write_str("?"),
                }
            }
        })
    }
}
