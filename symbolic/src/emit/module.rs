//! The module of generated functions for one error function.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::{Body, product};
use super::names::Names;
use super::signature::{Argument, Form};
use crate::graph::{Declaration, Expr, Extent, Graph, Role};
use crate::schedule::{Block, Kernel, Operation, Request, Statement, schedule};

/// What to emit.
#[derive(Clone, Debug)]
pub struct Module<'a> {
    /// The name of the module.
    pub name: Ident,
    /// Its visibility and attributes.
    pub head: TokenStream,
    /// The graph with its declarations.
    pub graph: &'a Graph,
    /// The error function.
    pub error: Expr,
    /// How its arrays are passed.
    pub arguments: Vec<Argument>,
    /// The path under which generated code finds the runtime.
    pub private: TokenStream,
    /// What it computes, for the documentation.
    pub title: String,
}

/// The names and declarations the functions share.
struct Frame<'a> {
    module: &'a Module<'a>,
    declarations: Vec<Declaration>,
    dimensions: Vec<Ident>,
    names: Names,
    arguments: Vec<(Argument, Ident)>,
    /// The number of parameters, where it is fixed.
    count: Option<usize>,
}

impl Module<'_> {
    /// The tokens of the module.
    ///
    /// With P parameters it has `value`, `gradient`, `value_gradient`, `hessian`, `value_gradient_hessian` and
    /// `hessian_vector`, their `…_into` forms that write to buffers (H as packed lower triangle by rows), and
    /// `error_function`, which binds data and implements the runtime's trait. Where the number of
    /// parameters is known at run time only, the forms that return arrays are left out.
    pub fn tokens(&self) -> TokenStream {
        let frame = Frame::new(self);
        let kernel = |request| schedule(&mut self.graph.clone(), self.error, request);
        let kernels = [
            ("value", kernel(Request::VALUE)),
            ("value_gradient_into", kernel(Request::VALUE_GRADIENT)),
            ("value_gradient_hessian_into", kernel(Request::VALUE_GRADIENT_HESSIAN)),
            ("hessian_vector_into", kernel(Request::HESSIAN_VECTOR)),
        ];
        let functions = kernels.iter().map(|(name, kernel)| frame.function(name, kernel));
        let needs = kernels.each_ref().map(|(_, kernel)| frame.body(kernel).workspace_length());
        let wrappers = frame.count.map(|count| frame.wrappers(count, &needs));
        let surface = frame.surface(&needs);
        let (head, name) = (&self.head, &self.name);
        let title = format!(" Derivatives of {}.", self.title);
        let parameters = frame.parameter_doc();
        quote! {
            #[doc = #title]
            #[doc = ""]
            #(#[doc = #parameters])*
            #[automatically_derived]
            #[allow(unused, clippy::all, non_snake_case)]
            #head mod #name {
                #wrappers
                #(#functions)*
                #surface
            }
        }
    }
}

impl<'a> Frame<'a> {
    fn new(module: &'a Module<'a>) -> Frame<'a> {
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
        ]);
        let arguments = module.arguments.iter().map(|a| (a.clone(), names.claim(&a.name))).collect();
        let dimensions = module.graph.dimensions().iter().map(|name| names.claim(name)).collect();
        let lengths = declarations.iter().filter(|d| d.role == Role::Parameter).map(|d| {
            d.shape.iter().try_fold(1usize, |length, extent| match extent {
                Extent::Fixed(size) => length.checked_mul(*size),
                Extent::Named(_) => None,
            })
        });
        let count = lengths.sum::<Option<usize>>();
        Frame { module, declarations, dimensions, names, arguments, count }
    }

    fn declaration(&self, argument: &Argument) -> &Declaration {
        &self.declarations[argument.array.0 as usize]
    }

    fn is_parameter(&self, argument: &Argument) -> bool {
        self.declaration(argument).role == Role::Parameter
    }

    /// The expression for a dimension, from the first argument that tells it.
    fn told(&self, dimension: usize) -> Option<TokenStream> {
        self.arguments.iter().find_map(|(argument, name)| {
            let first = self.declaration(argument).shape.first();
            let tells = matches!(first, Some(Extent::Named(d)) if d.0 as usize == dimension);
            (tells && argument.form == Form::Slice).then(|| quote!(#name.len()))
        })
    }

    /// Arguments of type `usize` for dimensions that no slice tells.
    fn sizes(&self) -> Vec<&Ident> {
        (0..self.dimensions.len()).filter(|&d| self.told(d).is_none()).map(|d| &self.dimensions[d]).collect()
    }

    fn inputs(&self) -> TokenStream {
        let private = &self.module.private;
        let inputs = self.arguments.iter().map(|(argument, name)| {
            let kind = argument.r#type(self.declaration(argument), private, None);
            quote!(#name: #kind,)
        });
        let sizes = self.sizes();
        quote!(#(#inputs)* #(#sizes: usize,)*)
    }

    fn passed(&self) -> TokenStream {
        let names = self.arguments.iter().map(|(_, name)| name);
        let sizes = self.sizes();
        quote!(#(#names,)* #(#sizes,)*)
    }

    fn body<'k>(&'k self, kernel: &'k Kernel) -> Body<'k> {
        // Directions come with the kernel; each is read from the one flat `direction`.
        let arrays = (0..kernel.arrays.len())
            .map(|array| {
                let argument = self.arguments.iter().find(|(a, _)| a.array.0 as usize == array);
                argument.map_or_else(|| format_ident!("direction"), |(_, name)| name.clone())
            })
            .collect();
        Body {
            kernel,
            arguments: &self.module.arguments,
            arrays,
            dimensions: self.dimensions.clone(),
            names: self.names.clone(),
            private: self.module.private.clone(),
            counters: Vec::new(),
            views: Vec::new(),
        }
    }

    /// Views, sizes, and checks that the sizes agree.
    fn prologue(&self) -> TokenStream {
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
                (Form::Slice, Some(Extent::Named(d))) => {
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

    fn size(&self, extent: Extent) -> TokenStream {
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
    fn total(&self) -> TokenStream {
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

    fn buffer(&self, packed: bool) -> TokenStream {
        match self.count {
            Some(count) => {
                let length = Literal::usize_unsuffixed(if packed { count * (count + 1) / 2 } else { count });
                quote!([f64; #length])
            }
            None => quote!([f64]),
        }
    }

    fn function(&self, name: &str, kernel: &Kernel) -> TokenStream {
        let request = kernel.request;
        let mut body = self.body(kernel);
        let statements = body.statements();
        let workspace = body.workspace_length();
        let (inputs, prologue) = (self.inputs(), self.prologue());
        let (vector, triangle) = (self.buffer(false), self.buffer(true));
        let direction = request.product.then(|| quote!(direction: &#vector,));
        let gradient = (request.gradient || request.product).then(|| quote!(gradient: &mut #vector,));
        let hessian = request.hessian.then(|| quote!(hessian: &mut #triangle,));
        let space = workspace.as_ref().map(|_| quote!(workspace: &mut [f64],));
        let result = request.value.then(|| quote!(-> f64));
        let start = request.value.then(|| quote!(let mut value = 0.0;));
        let end = request.value.then(|| quote!(value));
        let total = self.total();
        let checks = self.count.is_none().then(|| {
            let gradient = gradient
                .as_ref()
                .map(|_| quote!(assert!(gradient.len() == #total, "one entry per parameter");));
            let direction = direction
                .as_ref()
                .map(|_| quote!(assert!(direction.len() == #total, "one entry per parameter");));
            let hessian = hessian
                .as_ref()
                .map(|_| quote!(assert!(hessian.len() == (#total) * (#total + 1) / 2, "a packed triangle");));
            quote!(#gradient #direction #hessian)
        });
        let clear_gradient = gradient.as_ref().map(|_| quote!(gradient.fill(0.0);));
        let clear_hessian = hessian.as_ref().map(|_| quote!(hessian.fill(0.0);));
        let mut doc = vec![describe(request).to_owned(), String::new(), " Operations:".to_owned()];
        count(&kernel.body, "", kernel, &mut doc);
        let identifier = format_ident!("{name}");
        let length = workspace.map(|length| {
            let identifier = format_ident!("{}_workspace", name.trim_end_matches("_into"));
            let doc = format!(" The length of the workspace of [`{name}`].");
            quote! {
                #[doc = #doc]
                pub fn #identifier(#inputs) -> usize { #prologue #length }
            }
        });
        quote! {
            #(#[doc = #doc])*
            pub fn #identifier(#inputs #direction #gradient #hessian #space) #result {
                #prologue
                #checks
                #clear_gradient
                #clear_hessian
                #start
                #statements
                #end
            }
            #length
        }
    }

    /// The functions that return arrays.
    fn wrappers(&self, count: usize, needs: &[Option<TokenStream>; 4]) -> TokenStream {
        let (inputs, passed) = (self.inputs(), self.passed());
        let triangle = Literal::usize_unsuffixed(count * (count + 1) / 2);
        let size = Literal::usize_unsuffixed(count);
        let space = |at: usize| needs[at].as_ref().map(|_| quote!(workspace: &mut [f64],));
        let given = |at: usize| needs[at].as_ref().map(|_| quote!(workspace,));
        let (space_gradient, space_hessian, space_product) = (space(1), space(2), space(3));
        let (give_gradient, give_hessian, give_product) = (given(1), given(2), given(3));
        quote! {
            /// ∇E, one entry per parameter.
            pub fn gradient(#inputs #space_gradient) -> [f64; #size] {
                value_gradient(#passed #give_gradient).1
            }
            /// E and ∇E in one pass.
            pub fn value_gradient(#inputs #space_gradient) -> (f64, [f64; #size]) {
                let mut gradient = [0.0; #size];
                let value = value_gradient_into(#passed &mut gradient, #give_gradient);
                (value, gradient)
            }
            /// The Hessian of E, both triangles equal bit for bit.
            pub fn hessian(#inputs #space_hessian) -> [[f64; #size]; #size] {
                value_gradient_hessian(#passed #give_hessian).2
            }
            /// E, ∇E and the Hessian, both triangles equal bit for bit, in one pass.
            pub fn value_gradient_hessian(#inputs #space_hessian) -> (f64, [f64; #size], [[f64; #size]; #size]) {
                let (mut gradient, mut packed) = ([0.0; #size], [0.0; #triangle]);
                let value = value_gradient_hessian_into(#passed &mut gradient, &mut packed, #give_hessian);
                let mut hessian = [[0.0; #size]; #size];
                for row in 0..#size {
                    for column in 0..=row {
                        let entry = packed[row * (row + 1) / 2 + column];
                        hessian[row][column] = entry;
                        hessian[column][row] = entry;
                    }
                }
                (value, gradient, hessian)
            }
            /// The product of the Hessian with `direction`, without the Hessian.
            pub fn hessian_vector(#inputs direction: &[f64; #size], #space_product) -> [f64; #size] {
                let mut product = [0.0; #size];
                hessian_vector_into(#passed direction, &mut product, #give_product);
                product
            }
        }
    }

    /// The type that binds data and implements the runtime's trait.
    fn surface(&self, needs: &[Option<TokenStream>; 4]) -> TokenStream {
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

    /// Sizes that a bound error function must keep: no data argument tells them.
    fn held_sizes(&self) -> Vec<&Ident> {
        let by_data = |d: usize| {
            self.arguments.iter().any(|(argument, _)| {
                let first = self.declaration(argument).shape.first();
                !self.is_parameter(argument)
                    && argument.form == Form::Slice
                    && matches!(first, Some(Extent::Named(e)) if e.0 as usize == d)
            })
        };
        (0..self.dimensions.len()).filter(|&d| !by_data(d)).map(|d| &self.dimensions[d]).collect()
    }

    /// Cuts `parameters` into the parameter arguments.
    fn split(&self) -> TokenStream {
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
    fn call(&self) -> TokenStream {
        let inputs = self.arguments.iter().map(|(argument, name)| {
            if self.is_parameter(argument) { quote!(#name,) } else { quote!(self.#name,) }
        });
        let sizes = self.sizes();
        quote!(#(#inputs)* #(#sizes,)*)
    }

    fn chunk(&self, name: &Ident, packed: bool) -> Option<TokenStream> {
        let count = self.count?;
        let length = Literal::usize_unsuffixed(if packed { count * (count + 1) / 2 } else { count });
        Some(quote! {
            let Some(#name) = #name.first_chunk_mut::<#length>() else { panic!("one entry per parameter") };
        })
    }

    fn chunk_of(&self, name: &str) -> Option<TokenStream> {
        let (count, name) = (Literal::usize_unsuffixed(self.count?), format_ident!("{name}"));
        Some(quote! {
            let Some(#name) = #name.first_chunk::<#count>() else { panic!("one entry per parameter") };
        })
    }

    /// `parameter_name`, where the number of parameters is fixed; run-time arrays keep the trait's default.
    fn parameter_names(&self) -> Option<TokenStream> {
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

    fn names_of_parameters(&self) -> Vec<String> {
        let parameters = self.declarations.iter().filter(|d| d.role == Role::Parameter);
        parameters
            .flat_map(|d| {
                let shape: Vec<usize> =
                    d.shape.iter().map(|e| if let Extent::Fixed(size) = e { *size } else { 0 }).collect();
                crate::evaluate::element_names(&d.name, &shape)
            })
            .collect()
    }

    fn parameter_doc(&self) -> Vec<String> {
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

fn describe(request: Request) -> &'static str {
    match request {
        Request::VALUE => " E.",
        Request::VALUE_GRADIENT => " E, and ∇E into `gradient`, in one pass.",
        Request::HESSIAN_VECTOR => " The product of the Hessian with `direction`, into `gradient`.",
        _ => " E, ∇E into `gradient`, and the lower triangle of the Hessian, packed by rows, into `hessian`.",
    }
}

/// One line per loop with its operations.
fn count(block: &Block, path: &str, kernel: &Kernel, lines: &mut Vec<String>) {
    let (mut plain, mut calls) = (0, 0);
    for statement in block {
        match statement {
            Statement::Let(_, Operation::Call(..)) => calls += 1,
            Statement::Let(_, Operation::Load(..) | Operation::Read(..)) => {}
            Statement::Let(..) | Statement::Combine(..) | Statement::Add(..) => plain += 1,
            Statement::Value(_) | Statement::Gradient(..) | Statement::Hessian(..) => plain += 1,
            Statement::Start(..) | Statement::Clear(_) | Statement::Store(..) | Statement::Loop(..) => {}
        }
    }
    let place = if path.is_empty() { "outside loops".to_owned() } else { format!("in {path}") };
    if plain + calls > 0 {
        lines.push(format!(" * {place}: {plain} arithmetic, {calls} functions"));
    }
    for statement in block {
        if let Statement::Loop(_, range, body) = statement {
            let inner = range_text(range, kernel);
            let inner = if path.is_empty() { inner } else { format!("{path} × {inner}") };
            count(body, &inner, kernel, lines);
        }
    }
}

fn range_text(range: &crate::graph::Range, kernel: &Kernel) -> String {
    use crate::graph::{Affine, Symbol};
    let text = |affine: &Affine| {
        let mut parts: Vec<String> = affine
            .terms
            .iter()
            .map(|(symbol, coefficient)| {
                let name = match symbol {
                    Symbol::Dimension(d) => kernel.dimensions[d.0 as usize].as_str(),
                    Symbol::Index(_) => "outer",
                };
                if *coefficient == 1 { name.to_owned() } else { format!("{coefficient}·{name}") }
            })
            .collect();
        if affine.constant != 0 || parts.is_empty() {
            parts.push(affine.constant.to_string());
        }
        parts.join("+")
    };
    format!("{}..{}", text(&range.lo), text(&range.hi))
}
