//! Which plane or line through the parameters is drawn, and which part of it.

use hesse_input::split;
use hesse_runtime::{Analyze, ErrorFunction, Slice, packed};

use crate::failure::Failure;
use crate::input::Problem;

/// A plane with its two coordinates, or a line with one.
pub(crate) struct Plane<'a, E, const D: usize> {
    pub(crate) slice: Slice<'a, E>,
    pub(crate) labels: [String; D],
    /// The parameters that are the coordinates, unless these are principal axes.
    parameters: Option<[usize; D]>,
    /// The point in the coordinates of the plane, where there is one.
    pub(crate) point: Option<[f64; D]>,
}

/// How far a window reaches where nothing is known of the surface.
const REACH: f64 = 5.0;

/// Whether E is drawn along one axis: it has no other, or `--axes` names one alone.
pub(crate) fn is_line(names: &[String], axes: Option<&str>) -> bool {
    axes.map_or(names.len(), |axes| split(axes).len()) == 1
}

/// The plane that `--axes` names, through the point.
pub(crate) fn plane<'a, E: ErrorFunction, const D: usize>(
    error: &'a E,
    names: &[String],
    axes: Option<&str>,
    point: Option<&[f64]>,
) -> Result<Plane<'a, E, D>, Failure> {
    let n = names.len();
    if n < D {
        return Err(Failure::input(match names.first() {
            Some(name) => format!("the formula has one parameter, `{name}`: leave out `--axes`"),
            None => "the formula has no parameters, so there is nothing to draw it over".to_owned(),
        }));
    }
    let chosen = match axes {
        Some(axes) => Axes::parse(axes, names)?,
        None if n == D => Axes::Parameters(std::array::from_fn(|at| at)),
        None => {
            return Err(Failure::input(format!(
                "the formula has {n} parameters, and a surface is drawn over two: add `--axes {},{}`, or `--axes 1,2` for the principal axes of least curvature",
                names[0], names[1]
            )));
        }
    };
    let point = match (point, &chosen) {
        (Some(point), _) => Some(point.to_vec()),
        (None, Axes::Parameters(_)) if n == D => None,
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
                point: Some([0.0; D]),
            })
        }
    }
}

enum Axes<const D: usize> {
    Parameters([usize; D]),
    Principal([usize; D]),
}

impl<const D: usize> Axes<D> {
    /// Names, or ranks of eigenvalues, the least first.
    fn parse(text: &str, names: &[String]) -> Result<Axes<D>, Failure> {
        let wrong = |why: String| {
            let n = names.len();
            Failure::input(match names {
                [first, second, ..] if D > 1 => format!(
                    "`{text}` in `--axes` are no two axes: {why}; write two parameters, `--axes {first},{second}`, or two numbers from 1 to {n} for principal axes"
                ),
                _ => format!(
                    "`{text}` in `--axes` is no axis: {why}; write a parameter, `--axes {}`, or a number from 1 to {n} for a principal axis",
                    names[0]
                ),
            })
        };
        let parts: [&str; D] =
            split(text).try_into().map_err(|parts: Vec<&str>| wrong(format!("there are {}", parts.len())))?;
        if D > 1 && parts[1..].contains(&parts[0]) {
            return Err(wrong("they are the same".to_owned()));
        }
        let ranks = parts.map(|part| part.parse::<usize>().ok());
        if ranks.iter().all(Option::is_some) {
            let ranks = ranks.map(|rank| rank.unwrap_or(0));
            return if ranks.iter().all(|rank| (1..=names.len()).contains(rank)) {
                Ok(Axes::Principal(ranks.map(|rank| rank - 1)))
            } else {
                Err(wrong(match names.len() {
                    1 => "there is one principal axis".to_owned(),
                    n => format!("there are {n} principal axes"),
                }))
            };
        }
        let mut places = [0; D];
        for (place, part) in places.iter_mut().zip(parts) {
            let plain = part.replace(' ', "");
            *place = names
                .iter()
                .position(|known| *known == plain)
                .ok_or_else(|| wrong(format!("`{part}` is no parameter")))?;
        }
        Ok(Axes::Parameters(places))
    }
}

impl<E: ErrorFunction, const D: usize> Plane<'_, E, D> {
    /// The part of the plane to draw: the given box, where it says something; else what has all of `points`; else where
    /// E rises by about as much as it is.
    pub(crate) fn window(
        &self,
        problem: &Problem,
        region: Option<&str>,
        points: &[[f64; D]],
    ) -> Result<[(f64, f64); D], Failure> {
        let point = self.point.filter(|_| points.len() < 2);
        let given = problem.bounds("--box", region)?;
        let mut window = [(0.0, 0.0); D];
        for (axis, window) in window.iter_mut().enumerate() {
            let given = given.side(self.parameters.map_or(0, |parameters| parameters[axis]));
            let (lo, hi) = self.around(axis, points, point);
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

    /// From left to right of some points, or as far from one point as E rises by about as much as it is.
    pub(crate) fn around(&self, axis: usize, points: &[[f64; D]], point: Option<[f64; D]>) -> (f64, f64) {
        let known = points.iter().map(|point| point[axis]).filter(|x| x.is_finite());
        let (lo, hi) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| (lo.min(x), hi.max(x)));
        let Some(point) = point else {
            if lo > hi {
                return (-REACH, REACH);
            }
            let margin = 0.25 * (hi - lo);
            let margin =
                if margin > 1e-9 * lo.abs().max(hi.abs()) { margin } else { 1.0_f64.max(0.1 * lo.abs()) };
            return (lo - margin, hi + margin);
        };
        let (mut gradient, mut hessian) = ([0.0; D], vec![0.0; packed::length(D)]);
        let value = self.slice.value_gradient_hessian(&point, &mut gradient, &mut hessian).abs();
        let curvature = hessian[packed::position(axis, axis)].abs();
        let rise = if value > 0.0 { value } else { 1.0 };
        let reach = (2.0 * rise / curvature).sqrt();
        let reach = if reach.is_finite() && reach > 0.0 { reach } else { REACH };
        (point[axis] - 1.5 * reach, point[axis] + 1.5 * reach)
    }
}
