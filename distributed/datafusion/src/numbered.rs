//! The sum over rows that say their numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray as _};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;
use hesse_runtime::blocks::{Gathered, Part, Partial};

use crate::block::Block;
use crate::columns::numbers;
use crate::formula::{Formula, Sums};
use crate::refused;
use crate::state::{answer, read_states, state};

/// Collects rows into the blocks of the whole table, and their parts in its tree. A block is computed by whoever has its
/// last row; rows of other blocks travel as they are.
#[derive(Debug)]
pub(crate) struct Numbered {
    formula: Arc<Formula>,
    w: Vec<f64>,
    sum: Gathered,
    /// Blocks that wait for rows.
    open: BTreeMap<usize, Block>,
}

impl Numbered {
    pub(crate) fn new(formula: Arc<Formula>, w: Vec<f64>) -> Numbered {
        let sum = Gathered::new(formula.blocks, formula.lengths());
        Numbered { formula, w, sum, open: BTreeMap::new() }
    }

    /// Lets `put` fill some places of a block, and computes it if it is whole then.
    fn fill(&mut self, block: usize, put: impl FnOnce(&mut Block) -> bool) -> Result<()> {
        let rows = self.formula.blocks.rows_of(block);
        let own = self.open.entry(block).or_insert_with(|| Block::new(&self.formula, rows.len()));
        if !put(own) {
            return Err(refused(format!(
                "a row among {rows:?} came twice: give every row a number of its own"
            )));
        }
        if own.is_whole()
            && let Some(whole) = self.open.remove(&block)
        {
            self.compute(block, whole)?;
        }
        Ok(())
    }

    fn compute(&mut self, block: usize, whole: Block) -> Result<()> {
        let rows = self.formula.blocks.rows_of(block);
        let numbers = whole.into_first(rows.len());
        let Sums { value, mut gradient, mut hessian } = self.formula.sums(&self.w, rows.clone(), numbers)?;
        let part = Partial { rows, value, gradient: &mut gradient, hessian: &mut hessian };
        self.sum.insert(&part).map_err(refused)
    }

    /// The row that a number means.
    fn row(&self, number: i64) -> Result<usize> {
        let all = self.formula.blocks.rows();
        usize::try_from(number).ok().filter(|row| *row < all).ok_or_else(|| {
            refused(format!("a row has the number {number}, expected one from 0 up to, but not, {all}"))
        })
    }
}

impl Accumulator for Numbered {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let places = cast(&values[3], &DataType::Int64)?;
        if places.null_count() > 0 {
            return Err(refused("a row has no number"));
        }
        let places = places.as_primitive::<Int64Type>().values();
        if !values[3].data_type().is_integer() {
            let given = cast(&values[3], &DataType::Float64)?;
            let given = given.as_primitive::<Float64Type>().values();
            // The integer that a fraction was cut to is another row's number.
            if let Some((number, _)) =
                given.iter().zip(places).find(|(given, place)| **given != **place as f64)
            {
                return Err(refused(format!("a row has the number {number}, expected an integer")));
            }
        }
        let numbers = numbers(&values[4..])?;
        let height = self.formula.blocks.height();
        let mut at = 0;
        while at < places.len() {
            let row = self.row(places[at])?;
            // Rows that follow each other in one block go together.
            let most = (height - row % height).min(places.len() - at);
            let follows = |next: &usize| places[at + next] == places[at] + *next as i64;
            let count = 1 + (1..most).take_while(follows).count();
            self.row(places[at + count - 1])?;
            self.fill(row / height, |block| block.put(row % height, at..at + count, &numbers))?;
            at += count;
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let width = 1 + self.formula.widths().sum::<usize>();
        let height = self.formula.blocks.height();
        let mut single = Vec::new();
        let sum = &mut self.sum;
        read_states(
            states,
            |part| sum.insert(part).map_err(refused),
            |rows| {
                single.extend_from_slice(rows);
                Ok(())
            },
        )?;
        for numbers in single.chunks_exact(width) {
            let row = self.row(numbers[0] as i64)?;
            self.fill(row / height, |block| block.put_row(row % height, &numbers[1..]))?;
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let parts = self.sum.parts().map(|part| part.to_bytes()).collect();
        let mut rows = Vec::new();
        for (number, block) in &self.open {
            let first = number * self.formula.blocks.height();
            for (at, numbers) in block.rows() {
                rows.push((first + at) as f64);
                rows.extend(numbers);
            }
        }
        Ok(state(parts, &rows))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        // A table without rows is one block of none.
        if self.formula.blocks.rows() == 0 && self.sum.is_empty() {
            self.compute(0, Block::new(&self.formula, 0))?;
        }
        if let Some((number, block)) = self.open.first_key_value() {
            let rows = self.formula.blocks.rows_of(*number);
            return Err(refused(format!(
                "{} of the rows {rows:?} are missing: number the rows from 0, without gaps, and say how many there are",
                rows.len() - block.count()
            )));
        }
        let Part { value, gradient, hessian, .. } = self.sum.clone().whole().map_err(refused)?;
        answer(&Sums { value, gradient, hessian })
    }

    fn size(&self) -> usize {
        size_of::<Self>() + 8 * self.sum.len() + self.open.values().map(Block::size).sum::<usize>()
    }
}
