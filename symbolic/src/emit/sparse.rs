//! Values and pattern of a sparse Hessian.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::body::{Body, product};
use crate::graph::{Affine, Subscript};
use crate::schedule::{Cell, Entry, Family, Operand, Triangle};

impl Body<'_> {
    /// The number of values, where it is fixed.
    pub(super) fn fixed_entries(&self) -> Option<u64> {
        self.kernel.families.iter().map(fixed_size).sum()
    }

    /// The number of values.
    pub(super) fn entries(&self) -> TokenStream {
        if let Some(entries) = self.fixed_entries() {
            let entries = Literal::u64_unsuffixed(entries);
            return quote!(#entries);
        }
        let sizes: Vec<TokenStream> = self.kernel.families.iter().map(|family| self.size(family)).collect();
        quote!(#(#sizes)+*)
    }

    /// The type of the buffer of values.
    pub(super) fn values_type(&self) -> TokenStream {
        match self.fixed_entries() {
            Some(_) => {
                let entries = self.entries();
                quote!([f64; #entries])
            }
            None => quote!([f64]),
        }
    }

    /// Where the values of each family start, where that is known at run time only.
    pub(super) fn starts(&self) -> TokenStream {
        let mut tokens = TokenStream::new();
        for (at, family) in self.kernel.families.iter().enumerate() {
            if at + 1 < self.kernel.families.len() && self.fixed_start(at + 1).is_none() {
                let (size, next) = (self.size(family), self.start_name(at + 1));
                let start = self.start(at).map(|start| quote!(#start +));
                tokens.extend(quote!(let #next = #start #size;));
            }
        }
        tokens
    }

    fn fixed_start(&self, family: usize) -> Option<u64> {
        self.kernel.families[..family].iter().map(fixed_size).sum()
    }

    /// The start of a family; nothing for 0.
    fn start(&self, family: usize) -> Option<TokenStream> {
        match self.fixed_start(family) {
            Some(0) => None,
            Some(start) => {
                let start = Literal::u64_unsuffixed(start);
                Some(quote!(#start))
            }
            None => {
                let name = self.start_name(family);
                Some(quote!(#name))
            }
        }
    }

    fn start_name(&self, family: usize) -> Ident {
        self.names.clone().claim(&format!("start{family}"))
    }

    pub(super) fn size(&self, family: &Family) -> TokenStream {
        if let Some(size) = fixed_size(family) {
            let size = Literal::u64_unsuffixed(size);
            return quote!(#size);
        }
        let lines = family.lines.iter().map(|length| self.bound(length));
        match self.pairs(family) {
            Some(pairs) => product(lines.chain([quote!((#pairs))])),
            None => product(lines),
        }
    }

    /// The number of slots of the triangle of a family.
    fn pairs(&self, family: &Family) -> Option<TokenStream> {
        let triangle = family.triangle.as_ref()?;
        if let Some(pairs) = fixed_pairs(family) {
            let pairs = Literal::u64_unsuffixed(pairs);
            return Some(quote!(#pairs));
        }
        let length = product(triangle.lengths.iter().map(|length| self.bound(length)));
        Some(if triangle.is_strict {
            quote!((#length) * (#length).saturating_sub(1) / 2)
        } else {
            quote!((#length) * (#length + 1) / 2)
        })
    }

    pub(super) fn sparse_statement(&self, entry: &Entry, value: Operand) -> TokenStream {
        self.sparse_entry(entry, &self.operand(value))
    }

    /// Adds to a value of the sparse Hessian.
    pub(super) fn sparse_entry(&self, entry: &Entry, value: &TokenStream) -> TokenStream {
        let (values, at) = self.value_place(&entry.cell);
        if self.fixed_at(&entry.cell).is_some() && entry.triangle != Triangle::Mirrored {
            return quote!(#values[#at] += #value;);
        }
        let (row, column) = self.compared(entry);
        let is_paired = !entry.cell.pair[0].is_empty();
        match entry.triangle {
            Triangle::Below if !is_paired => quote!(#values[#at] += #value;),
            Triangle::Below => quote! {
                let (row, column) = (#row, #column);
                #values[#at] += #value;
            },
            Triangle::Guarded => quote! {
                let (row, column) = (#row, #column);
                if row >= column {
                    #values[#at] += #value;
                }
            },
            Triangle::Mirrored | Triangle::Beside => {
                let ordered = is_paired.then(
                    || quote!(let (row, column) = if row < column { (column, row) } else { (row, column) };),
                );
                quote! {
                    let (row, column) = (#row, #column);
                    let entry = if row == column { #value + #value } else { #value };
                    #ordered
                    #values[#at] += entry;
                }
            }
        }
    }

    pub(super) fn coordinates(&self, entry: &Entry) -> TokenStream {
        let at = self.at(&entry.cell);
        let (row, column) = (self.position(&entry.row), self.position(&entry.column));
        if entry.cell.pair[0].is_empty() {
            let (low, high) = match entry.triangle {
                Triangle::Below => (quote!(column), quote!(row)),
                _ => (quote!(core::cmp::min(row, column)), quote!(core::cmp::max(row, column))),
            };
            return quote! {
                let (row, column) = (#row, #column);
                let entry = #at;
                (rows[entry], columns[entry]) = (#high, #low);
            };
        }
        let (p, q) = self.compared(entry);
        let write = quote! {
            let entry = #at;
            (rows[entry], columns[entry]) = (#row, #column);
        };
        let write =
            if entry.triangle == Triangle::Below { write } else { quote!(if row >= column { #write }) };
        quote! {
            let (row, column) = (#p, #q);
            #write
        }
    }

    /// What decides the order of row and column: the positions of the triangle where there is one.
    fn compared(&self, entry: &Entry) -> (TokenStream, TokenStream) {
        match &self.kernel.families[entry.cell.family].triangle {
            Some(triangle) => {
                let [p, q] = &entry.cell.pair;
                let along = |side| self.along(side, &triangle.lengths).unwrap_or_else(|| quote!(0));
                (along(p), along(q))
            }
            None => (self.position(&entry.row), self.position(&entry.column)),
        }
    }

    /// The position of a value; that in a triangle from `row` and `column`.
    pub(super) fn at(&self, cell: &Cell) -> TokenStream {
        if let Some(at) = self.fixed_at(cell) {
            return quote!(#at);
        }
        let start = self.start(cell.family).map(|start| quote!(#start +));
        let within = self.within(cell, 0);
        quote!(#start #within)
    }

    /// The position of a value among those of its family that have the first `lead` subscripts in common.
    pub(super) fn within(&self, cell: &Cell, lead: usize) -> TokenStream {
        let family = &self.kernel.families[cell.family];
        let line = self.along(&cell.lines[lead..], &family.lines[lead..]);
        let Some(triangle) = &family.triangle else { return line.unwrap_or_else(|| quote!(0)) };
        let pairs = self.pairs(family);
        let line = line.map(|line| quote!((#line) * (#pairs) +));
        if let [Some(p), Some(q)] = cell.pair.each_ref().map(|side| fixed_along(side, &triangle.lengths)) {
            let at = Literal::u64_unsuffixed(in_triangle(p, q, triangle.is_strict));
            return quote!(#line #at);
        }
        let step = if triangle.is_strict { quote!(row - 1) } else { quote!(row + 1) };
        quote!(#line row * (#step) / 2 + column)
    }

    fn fixed_at(&self, cell: &Cell) -> Option<Literal> {
        let family = &self.kernel.families[cell.family];
        let mut at = fixed_along(&cell.lines, &family.lines)?;
        if let Some(triangle) = &family.triangle {
            let [p, q] = &cell.pair;
            let [p, q] = [fixed_along(p, &triangle.lengths)?, fixed_along(q, &triangle.lengths)?];
            at = at * fixed_pairs(family)? + in_triangle(p, q, triangle.is_strict);
        }
        Some(Literal::u64_unsuffixed(self.fixed_start(cell.family)? + at))
    }

    /// Row-major position among axes of these lengths; nothing without axes.
    pub(super) fn along(&self, subscripts: &[Subscript], lengths: &[Affine]) -> Option<TokenStream> {
        let mut form = Affine::constant(0);
        let mut others: Vec<TokenStream> = Vec::new();
        for (axis, subscript) in subscripts.iter().enumerate() {
            let later = &lengths[axis + 1..];
            let stride = later.iter().try_fold(1i64, |stride, l| stride.checked_mul(l.as_constant()?));
            match (subscript, stride) {
                (Subscript::Affine(affine), Some(stride)) => form = form.add(&affine.scale(stride)),
                _ => {
                    let at = self.subscript(subscript);
                    let strides = later.iter().map(|length| self.bound(length));
                    others.push(quote!((#at) #(* #strides)*));
                }
            }
        }
        if subscripts.is_empty() {
            return None;
        }
        if form != Affine::constant(0) || others.is_empty() {
            others.insert(0, self.unsigned(&form, false));
        }
        Some(quote!(#(#others)+*))
    }
}

fn fixed_along(subscripts: &[Subscript], lengths: &[Affine]) -> Option<u64> {
    subscripts.iter().zip(lengths).try_fold(0u64, |position, (subscript, length)| {
        let length = u64::try_from(length.as_constant()?).ok()?;
        let at = u64::try_from(subscript.as_affine()?.as_constant()?).ok()?;
        position.checked_mul(length)?.checked_add(at)
    })
}

/// The place of a pair among all pairs, packed by rows.
fn in_triangle(p: u64, q: u64, is_strict: bool) -> u64 {
    let (p, q) = (p.max(q), p.min(q));
    let step = if is_strict { p.saturating_sub(1) } else { p + 1 };
    p * step / 2 + q
}

/// The number of values of a family that have the first `lead` subscripts in common, where it is fixed.
pub(super) fn fixed_block(family: &Family, lead: usize) -> Option<u64> {
    let lines = fixed_volume(&family.lines[lead..])?;
    match family.triangle {
        Some(_) => lines.checked_mul(fixed_pairs(family)?),
        None => Some(lines),
    }
}

fn fixed_volume(lengths: &[Affine]) -> Option<u64> {
    lengths.iter().try_fold(1u64, |volume, length| {
        volume.checked_mul(u64::try_from(length.as_constant()?.max(0)).ok()?)
    })
}

fn fixed_pairs(family: &Family) -> Option<u64> {
    let triangle = family.triangle.as_ref()?;
    let length = fixed_volume(&triangle.lengths)?;
    let other = if triangle.is_strict { length.saturating_sub(1) } else { length + 1 };
    Some(length.checked_mul(other)? / 2)
}

fn fixed_size(family: &Family) -> Option<u64> {
    fixed_block(family, 0)
}
