//! Errors of a function and its derivatives as the engine makes them: alone, and over many rows at a time.

use hesse::ErrorFunction;
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::tables::{Point, Truth, table};

/// The largest error of one order of derivative, in ulp, and where it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Worst {
    pub(crate) error: f64,
    pub(crate) place: String,
}

/// The largest errors of value, first and second derivatives.
pub(crate) type Errors = [Worst; 3];

/// Measures `formula`, a function of x, or of x and y, against the table `name`; points are left out where `skipped`
/// says so, for an order of derivative.
///
/// Errors of derivatives are divided by the condition number: an argument that is half an ulp off is to be forgiven.
pub(crate) fn measure(name: &str, formula: &str, skipped: &dyn Fn(usize, &[f64], f64) -> bool) -> Errors {
    let points = table(name).unwrap();
    let mut errors = Errors::default();
    let mut note = |what: &str, point: &Point, results: &[Option<f64>]| {
        for (at, (truth, found)) in point.truth.iter().zip(results).enumerate() {
            let Some(found) = *found else { continue };
            let order = order(at, point.at.len());
            if skipped(order, &point.at, truth.nearest) {
                continue;
            }
            let error = size(*truth, order, found);
            if error > errors[order].error {
                let place = format!("{what}, {at}: {found:e} at {:?} is not {:e}", point.at, truth.nearest);
                errors[order] = Worst { error, place };
            }
        }
    };
    let alone = surface(&format!("param {}\n{formula}", names(&points)), None);
    for point in &points {
        note("alone", point, &at_point(&alone, &point.at));
    }
    for (point, results) in points.iter().zip(in_rows(formula, &points)) {
        note("in rows", point, &results);
    }
    errors
}

fn size(truth: Truth, order: usize, found: f64) -> f64 {
    let error = truth.error(found);
    if order == 0 { error } else { error / truth.condition }
}

/// The order of the derivative at this place of a table.
fn order(at: usize, arguments: usize) -> usize {
    usize::from(at > 0) + usize::from(at > arguments)
}

fn names(points: &[Point]) -> &'static str {
    if points[0].at.len() == 1 { "x" } else { "x, y" }
}

fn surface(text: &str, size: Option<usize>) -> Surface {
    let model = parse(text, &Columns::none()).unwrap();
    let mut bindings = Bindings::new();
    if let Some(size) = size {
        bindings.set_dimension("n", size);
    }
    Surface::new(&model.graph, model.error, &bindings).unwrap()
}

/// Value, gradient and Hessian; second derivatives that come from products with a vector are worse or the same.
fn at_point(surface: &Surface, w: &[f64]) -> Vec<Option<f64>> {
    let count = w.len();
    let (mut gradient, mut hessian) = (vec![0.0; count], vec![0.0; count * (count + 1) / 2]);
    let mut results = vec![Some(surface.value(w))];
    surface.value_gradient_hessian(w, &mut gradient, &mut hessian);
    results.extend(gradient.iter().chain(&hessian).map(|&x| Some(x)));
    results
}

/// The same for all points in one sum, whose rows run in lanes.
fn in_rows(formula: &str, points: &[Point]) -> Vec<Vec<Option<f64>>> {
    let (count, arguments) = (points.len(), points[0].at.len());
    let (arguments_of, elements, parameters) = match arguments {
        1 => ("x", "v[i]", "v[n]"),
        _ => ("x, y", "v[i], w[i]", "v[n], w[n]"),
    };
    let text = format!("param u[n], {parameters}\nf({arguments_of}) = {formula}\nsum(i, u[i]*f({elements}))");
    let surface = surface(&text, Some(count));
    let mut w = vec![1.0; count];
    for argument in 0..arguments {
        w.extend(points.iter().map(|point| point.at[argument]));
    }
    let (mut gradient, mut diagonal) = (vec![0.0; w.len()], vec![0.0; w.len()]);
    surface.value_gradient(&w, &mut gradient);
    surface.hessian_diagonal(&w, &mut diagonal);
    let row = |i: usize| match arguments {
        1 => vec![Some(gradient[i]), Some(gradient[count + i]), Some(diagonal[count + i])],
        _ => {
            let [x, y] = [count + i, 2 * count + i];
            [
                Some(gradient[i]),
                Some(gradient[x]),
                Some(gradient[y]),
                Some(diagonal[x]),
                None,
                Some(diagonal[y]),
            ]
            .into()
        }
    };
    (0..count).map(row).collect()
}
