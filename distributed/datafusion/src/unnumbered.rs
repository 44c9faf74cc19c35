//! The sum over rows in the order in which they come.

use std::sync::Arc;

use datafusion::arrow::array::{Array as _, ArrayRef};
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;
use hesse_runtime::blocks::Partial;

use crate::block::Block;
use crate::columns::numbers;
use crate::formula::{Formula, Sums};
use crate::refused;
use crate::state::{answer, read_states, state};

/// Adds up blocks of rows as they come. What no row carries is added at the end.
#[derive(Debug)]
pub(crate) struct Unnumbered {
    formula: Arc<Formula>,
    w: Vec<f64>,
    open: Option<Block>,
    rows: usize,
    value: f64,
    gradient: Vec<f64>,
    hessian: Vec<f64>,
}

impl Unnumbered {
    pub(crate) fn new(formula: Arc<Formula>, w: Vec<f64>) -> Unnumbered {
        let [gradient, hessian] = formula.lengths().map(|length| vec![0.0; length]);
        Unnumbered { formula, w, open: None, rows: 0, value: 0.0, gradient, hessian }
    }

    /// Computes the block at hand.
    fn flush(&mut self) -> Result<()> {
        let Some(block) = self.open.take() else { return Ok(()) };
        let count = block.count();
        // From row 1 on: what goes with the first row is added once, at the end.
        let mut sums = self.formula.sums(&self.w, 1..1 + count, block.into_first(count))?;
        let Sums { value, gradient, hessian } = &mut sums;
        self.add(&Partial { rows: 0..count, value: *value, gradient, hessian })
    }

    fn add(&mut self, part: &Partial<'_>) -> Result<()> {
        let rows = self.rows..self.rows + part.rows.len();
        let mut sum = Partial {
            rows: 0..self.rows,
            value: self.value,
            gradient: &mut self.gradient,
            hessian: &mut self.hessian,
        };
        let (mut gradient, mut hessian) = (part.gradient.to_vec(), part.hessian.to_vec());
        let next = Partial { rows, value: part.value, gradient: &mut gradient, hessian: &mut hessian };
        sum.merge(&next).map_err(refused)?;
        self.value = sum.value;
        self.rows += part.rows.len();
        Ok(())
    }
}

impl Accumulator for Unnumbered {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let numbers = numbers(&values[2..])?;
        let (height, all) = (self.formula.blocks.height(), values[2].len());
        let mut at = 0;
        while at < all {
            let block = self.open.get_or_insert_with(|| Block::new(&self.formula, height));
            let count = (height - block.count()).min(all - at);
            block.put(block.count(), at..at + count, &numbers);
            at += count;
            if block.is_whole() {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        read_states(states, |part| self.add(part), |_| Ok(()))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.flush()?;
        let Unnumbered { rows, value, gradient, hessian, .. } = self;
        let part = Partial { rows: 0..*rows, value: *value, gradient, hessian };
        Ok(state(vec![part.to_bytes()], &[]))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.flush()?;
        // To a copy, for a window asks again after more rows.
        let mut rest = self.formula.sums(&self.w, 0..0, Vec::new())?;
        let (mut gradient, mut hessian) = (self.gradient.clone(), self.hessian.clone());
        let mut sum =
            Partial { rows: 0..self.rows, value: self.value, gradient: &mut gradient, hessian: &mut hessian };
        let rows = self.rows..self.rows;
        let next =
            Partial { rows, value: rest.value, gradient: &mut rest.gradient, hessian: &mut rest.hessian };
        sum.merge(&next).map_err(refused)?;
        let value = sum.value;
        answer(&Sums { value, gradient, hessian })
    }

    fn size(&self) -> usize {
        let numbers = self.gradient.len() + self.hessian.len();
        size_of::<Self>() + 8 * numbers + self.open.as_ref().map_or(0, Block::size)
    }
}
