//! Names for what a kernel numbers.

use super::Polynomial;
use crate::graph::{Affine, Array, Index, Number, Range, Subscript, Symbol};
use crate::schedule::{Kernel, Place};

/// The names of one kernel: loop counters by depth, so that a nest reads like one written by hand.
pub(super) struct Names<'k> {
    kernel: &'k Kernel,
    letters: Vec<&'static str>,
}

impl<'k> Names<'k> {
    pub(super) fn new(kernel: &'k Kernel) -> Names<'k> {
        let is_taken = |letter: &&str| {
            kernel.arrays.iter().any(|declaration| declaration.name == *letter)
                || kernel.dimensions.iter().any(|dimension| dimension == letter)
        };
        let letters = ["i", "j", "k", "l", "m", "p", "q", "r"];
        Names { kernel, letters: letters.into_iter().filter(|letter| !is_taken(letter)).collect() }
    }

    /// The counter of a loop inside `depth` others.
    pub(super) fn counter(&self, depth: usize) -> String {
        match self.letters.get(depth) {
            Some(letter) => (*letter).to_owned(),
            None => format!("i{depth}"),
        }
    }

    /// An integer form inside the loops of a nest.
    pub(super) fn form(&self, affine: &Affine, nest: &[Index]) -> Polynomial {
        affine.terms.iter().fold(Polynomial::constant(affine.constant), |form, &(symbol, coefficient)| {
            let name = match symbol {
                Symbol::Dimension(dimension) => self.kernel.dimensions[dimension.0 as usize].clone(),
                Symbol::Index(index) => self.index(index, nest),
            };
            form.plus(&Polynomial::symbol(&name).scaled(Number::integer(coefficient)))
        })
    }

    fn index(&self, index: Index, nest: &[Index]) -> String {
        // A body mentions the loops around it alone.
        nest.iter().rposition(|own| *own == index).map_or_else(|| "?".to_owned(), |depth| self.counter(depth))
    }

    /// `0..n`
    pub(super) fn range(&self, range: &Range, nest: &[Index]) -> String {
        let [lo, hi] =
            [&range.lo, &range.hi].map(|bound| self.form(bound, nest).to_string().replace(' ', ""));
        format!("{lo}..{hi}")
    }

    /// `w[i, 2]`
    pub(super) fn place(&self, place: &Place, nest: &[Index]) -> String {
        self.element(place.array, &place.subscripts, nest)
    }

    fn element(&self, array: Array, subscripts: &[Subscript], nest: &[Index]) -> String {
        let name = &self.kernel.arrays[array.0 as usize].name;
        let subscripts: Vec<String> = subscripts
            .iter()
            .map(|subscript| match subscript {
                Subscript::Affine(affine) => self.form(affine, nest).to_string().replace(' ', ""),
                Subscript::Lookup(array, inner) => self.element(*array, inner, nest),
            })
            .collect();
        if subscripts.is_empty() { name.clone() } else { format!("{name}[{}]", subscripts.join(", ")) }
    }
}
