//! Two nested loops over one sum of products of what the outer and what the inner positions have: a block of sums at a
//! time, in registers while the rows go by.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::body::Body;
use crate::graph::{Affine, Index, Range, Subscript};
use crate::schedule::{Operand, Operation, Panel, Slot, Stage, Statement, Sum, Target};

/// Lines of a block, and its columns where there are more than fit at once.
const SIDE: usize = 4;
/// All columns at once where there are no more.
const WIDEST: usize = 6;
/// All lines at once where all sums of both loops are no more: they should stay in registers.
const BLOCK: usize = 25;

/// Σ ± y·x over the rows, where y goes with the outer and x with the inner loop.
pub(super) struct Products<'k> {
    outer: Index,
    inner: Index,
    range: &'k Range,
    sum: &'k Sum,
    y: (Panel, &'k [Affine]),
    x: (Panel, &'k [Affine]),
    is_negative: bool,
}

/// The lines or columns of a block: the name of their counter, and how many there are.
#[derive(Clone, Copy)]
struct Side<'n> {
    counter: &'n Ident,
    length: usize,
}

impl<'k> Products<'k> {
    /// What loops over `index` and, within, over one more index have to add up, if it is such a sum with a place of its
    /// own for every pair of positions.
    pub(super) fn of(index: Index, inner: &'k [Stage]) -> Option<Products<'k>> {
        let [Stage::Loop(second, range, body)] = inner else { return None };
        let [Stage::Reduce(block, sums)] = &body[..] else { return None };
        let [sum] = &sums[..] else { return None };
        let [term] = &sum.terms[..] else { return None };
        let read = |slot: Slot| {
            block.iter().find_map(|statement| match statement {
                Statement::Let(own, Operation::Lane(panel, at)) if *own == slot => Some((*panel, &at[..])),
                _ => None,
            })
        };
        let (Operand::Slot(a), Some(Operand::Slot(b))) = (term.a, term.b) else { return None };
        let (a, b) = (read(a)?, read(b)?);
        let moves = |at: &[Affine], index: Index| at.iter().any(|affine| affine.coefficient(index) != 0);
        let fits = |y: &[Affine], x: &[Affine]| !moves(y, *second) && !moves(x, index);
        let (y, x) = match (fits(a.1, b.1), fits(b.1, a.1)) {
            (true, _) => (a, b),
            (_, true) => (b, a),
            _ => return None,
        };
        let products =
            Products { outer: index, inner: *second, range, sum, y, x, is_negative: term.is_negative };
        products.has_places().then_some(products)
    }

    fn has_places(&self) -> bool {
        let subscripts: Vec<&Subscript> = match &self.sum.target {
            Target::Gradient(place) => place.subscripts.iter().collect(),
            Target::Hessian(row, column, triangle) if triangle.is_one_entry() => {
                row.subscripts.iter().chain(&column.subscripts).collect()
            }
            _ => return false,
        };
        let mut is_plain = true;
        let (mut has_outer, mut has_inner) = (false, false);
        for subscript in subscripts {
            let Subscript::Affine(affine) = subscript else { return false };
            let (a, b) = (affine.coefficient(self.outer) != 0, affine.coefficient(self.inner) != 0);
            is_plain &= !(a && b);
            has_outer |= a;
            has_inner |= b;
        }
        let is_steady = |affine: &Affine, most: i64| (0..=most).contains(&affine.coefficient(self.outer));
        is_plain && has_outer && has_inner && is_steady(&self.range.lo, 0) && is_steady(&self.range.hi, 1)
    }

    /// By how much the range of columns grows from line to line.
    fn slope(&self) -> i64 {
        self.range.hi.coefficient(self.outer)
    }

    /// The number of columns at position 0 of the outer loop, if known.
    fn first(&self) -> Option<i64> {
        let hi = self.range.hi.sub(&Affine::index(self.outer).scale(self.slope()));
        hi.sub(&self.range.lo).as_constant()
    }

    /// The number of columns of the first line and of the longest, if all lines are known and few enough for one block.
    fn whole(&self, lines: &Range) -> Option<(usize, usize, usize)> {
        let (from, count) = (lines.lo.as_constant()?, lines.length().as_constant()?);
        let first = self.first()? + self.slope() * from;
        let last = first + self.slope() * (count - 1);
        let [first, last, count] = [first, last, count].map(|n| usize::try_from(n).ok());
        let (first, last, count) = (first?, last?, count?);
        (count > 0 && last > 0 && (first + last).checked_mul(count)? <= 2 * BLOCK)
            .then_some((count, first, last))
    }
}

impl Body<'_> {
    /// Both loops. The scalars are bound anew for every line.
    pub(super) fn products(
        &mut self,
        products: &Products<'_>,
        lines: &Range,
        scalars: &[Stage],
    ) -> TokenStream {
        let line = self.enter(products.outer);
        let column = self.enter(products.inner);
        let tokens = match products.whole(lines) {
            Some((count, first, last)) => {
                let (lo, from) = (self.bound(&lines.lo), self.bound(&products.range.lo));
                let sides = [Side { counter: &line, length: count }, Side { counter: &column, length: last }];
                let block = self.block_of_sums(products, scalars, sides, first);
                quote!({
                    let (#line, #column) = (#lo, #from);
                    #block
                })
            }
            None => self.lines(products, lines, scalars, &line, &column),
        };
        self.counters.pop();
        self.counters.pop();
        tokens
    }

    /// Lines four at a time, the rest one by one.
    fn lines(
        &mut self,
        products: &Products<'_>,
        lines: &Range,
        scalars: &[Stage],
        line: &Ident,
        column: &Ident,
    ) -> TokenStream {
        let (lo, hi) = (self.bound(&lines.lo), self.bound(&lines.hi));
        let length = lines.length().as_constant().and_then(|length| usize::try_from(length).ok());
        let together = length.filter(|length| (1..SIDE).contains(length)).unwrap_or(SIDE);
        let last = self.last(lines, together);
        // What the first line of four has beyond whole blocks is known if it is the same for all fours.
        let start = lines.lo.as_constant().zip(products.first()).filter(|_| products.slope() == 1);
        let edge = start
            .and_then(|(from, first)| usize::try_from(from + first).ok())
            .filter(|_| together == SIDE)
            .map(|first| first % SIDE);
        let many = self.columns(products, scalars, [line, column], together, edge);
        let size = Literal::usize_unsuffixed(together);
        let rest = length.is_none_or(|length| length % together != 0).then(|| {
            let one = self.columns(products, scalars, [line, column], 1, None);
            quote!(for #line in #last..#hi { #one })
        });
        quote! {
            for #line in (#lo..#last).step_by(#size) { #many }
            #rest
        }
    }

    /// The blocks of some lines. Where columns are added from line to line, those beyond whole blocks are a staircase;
    /// `edge` is what the first line has of them, if known.
    fn columns(
        &mut self,
        products: &Products<'_>,
        scalars: &[Stage],
        [line, column]: [&Ident; 2],
        lines: usize,
        edge: Option<usize>,
    ) -> TokenStream {
        let range = products.range;
        let length = range.length().as_constant().and_then(|length| usize::try_from(length).ok());
        let size = length.filter(|&length| length <= WIDEST && length > 0).unwrap_or(SIDE);
        let (lo, hi, last) = (self.bound(&range.lo), self.bound(&range.hi), self.last(range, size));
        let side = |length| Side { counter: column, length };
        let lines_side = Side { counter: line, length: lines };
        let block = self.block_of_sums(products, scalars, [lines_side, side(size)], size);
        let step = Literal::usize_unsuffixed(size);
        let blocks = quote!(for #column in (#lo..#last).step_by(#step) { #block });
        if let Some(edge) = edge {
            let stairs = edge + lines - 1;
            let block = self.block_of_sums(products, scalars, [lines_side, side(stairs)], edge);
            return quote! {
                #blocks
                { let #column = #last; #block }
            };
        }
        let rest = length.is_none_or(|length| length % size != 0).then(|| {
            let block = self.block_of_sums(products, scalars, [lines_side, side(1)], 1);
            quote!(for #column in #last..#hi { #block })
        });
        let corner = (products.slope() == 1 && lines > 1).then(|| {
            let single = Side { counter: line, length: 1 };
            let block = self.block_of_sums(products, scalars, [single, side(1)], 1);
            let lines = Literal::usize_unsuffixed(lines);
            // What the first line has may be nothing, and end before it begins.
            quote! {
                let end = usize::max(#lo, #hi);
                for #line in #line + 1..#line + #lines {
                    for #column in end..#hi { #block }
                }
            }
        });
        quote! {
            #blocks
            #rest
            #corner
        }
    }

    /// One block of sums: `first` columns in the first line, one more in each of the next until all are reached.
    fn block_of_sums(
        &mut self,
        products: &Products<'_>,
        scalars: &[Stage],
        [lines, columns]: [Side<'_>; 2],
        first: usize,
    ) -> TokenStream {
        let private = self.private.clone();
        let Some(rows) = self.tile.as_ref().map(|tile| Literal::usize_unsuffixed(tile.rows)) else {
            return TokenStream::new();
        };
        let (line, column, width_of_rows) = (lines.counter, columns.counter, self.lane_count());
        let (height, width) =
            (Literal::usize_unsuffixed(lines.length), Literal::usize_unsuffixed(columns.length));
        let y = self.column(products.y, products.outer, lines.length);
        let x = self.column(products.x, products.inner, columns.length);
        let bind_line = (lines.length > 1).then(|| quote!(let #line = #line + line;));
        let bind_column = (columns.length > 1).then(|| quote!(let #column = #column + column;));
        let own = Literal::usize_unsuffixed(first);
        let is_full = first >= columns.length;
        let count = if is_full { quote!(#width) } else { quote!(usize::min(#width, #own + line)) };
        let sum = products.sum;
        let kept = self.kept_lanes(&sum.target);
        let scale = sum.scale.map(|scale| self.operand(scale));
        let negative = products.is_negative;
        if kept.is_none()
            && scale.is_none()
            && let Some((name, at)) = self.run(&sum.target, products.inner)
        {
            let places = (0..lines.length).map(Literal::usize_unsuffixed);
            let places = places.map(|offset| match lines.length {
                1 => quote!(#at),
                _ => quote!({ let #line = #line + #offset; (#at) }),
            });
            return quote! {
                #private::lanes::add_products_to::<#width_of_rows, M, #height, #width, #rows, #own, #negative>(
                    machine, groups, #y, #x, &mut #name[..], [#(#places),*],
                );
            };
        }
        let opened = kept.as_ref().filter(|_| scale.is_none()).map(|place| {
            quote! {
                for line in 0..#height {
                    #bind_line
                    for column in 0..#count {
                        #bind_column
                        sums[line][column] = machine.load(&#place);
                    }
                }
            }
        });
        let scalars = scale.is_some().then(|| self.stages(scalars));
        let closed = match &kept {
            Some(place) => {
                let lanes = match &scale {
                    None => quote!(sums[line][column]),
                    Some(scale) => {
                        quote! {
                            machine.sum_of_products(
                                machine.splat(#scale), sums[line][column], machine.load(&#place),
                            )
                        }
                    }
                };
                quote! {
                    for column in 0..#count {
                        #bind_column
                        machine.store(#lanes, &mut #place);
                    }
                }
            }
            None => {
                let scaled = match &scale {
                    None => quote!(total),
                    Some(scale) => quote!(#scale * total),
                };
                let added = match self.run(&sum.target, products.inner) {
                    Some((name, at)) => quote! {
                        for (entry, total) in #name[#at..][..#count].iter_mut().zip(totals) {
                            *entry += #scaled;
                        }
                    },
                    None => {
                        let added = self.add_to(&sum.target, &scaled);
                        quote! {
                            for column in 0..#count {
                                #bind_column
                                let total = totals[column];
                                #added
                            }
                        }
                    }
                };
                quote! {
                    let totals = #private::lanes::totals(machine, sums[line]);
                    #added
                }
            }
        };
        quote! {
            let mut sums = [[machine.splat(0.0); #width]; #height];
            #opened
            #private::lanes::add_products::<#width_of_rows, M, #height, #width, #rows, #own, #negative>(
                machine, groups, #y, #x, &mut sums,
            );
            for line in 0..#height {
                #bind_line
                #scalars
                #closed
            }
        }
    }

    /// What a panel has at the lines or columns of a block.
    fn column(&self, (panel, at): (Panel, &[Affine]), index: Index, length: usize) -> TokenStream {
        let lanes = (0..length as i64).map(|offset| {
            let next = |affine: &Affine| affine.add(&Affine::constant(offset * affine.coefficient(index)));
            self.all_lanes(panel, &at.iter().map(next).collect::<Vec<_>>())
        });
        quote!([#(&#lanes),*])
    }
}
