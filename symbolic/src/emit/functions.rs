//! The generated functions and their documentation.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use super::frame::Frame;
use crate::graph::{Affine, Range, Symbol};
use crate::schedule::{Kernel, Request, work};

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
            dimensions: self.dimensions.clone(),
            count: self.count,
            names: self.names.clone(),
            private: self.module.private.clone(),
            counters: Vec::new(),
            tile: None,
            suffix: None,
        }
    }

    /// One kernel as a function that writes to buffers.
    pub(super) fn function(&self, name: &str, kernel: &Kernel) -> TokenStream {
        let request = kernel.request;
        let mut body = self.body(kernel);
        let (target, statements, workspace) = (body.target(), body.statements(), body.workspace_length());
        let (inputs, prologue, checks) = (self.inputs(), self.prologue(), self.checks(request, &target));
        let buffers = self.buffers(request, &target, workspace.is_some());
        let parameters = buffers.iter().map(|(name, kind)| quote!(#name: #kind,));
        let has_target = request.gradient || request.product;
        let clear_first = has_target.then(|| quote!(#target.fill(0.0);));
        let clear_second = request.hessian.then(|| quote!(hessian.fill(0.0);));
        let (result, start) = when(request.value, quote!(-> f64), quote!(let mut value = 0.0;));
        let end = request.value.then(|| quote!(value));
        let mut doc = vec![describe(request).to_owned(), String::new(), " Operations:".to_owned()];
        count(kernel, &mut doc);
        if self.has_checks() {
            doc.extend(
                ["", " # Panics", " Where the lengths of slices do not fit each other."].map(str::to_owned),
            );
        }
        let identifier = format_ident!("{name}");
        let length = workspace.map(|length| self.workspace_function(name, &length));
        let work = quote! {
            #clear_first
            #clear_second
            #start
            #statements
            #end
        };
        let work =
            if kernel.dispatched { self.dispatched(&buffers, request, &work) } else { self.plain(&work) };
        quote! {
            #(#[doc = #doc])*
            pub fn #identifier(#inputs #(#parameters)*) #result {
                #prologue
                #checks
                #work
            }
            #length
        }
    }

    /// The buffers of a function besides its inputs, with their types.
    fn buffers(&self, request: Request, target: &Ident, has_workspace: bool) -> Vec<(Ident, Buffer)> {
        let (vector, triangle) = (self.buffer(false), self.buffer(true));
        let mut buffers = Vec::new();
        if request.product {
            buffers.push((format_ident!("direction"), Buffer { is_output: false, kind: vector.clone() }));
        }
        if request.gradient || request.product {
            buffers.push((target.clone(), Buffer { is_output: true, kind: vector }));
        }
        if request.hessian {
            buffers.push((format_ident!("hessian"), Buffer { is_output: true, kind: triangle }));
        }
        if has_workspace {
            buffers.push((format_ident!("workspace"), Buffer { is_output: true, kind: quote!([f64]) }));
        }
        buffers
    }

    /// The work compiled for every kind of processor, one of them chosen when it is called.
    fn dispatched(&self, buffers: &[(Ident, Buffer)], request: Request, work: &TokenStream) -> TokenStream {
        let private = &self.module.private;
        let life = quote!('a);
        let inputs = self.arguments.iter().map(|(argument, name)| {
            let view = argument.view_type(self.declaration(argument), private, &life);
            quote!(#name: #view,)
        });
        let sizes = &self.dimensions;
        let fields = buffers.iter().map(|(name, buffer)| {
            let kind = buffer.with_lifetime(&life);
            quote!(#name: #kind,)
        });
        let names: Vec<&Ident> = self
            .arguments
            .iter()
            .map(|(_, name)| name)
            .chain(&self.dimensions)
            .chain(buffers.iter().map(|(name, _)| name))
            .collect();
        let output = if request.value { quote!(f64) } else { quote!(()) };
        quote! {
            struct Rows<'a> {
                #(#inputs)*
                #(#sizes: usize,)*
                #(#fields)*
                life: core::marker::PhantomData<&'a f64>,
            }
            impl #private::lanes::Routine for Rows<'_> {
                type Output = #output;
                #[inline(always)]
                fn run<M: #private::lanes::Machine>(self) -> #output {
                    let Rows { #(#names,)* .. } = self;
                    #work
                }
            }
            #private::lanes::dispatch(Rows { #(#names,)* life: core::marker::PhantomData })
        }
    }

    /// The work compiled once.
    fn plain(&self, work: &TokenStream) -> TokenStream {
        let private = &self.module.private;
        quote! {
            use #private::lanes::{Machine as _, Plain as M};
            #work
        }
    }

    /// Assertions on the lengths of buffers, where these are slices.
    fn checks(&self, request: Request, target: &Ident) -> Option<TokenStream> {
        if self.count.is_some() {
            return None;
        }
        let total = self.total();
        let one_each = |name: &Ident| quote!(assert!(#name.len() == #total, "one entry per parameter"););
        let first = (request.gradient || request.product).then(|| one_each(target));
        let direction = request.product.then(|| one_each(&format_ident!("direction")));
        let second = request.hessian.then(|| {
            quote!(assert!(hessian.len() == (#total) * (#total + 1) / 2, "the entries of a packed triangle");)
        });
        Some(quote!(#first #direction #second))
    }

    fn workspace_function(&self, name: &str, length: &TokenStream) -> TokenStream {
        let identifier = format_ident!("{}_workspace", name.trim_end_matches("_into"));
        let doc = format!(" The length of the workspace of [`{name}`].");
        let (inputs, prologue) = (self.inputs(), self.prologue());
        quote! {
            #[doc = #doc]
            pub fn #identifier(#inputs) -> usize { #prologue #length }
        }
    }

    /// The functions that return arrays.
    pub(super) fn wrappers(&self, count: usize, needs: &[Option<TokenStream>; 4]) -> TokenStream {
        let (inputs, passed) = (self.inputs(), self.passed());
        let triangle = Literal::usize_unsuffixed(count * (count + 1) / 2);
        let size = Literal::usize_unsuffixed(count);
        let space = |at: usize| needs[at].as_ref().map(|_| quote!(workspace: &mut [f64],));
        let given = |at: usize| needs[at].as_ref().map(|_| quote!(workspace,));
        let (space_gradient, space_hessian, space_product) = (space(1), space(2), space(3));
        let (give_gradient, give_hessian, give_product) = (given(1), given(2), given(3));
        let matrices = (count <= LARGEST_BY_VALUE).then(|| {
            quote! {
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
            }
        });
        quote! {
            #matrices
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
            /// The product of the Hessian with `direction`, without the Hessian.
            pub fn hessian_vector(#inputs direction: &[f64; #size], #space_product) -> [f64; #size] {
                let mut product = [0.0; #size];
                hessian_vector_into(#passed direction, &mut product, #give_product);
                product
            }
        }
    }
}

fn when(holds: bool, a: TokenStream, b: TokenStream) -> (Option<TokenStream>, Option<TokenStream>) {
    (holds.then_some(a), holds.then_some(b))
}

fn describe(request: Request) -> &'static str {
    match request {
        Request::VALUE => " E.",
        Request::VALUE_GRADIENT => " E, and ∇E into `gradient`, in one pass.",
        Request::HESSIAN_VECTOR => " The product of the Hessian with `direction`, into `product`.",
        _ => " E, ∇E into `gradient`, and the lower triangle of the Hessian, packed by rows, into `hessian`.",
    }
}

/// A buffer that a caller brings.
struct Buffer {
    is_output: bool,
    kind: TokenStream,
}

impl Buffer {
    fn with_lifetime(&self, life: &TokenStream) -> TokenStream {
        let kind = &self.kind;
        if self.is_output { quote!(& #life mut #kind) } else { quote!(& #life #kind) }
    }
}

impl quote::ToTokens for Buffer {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.with_lifetime(&TokenStream::new()));
    }
}

/// One line per loop with its operations.
fn count(kernel: &Kernel, lines: &mut Vec<String>) {
    for work in work(kernel) {
        let place = if work.loops.is_empty() {
            "outside loops".to_owned()
        } else {
            let ranges: Vec<String> = work.loops.iter().map(|range| range_text(range, kernel)).collect();
            format!("in {}", ranges.join(" × "))
        };
        lines.push(format!(" * {place}: {} arithmetic, {} functions", work.arithmetic, work.functions));
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
