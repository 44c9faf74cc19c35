//! Fits: the same descent whoever adds up the rows.

use std::ops::ControlFlow;
use std::path::Path;

use hesse_runtime::descent::{Method as _, Progress, TrustRegion};
use hesse_runtime::{Analyze as _, ErrorFunction, FitStatistics, StatisticsError};
use serde_json::{Map, Value, json};

use crate::checkpoint;

/// What there is to print, and why it is not what was wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// For the standard output.
    pub text: String,
    /// For the standard error.
    pub failure: Option<String>,
}

/// A fit by trust-region Newton steps.
#[derive(Clone, Copy, Debug)]
pub struct Fit<'a> {
    /// The text of the formula, for the checkpoint.
    pub formula: &'a str,
    /// The names of the parameters, in their order.
    pub names: &'a [String],
    /// Where to begin, in this order.
    pub start: &'a [f64],
    /// Steps at most; as many as the method takes on its own where nothing is said.
    pub max_iterations: Option<usize>,
    /// The iterate is written here after every accepted step.
    pub checkpoint: Option<&'a Path>,
}

impl Fit<'_> {
    /// Walks down to a minimum and says as JSON what is there.
    ///
    /// `statistics` are those of a sum of squares at its minimizer; none for other error functions. `agree` gets the
    /// outcome of writing checkpoints, before the descent and after it, for programs that run this in several processes:
    /// what it returns counts.
    ///
    /// A checkpoint that cannot be written is told on standard error at once, and written again after the next step.
    ///
    /// # Errors
    /// Where the descent cannot begin, or checkpoints cannot be written from the beginning. The answer says where the last
    /// one could not be written.
    pub fn run(
        &self,
        error: &impl ErrorFunction,
        statistics: impl FnOnce(&[f64]) -> Option<Result<FitStatistics, StatisticsError>>,
        agree: impl Fn(Result<(), String>) -> Result<(), String>,
    ) -> Result<Answer, String> {
        let mut method = TrustRegion::default();
        method.max_iterations = self.max_iterations.unwrap_or(method.max_iterations);
        agree(self.checkpoint.map_or(Ok(()), checkpoint::probe))?;
        let (mut last, mut written) = (Vec::new(), Ok(()));
        let mut observer = |progress: &Progress<'_>| {
            // A step that was not accepted leaves the iterate where it was.
            let is_news = last != progress.w || written.is_err();
            if let Some(path) = self.checkpoint.filter(|_| is_news) {
                let failed_before = written.is_err();
                written = checkpoint::write(path, self.formula, self.names, progress.w, progress.value);
                if let (Err(failure), false) = (&written, failed_before) {
                    let failure = failure.strip_prefix("error: ").unwrap_or(failure);
                    eprintln!("warning: {failure}; the fit goes on, and tries again after every step");
                }
                last = progress.w.to_vec();
            }
            ControlFlow::Continue(())
        };
        let descent = method
            .minimize_observed(error, self.start, &mut observer)
            .map_err(|error| format!("error: {error}"))?;
        // The answer is there, and is printed, whatever became of its checkpoint.
        let unwritten = agree(written).err();
        let analysis = error.analyze(&descent.minimizer).map_err(|error| format!("error: {error}"))?;
        let mut document = json!({
            "status": descent.status.to_string(),
            "iterations": descent.iterations,
            "value": number(descent.value),
            "parameters": self.by_name(&descent.minimizer),
            "gradient": descent.gradient.iter().map(|&x| number(x)).collect::<Vec<_>>(),
            "kind": analysis.kind().as_str(),
            "eigenvalues": analysis.spectrum().eigenvalues().iter().map(|&x| number(x)).collect::<Vec<_>>(),
        });
        let mut failure = (!descent.converged()).then(|| {
            format!("error: not converged after {} iterations ({})", descent.iterations, descent.status)
        });
        match statistics(&descent.minimizer) {
            Some(Ok(statistics)) => {
                document["standard_errors"] = self.by_name(&statistics.standard_errors).into();
                document["residual_standard_deviation"] = number(statistics.residual_standard_deviation);
                document["degrees_of_freedom"] = statistics.degrees_of_freedom.into();
            }
            Some(Err(error)) => failure = failure.or_else(|| Some(format!("error: {error}"))),
            None => {}
        }
        Ok(Answer { text: format!("{document:#}"), failure: unwritten.or(failure) })
    }

    fn by_name(&self, numbers: &[f64]) -> Map<String, Value> {
        self.names.iter().cloned().zip(numbers.iter().map(|&x| number(x))).collect()
    }
}

/// A number as JSON has it, or the word for what it is.
#[must_use]
pub fn number(x: f64) -> Value {
    if x.is_finite() { json!(x) } else { json!(x.to_string()) }
}
