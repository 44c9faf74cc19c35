//! Output buffers in parts: one per array of parameters and per family of values, and in a loop over rows the block
//! that belongs to the row, whose bounds are checked once.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::{Body, product};
use crate::graph::{Affine, Array, Extent, Index, Role, Subscript};
use crate::schedule::{Cell, Place, Statement};

/// A part of an output buffer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The derivatives by an array.
    Array(Array),
    /// The values of a family.
    Family(usize),
}

/// The block of a part that belongs to one row.
pub(super) struct Window {
    part: Part,
    /// The first subscripts, the same for all that is written there.
    lead: Vec<Subscript>,
    name: Ident,
    /// The buffer of the part.
    pub(super) whole: Ident,
    /// Which block of it.
    pub(super) line: TokenStream,
    pub(super) length: u64,
}

impl Window {
    /// The block by its name.
    pub(super) fn opening(&self) -> TokenStream {
        let Window { name, whole, line, .. } = self;
        let length = Literal::u64_unsuffixed(self.length);
        quote!(let #name = &mut #whole.as_chunks_mut::<#length>().0[#line];)
    }

    /// Whether this is what the block is called.
    pub(super) fn is_called(&self, name: &Ident) -> bool {
        self.name == *name
    }
}

impl Body<'_> {
    /// Cuts output buffers of run-time length into their parts, and clears the parts of a buffer where some of them need
    /// no clearing.
    pub(super) fn parts(&self) -> TokenStream {
        let mut tokens = TokenStream::new();
        let (arrays, families) = self.written_first();
        if self.splits_values() {
            let whole = quote!(values);
            for family in 0..self.kernel.families.len() {
                let name = self.values_name(family);
                let length = self.size(&self.kernel.families[family]);
                tokens.extend(quote!(let (#name, #whole) = #whole.split_at_mut(#length);));
                if !families.is_empty() && !families.contains(&family) {
                    tokens.extend(quote!(#name.fill(0.0);));
                }
            }
        }
        if self.splits_gradient() {
            let whole = self.target();
            for array in self.parameters() {
                let name = self.gradient_name(array);
                let shape = &self.kernel.arrays[array.0 as usize].shape;
                let length = product(shape.iter().map(|&e| self.unsigned(&Affine::extent(e), true)));
                tokens.extend(quote!(let (#name, #whole) = #whole.split_at_mut(#length);));
                if !arrays.is_empty() && !arrays.contains(&array) {
                    tokens.extend(quote!(#name.fill(0.0);));
                }
            }
        }
        tokens
    }

    /// The buffer and the position in it of a first derivative.
    pub(super) fn first_place(&self, place: &Place) -> (Ident, TokenStream) {
        let shape = &self.kernel.arrays[place.array.0 as usize].shape;
        if let Some(window) = self.window(Part::Array(place.array), &place.subscripts) {
            let lead = window.lead.len();
            let at = self.flattened(&shape[lead..], &place.subscripts[lead..], None);
            return (window.name.clone(), at);
        }
        if self.splits_gradient() {
            return (self.gradient_name(place.array), self.flattened(shape, &place.subscripts, None));
        }
        (self.target(), self.position(place))
    }

    /// The buffer and the position in it of a value of the sparse Hessian; that in a triangle from `row` and `column`.
    pub(super) fn value_place(&self, cell: &Cell) -> (Ident, TokenStream) {
        if let Some(window) = self.window(Part::Family(cell.family), &cell.lines) {
            return (window.name.clone(), self.within(cell, window.lead.len()));
        }
        if self.splits_values() {
            return (self.values_name(cell.family), self.within(cell, 0));
        }
        (format_ident!("values"), self.at(cell))
    }

    /// Opens the blocks that belong to the positions of a loop; also says how many windows were open before.
    pub(super) fn open_windows(&mut self, index: Index, body: &[Statement]) -> (TokenStream, usize) {
        let before = self.windows.len();
        let mut tokens = TokenStream::new();
        let mut written: Vec<(Part, Vec<&[Subscript]>)> = Vec::new();
        if !gather(body, &mut written) {
            return (tokens, before);
        }
        for (part, places) in written {
            let Some((lead, length)) = self.block_of(part, &places, index) else { continue };
            let (whole, line) = match part {
                Part::Array(array) => {
                    let shape = &self.kernel.arrays[array.0 as usize].shape[..lead.len()];
                    (self.gradient_name(array), self.flattened(shape, &lead, None))
                }
                Part::Family(family) => {
                    let lines = &self.kernel.families[family].lines[..lead.len()];
                    let line = self.along(&lead, lines).unwrap_or_else(|| quote!(0));
                    (self.values_name(family), line)
                }
            };
            let name = format_ident!("w{}", self.windows.len());
            let window = Window { part, lead, name, whole, line, length };
            tokens.extend(window.opening());
            self.windows.push(window);
        }
        (tokens, before)
    }

    /// The subscripts up to the last that moves with an index, and the number of places that have them in common.
    fn block_of(&self, part: Part, places: &[&[Subscript]], index: Index) -> Option<(Vec<Subscript>, u64)> {
        let moves = |subscript: &Subscript| {
            let mut moves = false;
            subscript.visit_affine(&mut |affine| moves |= affine.coefficient(index) != 0);
            moves
        };
        let first = places.first()?;
        let lead = first[..=first.iter().rposition(moves)?].to_vec();
        let is_open = |i: Index| i == index || self.counters.iter().any(|(of, _)| *of == i.0);
        let mut is_known = true;
        lead.iter().for_each(|s| s.visit_affine(&mut |affine| is_known &= affine.indices().all(is_open)));
        let is_common =
            |place: &&[Subscript]| place.starts_with(&lead) && !place[lead.len()..].iter().any(moves);
        if !is_known || !places.iter().all(is_common) || self.windows.iter().any(|window| window.part == part)
        {
            return None;
        }
        let length = match part {
            Part::Array(array) => {
                if !self.splits_gradient() {
                    return None;
                }
                let shape = &self.kernel.arrays[array.0 as usize].shape[lead.len()..];
                shape.iter().try_fold(1u64, |length, extent| match extent {
                    Extent::Fixed(size) => length.checked_mul(*size as u64),
                    Extent::Named(_) => None,
                })?
            }
            Part::Family(family) => {
                if !self.splits_values() {
                    return None;
                }
                super::sparse::fixed_block(&self.kernel.families[family], lead.len())?
            }
        };
        (length > 1).then_some((lead, length))
    }

    fn window(&self, part: Part, subscripts: &[Subscript]) -> Option<&Window> {
        self.windows.iter().find(|window| window.part == part && subscripts.starts_with(&window.lead))
    }

    fn splits_values(&self) -> bool {
        self.kernel.request.sparse && self.fixed_entries().is_none()
    }

    fn splits_gradient(&self) -> bool {
        let request = self.kernel.request;
        self.count.is_none() && !request.block && !request.diagonal && (request.gradient || request.product)
    }

    fn values_name(&self, family: usize) -> Ident {
        self.names.clone().claim(&format!("values{family}"))
    }

    fn gradient_name(&self, array: Array) -> Ident {
        self.names.clone().claim(&format!("{}{}", self.target(), array.0))
    }

    /// The arrays that first derivatives are laid out by.
    fn parameters(&self) -> Vec<Array> {
        let all = self.kernel.arrays.iter().enumerate();
        all.filter(|(_, d)| d.role == Role::Parameter).map(|(at, _)| Array(at as u32)).collect()
    }
}

/// What a block adds to, by parts; false where it holds a loop in tiles, which has windows of its own.
fn gather<'s>(body: &'s [Statement], written: &mut Vec<(Part, Vec<&'s [Subscript]>)>) -> bool {
    for statement in body {
        let (part, subscripts) = match statement {
            Statement::Gradient(place, _) => (Part::Array(place.array), &place.subscripts[..]),
            Statement::Entry(entry, _) => (Part::Family(entry.cell.family), &entry.cell.lines[..]),
            Statement::Loop(_, _, body) => {
                if !gather(body, written) {
                    return false;
                }
                continue;
            }
            Statement::Tiles(_) => return false,
            _ => continue,
        };
        match written.iter_mut().find(|(known, _)| *known == part) {
            Some((_, places)) => places.push(subscripts),
            None => written.push((part, vec![subscripts])),
        }
    }
    true
}
