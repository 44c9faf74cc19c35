//! A test that holds gradient and Hessian against differentiation by dual numbers.
//!
//! E is written out once more, on dual numbers, from its kernel as it was written: without derivatives and without the
//! stable forms that functions are given for evaluation.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::{Body, fixed_length};
use super::border::Border;
use super::frame::Frame;
use super::input::{Container, Input};
use super::signature::Element;
use crate::graph::{
    Array, Comparison, Declaration, Expr, Extent, Graph, Node, Number, ReduceKind, Role, Subscript,
};
use crate::schedule::{Block, Kernel, Operand, Operation, Place, Statement};

/// The length of data in the test: a whole tile of rows and some more.
const ROWS: usize = 70;
/// The length of parameters of run-time or generic size in the test.
const SIZE: usize = 4;

impl Frame<'_> {
    /// The test; `value` is the kernel of E as it was written.
    pub(super) fn agreement(&self, border: &Border, value: &Kernel, function: &TokenStream) -> TokenStream {
        let private = &self.module.private;
        let mut body = self.body(value);
        let statements = body.dual_block(&value.body, self.has_shift());
        let tables = body.dual_tables();
        let sizes = self.generics.iter().enumerate().filter_map(|(d, generic)| {
            let (generic, size) = (generic.as_ref()?, Literal::usize_unsuffixed(self.sample_size(d)));
            Some(quote!(const #generic: usize = #size;))
        });
        let open = self.generics.iter().enumerate().filter(|(_, generic)| generic.is_none()).map(|(d, _)| {
            let (name, size) = (&self.dimensions[d], Literal::usize_unsuffixed(self.sample_size(d)));
            quote!(let #name: usize = #size;)
        });
        let named = self.inputs_of(border);
        let drawn = named.iter().map(|(input, name)| self.drawn(input, name));
        let passed = named.iter().map(|(input, name)| {
            let reference = input.is_reference.then(|| quote!(&));
            match input.container {
                Container::VectorView => {
                    quote!(#private::nalgebra::DVectorView::from_slice(#name.as_slice(), #name.len()))
                }
                Container::Record { .. } if !input.is_reference => {
                    quote!(#private::Parameters::read_from(&#name))
                }
                Container::Record { .. } => quote!(&#private::Parameters::read_from(&#name)),
                _ => quote!(#reference #name),
            }
        });
        let rebound = named.iter().map(|(input, name)| match &input.container {
            Container::VectorView => quote!(let #name = #private::nalgebra::DVectorView::from_slice(#name.as_slice(), #name.len());),
            Container::Record { path, .. } => {
                let reference = input.is_reference.then(|| quote!(&));
                quote!(let #name = #reference <#path as #private::Parameters>::read_from(&#name);)
            }
            _ if input.is_reference => quote!(let #name = &#name;),
            _ => TokenStream::new(),
        });
        let views = named.iter().map(|(input, name)| input.views(name, &self.arguments, self.module.graph));
        let bound = self.bound(None).into_iter().map(|(name, _)| name);
        let called = self.generic_arguments(None).map(|sizes| quote!(::#sizes));
        let total = self.total();
        let path = (!border.is_plain(self.module.graph)).then(|| quote!(plain::));
        let views_of_values =
            self.arguments.iter().filter(|(a, _)| !self.is_parameter(a)).filter_map(|(a, name)| {
                let view = a.view(name)?;
                Some(quote!(let #name = #view;))
            });
        let single = border.result == Element::Single;
        quote! {
            #[cfg(test)]
            #[test]
            fn derivatives_agree_with_dual_numbers() {
                use #private::agreement::{Edges, POINTS, Sample, holds};
                use #private::dual::Dual;
                #(#sizes)*
                #(#open)*
                let mut test_points = 0;
                for test_point in 0..POINTS {
                    let mut test_sample = Sample::new(test_point);
                    let test_parameters: #private::Vec<f64> =
                        (0..#total).map(|_| test_sample.parameter()).collect();
                    let mut rest = test_parameters.iter().copied();
                    #(#drawn)*
                    let test_value = f64::from(#function(#(#passed),*));
                    #(#rebound)*
                    #(#views)*
                    let test_surface = #path error_function #called(#(#bound),*);
                    #(#views_of_values)*
                    let test_dual = |test_parameters: &[Dual], test_edges: &Edges| {
                        let mut value = Dual::ZERO;
                        #tables
                        #statements
                        value
                    };
                    test_points +=
                        usize::from(holds(&test_surface, &test_parameters, test_value, #single, &test_dual));
                }
                assert!(test_points > 0, "E is smooth and finite at none of the points");
            }
        }
    }

    /// Whether maxima are shifts of sums of exponentials, whose slopes cancel.
    fn has_shift(&self) -> bool {
        let graph = self.module.graph;
        has_node(graph, self.module.error, |node| matches!(node, Node::Reduce(ReduceKind::LogSumExp, ..)))
    }

    /// The size of a dimension in the test.
    fn sample_size(&self, dimension: usize) -> usize {
        let is_of_parameters = self.declarations.iter().any(|d| {
            d.role == Role::Parameter
                && d.shape.iter().any(|e| matches!(e, Extent::Named(e) if e.0 as usize == dimension))
        });
        if is_of_parameters || self.generics[dimension].is_some() { SIZE } else { ROWS }
    }

    /// An input with numbers of the sample.
    fn drawn(&self, input: &Input, name: &Ident) -> TokenStream {
        let private = &self.module.private;
        let Some(&array) = input.arrays.first() else { return TokenStream::new() };
        let declaration = self.module.graph.declaration(array);
        let element = input.element.r#type();
        let is_parameter = declaration.role == Role::Parameter;
        let next = match (is_parameter, declaration.role, input.element) {
            (true, _, Element::Single) => quote!(rest.next().unwrap_or_default() as f32),
            (true, ..) => quote!(rest.next().unwrap_or_default()),
            (_, Role::Lookup, _) if self.is_subscript(array) => {
                let size = Literal::usize_unsuffixed(self.smallest());
                quote!(test_sample.position(#size) as #element)
            }
            (_, _, Element::Integer(..)) => quote!(test_sample.integer() as #element),
            (_, _, Element::Truth) => quote!(test_sample.truth()),
            (_, _, Element::Single) => quote!(test_sample.number() as f32),
            _ => quote!(test_sample.number()),
        };
        let sizes: Vec<TokenStream> = declaration.shape.iter().map(|&extent| self.size(extent)).collect();
        let nested =
            |axes: usize| (0..axes).fold(next.clone(), |inner, _| quote!(core::array::from_fn(|_| #inner)));
        let size = |extent: Extent| super::signature::fixed(extent, &self.generics).unwrap_or_default();
        let kind = Input { is_reference: false, ..input.clone() }.r#type(declaration, private, None, &size);
        let nalgebra = quote!(#private::nalgebra);
        match (&input.container, &sizes[..]) {
            (Container::Number, _) => quote!(let #name: #kind = #next;),
            (Container::Array, sizes) => {
                let value = nested(sizes.len());
                quote!(let #name: #kind = #value;)
            }
            (Container::Slice, [length, inner @ ..]) => {
                let value = nested(inner.len());
                let kind = inner.iter().rev().fold(quote!(#element), |kind, size| quote!([#kind; #size]));
                quote!(let #name: #private::Vec<#kind> = (0..#length).map(|_| #value).collect();)
            }
            (Container::VectorSlice, [length, _]) => {
                quote!(let #name: #private::Vec<_> = (0..#length).map(|_| #nalgebra::SVector::from_fn(|_, _| #next)).collect();)
            }
            (Container::VectorArray, _) => {
                quote!(let #name: #kind = core::array::from_fn(|_| #nalgebra::SVector::from_fn(|_, _| #next));)
            }
            (Container::Vector | Container::Matrix, _) => {
                quote!(let #name: #kind = #nalgebra::SMatrix::from_fn(|_, _| #next);)
            }
            (Container::DynamicVector | Container::VectorView, [length, ..]) => {
                quote!(let #name = #nalgebra::DVector::<#element>::from_fn(#length, |_, _| #next);)
            }
            (Container::DynamicMatrix, [columns, rows]) => {
                quote!(let #name = #nalgebra::DMatrix::<#element>::from_fn(#rows, #columns, |_, _| #next);)
            }
            _ => {
                let own = input.arrays.iter().map(|&array| self.module.graph.declaration(array));
                let count: usize = own.filter_map(Declaration::fixed_length).sum();
                let count = Literal::usize_unsuffixed(count);
                quote!(let #name: [f64; #count] = core::array::from_fn(|_| #next);)
            }
        }
    }

    /// Whether an array is looked up in.
    fn is_subscript(&self, array: Array) -> bool {
        let looks_up =
            |subscript: &Subscript| matches!(subscript, Subscript::Lookup(own, _) if *own == array);
        has_node(self.module.graph, self.module.error, |node| match node {
            Node::Leaf(_, subscripts) => subscripts.iter().any(looks_up),
            _ => false,
        })
    }

    /// The smallest size of an axis: every position below it is one of every axis.
    fn smallest(&self) -> usize {
        let axes = self.declarations.iter().flat_map(|d| &d.shape);
        let size = |extent: &Extent| match extent {
            Extent::Fixed(size) => *size,
            Extent::Named(d) => self.sample_size(d.0 as usize),
        };
        axes.map(size).min().unwrap_or(1)
    }
}

/// The first function of an error function that dual numbers lack, or nothing where they have all.
///
/// # Errors
/// The name of the function.
///
/// ```
/// use hesse_symbolic::emit::duals;
///
/// let model = hesse_parser::formula::parse("x^2*exp(y)", &Default::default()).unwrap();
/// assert_eq!(duals(&model.graph, model.error), Ok(()));
/// ```
pub fn duals(graph: &Graph, error: Expr) -> Result<(), &'static str> {
    for expr in graph.reachable(&[error], |_, _| true) {
        if let Node::Apply(function, _) = graph.node(expr)
            && !hesse_runtime::dual::Dual::has(function.name())
        {
            return Err(function.name());
        }
    }
    Ok(())
}

fn has_node(graph: &Graph, error: Expr, is_one: impl Fn(&Node) -> bool) -> bool {
    graph.reachable(&[error], |_, _| true).into_iter().any(|expr| is_one(graph.node(expr)))
}

impl Body<'_> {
    /// Local arrays of dual numbers.
    fn dual_tables(&self) -> TokenStream {
        let tables = self.kernel.tables.iter().enumerate().map(|(at, shape)| {
            let name = format_ident!("z{at}");
            match fixed_length(shape) {
                Some(length) => {
                    let length = Literal::u64_unsuffixed(length);
                    quote!(let mut #name = [Dual::ZERO; #length];)
                }
                None => {
                    let (length, private) = (self.table_length(shape), &self.private);
                    quote!(let mut #name = #private::vec![Dual::ZERO; #length];)
                }
            }
        });
        quote!(#(#tables)*)
    }

    fn dual_block(&mut self, block: &Block, has_shift: bool) -> TokenStream {
        block.iter().map(|statement| self.dual_statement(statement, has_shift)).collect()
    }

    fn dual_statement(&mut self, statement: &Statement, has_shift: bool) -> TokenStream {
        match statement {
            Statement::Let(target, operation) => {
                let (target, value) = (self.slot(*target), self.dual_operation(operation));
                quote!(let #target = #value;)
            }
            Statement::Start(target, kind) => {
                let (target, neutral) =
                    (self.slot(*target), super::body::float(crate::evaluate::neutral(*kind)));
                quote!(let mut #target = Dual::constant(#neutral);)
            }
            Statement::Combine(target, kind, value) => {
                let (target, value) = (self.slot(*target), self.dual_operand(*value));
                match kind {
                    ReduceKind::Sum | ReduceKind::LogSumExp => quote!(#target += #value;),
                    ReduceKind::Product => quote!(#target *= #value;),
                    ReduceKind::Max if has_shift => quote!(#target = #target.larger(#value);),
                    ReduceKind::Max => quote!(#target = #target.max(#value);),
                }
            }
            Statement::Loop(index, range, inner) => {
                let (lo, hi) = (self.bound(&range.lo), self.bound(&range.hi));
                let counter = self.enter(*index);
                let inner = self.dual_block(inner, has_shift);
                self.counters.pop();
                quote!(for #counter in #lo..#hi { #inner })
            }
            Statement::Clear(target) => {
                let target = format_ident!("z{}", target.0);
                quote!(#target.fill(Dual::ZERO);)
            }
            Statement::Store(target, at, value) => {
                let (at, value) = (self.flat(*target, at), self.dual_operand(*value));
                let target = format_ident!("z{}", target.0);
                quote!(#target[#at] = #value;)
            }
            Statement::Add(target, at, value) => {
                let (at, value) = (self.flat(*target, at), self.dual_operand(*value));
                let target = format_ident!("z{}", target.0);
                quote!(#target[#at] += #value;)
            }
            Statement::Value(value) => {
                let value = self.dual_operand(*value);
                quote!(value += #value;)
            }
            // The kernel of a value in plain loops has none of the others.
            _ => TokenStream::new(),
        }
    }

    fn dual_operand(&self, value: Operand) -> TokenStream {
        match value {
            Operand::Slot(_) => self.operand(value),
            Operand::Number(number) => {
                let number = super::body::float(Number::to_f64(number));
                quote!(Dual::constant(#number))
            }
        }
    }

    fn dual_operation(&self, operation: &Operation) -> TokenStream {
        let binary = |a: &Operand, sign: TokenStream, b: &Operand| {
            let (a, b) = (self.dual_operand(*a), self.dual_operand(*b));
            quote!(#a #sign #b)
        };
        match operation {
            Operation::Load(array, subscripts) => {
                if self.kernel.arrays[array.0 as usize].role == Role::Parameter {
                    let at = self.position(&Place { array: *array, subscripts: subscripts.clone() });
                    return quote!(test_parameters[#at]);
                }
                let element = self.load(*array, subscripts);
                quote!(Dual::constant(#element))
            }
            Operation::Read(table, at) => self.read(*table, at),
            Operation::IndexValue(affine) => {
                let value = self.signed(affine);
                quote!(Dual::constant(#value))
            }
            Operation::Lane(..) => quote!(Dual::ZERO),
            Operation::Add(a, b) => binary(a, quote!(+), b),
            Operation::Sub(a, b) => binary(a, quote!(-), b),
            Operation::Mul(a, b) => binary(a, quote!(*), b),
            Operation::Div(a, b) => binary(a, quote!(/), b),
            Operation::MulAdd(a, b, c) => {
                let [a, b, c] = [a, b, c].map(|o| self.dual_operand(*o));
                quote!(#a * #b + #c)
            }
            Operation::Neg(a) => {
                let a = self.dual_operand(*a);
                quote!(-#a)
            }
            Operation::Sqrt(a) => {
                let a = self.dual_operand(*a);
                quote!(Dual::sqrt(#a))
            }
            Operation::Call(function, args) => {
                let args = args.iter().map(|&arg| self.dual_operand(arg));
                let name = format_ident!("{}", function.name());
                quote!(Dual::#name(#(#args),*))
            }
            Operation::Select(condition, a, b) => {
                let (condition, a, b) =
                    (self.operand(*condition), self.dual_operand(*a), self.dual_operand(*b));
                quote!(if #condition { #a } else { #b })
            }
            Operation::Compare(comparison, a, b) => {
                let (a, b) = (self.dual_operand(*a), self.dual_operand(*b));
                let compare = match comparison {
                    Comparison::Less => quote!(f64::lt),
                    Comparison::LessEqual => quote!(f64::le),
                    Comparison::Equal => quote!(f64::eq),
                    Comparison::NotEqual => quote!(f64::ne),
                    Comparison::Greater => quote!(f64::gt),
                    Comparison::GreaterEqual => quote!(f64::ge),
                };
                quote!(test_edges.compare(#a, #b, #compare))
            }
            Operation::And(a, b) => {
                let (a, b) = (self.operand(*a), self.operand(*b));
                quote!(#a && #b)
            }
            Operation::Or(a, b) => {
                let (a, b) = (self.operand(*a), self.operand(*b));
                quote!(#a || #b)
            }
            Operation::Not(a) => {
                let a = self.operand(*a);
                quote!(!#a)
            }
        }
    }
}
