//! Statements of a kernel as Rust.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

use super::names::Names;
use super::signature::{Argument, Form};
use crate::functions::Function;
use crate::graph::{Affine, Array, Comparison, Index, Number, ReduceKind, Role, Subscript};
use crate::schedule::{Block, Kernel, Operand, Operation, Place, Request, Slot, Statement, Table, Triangle};

/// The names a body refers to.
pub(super) struct Body<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) arguments: &'a [Argument],
    /// One identifier per array; directions share one.
    pub(super) arrays: Vec<Ident>,
    pub(super) dimensions: Vec<Ident>,
    /// Names not taken by any of these.
    pub(super) names: Names,
    /// The path of the numeric core.
    pub(super) private: TokenStream,
    /// Loop counters by depth.
    pub(super) counters: Vec<(u32, Ident)>,
    /// Arrays seen through the rows of a tile, by the index of the row.
    pub(super) views: Vec<(Array, Index)>,
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
                None => {
                    let length = self.table_length(shape);
                    tokens.extend(quote!(let (#name, workspace) = workspace.split_at_mut(#length);));
                }
            }
        }
        tokens.extend(self.starts());
        tokens.extend(self.block(&kernel.body));
        tokens
    }

    /// The number of elements of all local arrays whose size is known at run time only, where there are any.
    pub(super) fn workspace_length(&self) -> Option<TokenStream> {
        let lengths: Vec<TokenStream> = self
            .kernel
            .tables
            .iter()
            .filter(|shape| fixed_length(shape).is_none())
            .map(|shape| self.table_length(shape))
            .collect();
        (!lengths.is_empty()).then(|| quote!(#(#lengths)+*))
    }

    fn table_length(&self, shape: &[Affine]) -> TokenStream {
        product(shape.iter().map(|length| self.bound(length)))
    }

    fn block(&mut self, block: &Block) -> TokenStream {
        block.iter().map(|statement| self.statement(statement)).collect()
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> TokenStream {
        match statement {
            Statement::Let(target, operation) => {
                let (target, value) = (slot(*target), self.operation(operation));
                quote!(let #target = #value;)
            }
            Statement::Start(target, kind) => {
                let target = slot(*target);
                let neutral = float(crate::evaluate::neutral(*kind));
                quote!(let mut #target = #neutral;)
            }
            Statement::Combine(target, kind, value) => {
                let (target, value, private) = (slot(*target), operand(*value), &self.private);
                match kind {
                    ReduceKind::Sum | ReduceKind::LogSumExp => quote!(#target += #value;),
                    ReduceKind::Product => quote!(#target *= #value;),
                    ReduceKind::Max => quote!(#target = #private::math::max(#target, #value);),
                }
            }
            Statement::Loop(index, range, body) => match self.tiled(*index, range, body) {
                Some(tiles) => tiles,
                None => {
                    let (lo, hi) = (self.bound(&range.lo), self.bound(&range.hi));
                    self.plain_loop(*index, &quote!(#lo..#hi), body)
                }
            },
            Statement::Clear(target) => {
                let target = table(*target);
                quote!(#target.fill(0.0);)
            }
            Statement::Store(target, at, value) => {
                let (at, value, target) = (self.flat(*target, at), operand(*value), table(*target));
                quote!(#target[#at] = #value;)
            }
            Statement::Add(target, at, value) => {
                let (at, value, target) = (self.flat(*target, at), operand(*value), table(*target));
                quote!(#target[#at] += #value;)
            }
            Statement::Value(value) => {
                let value = operand(*value);
                quote!(value += #value;)
            }
            Statement::Gradient(place, value) => {
                let (at, value) = (self.position(place), operand(*value));
                let target = self.target();
                quote!(#target[#at] += #value;)
            }
            Statement::Hessian(row, column, triangle, value) => self.hessian(row, column, *triangle, *value),
            Statement::Derivative(order, value) => {
                let (order, value) = (Literal::usize_unsuffixed(*order), operand(*value));
                quote!(derivatives[#order] += #value;)
            }
            Statement::Diagonal(row, column, value) => {
                let (row, column, value) = (self.position(row), self.position(column), operand(*value));
                quote! {
                    let row = #row;
                    if row == #column {
                        diagonal[row] += #value;
                    }
                }
            }
            Statement::Entry(entry, value) => self.entry(entry, *value),
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

    pub(super) fn plain_loop(&mut self, index: Index, range: &TokenStream, body: &Block) -> TokenStream {
        let counter = self.counter();
        self.counters.push((index.0, counter.clone()));
        let body = self.block(body);
        self.counters.pop();
        quote!(for #counter in #range { #body })
    }

    fn hessian(&self, row: &Place, column: &Place, triangle: Triangle, value: Operand) -> TokenStream {
        let value = operand(value);
        if let (Some(row), Some(column)) = (self.fixed_position(row), self.fixed_position(column)) {
            let at = Literal::u64_unsuffixed(row * (row + 1) / 2 + column);
            return quote!(hessian[#at] += #value;);
        }
        let (row, column) = (self.position(row), self.position(column));
        match triangle {
            Triangle::Below => quote! {
                let row = #row;
                hessian[row * (row + 1) / 2 + #column] += #value;
            },
            Triangle::Guarded => quote! {
                let (row, column) = (#row, #column);
                if row >= column {
                    hessian[row * (row + 1) / 2 + column] += #value;
                }
            },
            Triangle::Mirrored => quote! {
                let (row, column) = (#row, #column);
                let (row, column, entry) = if row > column {
                    (row, column, #value)
                } else if row < column {
                    (column, row, #value)
                } else {
                    (row, column, #value + #value)
                };
                hessian[row * (row + 1) / 2 + column] += entry;
            },
        }
    }

    fn operation(&self, operation: &Operation) -> TokenStream {
        let private = &self.private;
        match operation {
            Operation::Load(array, subscripts) => self.load(*array, subscripts),
            Operation::Read(target, at) => {
                let (at, target) = (self.flat(*target, at), table(*target));
                quote!(#target[#at])
            }
            Operation::IndexValue(affine) => self.signed(affine),
            Operation::Add(a, b) => binary(*a, quote!(+), *b),
            Operation::Sub(a, b) => binary(*a, quote!(-), *b),
            Operation::Mul(a, b) => binary(*a, quote!(*), *b),
            Operation::Div(a, b) => binary(*a, quote!(/), *b),
            Operation::Neg(a) => {
                let a = operand(*a);
                quote!(-#a)
            }
            Operation::Sqrt(a) => {
                let a = operand(*a);
                quote!(#private::math::sqrt(#a))
            }
            Operation::Call(function, args) => {
                let args = args.iter().map(|&arg| operand(arg));
                match function {
                    // In `core` itself, and one instruction.
                    Function::Abs => quote!(f64::abs(#(#args),*)),
                    _ => {
                        let name = Ident::new(function.name(), Span::call_site());
                        quote!(#private::math::#name(#(#args),*))
                    }
                }
            }
            Operation::Select(condition, a, b) => {
                let [condition, a, b] = [condition, a, b].map(|o| operand(*o));
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
                binary(*a, sign, *b)
            }
            Operation::And(a, b) => binary(*a, quote!(&&), *b),
            Operation::Or(a, b) => binary(*a, quote!(||), *b),
            Operation::Not(a) => {
                let a = operand(*a);
                quote!(!#a)
            }
        }
    }

    pub(super) fn load(&self, array: Array, subscripts: &[Subscript]) -> TokenStream {
        let declaration = &self.kernel.arrays[array.0 as usize];
        let name = &self.arrays[array.0 as usize];
        if let Role::Direction(_) = declaration.role {
            let at = self.position(&Place { array, subscripts: subscripts.to_vec() });
            return if self.kernel.request.block { quote!(directions[#at]) } else { quote!(direction[#at]) };
        }
        let is_flat = self.arguments.iter().any(|a| a.array == array && a.form == Form::Flat);
        if is_flat {
            let at = self.flattened(&declaration.shape, subscripts, None);
            return quote!(#name[#at]);
        }
        if let Some((first, rest)) = subscripts.split_first()
            && let Some(index) = first.as_affine().and_then(Affine::as_index)
            && self.views.contains(&(array, index))
        {
            let (view, at) = (self.view_of(array), rest.iter().map(|s| self.subscript(s)));
            return quote!(#view[lane] #([#at])*);
        }
        let at = subscripts.iter().map(|s| self.subscript(s));
        quote!(#name #([#at])*)
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

/// The factors with `*` between them; 1 for none.
pub(super) fn product(factors: impl Iterator<Item = TokenStream>) -> TokenStream {
    factors.reduce(|product, factor| quote!(#product * #factor)).unwrap_or_else(|| quote!(1))
}

fn binary(a: Operand, sign: TokenStream, b: Operand) -> TokenStream {
    let (a, b) = (operand(a), operand(b));
    quote!(#a #sign #b)
}

pub(super) fn slot(slot: Slot) -> Ident {
    format_ident!("t{}", slot.0)
}

fn table(table: Table) -> Ident {
    format_ident!("z{}", table.0)
}

pub(super) fn operand(value: Operand) -> TokenStream {
    match value {
        Operand::Slot(value) => {
            let name = slot(value);
            quote!(#name)
        }
        Operand::Number(number) => float(Number::to_f64(number)),
    }
}

fn float(value: f64) -> TokenStream {
    if value.is_nan() {
        quote!(f64::NAN)
    } else if value == f64::INFINITY {
        quote!(f64::INFINITY)
    } else if value == f64::NEG_INFINITY {
        quote!(f64::NEG_INFINITY)
    } else {
        let size = Literal::f64_unsuffixed(value.abs());
        if value.is_sign_negative() { quote!(-#size) } else { quote!(#size) }
    }
}

fn fixed_length(shape: &[Affine]) -> Option<u64> {
    shape
        .iter()
        .try_fold(1u64, |length, size| length.checked_mul(u64::try_from(size.as_constant()?.max(0)).ok()?))
}
