//! `hesse report`: a fit or a minimum with all that is known of it, as one page.

use hesse_build::{Output, Source};
use hesse_pictures::{Canvas, Convergence, Course, Path, Spectrum};
use hesse_symbolic::print::{Notation, derivatives, print};

use super::Answer;
use super::analyze::Report;
use super::fitted::{Fit, Target, Unknown};
use super::minimize::outcome;
use super::plot::{fit, name, output, section, slice, surface, way};
use crate::args;
use crate::failure::Failure;
use crate::input::{Problem, problem};
use crate::render::formulas::{Formulas, mathml};
use crate::render::html::{Figure, Page, page};

/// Boxes for the stationary points of a slice in a report.
const BOXES: usize = 2_000;

pub(super) fn run(args: &args::Report) -> Result<Answer, Failure> {
    let source = &args.from.source;
    if !args.output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html")) {
        return Err(Failure::input(format!(
            "`{}` is no name for a page: end it with `.html`",
            args.output.display()
        )));
    }
    args.estimates.check()?;
    let target = Target::of(problem(source)?, &args.estimates.noise)?;
    let problem = target.problem();
    let (formula, model) = &*problem.formula;
    let way = way::fit(&args.from, &target)?;
    let bounds = problem.bounds("--bounds", args.from.bounds.as_deref())?;
    let report = Report::within(problem, &way.descent, &bounds)?;
    let (fit, unknown) = match target.fit(&args.estimates, &way.descent, &bounds) {
        Ok(fit) => (fit, None),
        Err(Unknown::Errors(reason)) => (None, Some(reason)),
        Err(Unknown::Interval(reason)) => return Err(Failure::computation(reason)),
    };

    let error = print(&model.graph, &[model.error], Notation::MathMl, &[]);
    let (gradient, hessian, shared) = derivatives(&model.graph, model.error, Notation::MathMl);
    let formulas = mathml(&Formulas { model, error, gradient, hessian, shared: shared.shared });
    let outputs = &Output::selection(None, false, false);
    let origin = formula.origin.rsplit(std::path::MAIN_SEPARATOR).next().unwrap_or(&formula.origin);
    let code =
        hesse_build::generate(model, Source { name: &formula.name, origin, text: &formula.text, outputs });

    let text = page(&Page {
        title: args.title.clone().unwrap_or_else(|| name(&source.formula)),
        formula: &formula.text,
        formulas,
        report: &report,
        descent: &way.descent,
        method: &way.name,
        fit: fit.as_ref(),
        unknown,
        figures: figures(&target, &report, &way, fit.as_ref())?,
        code,
    });
    output::write(&args.output, text.as_bytes())?;
    Ok(Answer { text: String::new(), failure: outcome(&way.descent, &report) })
}

fn figures(
    target: &Target,
    report: &Report,
    way: &way::Way,
    fit: Option<&Fit>,
) -> Result<Vec<Figure>, Failure> {
    let problem = target.problem();
    let mut figures = Vec::new();
    let statistics = fit.map(|fit| &fit.statistics);
    if let Some(picture) = fit::picture(target.written(), &way.descent.minimizer, statistics, "")? {
        let caption = "Above, the data with the fitted model; below, what it leaves over.";
        figures.push(Figure::new("Fit", caption, |canvas| picture.draw(canvas)));
    }
    let names = problem.surface.parameter_names();
    if names.len() > 1 {
        // Over more than two parameters, the directions in which the point is known worst.
        let axes = if names.len() > 2 { Some("1,2") } else { None };
        figures.extend(around(problem, way, axes)?);
    }
    if names.len() == 1 {
        let picture = section::around(problem, way, BOXES, &Canvas::page(720.0, 500.0));
        let caption = "E around the end of the descent, with the last of the way there and the quadratic model at its end.";
        figures.extend(
            drawable(picture)?.map(|picture| Figure::new("Curve", caption, |canvas| picture.draw(canvas))),
        );
    }
    let eigenvalues = report.analysis.spectrum().eigenvalues().iter().copied().collect();
    let spectrum = Spectrum { title: String::new(), eigenvalues };
    let caption = "The eigenvalues of the Hessian: curvatures along the principal axes.";
    figures.push(Figure::new("Spectrum", caption, |canvas| spectrum.draw(canvas)));
    let course = Course { name: way.name.clone(), values: way.values.clone(), slopes: way.slopes.clone() };
    let descent = Convergence { title: String::new(), courses: vec![course] };
    let caption = "How far E was from where it ended, and how long its gradient was.";
    figures.push(Figure::new("Descent", caption, |canvas| descent.draw(canvas)));
    Ok(figures)
}

/// The surface around the end of a descent.
fn around(problem: &Problem, way: &way::Way, axes: Option<&str>) -> Result<Option<Figure>, Failure> {
    let names = problem.surface.parameter_names();
    let plane = slice::plane::<_, 2>(problem.surface.whole()?, names, axes, Some(&way.descent.minimizer))?;
    let project = |w: &Vec<f64>| {
        let coordinates = plane.slice.coordinates(w);
        [coordinates[0], coordinates[1]]
    };
    let path = Path { name: way.name.clone(), points: way.points.iter().map(project).collect() };
    let window = plane.window(problem, None, &plane.point.map(|point| vec![point]).unwrap_or_default());
    let Some(window) = drawable(window)? else { return Ok(None) };
    let boxes = (BOXES * 4 / (names.len() * names.len())).max(64);
    let canvas = Canvas::page(720.0, 500.0);
    let picture = surface::picture(&plane, window, vec![path], boxes, "", &canvas)?;
    let caption =
        "E around the end of the descent, with the last of the way there; arms are as long as E is flat.";
    Ok(Some(Figure::new("Surface", caption, |canvas| picture.draw(canvas))))
}

/// A page goes without a picture that has no window, as where E falls without end.
fn drawable<T>(picture: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match picture {
        Ok(picture) => Ok(Some(picture)),
        Err(Failure::Input(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}
