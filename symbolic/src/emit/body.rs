//! Statements of a kernel as Rust.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::names::Names;
use super::signature::{Argument, Form, fixed};
use super::tiles::Tile;
use super::windows::Window;
use crate::functions::Function;
use crate::graph::{Affine, Array, Comparison, Extent, Index, Number, ReduceKind, Role, Subscript, Symbol};
use crate::schedule::{Block, Kernel, Operand, Operation, Place, Request, Slot, Statement, Table, Triangle};

/// The names a body refers to.
pub(super) struct Body<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) arguments: &'a [Argument],
    /// One identifier per array; directions share one.
    pub(super) arrays: Vec<Ident>,
    pub(super) dimensions: Vec<Ident>,
    /// The generic sizes, by dimension.
    pub(super) generics: &'a [Option<Ident>],
    /// The number of parameters, where it is fixed.
    pub(super) count: Option<usize>,
    /// Names not taken by any of these.
    pub(super) names: Names,
    /// The path of the numeric core.
    pub(super) private: TokenStream,
    /// Loop counters by depth.
    pub(super) counters: Vec<(u32, Ident)>,
    /// The loop over rows at hand.
    pub(super) tile: Option<Tile>,
    /// Blocks of output buffers that belong to the rows at hand.
    pub(super) windows: Vec<Window>,
    /// The positions of inner loops, by number, while one of several that share a pass is written out.
    pub(super) copies: Vec<(Index, usize)>,
}

impl Body<'_> {
    /// Local arrays, then the statements.
    pub(super) fn statements(&mut self) -> TokenStream {
        let kernel = self.kernel;
        let mut tokens = TokenStream::new();
        for (at, shape) in kernel.tables.iter().enumerate() {
            let name = table(Table(at as u32));
            match fixed_length(shape) {
                Some(length) => {
                    let length = Literal::u64_unsuffixed(length);
                    tokens.extend(quote!(let mut #name = [0.0; #length];));
                }
                None => tokens.extend(match self.generic_array(shape, quote!(0.0)) {
                    Some((array, flat)) => quote!(let mut #name = #array; let #name = #name #flat;),
                    None => {
                        let length = self.table_length(shape);
                        quote!(let (#name, workspace) = workspace.split_at_mut(#length);)
                    }
                }),
            }
        }
        if kernel.request.pattern {
            tokens.extend(self.starts());
        }
        tokens.extend(self.parts());
        tokens.extend(self.block(&kernel.body));
        tokens
    }

    /// The number of elements of all local arrays whose size is known at run time only, where there are any.
    pub(super) fn workspace_length(&self) -> Option<TokenStream> {
        let mut lengths: Vec<TokenStream> = self
            .kernel
            .tables
            .iter()
            .filter(|shape| self.is_of_run_time(shape))
            .map(|shape| self.table_length(shape))
            .collect();
        self.panel_lengths(&self.kernel.body, &mut lengths);
        (!lengths.is_empty()).then(|| quote!(#(#lengths)+*))
    }

    /// Whether a local array needs a workspace.
    pub(super) fn is_of_run_time(&self, shape: &[Affine]) -> bool {
        fixed_length(shape).is_none() && self.generic_sizes(shape).is_none()
    }

    fn generic_sizes(&self, shape: &[Affine]) -> Option<Vec<TokenStream>> {
        let size = |length: &Affine| match (length.as_constant(), &length.terms[..], length.constant) {
            (Some(size), ..) => fixed(Extent::Fixed(usize::try_from(size).ok()?), &[]),
            (None, &[(Symbol::Dimension(dimension), 1)], 0) => fixed(Extent::Named(dimension), self.generics),
            _ => None,
        };
        shape.iter().map(size).collect()
    }

    /// A local array of generic sizes, and what makes one slice of it.
    pub(super) fn generic_array(
        &self,
        shape: &[Affine],
        element: TokenStream,
    ) -> Option<(TokenStream, TokenStream)> {
        let sizes = self.generic_sizes(shape)?;
        let array = sizes.iter().rev().fold(element, |inner, size| quote!([#inner; #size]));
        let flat = (1..sizes.len()).map(|_| quote!(.as_flattened_mut()));
        Some((array, quote!(.as_mut_slice() #(#flat)*)))
    }

    pub(super) fn table_length(&self, shape: &[Affine]) -> TokenStream {
        product(shape.iter().map(|length| self.bound(length)))
    }

    pub(super) fn block(&mut self, block: &Block) -> TokenStream {
        let mut tokens = TokenStream::new();
        let mut rest = &block[..];
        while let Some(statement) = rest.first() {
            let (count, first) = self.calls_abreast(rest).unwrap_or_else(|| (1, self.statement(statement)));
            tokens.extend(first);
            rest = &rest[count..];
        }
        tokens
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> TokenStream {
        match statement {
            Statement::Let(target, operation) => {
                let (target, value) = (self.slot(*target), self.operation(operation));
                quote!(let #target = #value;)
            }
            Statement::Start(target, kind) => {
                let target = self.slot(*target);
                let neutral = float(crate::evaluate::neutral(*kind));
                quote!(let mut #target = #neutral;)
            }
            Statement::Combine(target, kind, value) => {
                let (target, value, private) = (self.slot(*target), self.operand(*value), &self.private);
                match kind {
                    ReduceKind::Sum | ReduceKind::LogSumExp => quote!(#target += #value;),
                    ReduceKind::Product => quote!(#target *= #value;),
                    ReduceKind::Max => quote!(#target = #private::math::max(#target, #value);),
                }
            }
            Statement::Loop(index, range, body) => {
                let (lo, hi) = (self.bound(&range.lo), self.bound(&range.hi));
                let counter = self.enter(*index);
                let (opened, windows) = self.open_windows(*index, body);
                let body = self.block(body);
                self.windows.truncate(windows);
                self.counters.pop();
                quote!(for #counter in #lo..#hi { #opened #body })
            }
            Statement::Tiles(tiles) => self.tiles(tiles),
            Statement::Fill(panel, at, value) => {
                let (at, value) = (self.lane(*panel, at), self.operand(*value));
                quote!(#at = #value;)
            }
            Statement::Clear(target) => {
                let target = table(*target);
                quote!(#target.fill(0.0);)
            }
            Statement::Store(target, at, value) => {
                let (at, value, target) = (self.flat(*target, at), self.operand(*value), table(*target));
                quote!(#target[#at] = #value;)
            }
            Statement::Add(target, at, value) => {
                let (at, value, target) = (self.flat(*target, at), self.operand(*value), table(*target));
                quote!(#target[#at] += #value;)
            }
            Statement::Value(value) => {
                let value = self.operand(*value);
                quote!(value += #value;)
            }
            Statement::Gradient(place, value) => {
                let ((target, at), value) = (self.first_place(place), self.operand(*value));
                quote!(#target[#at] += #value;)
            }
            Statement::Hessian(row, column, triangle, value) => self.hessian(row, column, *triangle, *value),
            Statement::Derivative(order, value) => {
                let (order, value) = (Literal::usize_unsuffixed(*order), self.operand(*value));
                quote!(derivatives[#order] += #value;)
            }
            Statement::Diagonal(row, column, value) => {
                let (row, column, value) = (self.position(row), self.position(column), self.operand(*value));
                quote! {
                    let row = #row;
                    if row == #column {
                        diagonal[row] += #value;
                    }
                }
            }
            Statement::Entry(entry, value) => self.sparse_statement(entry, *value),
            Statement::Coordinates(entry) => self.coordinates(entry),
        }
    }

    /// The buffer of first derivatives.
    pub(super) fn target(&self) -> Ident {
        let Request { product, block, diagonal, directional, .. } = self.kernel.request;
        format_ident!(
            "{}",
            match (product, block) {
                (true, true) => "products",
                (true, false) => "product",
                _ if diagonal => "diagonal",
                _ if directional => "derivatives",
                _ => "gradient",
            }
        )
    }

    /// Opens a loop over an index.
    pub(super) fn enter(&mut self, index: Index) -> Ident {
        let counter = self.counter();
        self.counters.push((index.0, counter.clone()));
        counter
    }

    fn hessian(&self, row: &Place, column: &Place, triangle: Triangle, value: Operand) -> TokenStream {
        let value = self.operand(value);
        self.hessian_entry(row, column, triangle, &value)
    }

    /// Adds to an entry of the Hessian.
    pub(super) fn hessian_entry(
        &self,
        row: &Place,
        column: &Place,
        triangle: Triangle,
        value: &TokenStream,
    ) -> TokenStream {
        let is_fixed = self.fixed_position(row).zip(self.fixed_position(column)).is_some();
        if triangle.is_one_entry() || is_fixed {
            let at = self.entry(row, column, triangle);
            return quote!(hessian[#at] += #value;);
        }
        let (row, column) = (self.position(row), self.position(column));
        if triangle == Triangle::Guarded {
            return quote! {
                let (row, column) = (#row, #column);
                if row >= column {
                    hessian[row * (row + 1) / 2 + column] += #value;
                }
            };
        }
        quote! {
            let (row, column) = (#row, #column);
            let (row, column, entry) = if row > column {
                (row, column, #value)
            } else if row < column {
                (column, row, #value)
            } else {
                (row, column, #value + #value)
            };
            hessian[row * (row + 1) / 2 + column] += entry;
        }
    }

    /// The position of an entry, which is on or below the diagonal unless it has a mirror image.
    pub(super) fn entry(&self, row: &Place, column: &Place, triangle: Triangle) -> TokenStream {
        if let (Some(row), Some(column)) = (self.fixed_position(row), self.fixed_position(column)) {
            let (row, column) = (row.max(column), row.min(column));
            let at = Literal::u64_unsuffixed(row * (row + 1) / 2 + column);
            return quote!(#at);
        }
        if triangle == Triangle::Beside {
            let (row, column) = (self.position(row), self.position(column));
            return quote!({
                let (one, other) = (#row, #column);
                let row = usize::max(one, other);
                row * (row + 1) / 2 + usize::min(one, other)
            });
        }
        let column = self.position(column);
        if let Some(row) = self.fixed_position(row) {
            let start = Literal::u64_unsuffixed(row * (row + 1) / 2);
            return quote!(#start + #column);
        }
        let row = self.position(row);
        if let Some(row) = as_name(&row) {
            return quote!(#row * (#row + 1) / 2 + #column);
        }
        quote!({ let row = #row; row * (row + 1) / 2 } + #column)
    }

    /// Where a function is.
    pub(super) fn path(&self, function: Function) -> TokenStream {
        if let Function::Outer(number, order) = function {
            let name = outer_function(number.into(), ORDERS[usize::from(order)]);
            return quote!(outer::#name);
        }
        let (private, name) = (&self.private, Ident::new(function.name(), Span::call_site()));
        quote!(#private::math::#name)
    }

    fn operation(&self, operation: &Operation) -> TokenStream {
        let private = &self.private;
        match operation {
            Operation::Load(array, subscripts) => self.load(*array, subscripts),
            Operation::Read(table, at) => self.read(*table, at),
            Operation::Lane(panel, at) => self.lane(*panel, at),
            Operation::IndexValue(affine) => self.signed(affine),
            Operation::Add(a, b) => self.binary(*a, quote!(+), *b),
            Operation::Sub(a, b) => self.binary(*a, quote!(-), *b),
            Operation::Mul(a, b) => self.binary(*a, quote!(*), *b),
            Operation::Div(a, b) => self.binary(*a, quote!(/), *b),
            Operation::MulAdd(a, b, c) => {
                let [a, b, c] = [a, b, c].map(|o| self.operand(*o));
                quote!(M::mul_add(#a, #b, #c))
            }
            Operation::Neg(a) => {
                let a = self.operand(*a);
                quote!(-#a)
            }
            Operation::Sqrt(a) => {
                let a = self.operand(*a);
                quote!(#private::math::sqrt(#a))
            }
            Operation::Call(function, args) => {
                let args = args.iter().map(|&arg| self.operand(arg));
                match function {
                    // In `core` itself, and one instruction.
                    Function::Abs => quote!(f64::abs(#(#args),*)),
                    _ => {
                        let path = self.path(*function);
                        quote!(#path(#(#args),*))
                    }
                }
            }
            Operation::Abreast(function, argument) => {
                let (name, argument) =
                    (Ident::new(function.name(), Span::call_site()), self.operand(*argument));
                quote!(#private::lanes::#name::<M>(#argument))
            }
            Operation::Select(condition, a, b) => {
                let [condition, a, b] = [condition, a, b].map(|o| self.operand(*o));
                quote!(if #condition { #a } else { #b })
            }
            Operation::Compare(comparison, a, b) => {
                let sign = match comparison {
                    Comparison::Less => quote!(<),
                    Comparison::LessEqual => quote!(<=),
                    Comparison::Equal => quote!(==),
                    Comparison::NotEqual => quote!(!=),
                    Comparison::Greater => quote!(>),
                    Comparison::GreaterEqual => quote!(>=),
                };
                self.binary(*a, sign, *b)
            }
            Operation::And(a, b) => self.binary(*a, quote!(&&), *b),
            Operation::Or(a, b) => self.binary(*a, quote!(||), *b),
            Operation::Not(a) => {
                let a = self.operand(*a);
                quote!(!#a)
            }
        }
    }

    pub(super) fn read(&self, target: Table, at: &[Affine]) -> TokenStream {
        let (at, target) = (self.flat(target, at), table(target));
        quote!(#target[#at])
    }

    /// An element as a number.
    pub(super) fn load(&self, array: Array, subscripts: &[Subscript]) -> TokenStream {
        let element = self.element(array, subscripts);
        match self.argument(array) {
            Some(argument) => argument.element.number(element),
            None => element,
        }
    }

    /// An element as a position.
    pub(super) fn look_up(&self, array: Array, subscripts: &[Subscript]) -> TokenStream {
        let element = self.element(array, subscripts);
        match self.argument(array) {
            Some(argument) => argument.element.position(element),
            None => element,
        }
    }

    fn argument(&self, array: Array) -> Option<&Argument> {
        self.arguments.iter().find(|a| a.array == array)
    }

    fn element(&self, array: Array, subscripts: &[Subscript]) -> TokenStream {
        let declaration = &self.kernel.arrays[array.0 as usize];
        let name = &self.arrays[array.0 as usize];
        if let Role::Direction(_) = declaration.role {
            let at = self.position(&Place { array, subscripts: subscripts.to_vec() });
            return if self.kernel.request.block { quote!(directions[#at]) } else { quote!(direction[#at]) };
        }
        if self.argument(array).is_some_and(|a| a.form == Form::Flat) {
            let at = self.flattened(&declaration.shape, subscripts, None);
            return quote!(#name[#at]);
        }
        let at = subscripts.iter().map(|s| self.subscript(s));
        quote!(#name #([#at])*)
    }

    fn binary(&self, a: Operand, sign: TokenStream, b: Operand) -> TokenStream {
        let (a, b) = (self.operand(a), self.operand(b));
        quote!(#a #sign #b)
    }

    pub(super) fn slot(&self, slot: Slot) -> Ident {
        let mut name = format!("t{}", slot.0);
        for &(index, copy) in &self.copies {
            if self.is_copied(slot, index) {
                name.push_str(&format!("_{copy}"));
            }
        }
        Ident::new(&name, Span::call_site())
    }

    pub(super) fn operand(&self, value: Operand) -> TokenStream {
        match value {
            Operand::Slot(value) => {
                let name = self.slot(value);
                quote!(#name)
            }
            Operand::Number(number) => float(Number::to_f64(number)),
        }
    }

    pub(super) fn counter(&mut self) -> Ident {
        const LETTERS: [&str; 6] = ["i", "j", "k", "l", "m", "q"];
        let depth = self.counters.len();
        let mut names = self.names.clone();
        match LETTERS.get(depth) {
            Some(letter) => names.claim(letter),
            None => names.claim(&format!("i{depth}")),
        }
    }
}

/// The identifier that an expression consists of.
fn as_name(expression: &TokenStream) -> Option<Ident> {
    match &expression.clone().into_iter().collect::<Vec<_>>()[..] {
        [TokenTree::Ident(name)] => Some(name.clone()),
        _ => None,
    }
}

/// Whether a name occurs in an expression.
pub(super) fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}

/// The factors with `*` between them; 1 for none.
pub(super) fn product(factors: impl Iterator<Item = TokenStream>) -> TokenStream {
    factors.reduce(|product, factor| quote!(#product * #factor)).unwrap_or_else(|| quote!(1))
}

fn table(table: Table) -> Ident {
    format_ident!("z{}", table.0)
}

pub(super) fn float(value: f64) -> TokenStream {
    if value.is_nan() {
        quote!(f64::NAN)
    } else if value == f64::INFINITY {
        quote!(f64::INFINITY)
    } else if value == f64::NEG_INFINITY {
        quote!(f64::NEG_INFINITY)
    } else if value.abs() == f64::MAX {
        if value > 0.0 { quote!(f64::MAX) } else { quote!(f64::MIN) }
    } else {
        let size = Literal::f64_unsuffixed(value.abs());
        if value.is_sign_negative() { quote!(-#size) } else { quote!(#size) }
    }
}

pub(super) fn fixed_length(shape: &[Affine]) -> Option<u64> {
    shape
        .iter()
        .try_fold(1u64, |length, size| length.checked_mul(u64::try_from(size.as_constant()?.max(0)).ok()?))
}

/// What a function with given derivatives has beside it, by the order of the derivative.
pub(super) const ORDERS: [&str; 3] = ["value", "slope", "curvature"];

/// What such a function is called inside of the generated module.
pub(super) fn outer_function(number: usize, order: &str) -> Ident {
    format_ident!("{order}_{number}")
}
