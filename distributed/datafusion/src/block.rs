//! The rows of one block, as they come.

use std::ops::Range;

use crate::columns::Numbers;
use crate::formula::Formula;

/// Rows of a block, with a place for each.
#[derive(Debug)]
pub(crate) struct Block {
    /// For every array the numbers of all rows, those of a row side by side.
    numbers: Vec<Vec<f64>>,
    widths: Vec<usize>,
    is_there: Vec<bool>,
    count: usize,
}

impl Block {
    /// A block of so many rows, of which none is there.
    pub(crate) fn new(formula: &Formula, height: usize) -> Block {
        let widths: Vec<usize> = formula.widths().collect();
        let numbers = widths.iter().map(|width| vec![0.0; width * height]).collect();
        Block { numbers, widths, is_there: vec![false; height], count: 0 }
    }

    /// The rows that are there.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether all rows are there.
    pub(crate) fn is_whole(&self) -> bool {
        self.count == self.is_there.len()
    }

    /// Puts rows at a place; false where one was there already.
    pub(crate) fn put(&mut self, at: usize, rows: Range<usize>, numbers: &[Numbers]) -> bool {
        let places = at..at + rows.len();
        if self.is_there[places.clone()].iter().any(|is_there| *is_there) {
            return false;
        }
        for ((own, numbers), width) in self.numbers.iter_mut().zip(numbers).zip(&self.widths) {
            numbers.write(rows.clone(), &mut own[places.start * width..places.end * width]);
        }
        self.is_there[places].fill(true);
        self.count += rows.len();
        true
    }

    /// Puts one row at a place, from the numbers of all arrays; false where one was there already.
    pub(crate) fn put_row(&mut self, at: usize, mut row: &[f64]) -> bool {
        if std::mem::replace(&mut self.is_there[at], true) {
            return false;
        }
        for (own, width) in self.numbers.iter_mut().zip(&self.widths) {
            let (first, rest) = row.split_at(*width);
            own[at * width..(at + 1) * width].copy_from_slice(first);
            row = rest;
        }
        self.count += 1;
        true
    }

    /// The rows that are there: the place of each, and its numbers.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, Vec<f64>)> + '_ {
        let places = self.is_there.iter().enumerate().filter(|(_, is_there)| **is_there);
        places.map(|(at, _)| {
            let own = self.numbers.iter().zip(&self.widths);
            (at, own.flat_map(|(own, width)| own[at * width..(at + 1) * width].iter().copied()).collect())
        })
    }

    /// The numbers of the first rows.
    pub(crate) fn into_first(mut self, rows: usize) -> Vec<Vec<f64>> {
        for (own, width) in self.numbers.iter_mut().zip(&self.widths) {
            own.truncate(rows * width);
        }
        self.numbers
    }

    /// The bytes that are held.
    pub(crate) fn size(&self) -> usize {
        8 * self.numbers.iter().map(Vec::len).sum::<usize>() + self.is_there.len()
    }
}
