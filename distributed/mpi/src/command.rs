//! What the command does.

use hesse_fits::{Answer, Fit, number};
use hesse_input::point;
use hesse_mpi::{Led, World};
use hesse_runtime::blocks::{Communicator as _, OverRanks};
use hesse_runtime::krylov::{Lanczos, RitzPair};
use hesse_runtime::{
    ErrorFunction, FitStatistics, RowErrorFunction as _, StatisticsError, SumOfSquares as _,
};
use serde_json::{Value, json};

use crate::args::{Args, Command};
use crate::problem::{Problem, complaint};

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
        Command::Fit { source, options } => {
            let problem = Problem::read(source, world)?;
            let names = problem.surface.parameter_names();
            let start = options.start(&problem.formula, names, |text| world.broadcast_text(text))?;
            let fit = Fit {
                formula: &problem.formula,
                names,
                start: &start,
                max_iterations: options.max_iterations,
                // One file, from the rank that speaks.
                checkpoint: options.checkpoint.as_deref().filter(|_| world.is_first()),
            };
            let statistics = |w: &[f64]| statistics(&problem, world, w);
            fit.run(&spread(&problem, world)?, statistics, |written| world.agree(written))
        }
    }
}

/// The error function of all ranks' rows, at the points of the first.
fn spread<'a>(problem: &'a Problem, world: &'a World) -> Result<impl ErrorFunction + 'a, String> {
    let rows = problem.surface.by_rows().ok_or("error: the formula is no sum over rows of data")?;
    Ok(Led::new(OverRanks::new(rows, world), world))
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

/// The statistics of a sum of squares over all ranks' rows.
fn statistics(problem: &Problem, world: &World, w: &[f64]) -> Option<Result<FitStatistics, StatisticsError>> {
    let squares = problem.surface.least_squares()?;
    let rows = problem.surface.by_rows()?;
    let over = OverRanks::new(rows, world);
    let mut w = w.to_vec();
    world.broadcast(&mut w);
    let mut matrix = vec![0.0; w.len() * (w.len() + 1) / 2];
    let sum = over.evaluate(&mut [], &mut matrix, |own, _, matrix| {
        rows.gauss_newton_of_rows(&w, own, matrix).unwrap_or(f64::NAN)
    });
    let observations = match squares.observations_by_rows() {
        // A count of ones, exact up to 2⁵³.
        Some(counted) => over.evaluate(&mut [], &mut [], |own, _, _| counted.value_of_rows(&w, own)) as usize,
        // All ranks know it then, for no weight is data of the rows.
        None => squares.observation_count(),
    };
    Some(FitStatistics::from_gauss_newton(sum, observations, w.len(), &matrix))
}
