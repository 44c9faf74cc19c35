//! `hesse plot`: pictures of surfaces and their sections, spectra, descents and fits.

pub(super) mod fit;
pub(super) mod output;
pub(super) mod section;
pub(super) mod slice;
pub(super) mod surface;
pub(super) mod way;

use hesse_pictures::{Canvas, Convergence, Course, Scene, Spectrum};
use hesse_runtime::Analyze;

use super::Answer;
use crate::args::{Method, Plot};
use crate::failure::Failure;
use crate::input::{Problem, problem};
use way::Way;

pub(super) fn run(args: &Plot) -> Result<Answer, Failure> {
    // A wrong name of a file is told before minutes of work.
    let output = output::Output::of(args)?;
    args.noise.check()?;
    if !args.fit && args.noise.is_given() {
        return Err(Failure::input(
            "`--errors`, `--sigma` and `--loss` are about fits: add `--fit`, or leave them out",
        ));
    }
    let problem = problem(&args.from.source)?;
    let scene = if args.spectrum {
        spectrum(args, &problem, &output.canvas)?
    } else if args.convergence {
        convergence(args, &problem, &output.canvas)?
    } else if args.fit {
        fit::draw(args, problem, &output.canvas)?
    } else if slice::is_line(problem.surface.parameter_names(), args.axes.as_deref()) {
        section::draw(args, &problem, &output.canvas)?
    } else {
        surface::draw(args, &problem, &output.canvas)?
    };
    Ok(output.write(&scene)?.into())
}

fn spectrum(args: &Plot, problem: &Problem, canvas: &Canvas) -> Result<Scene, Failure> {
    let point = point(args, problem)?.ok_or_else(|| {
        Failure::input(
            "a spectrum is that of a point: add `--at` for the point itself, or `--from` to descend to one",
        )
    })?;
    let analysis = problem.surface.analyze(&point).map_err(Failure::computation)?;
    let eigenvalues = analysis.spectrum().eigenvalues().iter().copied().collect();
    Ok(Spectrum { title: title(args, "Eigenvalues of the Hessian of"), eigenvalues }.draw(canvas))
}

fn convergence(args: &Plot, problem: &Problem, canvas: &Canvas) -> Result<Scene, Failure> {
    let courses = ways(args, problem, Method::TrustRegion)?.into_iter().map(course).collect();
    Ok(Convergence { title: title(args, "Descent on"), courses }.draw(canvas))
}

pub(super) fn course(way: Way) -> Course {
    Course { name: way.name, values: way.values, slopes: way.slopes }
}

/// The point that is looked at: the given one, or the end of the descent from the given start.
fn point(args: &Plot, problem: &Problem) -> Result<Option<Vec<f64>>, Failure> {
    if args.at.is_some() {
        return problem.point("--at", args.at.as_deref()).map(Some);
    }
    if args.from.from.is_none() {
        return Ok(None);
    }
    let way = way::descend(&args.from, problem, Method::TrustRegion)?;
    Ok(Some(way.descent.minimizer))
}

/// One descent per method asked for.
fn ways(args: &Plot, problem: &Problem, default: Method) -> Result<Vec<Way>, Failure> {
    let mut ways = vec![way::descend(&args.from, problem, default)?];
    for method in &args.compare {
        let from = crate::args::From { method: Some(*method), ..args.from.clone() };
        ways.push(way::descend(&from, problem, default)?);
    }
    Ok(ways)
}

/// The ways from the given start, where there is one, and the point that is looked at, if any is.
fn ways_and_point(args: &Plot, problem: &Problem) -> Result<(Vec<Way>, Option<Vec<f64>>), Failure> {
    let ways = if args.from.from.is_some() { ways(args, problem, Method::TrustRegion)? } else { Vec::new() };
    let point = match &args.at {
        Some(at) => Some(problem.point("--at", Some(at))?),
        None => ways.first().map(|way| way.descent.minimizer.clone()),
    };
    Ok((ways, point))
}

/// What stands above: the given title, or what is drawn and of what.
fn title(args: &Plot, what: &str) -> String {
    if let Some(title) = &args.title {
        return title.clone();
    }
    let formula = name(&args.from.source.formula);
    if what.is_empty() { formula } else { format!("{what} {formula}") }
}

/// A formula in few words: its file, or itself where it is one line.
pub(super) fn name(formula: &str) -> String {
    let path = std::path::Path::new(formula);
    match (formula, path.file_stem()) {
        ("-", _) => "standard input".to_owned(),
        (_, Some(stem)) if formula.ends_with(".hes") => stem.to_string_lossy().into_owned(),
        _ => formula.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
