//! What the command does.

use std::ops::ControlFlow;
use std::path::Path;

use hesse_input::point;
use hesse_mpi::World;
use hesse_runtime::blocks::OverRanks;
use hesse_runtime::descent::{Method as _, Progress, TrustRegion};
use hesse_runtime::krylov::{Lanczos, RitzPair};
use hesse_runtime::{Analyze as _, ErrorFunction};
use serde_json::{Map, Value, json};

use crate::args::{Args, Command};
use crate::checkpoint;
use crate::problem::{Problem, complaint, number};

/// What there is to print, and why it is not what was wanted.
pub struct Answer {
    /// For the standard output.
    pub text: String,
    /// For the standard error.
    pub failure: Option<String>,
}

/// Runs on every rank; the answer is for the first to print.
pub fn run(args: &Args, world: &World) -> Result<Answer, String> {
    match &args.command {
        Command::Eval { source, at } => {
            let problem = Problem::read(source, world)?;
            let point = point("--at", Some(at), problem.surface.parameter_names()).map_err(complaint)?;
            eval(&problem, world, &point)
        }
        Command::Spectrum { source, at, count } => {
            let problem = Problem::read(source, world)?;
            let point = point("--at", Some(at), problem.surface.parameter_names()).map_err(complaint)?;
            spectrum(&problem, world, &point, *count)
        }
        Command::Fit { source, from, checkpoint, resume, max_iterations } => {
            let problem = Problem::read(source, world)?;
            let names = problem.surface.parameter_names();
            let start = match (from, resume) {
                (Some(from), _) => point("--from", Some(from), names).map_err(complaint)?,
                (None, Some(path)) => {
                    checkpoint::parse(&world.broadcast_text(|| text(path))?, &problem.formula, names)?
                }
                // Excluded by the command line.
                (None, None) => return Err("error: the start is missing: add `--from a=1`".to_owned()),
            };
            let mut method = TrustRegion::default();
            method.max_iterations = max_iterations.unwrap_or(method.max_iterations);
            fit(&problem, world, &method, &start, checkpoint.as_deref())
        }
    }
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("error: cannot read the checkpoint `{}`: {error}", path.display()))
}

/// The error function of all ranks' rows.
fn spread<'a>(problem: &'a Problem, world: &'a World) -> Result<impl ErrorFunction + 'a, String> {
    let rows = problem.surface.by_rows().ok_or("error: the formula is no sum over rows of data")?;
    Ok(OverRanks::new(rows, world))
}

fn eval(problem: &Problem, world: &World, w: &[f64]) -> Result<Answer, String> {
    let error = spread(problem, world)?;
    let p = error.dimension();
    let (mut gradient, mut hessian, mut product) = (vec![0.0; p], vec![0.0; p * (p + 1) / 2], vec![0.0; p]);
    let value = error.value_gradient_hessian(w, &mut gradient, &mut hessian);
    error.hessian_vector(w, &vec![1.0; p], &mut product);
    let list = |numbers: &[f64]| Value::Array(numbers.iter().map(|&x| number(x)).collect());
    let document = json!({
        "value": number(value), "gradient": list(&gradient), "hessian": list(&hessian), "product": list(&product),
    });
    Ok(Answer { text: document.to_string(), failure: None })
}

/// The extreme curvatures, from Hessian-vector products alone.
fn spectrum(problem: &Problem, world: &World, w: &[f64], count: usize) -> Result<Answer, String> {
    let error = spread(problem, world)?;
    let method = Lanczos { count, ..Lanczos::default() };
    let found = method.extremes(&error, w).map_err(complaint)?;
    let pair =
        |pair: &RitzPair| json!({ "eigenvalue": number(pair.value), "residual": number(pair.residual) });
    let document = json!({
        "lowest": found.lowest.iter().map(pair).collect::<Vec<_>>(),
        "highest": found.highest.iter().map(pair).collect::<Vec<_>>(),
        "products": found.products,
    });
    let failure = (!found.converged)
        .then(|| format!("error: not converged after {} Hessian-vector products", found.products));
    Ok(Answer { text: format!("{document:#}"), failure })
}

fn fit(
    problem: &Problem,
    world: &World,
    method: &TrustRegion,
    start: &[f64],
    checkpoint: Option<&Path>,
) -> Result<Answer, String> {
    let error = spread(problem, world)?;
    let names = problem.surface.parameter_names();
    let (mut last, mut written) = (Vec::new(), Ok(()));
    let mut observer = |progress: &Progress<'_>| {
        // A step that was not accepted leaves the iterate where it was.
        let has_moved = last != progress.w;
        if let Some(path) = checkpoint.filter(|_| has_moved && world.is_first() && written.is_ok()) {
            written = checkpoint::write(path, &problem.formula, names, progress.w, progress.value);
            last = progress.w.to_vec();
        }
        ControlFlow::Continue(())
    };
    let descent = method.minimize_observed(&error, start, &mut observer).map_err(complaint)?;
    world.agree(written)?;
    let analysis = error.analyze(&descent.minimizer).map_err(complaint)?;
    let point: Map<String, Value> =
        names.iter().cloned().zip(descent.minimizer.iter().map(|&x| number(x))).collect();
    let document = json!({
        "status": descent.status.to_string(),
        "iterations": descent.iterations,
        "value": number(descent.value),
        "parameters": point,
        "gradient": descent.gradient.iter().map(|&x| number(x)).collect::<Vec<_>>(),
        "kind": analysis.kind().as_str(),
        "eigenvalues": analysis.spectrum().eigenvalues().iter().map(|&x| number(x)).collect::<Vec<_>>(),
    });
    let failure = (!descent.converged()).then(|| {
        format!("error: not converged after {} iterations ({})", descent.iterations, descent.status)
    });
    Ok(Answer { text: format!("{document:#}"), failure })
}
