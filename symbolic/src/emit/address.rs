//! Positions: subscripts, ranges and entries of derivatives as integer expressions.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::{Body, product};
use crate::graph::{Affine, Array, Extent, Role, Subscript, Symbol};
use crate::schedule::{Place, Table};

impl Body<'_> {
    pub(super) fn subscript(&self, subscript: &Subscript) -> TokenStream {
        match subscript {
            Subscript::Affine(affine) => self.unsigned(affine, false),
            Subscript::Lookup(array, inner) => self.load(*array, inner),
        }
    }

    /// An element of an array as a number.
    pub(super) fn number(&self, array: Array, subscripts: &[Subscript]) -> TokenStream {
        let element = self.load(array, subscripts);
        match self.kernel.arrays[array.0 as usize].role {
            Role::Lookup => quote!((#element as f64)),
            _ => element,
        }
    }

    /// The position of a parameter element among all parameters.
    pub(super) fn position(&self, place: &Place) -> TokenStream {
        if let Some(fixed) = self.fixed_position(place) {
            let fixed = Literal::u64_unsuffixed(fixed);
            return quote!(#fixed);
        }
        let mut start = Affine::constant(0);
        let mut products = Vec::new();
        for declaration in self.kernel.laid_out_before(place.array) {
            let named = declaration.shape.iter().filter(|e| matches!(e, Extent::Named(_))).count();
            if named <= 1 {
                let length =
                    declaration.shape.iter().fold(Affine::constant(1), |length, &extent| match extent {
                        Extent::Fixed(size) => length.scale(size as i64),
                        named => Affine::extent(named).scale(length.constant),
                    });
                start = start.add(&length);
            } else {
                products.push(product(
                    declaration.shape.iter().map(|&e| self.unsigned(&Affine::extent(e), true)),
                ));
            }
        }
        let shape = &self.kernel.arrays[place.array.0 as usize].shape;
        let at = self.flattened(shape, &place.subscripts, (start != Affine::constant(0)).then_some(&start));
        quote!(#(#products +)* #at)
    }

    pub(super) fn fixed_position(&self, place: &Place) -> Option<u64> {
        let length = |shape: &[Extent]| {
            shape.iter().try_fold(1u64, |length, extent| match extent {
                Extent::Fixed(size) => length.checked_mul(*size as u64),
                Extent::Named(_) => None,
            })
        };
        let arrays = &self.kernel.arrays;
        let before = self.kernel.laid_out_before(place.array);
        let start = before.into_iter().map(|d| length(&d.shape)).sum::<Option<u64>>()?;
        let shape = &arrays[place.array.0 as usize].shape;
        let mut at = 0u64;
        for (axis, subscript) in place.subscripts.iter().enumerate() {
            let position = u64::try_from(subscript.as_affine()?.as_constant()?).ok()?;
            at = at.checked_add(position.checked_mul(length(&shape[axis + 1..])?)?)?;
        }
        start.checked_add(at)
    }

    /// Row-major position: affine parts combine into one form where all later extents are fixed.
    pub(super) fn flattened(
        &self,
        shape: &[Extent],
        subscripts: &[Subscript],
        start: Option<&Affine>,
    ) -> TokenStream {
        let mut affine = start.cloned().unwrap_or_default();
        let mut others: Vec<TokenStream> = Vec::new();
        for (axis, subscript) in subscripts.iter().enumerate() {
            let fixed: Option<i64> = shape[axis + 1..].iter().try_fold(1i64, |stride, extent| match extent {
                Extent::Fixed(size) => stride.checked_mul(i64::try_from(*size).ok()?),
                Extent::Named(_) => None,
            });
            match (subscript, fixed) {
                (Subscript::Affine(form), Some(stride)) => affine = affine.add(&form.scale(stride)),
                _ => {
                    let at = self.subscript(subscript);
                    let strides = shape[axis + 1..].iter().map(|&e| self.unsigned(&Affine::extent(e), true));
                    others.push(quote!((#at) #(* #strides)*));
                }
            }
        }
        if others.is_empty() {
            return self.unsigned(&affine, false);
        }
        if affine == Affine::constant(0) {
            return quote!(#(#others)+*);
        }
        let affine = self.unsigned(&affine, false);
        quote!(#affine #(+ #others)*)
    }

    pub(super) fn flat(&self, target: Table, at: &[Affine]) -> TokenStream {
        self.row_major(&self.kernel.tables[target.0 as usize], at)
    }

    /// Row-major position within a shape.
    pub(super) fn row_major(&self, shape: &[Affine], at: &[Affine]) -> TokenStream {
        let sizes: Option<Vec<i64>> = shape.iter().map(Affine::as_constant).collect();
        match sizes {
            Some(sizes) => {
                let position =
                    at.iter().zip(&sizes).fold(Affine::constant(0), |p, (a, &size)| p.scale(size).add(a));
                self.unsigned(&position, false)
            }
            None => {
                let first = at.first().map(|a| self.unsigned(a, true));
                let rest = at.iter().zip(shape).skip(1);
                rest.fold(quote!(#first), |position, (a, size)| {
                    let (a, size) = (self.unsigned(a, true), self.bound(size));
                    quote!((#position) * #size + #a)
                })
            }
        }
    }

    /// The bound of a range: below zero counts as zero.
    pub(super) fn bound(&self, affine: &Affine) -> TokenStream {
        let negative = affine.constant < 0 || affine.terms.iter().any(|t| t.1 < 0);
        if !negative {
            return self.unsigned(affine, true);
        }
        if affine.as_constant().is_some() {
            return quote!(0);
        }
        let (plus, minus) = self.split(affine);
        quote!(usize::saturating_sub(#plus, #minus))
    }

    /// A position, known not to be below zero.
    pub(super) fn unsigned(&self, affine: &Affine, grouped: bool) -> TokenStream {
        let (plus, minus) = self.split(affine);
        let minus = affine
            .terms
            .iter()
            .any(|t| t.1 < 0)
            .then_some(minus.clone())
            .or((affine.constant < 0).then_some(minus));
        let several = affine.terms.len() + usize::from(affine.constant != 0) > 1;
        match minus {
            Some(minus) => quote!((#plus - (#minus))),
            None if several && grouped => quote!((#plus)),
            None => plus,
        }
    }

    /// The parts with positive and with negative coefficients.
    pub(super) fn split(&self, affine: &Affine) -> (TokenStream, TokenStream) {
        let part = |positive: bool| {
            let mut terms = Vec::new();
            for &(symbol, coefficient) in affine.terms.iter().filter(|t| (t.1 > 0) == positive) {
                let name = self.symbol(symbol);
                let size = Literal::u64_unsuffixed(coefficient.unsigned_abs());
                terms.push(if coefficient.abs() == 1 { quote!(#name) } else { quote!(#size * #name) });
            }
            if (affine.constant > 0) == positive && affine.constant != 0 || terms.is_empty() {
                let size = if (affine.constant > 0) == positive { affine.constant.unsigned_abs() } else { 0 };
                let size = Literal::u64_unsuffixed(size);
                terms.push(quote!(#size));
            }
            quote!(#(#terms)+*)
        };
        (part(true), part(false))
    }

    pub(super) fn signed(&self, affine: &Affine) -> TokenStream {
        let terms = affine.terms.iter().map(|&(symbol, coefficient)| {
            let name = self.symbol(symbol);
            let coefficient = Literal::i64_unsuffixed(coefficient);
            quote!(#coefficient * #name as i64 +)
        });
        let constant = Literal::i64_unsuffixed(affine.constant);
        quote!((#(#terms)* #constant) as f64)
    }

    pub(super) fn symbol(&self, symbol: Symbol) -> Ident {
        match symbol {
            Symbol::Dimension(dimension) => self.dimensions[dimension.0 as usize].clone(),
            Symbol::Index(index) => {
                let open = self.counters.iter().rev().find(|(of, _)| *of == index.0);
                // Kernels mention indices inside their loops only.
                open.map_or_else(|| format_ident!("outside_its_loop"), |(_, name)| name.clone())
            }
        }
    }
}
