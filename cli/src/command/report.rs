//! `hesse report`: a fit or a minimum with all that is known of it, as one page.

use hesse_build::{Output, Source};
use hesse_pictures::{Canvas, Convergence, Course, Path, Spectrum};
use hesse_runtime::FitStatistics;
use hesse_symbolic::print::{Notation, derivatives, print};

use super::Answer;
use super::analyze::Report;
use super::minimize::failure;
use super::plot::{fit, name, output, section, slice, surface, way};
use crate::args::{self, Method};
use crate::failure::Failure;
use crate::input::{Problem, problem, sketch};
use crate::render::formulas::{Formulas, mathml};
use crate::render::html::{Figure, Page, page};

/// Boxes for the stationary points of a slice in a report.
const BOXES: usize = 2_000;

pub(super) fn run(args: &args::Report) -> Result<Answer, Failure> {
    let source = &args.from.source;
    let is_stream = |path: &std::path::Path| path == std::path::Path::new("-");
    if source.formula == "-" || source.data.as_deref().is_some_and(is_stream) {
        return Err(Failure::input(
            "a report reads its formula and data twice: write them to files in place of standard input",
        ));
    }
    let is_page = args.output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html"));
    if !is_page {
        return Err(Failure::input(format!(
            "`{}` is no name for a page: end it with `.html`",
            args.output.display()
        )));
    }
    let problem = problem(source)?;
    let (formula, model) = sketch(source)?;
    let squares = problem.surface.least_squares();
    let default = if squares.is_some() { Method::LeastSquares } else { Method::TrustRegion };
    let way = way::descend(&args.from, &problem, default)?;
    let report = Report::at(&problem, &way.descent.minimizer)?;
    let statistics = squares.and_then(|squares| FitStatistics::of(&squares, &way.descent.minimizer).ok());

    let error = print(&model.graph, &[model.error], Notation::MathMl, &[]);
    let (gradient, hessian, shared) = derivatives(&model.graph, model.error, Notation::MathMl);
    let formulas = mathml(&Formulas { model: &model, error, gradient, hessian, shared: shared.shared });
    let outputs = &Output::selection(None, false, false);
    let origin = formula.origin.rsplit(std::path::MAIN_SEPARATOR).next().unwrap_or(&formula.origin);
    let code =
        hesse_build::generate(&model, Source { name: &formula.name, origin, text: &formula.text, outputs });

    let text = page(&Page {
        title: args.title.clone().unwrap_or_else(|| name(&source.formula)),
        formula: &formula.text,
        formulas,
        report: &report,
        descent: &way.descent,
        method: &way.name,
        statistics: statistics.as_ref(),
        figures: figures(&problem, &report, &way)?,
        code,
    });
    output::write(&args.output, text.as_bytes())?;
    Ok(Answer { text: String::new(), failure: failure(&way.descent) })
}

fn figures(problem: &Problem, report: &Report, way: &way::Way) -> Result<Vec<Figure>, Failure> {
    let mut figures = Vec::new();
    if let Some(picture) = fit::picture(problem, &way.descent.minimizer, "")? {
        let caption = "Above, the data with the fitted model; below, what it leaves over.";
        figures.push(Figure::new("Fit", caption, |canvas| picture.draw(canvas)));
    }
    let names = problem.surface.parameter_names();
    if names.len() > 1 {
        // Over more than two parameters, the directions in which the point is known worst.
        let axes = if names.len() > 2 { Some("1,2") } else { None };
        let plane =
            slice::plane::<_, 2>(problem.surface.whole()?, names, axes, Some(&way.descent.minimizer))?;
        let project = |w: &Vec<f64>| {
            let coordinates = plane.slice.coordinates(w);
            [coordinates[0], coordinates[1]]
        };
        let path = Path { name: way.name.clone(), points: way.points.iter().map(project).collect() };
        let window =
            plane.window(problem, None, &plane.point.map(|point| vec![point]).unwrap_or_default())?;
        let boxes = (BOXES * 4 / (names.len() * names.len())).max(64);
        let canvas = Canvas::page(720.0, 500.0);
        let picture = surface::picture(&plane, window, vec![path], boxes, "", &canvas)?;
        let caption =
            "E around the end of the descent, with the last of the way there; arms are as long as E is flat.";
        figures.push(Figure::new("Surface", caption, |canvas| picture.draw(canvas)));
    }
    if names.len() == 1 {
        let picture = section::around(problem, way, BOXES, &Canvas::page(720.0, 500.0))?;
        let caption = "E around the end of the descent, with the last of the way there and the quadratic model at its end.";
        figures.push(Figure::new("Curve", caption, |canvas| picture.draw(canvas)));
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
