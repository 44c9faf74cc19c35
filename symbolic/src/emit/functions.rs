//! The generated functions and their documentation.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::Output;
use super::body::Body;
use super::frame::Frame;
use super::module::Kernels;
use crate::graph::{Affine, Range, Symbol};
use crate::schedule::{Block, Kernel, Operation, Request, Statement};

/// Matrices of more parameters are not returned by value: they would crowd the stack.
const LARGEST_BY_VALUE: usize = 128;

impl Frame<'_> {
    pub(super) fn body<'k>(&'k self, kernel: &'k Kernel) -> Body<'k> {
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
            dimensions: {
                // The number of vectors of a block comes with the kernel.
                let own = kernel.dimensions.len().saturating_sub(self.dimensions.len());
                let added = (0..own).map(|_| format_ident!("vectors"));
                self.dimensions.iter().cloned().chain(added).collect()
            },
            names: self.names.clone(),
            private: self.module.private.clone(),
            counters: Vec::new(),
            views: Vec::new(),
        }
    }

    /// One kernel as a function that writes to buffers.
    pub(super) fn function(&self, name: &str, kernel: &Kernel) -> TokenStream {
        let request = kernel.request;
        let mut body = self.body(kernel);
        let (target, statements, workspace) = (body.target(), body.statements(), body.workspace_length());
        let (inputs, prologue, checks) = (self.inputs(), self.prologue(), self.checks(&body, &target));
        let (vector, triangle) = (self.buffer(false), self.buffer(true));
        let (several, one) = (quote!([f64]), &vector);
        let list = if request.block { &several } else { one };
        let has_target = request.gradient || request.product || request.diagonal;
        let direction = match request {
            Request { block: true, .. } => Some(quote!(vectors: usize, directions: &[f64],)),
            Request { product: true, .. } | Request { directional: true, .. } => {
                Some(quote!(direction: &#vector,))
            }
            _ => None,
        };
        let (first, clear_first) = when(has_target, quote!(#target: &mut #list,), quote!(#target.fill(0.0);));
        let (second, clear_second) =
            when(request.hessian, quote!(hessian: &mut #triangle,), quote!(hessian.fill(0.0);));
        let values = body.values_type();
        let (third, clear_third) =
            when(request.sparse, quote!(values: &mut #values,), quote!(values.fill(0.0);));
        let clear_matrix = quote! {
            let hessian = matrix;
            hessian.fill(0.0);
        };
        let (fourth, clear_fourth) =
            when(request.gauss_newton, quote!(matrix: &mut #triangle,), clear_matrix);
        let has_value = request.value || request.gauss_newton;
        let (result, start) = when(has_value, quote!(-> f64), quote!(let mut value = 0.0;));
        let (results, starts) =
            when(request.directional, quote!(-> [f64; 4]), quote!(let mut derivatives = [0.0; 4];));
        let end =
            if request.directional { Some(quote!(derivatives)) } else { has_value.then(|| quote!(value)) };
        let space = workspace.as_ref().map(|_| quote!(workspace: &mut [f64],));
        let mut doc = vec![describe(request).to_owned(), String::new(), " Operations:".to_owned()];
        count(&kernel.body, "", kernel, &mut doc);
        if self.has_checks() || request.block {
            doc.extend(
                ["", " # Panics", " Where the lengths of slices do not fit each other."].map(str::to_owned),
            );
        }
        let identifier = format_ident!("{name}");
        let length = workspace.map(|length| self.workspace_function(name, request, &length));
        quote! {
            #(#[doc = #doc])*
            pub fn #identifier(#inputs #direction #first #second #third #fourth #space) #result #results {
                #prologue
                #checks
                #clear_first
                #clear_second
                #clear_third
                #clear_fourth
                #start
                #starts
                #statements
                #end
            }
            #length
        }
    }

    /// Assertions on the lengths of buffers, where these are slices.
    fn checks(&self, body: &Body<'_>, target: &Ident) -> Option<TokenStream> {
        let request = body.kernel.request;
        let third = (request.sparse && body.fixed_entries().is_none()).then(|| {
            let entries = body.entries();
            quote!(assert!(values.len() == #entries, "one value per entry of the sparse Hessian");)
        });
        let total = self.total();
        if request.block {
            let one_each = |name: &Ident| quote!(assert!(#name.len() == (#total) * vectors, "one entry per parameter and vector"););
            let (directions, products) = (one_each(&format_ident!("directions")), one_each(target));
            return Some(quote!(#directions #products));
        }
        if self.count.is_some() {
            return third;
        }
        let one_each = |name: &Ident| quote!(assert!(#name.len() == #total, "one entry per parameter"););
        let first = (request.gradient || request.product || request.diagonal).then(|| one_each(target));
        let direction =
            (request.product || request.directional).then(|| one_each(&format_ident!("direction")));
        let packed = |name: &str| {
            let name = format_ident!("{name}");
            quote!(assert!(#name.len() == (#total) * (#total + 1) / 2, "the entries of a packed triangle");)
        };
        let second = request.hessian.then(|| packed("hessian"));
        let fourth = request.gauss_newton.then(|| packed("matrix"));
        Some(quote!(#first #direction #second #third #fourth))
    }

    fn workspace_function(&self, name: &str, request: Request, length: &TokenStream) -> TokenStream {
        let identifier = format_ident!("{}_workspace", name.trim_end_matches("_into"));
        let doc = format!(" The length of the workspace of [`{name}`].");
        let (inputs, prologue) = (self.inputs(), self.prologue());
        let vectors = request.block.then(|| quote!(vectors: usize,));
        quote! {
            #[doc = #doc]
            pub fn #identifier(#inputs #vectors) -> usize { #prologue #length }
        }
    }

    /// The functions that return arrays.
    pub(super) fn wrappers(&self, count: usize, kernels: &Kernels) -> TokenStream {
        let (inputs, passed) = (self.inputs(), self.passed());
        let triangle = Literal::usize_unsuffixed(count * (count + 1) / 2);
        let size = Literal::usize_unsuffixed(count);
        let wanted = |output| {
            let kernel = kernels.of(output)?;
            let needs_space = self.body(kernel).workspace_length().is_some();
            let space = needs_space.then(|| quote!(workspace: &mut [f64],));
            Some((space, needs_space.then(|| quote!(workspace,))))
        };
        let mut tokens = TokenStream::new();
        if let Some((space, give)) = wanted(Output::Hessian).filter(|_| count <= LARGEST_BY_VALUE) {
            tokens.extend(quote! {
                /// The Hessian of E, both triangles equal bit for bit.
                pub fn hessian(#inputs #space) -> [[f64; #size]; #size] {
                    value_gradient_hessian(#passed #give).2
                }
                /// E, ∇E and the Hessian, both triangles equal bit for bit, in one pass.
                pub fn value_gradient_hessian(#inputs #space) -> (f64, [f64; #size], [[f64; #size]; #size]) {
                    let (mut gradient, mut packed) = ([0.0; #size], [0.0; #triangle]);
                    let value = value_gradient_hessian_into(#passed &mut gradient, &mut packed, #give);
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
            });
        }
        if let Some((space, give)) = wanted(Output::Gradient) {
            tokens.extend(quote! {
                /// ∇E, one entry per parameter.
                pub fn gradient(#inputs #space) -> [f64; #size] {
                    value_gradient(#passed #give).1
                }
                /// E and ∇E in one pass.
                pub fn value_gradient(#inputs #space) -> (f64, [f64; #size]) {
                    let mut gradient = [0.0; #size];
                    let value = value_gradient_into(#passed &mut gradient, #give);
                    (value, gradient)
                }
            });
        }
        if let Some((space, give)) = wanted(Output::HessianVector) {
            tokens.extend(quote! {
                /// The product of the Hessian with `direction`, without the Hessian.
                pub fn hessian_vector(#inputs direction: &[f64; #size], #space) -> [f64; #size] {
                    let mut product = [0.0; #size];
                    hessian_vector_into(#passed direction, &mut product, #give);
                    product
                }
            });
        }
        if let Some((space, give)) = wanted(Output::HessianDiagonal) {
            tokens.extend(quote! {
                /// The diagonal of the Hessian.
                pub fn hessian_diagonal(#inputs #space) -> [f64; #size] {
                    let mut diagonal = [0.0; #size];
                    hessian_diagonal_into(#passed &mut diagonal, #give);
                    diagonal
                }
            });
        }
        tokens
    }
}

fn when(holds: bool, a: TokenStream, b: TokenStream) -> (Option<TokenStream>, Option<TokenStream>) {
    (holds.then_some(a), holds.then_some(b))
}

fn describe(request: Request) -> &'static str {
    match request {
        Request::VALUE => " E.",
        Request::VALUE_GRADIENT => " E, and ∇E into `gradient`, in one pass.",
        Request::VALUE_GRADIENT_SPARSE => {
            " E, ∇E into `gradient`, and the values of the sparse Hessian into `values`, in the order of \
             [`hessian_pattern`]."
        }
        Request::HESSIAN_VECTORS => {
            " The products of the Hessian with `vectors` directions, into `products`; the numbers of one parameter \
             for all vectors are side by side in both."
        }
        Request::HESSIAN_DIAGONAL => " The diagonal of the Hessian, into `diagonal`.",
        Request::DIRECTIONAL => " E(w + t·direction) at t = 0, and its first three derivatives by t.",
        Request::GAUSS_NEWTON => {
            " The sum of squares Σ r², and the Gauss–Newton matrix JᵀJ, J being the Jacobian of the residuals r: \
             its lower triangle, packed by rows, into `matrix`."
        }
        Request::HESSIAN_VECTOR => " The product of the Hessian with `direction`, into `product`.",
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
            Statement::Value(_) | Statement::Gradient(..) => plain += 1,
            Statement::Hessian(..) | Statement::Entry(..) => plain += 1,
            Statement::Derivative(..) | Statement::Diagonal(..) => plain += 1,
            Statement::Coordinates(_) => {}
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

fn range_text(range: &Range, kernel: &Kernel) -> String {
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
