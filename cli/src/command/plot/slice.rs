//! Which plane through the parameters is drawn, and which part of it.

use hesse_runtime::{Analyze, ErrorFunction, Slice, packed};

use crate::failure::Failure;
use crate::input::Problem;

/// A plane with its coordinates.
pub(crate) struct Plane<'a, E> {
    pub(crate) slice: Slice<'a, E>,
    pub(crate) labels: [String; 2],
    /// The parameters that are the coordinates, unless these are principal axes.
    parameters: Option<[usize; 2]>,
    /// The point in the coordinates of the plane, where there is one.
    pub(crate) point: Option<[f64; 2]>,
}

/// How far a window reaches where nothing is known of the surface.
const REACH: f64 = 5.0;

/// The plane that `--axes` names, through the point.
pub(crate) fn plane<'a, E: ErrorFunction>(
    error: &'a E,
    names: &[String],
    axes: Option<&str>,
    point: Option<&[f64]>,
) -> Result<Plane<'a, E>, Failure> {
    let n = names.len();
    if n < 2 {
        return Err(Failure::input(format!(
            "the formula has one parameter, `{}`, and a surface needs two: draw `--convergence`, `--spectrum` or `--fit`",
            names.first().map_or("", String::as_str)
        )));
    }
    let chosen = match axes {
        Some(axes) => Axes::parse(axes, names)?,
        None if n == 2 => Axes::Parameters([0, 1]),
        None => {
            return Err(Failure::input(format!(
                "the formula has {n} parameters, and a surface is drawn over two: add `--axes {},{}`, or `--axes 1,2` for the principal axes of least curvature",
                names[0], names[1]
            )));
        }
    };
    let point = match (point, &chosen) {
        (Some(point), _) => Some(point.to_vec()),
        (None, Axes::Parameters(_)) if n == 2 => None,
        (None, _) => {
            return Err(Failure::input(
                "a slice goes through a point: add `--at` for the point itself, or `--from` to descend to one",
            ));
        }
    };
    match chosen {
        Axes::Parameters(parameters) => {
            let mut origin = point.clone().unwrap_or_else(|| vec![0.0; n]);
            // So that the coordinates are the parameters themselves.
            parameters.iter().for_each(|&at| origin[at] = 0.0);
            let directions =
                parameters.map(|at| (0..n).map(|k| f64::from(u8::from(k == at))).collect::<Vec<f64>>());
            Ok(Plane {
                slice: Slice::new(error, &origin, directions.to_vec()),
                labels: parameters.map(|at| names[at].clone()),
                parameters: Some(parameters),
                point: point.map(|point| parameters.map(|at| point[at])),
            })
        }
        Axes::Principal(ranks) => {
            let point = point.unwrap_or_default();
            let analysis = error.analyze(&point).map_err(Failure::computation)?;
            let spectrum = analysis.spectrum();
            let directions =
                ranks.map(|rank| spectrum.eigenvectors().column(rank).iter().copied().collect::<Vec<f64>>());
            let label = |rank: usize| {
                let largest =
                    crate::render::text::axis(names, spectrum.eigenvectors().column(rank).as_slice());
                format!("α{} along {largest}", rank + 1)
            };
            Ok(Plane {
                slice: Slice::new(error, &point, directions.to_vec()),
                labels: ranks.map(label),
                parameters: None,
                point: Some([0.0, 0.0]),
            })
        }
    }
}

enum Axes {
    Parameters([usize; 2]),
    Principal([usize; 2]),
}

impl Axes {
    /// Two names, or two ranks of eigenvalues, the least first.
    fn parse(text: &str, names: &[String]) -> Result<Axes, Failure> {
        let wrong = |why: String| {
            Failure::input(format!(
                "`{text}` in `--axes` are no two axes: {why}; write two parameters, `--axes {},{}`, or two numbers from 1 to {} for principal axes",
                names[0],
                names[1],
                names.len()
            ))
        };
        let parts = split(text);
        let [first, second] = parts[..] else {
            return Err(wrong(format!("there are {}", parts.len())));
        };
        if first == second {
            return Err(wrong("they are the same".to_owned()));
        }
        if let (Ok(first), Ok(second)) = (first.parse::<usize>(), second.parse::<usize>()) {
            return match [first, second].map(|rank| (1..=names.len()).contains(&rank)) {
                [true, true] => Ok(Axes::Principal([first - 1, second - 1])),
                _ => Err(wrong(format!("there are {} principal axes", names.len()))),
            };
        }
        let place = |name: &str| {
            let plain = name.replace(' ', "");
            names
                .iter()
                .position(|known| *known == plain)
                .ok_or_else(|| wrong(format!("`{name}` is no parameter")))
        };
        Ok(Axes::Parameters([place(first)?, place(second)?]))
    }
}

/// Splits at commas outside brackets.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let parts = text.split(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    });
    parts.map(str::trim).collect()
}

impl<E: ErrorFunction> Plane<'_, E> {
    /// The part of the plane to draw: the given box, where it says something; else what has all of `points`; else where
    /// E rises by about as much as it is.
    pub(crate) fn window(
        &self,
        problem: &Problem,
        region: Option<&str>,
        points: &[[f64; 2]],
    ) -> Result<[(f64, f64); 2], Failure> {
        let given = problem.bounds("--box", region)?;
        let mut window = [(0.0, 0.0); 2];
        for (axis, window) in window.iter_mut().enumerate() {
            let given = given.side(self.parameters.map_or(0, |parameters| parameters[axis]));
            let (lo, hi) = self.around(axis, points);
            *window = (
                if given.0.is_finite() { given.0 } else { lo },
                if given.1.is_finite() { given.1 } else { hi },
            );
            let (lo, hi) = *window;
            // Positions must differ in more than rounding.
            let is_wide = hi - lo > 1e-12 * lo.abs().max(hi.abs()) && (hi - lo).is_finite();
            if !is_wide {
                return Err(Failure::input(format!(
                    "the picture would go from {lo:?} to {hi:?} along `{}`: say how far it reaches with `--box`",
                    self.labels[axis]
                )));
            }
        }
        Ok(window)
    }

    fn around(&self, axis: usize, points: &[[f64; 2]]) -> (f64, f64) {
        let known = points.iter().map(|point| point[axis]).filter(|x| x.is_finite());
        let (lo, hi) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| (lo.min(x), hi.max(x)));
        let Some(point) = self.point.filter(|_| points.len() < 2) else {
            if lo > hi {
                return (-REACH, REACH);
            }
            let margin = 0.25 * (hi - lo);
            let margin =
                if margin > 1e-9 * lo.abs().max(hi.abs()) { margin } else { 1.0_f64.max(0.1 * lo.abs()) };
            return (lo - margin, hi + margin);
        };
        let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
        let value = self.slice.value_gradient_hessian(&point, &mut gradient, &mut hessian).abs();
        let curvature = hessian[packed::position(axis, axis)].abs();
        let rise = if value > 0.0 { value } else { 1.0 };
        let reach = (2.0 * rise / curvature).sqrt();
        let reach = if reach.is_finite() && reach > 0.0 { reach } else { REACH };
        (point[axis] - 1.5 * reach, point[axis] + 1.5 * reach)
    }
}
