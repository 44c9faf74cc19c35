//! What was chosen for an error function and what it costs.

mod json;
mod text;

use std::collections::BTreeMap;

use hesse_symbolic::emit::Output;
use hesse_symbolic::explain::{Account, Explanation, Polynomial};
use hesse_symbolic::functions::Function;
use hesse_symbolic::rules::{Applied, Mode};

use crate::input::Sizes;

pub(crate) use json::json;
pub(crate) use text::text;

/// What `hesse derive --explain` prints.
pub(crate) struct Report {
    pub(crate) explanation: Explanation,
    pub(crate) sizes: Sizes,
    pub(crate) mode: Mode,
    /// The rules that rewrote the formula before anything was derived.
    pub(crate) applied: Vec<Applied>,
}

impl Report {
    /// The work of the value alone, against which all others are held.
    fn value(&self) -> Option<&Account> {
        self.explanation.accounts.iter().find(|account| account.output == Output::Value)
    }

    /// The work of a function in multiples of that of the value.
    pub(super) fn ratio(&self, account: &Account) -> Option<f64> {
        account.cost.at(&self.sizes).ratio(&self.value()?.cost.at(&self.sizes))
    }

    /// The sizes not told.
    fn unknown(&self) -> Vec<&str> {
        let sizes = self.explanation.sizes.iter().map(String::as_str);
        sizes.filter(|name| !self.sizes.contains_key(*name)).collect()
    }

    /// The sizes of which one more row costs the same everywhere.
    fn rows(&self) -> Vec<&str> {
        let rows = self.explanation.rows.iter().map(String::as_str);
        rows.filter(|rows| self.value().is_some_and(|own| self.per_row(&own.cost, rows).is_some())).collect()
    }

    /// What one more row costs, where that is the same for all rows.
    pub(super) fn per_row(&self, cost: &Polynomial, rows: &str) -> Option<Polynomial> {
        let others = self.sizes.iter().filter(|(name, _)| *name != rows);
        let others: Sizes = others.map(|(name, &size)| (name.clone(), size)).collect();
        let cost = cost.at(&others);
        (cost.degree(rows) <= 1).then(|| cost.coefficient(rows, 1))
    }

    /// The functions called, with what a call costs.
    pub(super) fn functions(&self) -> BTreeMap<Function, u32> {
        let lines = self.explanation.accounts.iter().flat_map(|account| &account.lines);
        lines
            .flat_map(|line| line.work.functions.keys())
            .map(|&function| (function, function.cost()))
            .collect()
    }
}
