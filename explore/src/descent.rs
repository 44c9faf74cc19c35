//! The path of a method from a start.

use std::ops::ControlFlow;

use hesse_runtime::Analyze;
use hesse_runtime::descent::{
    Adam, Bounds, ConjugateGradients, CubicRegularization, Descent, DescentError, GradientDescent,
    LeastSquares, LevenbergMarquardt, LimitedMemory, Method, Momentum, Newton, Progress, SaddleFreeNewton,
    Status, Steihaug, TrustRegion,
};
use hesse_symbolic::evaluate::{LeastSquares as Squares, Surface};
use serde_json::{Value, json};

use crate::counted::{Counted, Counts};
use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::request::Request;

/// The most points of a path; of longer ones every second is left out, again and again.
const MAX_POINTS: usize = 1000;

/// A method that asks for this much of E, made with its default settings.
enum Road {
    Any(fn() -> Box<AnyMethod>),
    Squares(fn() -> Box<SquaresMethod>),
}

type AnyMethod = dyn for<'a> Method<Counted<'a, Surface>>;
type SquaresMethod = dyn for<'a, 'b> Method<Counted<'a, Squares<'b>>>;

/// The name of a method in requests, that for people, and its maker.
const METHODS: [(&str, &str, Road); 13] = [
    ("trust-region", "Trust region", Road::Any(|| Box::new(TrustRegion::default()))),
    ("cubic-regularization", "Cubic regularization", Road::Any(|| Box::new(CubicRegularization::default()))),
    ("newton", "Newton, line search", Road::Any(|| Box::new(Newton::default()))),
    ("saddle-free-newton", "Saddle-free Newton", Road::Any(|| Box::new(SaddleFreeNewton::default()))),
    ("steihaug", "Steihaug", Road::Any(|| Box::new(Steihaug::default()))),
    ("limited-memory", "L-BFGS", Road::Any(|| Box::new(LimitedMemory::default()))),
    ("conjugate-gradients", "Conjugate gradients", Road::Any(|| Box::new(ConjugateGradients::default()))),
    ("gradient-descent", "Gradient descent", Road::Any(|| Box::new(GradientDescent::default()))),
    ("momentum", "Momentum", Road::Any(|| Box::new(Momentum::default()))),
    ("nesterov", "Nesterov", Road::Any(|| Box::new(Momentum { nesterov: true, ..Momentum::default() }))),
    ("adam", "Adam", Road::Any(|| Box::new(Adam::default()))),
    ("levenberg-marquardt", "Levenberg–Marquardt", Road::Squares(|| Box::new(LevenbergMarquardt::default()))),
    ("least-squares", "Least squares", Road::Squares(|| Box::new(LeastSquares::default()))),
];

/// The methods for an error function that is, or is not, a sum of squares.
pub(crate) fn methods(has_squares: bool) -> Vec<Value> {
    METHODS
        .iter()
        .filter(|(.., road)| has_squares || matches!(road, Road::Any(_)))
        .map(|(name, title, _)| json!({ "name": name, "title": title }))
        .collect()
}

pub(crate) fn answer(
    problem: &Problem,
    request: &Request,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Value, Refusal> {
    let start = request.point("from", problem.dimension())?;
    let name = request.text("method")?;
    let Some((.., road)) = METHODS.iter().find(|(known, ..)| *known == name) else {
        return Err(Refusal::request(format!("there is no method `{name}`")));
    };
    let counts = Counts::default();
    let mut path = Path::new();
    let mut observe = |progress: &Progress<'_>| {
        path.push(progress.w, progress.value);
        if go_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let bounds = Bounds::none();
    let descent: Result<Descent, DescentError> = match road {
        Road::Any(method) => {
            method().descend(&Counted::new(&problem.surface, &counts), &start, &bounds, &mut observe)
        }
        Road::Squares(method) => {
            let squares = problem.surface.least_squares().ok_or_else(|| {
                Refusal::request(format!("`{name}` is for sums of squares, such as `sum(i, (y[i] - …)^2)`"))
            })?;
            method().descend(&Counted::new(&squares, &counts), &start, &bounds, &mut observe)
        }
    };
    let descent = descent.map_err(Refusal::computation)?;
    path.end(&descent.minimizer, descent.value);
    let kind = problem.surface.analyze(&descent.minimizer).ok().map(|analysis| analysis.kind().to_string());
    let is_cut = descent.status == Status::Stopped;
    let reason = if is_cut {
        "stopped: the time for one answer ran out".to_owned()
    } else {
        descent.status.to_string()
    };
    Ok(json!({
        "path": path.points,
        "values": path.values,
        "minimizer": descent.minimizer,
        "value": descent.value,
        "kind": kind,
        "iterations": descent.iterations,
        "evaluations": {
            "values": counts.values.get(),
            "gradients": counts.gradients.get(),
            "hessians": counts.hessians.get(),
            "products": counts.products.get(),
        },
        "converged": descent.converged(),
        "reason": reason,
        "cut": is_cut,
    }))
}

/// Iterates, thinned where there are many.
struct Path {
    points: Vec<Vec<f64>>,
    values: Vec<f64>,
    stride: usize,
    seen: usize,
}

impl Path {
    fn new() -> Path {
        Path { points: Vec::new(), values: Vec::new(), stride: 1, seen: 0 }
    }

    /// Adds an iterate that differs from the one before, if its turn has come.
    fn push(&mut self, w: &[f64], value: f64) {
        // A refused step leaves the iterate where it was.
        if self.points.last().is_some_and(|last| last == w) {
            return;
        }
        if self.seen.is_multiple_of(self.stride) {
            if self.points.len() == MAX_POINTS {
                self.points = self.points.drain(..).step_by(2).collect();
                self.values = self.values.drain(..).step_by(2).collect();
                self.stride *= 2;
            }
            self.points.push(w.to_vec());
            self.values.push(value);
        }
        self.seen += 1;
    }

    /// Adds the last iterate, whose turn it may not be.
    fn end(&mut self, w: &[f64], value: f64) {
        if self.points.last().is_none_or(|last| last != w) {
            self.points.push(w.to_vec());
            self.values.push(value);
        }
    }
}
