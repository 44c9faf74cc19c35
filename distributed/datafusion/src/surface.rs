//! The error function of all rows of a table.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use datafusion::error::Result;
use datafusion::execution::FunctionRegistry as _;
use datafusion::logical_expr::lit;
use hesse_fits::write_point;
use hesse_runtime::{ErrorFunction, FitStatistics, StatisticsError, packed};
use tokio::runtime::Handle;

use crate::aggregate::{name, text};
use crate::formula::{Formula, Outputs, Source, Sums};
use crate::state::read_answer;
use crate::table::{Table, number_column};
use crate::{reason, refused};

/// An error function whose every evaluation is a query.
///
/// Where a query fails, the results are NaN, and [`failure`](Self::failure) tells why; until it is asked, no other query is
/// sent. The Hessian is made whole for a
/// Hessian-vector product. Its methods must not be called on a thread of the runtime, for they wait for it.
#[derive(Debug)]
pub struct OverTable {
    table: Table,
    formula: String,
    names: Vec<String>,
    /// The residuals of a sum of squares, and whether the rows tell which of them are observations.
    residuals: Option<usize>,
    has_weights: bool,
    is_smooth: bool,
    runtime: Handle,
    failure: Mutex<Option<String>>,
}

impl OverTable {
    /// The error function of a formula over the rows of a table.
    ///
    /// # Errors
    /// Where the formula does not fit the table, or is no sum over its rows.
    pub fn new(formula: &str, table: Table, runtime: Handle) -> Result<OverTable> {
        let source = Source {
            text: formula.to_owned(),
            arrays: table.arrays.clone(),
            rows: Some(table.rows),
            outputs: Outputs::Value,
        };
        let Formula { names, residuals, has_weights, is_smooth, .. } = Formula::new(source)?;
        let formula = formula.to_owned();
        let failure = Mutex::default();
        Ok(OverTable { table, formula, names, residuals, has_weights, is_smooth, runtime, failure })
    }

    /// The names of all parameters, in order.
    #[must_use]
    pub fn parameter_names(&self) -> &[String] {
        &self.names
    }

    /// Why a query failed, where one did since the last call; queries are sent again then.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The statistics of a sum of squares at its minimizer; none for other error functions.
    #[must_use]
    pub fn statistics(&self, w: &[f64]) -> Option<std::result::Result<FitStatistics, StatisticsError>> {
        let residuals = self.residuals?;
        let Sums { value, hessian, .. } = self.sums(Outputs::GaussNewton, w);
        let observations = if self.has_weights {
            // A count of ones, exact up to 2⁵³; zero after a failure, which is told.
            self.sums(Outputs::Observations, w).value as usize
        } else {
            residuals
        };
        Some(FitStatistics::from_gauss_newton(value, observations, w.len(), &hessian))
    }

    fn sums(&self, outputs: Outputs, w: &[f64]) -> Sums {
        let failed = || self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        // A descent tries many points after a failure, and a query of a lost table may wait long.
        if failed().is_none() {
            match self.runtime.block_on(self.query(outputs, w)) {
                Ok(sums) => return sums,
                Err(error) => *failed() = Some(reason(&error)),
            }
        }
        let nothing = |length| vec![f64::NAN; length];
        Sums { value: f64::NAN, gradient: nothing(w.len()), hessian: nothing(packed::length(w.len())) }
    }

    async fn query(&self, outputs: Outputs, w: &[f64]) -> Result<Sums> {
        let Table { session, name: table, rows, numbers, data, .. } = &self.table;
        let mut arguments = vec![text(self.formula.clone()), text(write_point(&self.names, w))];
        if let Some(numbers) = numbers {
            arguments.extend([lit(*rows as u64), number_column(numbers)]);
        }
        arguments.push(data.clone());
        let function = session.udaf(name(outputs, numbers.is_some()))?;
        let call = function.call(arguments).alias("answer");
        let answer =
            session.table(table.as_str()).await?.aggregate(Vec::new(), vec![call])?.collect().await?;
        let rows = answer.iter().find(|batch| batch.num_rows() > 0);
        read_answer(rows.ok_or_else(|| refused("the query gave nothing"))?.column(0))
    }
}

impl ErrorFunction for OverTable {
    fn dimension(&self) -> usize {
        self.names.len()
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.sums(Outputs::Value, w).value
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let sums = self.sums(Outputs::Gradient, w);
        gradient.copy_from_slice(&sums.gradient);
        sums.value
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let sums = self.sums(Outputs::Hessian, w);
        gradient.copy_from_slice(&sums.gradient);
        hessian.copy_from_slice(&sums.hessian);
        sums.value
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        let sums = self.sums(Outputs::Hessian, w);
        packed::multiply(&sums.hessian, v, product);
    }

    fn is_smooth(&self) -> bool {
        self.is_smooth
    }

    fn parameter_name(&self, index: usize, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(self.names.get(index).map_or("?", String::as_str))
    }
}
