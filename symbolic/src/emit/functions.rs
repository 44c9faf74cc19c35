//! The generated functions and their documentation.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use super::frame::Frame;
use super::item::{Inputs, Item};
use crate::graph::{Affine, Range, Symbol};
use crate::schedule::{Kernel, Lanes, Request, work};

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
            dimensions: self.dimensions.iter().cloned().chain(own_dimensions(kernel.request)).collect(),
            generics: &self.generics,
            count: self.count,
            names: self.names.clone(),
            private: self.module.private.clone(),
            counters: Vec::new(),
            tile: None,
            copies: Vec::new(),
            windows: Vec::new(),
        }
    }

    /// One kernel as a function that writes to buffers.
    pub(super) fn function(&self, name: &str, kernel: &Kernel) -> Vec<Item> {
        let request = kernel.request;
        let mut body = self.body(kernel);
        let (target, statements, workspace) = (body.target(), body.statements(), body.workspace_length());
        let (prologue, checks) = (self.prologue(), self.checks(&body, &target));
        let buffers = self.buffers(&body, workspace.is_some());
        let vectors = request.block.then(|| (format_ident!("vectors"), quote!(usize)));
        let rows = request.rows.then(|| (format_ident!("rows"), quote!(core::ops::Range<usize>)));
        let further = buffers.iter().map(|(name, kind)| (name.clone(), quote!(#kind)));
        let further = vectors.into_iter().chain(rows).chain(further).collect();
        let bounds = request.rows.then(|| quote!(let (from_row, to_row) = (rows.start, rows.end);));
        let has_target = request.gradient || request.product || request.diagonal;
        let (arrays, families) = body.written_first();
        let clear_first = (has_target && arrays.is_empty()).then(|| quote!(#target.fill(0.0);));
        let clear_second = request.hessian.then(|| quote!(hessian.fill(0.0);));
        let clear_third = (request.sparse && families.is_empty()).then(|| quote!(values.fill(0.0);));
        let clear_fourth = request.gauss_newton.then(|| {
            quote! {
                let hessian = matrix;
                hessian.fill(0.0);
            }
        });
        let (output, start, end) = match request {
            Request { directional: true, .. } => {
                (quote!([f64; 4]), quote!(let mut derivatives = [0.0; 4];), quote!(derivatives))
            }
            Request { value: true, .. } | Request { gauss_newton: true, .. } => {
                (quote!(f64), quote!(let mut value = 0.0;), quote!(value))
            }
            _ => (quote!(()), TokenStream::new(), TokenStream::new()),
        };
        let result = if end.is_empty() { TokenStream::new() } else { quote!(-> #output) };
        let mut doc = vec![describe(request).to_owned()];
        if request.rows {
            doc.push(" Of `rows` alone; what no row carries goes with the rows that begin at 0.".to_owned());
        }
        doc.extend(["", " Operations:"].map(str::to_owned));
        count(kernel, &mut doc);
        let reasons = [
            (self.has_checks() || request.block, " Where the lengths of slices do not fit each other."),
            (request.rows, " Where there are no such rows."),
        ];
        if reasons.iter().any(|(applies, _)| *applies) {
            doc.extend(["", " # Panics"].map(str::to_owned));
            doc.extend(
                reasons.iter().filter(|(applies, _)| *applies).map(|(_, reason)| (*reason).to_owned()),
            );
        }
        let length = workspace.map(|length| self.workspace_function(name, request, &length));
        let work = quote! {
            #clear_first
            #clear_second
            #clear_third
            #clear_fourth
            #start
            #statements
            #end
        };
        let work = if kernel.dispatched {
            self.dispatched(&buffers, request, &output, &work, kernel.lanes)
        } else {
            self.plain(&work)
        };
        let body = quote!(#prologue #checks #bounds #work);
        let function =
            Item { doc, name: format_ident!("{name}"), inputs: Inputs::All, further, result, body };
        [function].into_iter().chain(length).collect()
    }

    /// The buffers of a function besides its inputs, with their types.
    fn buffers(&self, body: &Body<'_>, has_workspace: bool) -> Vec<(Ident, Buffer)> {
        let request = body.kernel.request;
        let (vector, triangle, list) = (self.buffer(false), self.buffer(true), quote!([f64]));
        let input = |name: &str, kind: &TokenStream| {
            (format_ident!("{name}"), Buffer { is_output: false, kind: kind.clone() })
        };
        let output = |name: Ident, kind: &TokenStream| (name, Buffer { is_output: true, kind: kind.clone() });
        let mut buffers = Vec::new();
        if request.block {
            buffers.push(input("directions", &list));
        } else if request.product || request.directional {
            buffers.push(input("direction", &vector));
        }
        if request.gradient || request.product || request.diagonal {
            buffers.push(output(body.target(), if request.block { &list } else { &vector }));
        }
        if request.hessian {
            buffers.push(output(format_ident!("hessian"), &triangle));
        }
        if request.sparse {
            buffers.push(output(format_ident!("values"), &body.values_type()));
        }
        if request.gauss_newton {
            buffers.push(output(format_ident!("matrix"), &triangle));
        }
        if has_workspace {
            buffers.push(output(format_ident!("workspace"), &list));
        }
        buffers
    }

    /// The work compiled for every kind of processor, one of them chosen when it is called.
    fn dispatched(
        &self,
        buffers: &[(Ident, Buffer)],
        request: Request,
        output: &TokenStream,
        work: &TokenStream,
        lanes: Lanes,
    ) -> TokenStream {
        let (private, lanes) = (&self.module.private, Literal::usize_unsuffixed(lanes.count()));
        let open = self.dimensions.iter().zip(&self.generics).filter(|(_, generic)| generic.is_none());
        let sizes = open.map(|(name, _)| name.clone()).chain(own_dimensions(request));
        let (generics, life) = (self.generics.iter().flatten(), quote!('_));
        let generics = quote!(#(const #generics: usize,)*);
        let (declared, given) = (self.generics(Some(&quote!('a))), self.generic_arguments(Some(&life)));
        let implemented = self.generics(None);
        let generic_arguments = self.generics.iter().flatten();
        let called = quote!(::<M, #(#generic_arguments,)*>);
        let parts = |life: &TokenStream| {
            let inputs = self.arguments.iter().map(|(argument, name)| {
                let view = argument.view_type(self.declaration(argument), private, life, &self.generics);
                quote!(#name: #view,)
            });
            let sizes = sizes.clone().map(|size| quote!(#size: usize,));
            let buffers = buffers.iter().map(|(name, buffer)| {
                let kind = buffer.with_lifetime(life);
                quote!(#name: #kind,)
            });
            inputs.chain(sizes).chain(buffers).collect::<TokenStream>()
        };
        let (fields, parameters) = (parts(&quote!('a)), parts(&quote!('_)));
        let names: Vec<Ident> = self
            .arguments
            .iter()
            .map(|(_, name)| name.clone())
            .chain(sizes)
            .chain(buffers.iter().map(|(name, _)| name.clone()))
            .collect();
        quote! {
            struct Rows #declared {
                #fields
                life: core::marker::PhantomData<&'a f64>,
            }
            impl #implemented #private::lanes::Routine for Rows #given {
                type Output = #output;
                #[inline(always)]
                fn run<M: #private::lanes::Vectors<#lanes>>(self, machine: M) -> #output {
                    let Rows { #(#names,)* .. } = self;
                    // As arguments, buffers are known to be apart from each other.
                    work #called(machine, #(#names,)*)
                }
            }
            #[inline(always)]
            fn work<M: #private::lanes::Vectors<#lanes>, #generics>(machine: M, #parameters) -> #output {
                #work
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

    /// Assertions on rows, and on the lengths of buffers where these are slices.
    fn checks(&self, body: &Body<'_>, target: &Ident) -> TokenStream {
        let rows = body.kernel.rows.as_ref().map(|all| {
            let count = body.bound(&all.length());
            quote! {
                assert!(rows.start <= rows.end && rows.end <= #count, "rows of the error function");
            }
        });
        let lengths = self.length_checks(body, target);
        quote!(#rows #lengths)
    }

    fn length_checks(&self, body: &Body<'_>, target: &Ident) -> Option<TokenStream> {
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

    fn workspace_function(&self, name: &str, request: Request, length: &TokenStream) -> Item {
        let prologue = self.prologue();
        Item {
            doc: vec![format!(" The length of the workspace of [`{name}`].")],
            name: format_ident!("{}_workspace", name.trim_end_matches("_into")),
            inputs: Inputs::All,
            further: request.block.then(|| (format_ident!("vectors"), quote!(usize))).into_iter().collect(),
            result: quote!(-> usize),
            body: quote!(#prologue #length),
        }
    }
}

/// The dimensions that come with a kernel: the number of vectors of a block, the bounds of some rows.
fn own_dimensions(request: Request) -> Vec<Ident> {
    let vectors = request.block.then(|| format_ident!("vectors"));
    let bounds = request.rows.then(|| [format_ident!("from_row"), format_ident!("to_row")]);
    vectors.into_iter().chain(bounds.into_iter().flatten()).collect()
}

fn describe(request: Request) -> &'static str {
    match (Request { rows: false, ..request }) {
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
        let arithmetic = work.arithmetic + work.divisions + work.roots;
        let functions: usize = work.functions.values().sum();
        if arithmetic + functions == 0 {
            continue;
        }
        let place = if work.levels.is_empty() {
            "outside loops".to_owned()
        } else {
            let ranges: Vec<String> =
                work.levels.iter().map(|level| range_text(&level.range, kernel)).collect();
            format!("in {}", ranges.join(" × "))
        };
        lines.push(format!(" * {place}: {arithmetic} arithmetic, {functions} functions"));
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
