//! What all functions of a module share: names, arguments, sizes.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::product;
use super::module::Module;
use super::names::Names;
use super::signature::{Argument, Form};
use crate::graph::{Declaration, Extent, Role};

/// The names and declarations the functions share.
pub(super) struct Frame<'a> {
    pub(super) module: &'a Module<'a>,
    pub(super) declarations: Vec<Declaration>,
    pub(super) dimensions: Vec<Ident>,
    /// The generic sizes, by dimension.
    pub(super) generics: Vec<Option<Ident>>,
    pub(super) names: Names,
    pub(super) arguments: Vec<(Argument, Ident)>,
    /// The number of parameters, where it is fixed.
    pub(super) count: Option<usize>,
}

impl<'a> Frame<'a> {
    /// The frame of a module whose dimensions called `sizes` are generic.
    pub(super) fn new(module: &'a Module<'a>, sizes: &[String]) -> Frame<'a> {
        let declarations: Vec<Declaration> = module.graph.arrays().map(|(_, d)| d.clone()).collect();
        let mut names = Names::default();
        names.reserve(&[
            "value",
            "gradient",
            "hessian",
            "direction",
            "workspace",
            "row",
            "column",
            "entry",
            "product",
            "rest",
            "values",
            "rows",
            "columns",
            "from_row",
            "to_row",
            "vectors",
            "directions",
            "products",
            "diagonal",
            "derivatives",
            "matrix",
            "start",
            "machine",
            "full",
            "work",
            "lane",
            "count",
            "entries",
            "structure",
            "packed",
            "test_points",
            "test_point",
            "test_sample",
            "test_parameters",
            "test_value",
            "test_surface",
            "test_dual",
            "test_edges",
            "lanes",
            "group",
            "groups",
            "last",
            "total",
            "gradient_lanes",
            "product_lanes",
            "hessian_lanes",
            "Rows",
            "M",
        ]);
        let arguments = module.arguments.iter().map(|a| (a.clone(), names.claim(&a.local_name()))).collect();
        let named = module.graph.dimensions();
        let dimensions: Vec<Ident> = named.iter().map(|name| names.claim(name)).collect();
        let is_generic = |name: &String| sizes.contains(name);
        let generics =
            named.iter().zip(&dimensions).map(|(name, own)| is_generic(name).then(|| own.clone())).collect();
        let count = Declaration::parameters(&declarations);
        Frame { module, declarations, dimensions, generics, names, arguments, count }
    }

    pub(super) fn declaration(&self, argument: &Argument) -> &Declaration {
        &self.declarations[argument.array.0 as usize]
    }

    pub(super) fn is_parameter(&self, argument: &Argument) -> bool {
        self.declaration(argument).role == Role::Parameter
    }

    /// `<const N: usize>`, with the lifetime `life` before it, where there is any of these.
    pub(super) fn generics(&self, life: Option<&TokenStream>) -> Option<TokenStream> {
        let life = life.map(|life| quote!(#life,));
        let sizes = self.generics.iter().flatten();
        let all = quote!(#life #(const #sizes: usize,)*);
        (!all.is_empty()).then(|| quote!(<#all>))
    }

    /// `<N>`, with the lifetime `life` before it, where there is any of these.
    pub(super) fn generic_arguments(&self, life: Option<&TokenStream>) -> Option<TokenStream> {
        let life = life.map(|life| quote!(#life,));
        let sizes = self.generics.iter().flatten();
        let all = quote!(#life #(#sizes,)*);
        (!all.is_empty()).then(|| quote!(<#all>))
    }

    /// Whether a dimension is known at run time only.
    fn is_open(&self, dimension: usize) -> bool {
        self.generics[dimension].is_none()
    }

    /// What the caller gives.
    pub(super) fn given(&self) -> impl Iterator<Item = &(Argument, Ident)> {
        self.arguments.iter().filter(|(argument, _)| argument.form != Form::Outer)
    }

    /// The constants of the module around, for the module inside.
    pub(super) fn outer(&self) -> TokenStream {
        let constants = self.arguments.iter().filter(|(argument, _)| argument.form == Form::Outer);
        let names = constants.map(|(argument, _)| format_ident!("{}", argument.name));
        quote!(#(use super::#names;)*)
    }

    /// The expression for a dimension, from the first argument that tells it.
    pub(super) fn told(&self, dimension: usize) -> Option<TokenStream> {
        self.told_by(dimension).map(|name| quote!(#name.len()))
    }

    fn told_by(&self, dimension: usize) -> Option<&Ident> {
        let tells = |argument: &Argument| {
            let first = self.declaration(argument).shape.first();
            argument.form == Form::Slice
                && self.is_open(dimension)
                && matches!(first, Some(Extent::Named(d)) if d.0 as usize == dimension)
        };
        self.arguments.iter().find(|(argument, _)| tells(argument)).map(|(_, name)| name)
    }

    /// Arguments of type `usize` for dimensions that no slice tells.
    pub(super) fn sizes(&self) -> Vec<&Ident> {
        let is_asked = |&d: &usize| self.is_open(d) && self.told(d).is_none();
        (0..self.dimensions.len()).filter(is_asked).map(|d| &self.dimensions[d]).collect()
    }

    pub(super) fn inputs(&self) -> TokenStream {
        self.inputs_for(None)
    }

    /// The inputs with the lifetime `life` on their references.
    pub(super) fn inputs_for(&self, life: Option<&TokenStream>) -> TokenStream {
        let private = &self.module.private;
        let inputs = self.given().map(|(argument, name)| {
            let kind = argument.r#type(self.declaration(argument), private, life, &self.generics);
            quote!(#name: #kind,)
        });
        let sizes = self.sizes();
        quote!(#(#inputs)* #(#sizes: usize,)*)
    }

    pub(super) fn passed(&self) -> TokenStream {
        let names = self.given().map(|(_, name)| name);
        let sizes = self.sizes();
        quote!(#(#names,)* #(#sizes,)*)
    }

    /// Whether the functions check lengths at all.
    pub(super) fn has_checks(&self) -> bool {
        self.count.is_none() || self.arguments.iter().any(|(a, _)| matches!(a.form, Form::Slice | Form::Flat))
    }

    /// Views, sizes, and checks that the sizes agree.
    pub(super) fn prologue(&self) -> TokenStream {
        let mut tokens = TokenStream::new();
        for (dimension, name) in self.dimensions.iter().enumerate() {
            if let Some(length) = self.told(dimension) {
                tokens.extend(quote!(let #name = #length;));
            }
        }
        for (argument, name) in &self.arguments {
            if let Some(view) = argument.view(name) {
                tokens.extend(quote!(let #name = #view;));
            }
            let shape = &self.declaration(argument).shape;
            let message = |what: &str| format!("the length of `{name}` differs from {what}");
            match (argument.form, shape.first()) {
                (Form::Slice, Some(Extent::Named(d))) if self.told_by(d.0 as usize) != Some(name) => {
                    let size = &self.dimensions[d.0 as usize];
                    let message = message(&format!("the extent `{size}` that other arguments have"));
                    tokens.extend(quote!(assert!(#name.len() == #size, #message);));
                }
                (Form::Flat, _) => {
                    let length = product(shape.iter().map(|extent| self.size(*extent)));
                    let message = message("the product of its extents");
                    tokens.extend(quote!(assert!(#name.len() == #length, #message);));
                }
                _ => {}
            }
        }
        tokens
    }

    pub(super) fn size(&self, extent: Extent) -> TokenStream {
        match extent {
            Extent::Fixed(size) => {
                let size = Literal::usize_unsuffixed(size);
                quote!(#size)
            }
            Extent::Named(dimension) => {
                let name = &self.dimensions[dimension.0 as usize];
                quote!(#name)
            }
        }
    }

    /// The number of parameters as an expression of sizes.
    pub(super) fn total(&self) -> TokenStream {
        if let Some(count) = self.count {
            let count = Literal::usize_unsuffixed(count);
            return quote!(#count);
        }
        let lengths = self
            .declarations
            .iter()
            .filter(|d| d.role == Role::Parameter)
            .map(|d| product(d.shape.iter().map(|&extent| self.size(extent))));
        quote!(#(#lengths)+*)
    }

    pub(super) fn buffer(&self, packed: bool) -> TokenStream {
        match self.count {
            Some(count) => {
                let length = Literal::usize_unsuffixed(if packed { count * (count + 1) / 2 } else { count });
                quote!([f64; #length])
            }
            None => quote!([f64]),
        }
    }

    /// Sizes that a bound error function must keep: no data argument tells them.
    pub(super) fn held_sizes(&self) -> Vec<&Ident> {
        let is_held = |&d: &usize| self.is_open(d) && self.telling_data(d).is_none();
        (0..self.dimensions.len()).filter(is_held).map(|d| &self.dimensions[d]).collect()
    }

    /// The data argument whose length is a dimension.
    pub(super) fn telling_data(&self, dimension: usize) -> Option<&Ident> {
        let tells = |argument: &Argument| {
            let first = self.declaration(argument).shape.first();
            !self.is_parameter(argument)
                && argument.form == Form::Slice
                && self.is_open(dimension)
                && matches!(first, Some(Extent::Named(e)) if e.0 as usize == dimension)
        };
        self.arguments.iter().find(|(argument, _)| tells(argument)).map(|(_, name)| name)
    }

    pub(super) fn names_of_parameters(&self) -> Vec<String> {
        let parameters = self.arguments.iter().filter(|(a, _)| self.is_parameter(a));
        let names: Vec<&str> = parameters.clone().map(|(a, _)| self.declaration(a).name.as_str()).collect();
        // The fields of the only structure go by their own names.
        let shared = names.first().and_then(|name| Some(&name[..=name.find('.')?])).unwrap_or_default();
        let shared = if names.iter().all(|name| name.starts_with(shared)) { shared } else { "" };
        parameters
            .flat_map(|(argument, _)| {
                let d = self.declaration(argument);
                let name = &d.name[shared.len()..];
                let shape: Vec<usize> =
                    d.shape.iter().map(|e| if let Extent::Fixed(size) = e { *size } else { 0 }).collect();
                match shape[..] {
                    [columns, rows] if argument.by_columns => (0..columns)
                        .flat_map(|column| (0..rows).map(move |row| format!("{name}[{row},{column}]")))
                        .collect(),
                    _ => crate::evaluate::element_names(name, &shape),
                }
            })
            .collect()
    }

    pub(super) fn parameter_doc(&self) -> Vec<String> {
        const LISTED: usize = 12;
        let Some(count) = self.count else {
            let names: Vec<String> = self
                .arguments
                .iter()
                .filter(|(a, _)| self.is_parameter(a))
                .map(|(_, name)| format!("`{name}`"))
                .collect();
            return vec![format!(" Parameters, in order: the elements of {}.", names.join(", "))];
        };
        let names: Vec<String> = self.names_of_parameters().iter().map(|name| format!("`{name}`")).collect();
        let listed = if count > LISTED {
            format!("{}, …, {}", names[..LISTED - 1].join(", "), names[count - 1])
        } else {
            names.join(", ")
        };
        vec![format!(" Parameters ({count}), in order: {listed}.")]
    }
}
