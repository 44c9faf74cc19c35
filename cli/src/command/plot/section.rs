//! E along one coordinate, with the quadratic model at a point.

use hesse_pictures::{Canvas, Curve, Path, Point, Scene, Section};
use hesse_runtime::certify::{Reason, StationaryPoints};
use hesse_runtime::{Analyze, ErrorFunction, IntervalErrorFunction, QuadraticModel};

use super::slice::{Plane, plane};
use super::surface::{is_near, kind, search, undecided};
use super::way::Way;
use super::{title, ways_and_point};
use crate::args::Plot;
use crate::failure::Failure;
use crate::input::Problem;

/// Boxes to spend on the search for stationary points, fewer where E has more parameters than one.
const BOXES: usize = 20_000;

pub(super) fn draw(args: &Plot, problem: &Problem, canvas: &Canvas) -> Result<Scene, Failure> {
    let names = problem.surface.parameter_names();
    let (ways, at) = ways_and_point(args, problem)?;
    let line = plane::<_, 1>(problem.surface.whole()?, names, args.axes.as_deref(), at.as_deref())?;
    // A way through more parameters is no curve over one of them.
    let paths = if names.len() == 1 { paths(&line, &ways) } else { Vec::new() };
    let mut known: Vec<[f64; 1]> = paths.iter().flat_map(|path| &path.points).map(|[x, _]| [*x]).collect();
    known.extend(line.point);
    let boxes = args.boxes.unwrap_or_else(|| (BOXES / (names.len() * names.len())).max(64));
    let mut window = line.window(problem, args.region.as_deref(), &known)?;
    if args.region.is_none() && known.is_empty() && boxes > 0 {
        // What there is to see lies around stationary points and kinks.
        let StationaryPoints { points, undecided, .. } = search(&line.slice, window, boxes)?;
        let kinks = undecided.iter().filter(|open| open.reason == Reason::Kink);
        let kinks = kinks.map(|kink| [kink.region[0].midpoint()]);
        let found: Vec<[f64; 1]> = points.iter().map(|point| [point.at[0]]).chain(kinks).collect();
        let only = found.first().copied().filter(|_| found.len() == 1);
        window = if found.is_empty() { window } else { [line.around(0, &found, only)] };
    }
    Ok(picture(&line, window, paths, boxes, &title(args, ""), canvas)?.draw(canvas))
}

/// E around the end of a descent over one parameter.
pub(crate) fn around(
    problem: &Problem,
    way: &Way,
    boxes: usize,
    canvas: &Canvas,
) -> Result<Section, Failure> {
    let names = problem.surface.parameter_names();
    let line = plane::<_, 1>(problem.surface.whole()?, names, None, Some(&way.descent.minimizer))?;
    let window = line.window(problem, None, &line.point.map(|point| vec![point]).unwrap_or_default())?;
    let paths = paths(&line, std::slice::from_ref(way));
    picture(&line, window, paths, boxes, "", canvas)
}

fn paths<E: ErrorFunction>(line: &Plane<'_, E, 1>, ways: &[Way]) -> Vec<Path> {
    let place = |(w, value): (&Vec<f64>, &f64)| [line.slice.coordinates(w)[0], *value];
    let path = |way: &Way| Path {
        name: way.name.clone(),
        points: way.points.iter().zip(&way.values).map(place).collect(),
    };
    ways.iter().map(path).collect()
}

fn picture<E: IntervalErrorFunction + Sync>(
    line: &Plane<'_, E, 1>,
    window: [(f64, f64); 1],
    paths: Vec<Path>,
    boxes: usize,
    title: &str,
    canvas: &Canvas,
) -> Result<Section, Failure> {
    let [(lo, hi)] = window;
    let steps = Section::resolution(canvas).max(2) - 1;
    let x: Vec<f64> = (0..=steps)
        .map(|step| {
            let part = step as f64 / steps as f64;
            lo * (1.0 - part) + hi * part
        })
        .collect();
    let over = |value: &dyn Fn(f64) -> f64| Curve {
        y: x.iter().map(|&x| value(x)).collect(),
        x: x.clone(),
        band: None,
    };
    let value = |x: f64| line.slice.value(&[x]);
    let mut section = Section { paths, ..Section::new(title, &line.labels[0], over(&value)) };
    if boxes > 0 {
        let found = search(&line.slice, window, boxes)?;
        section.undecided = undecided(&found, window).iter().map(|[[lo], [hi]]| [*lo, *hi]).collect();
        for point in &found.points {
            let Some(kind) = kind(point.kind) else { continue };
            // Where E may be zero, the middle of its enclosure is nothing but rounding.
            let value = if point.value.contains(0.0) { 0.0 } else { point.value.midpoint() };
            section.points.push(Point { kind, at: [point.at[0], value], value });
        }
    }
    let Some([at]) = line.point else { return Ok(section) };
    let (mut slope, mut curvature) = ([0.0], [0.0]);
    let height = line.slice.value_gradient_hessian(&[at], &mut slope, &mut curvature);
    if let Ok(model) = QuadraticModel::new(&[at], height, &slope, &curvature) {
        section.model = Some(over(&|x| model.value_at(&[x])));
        section.center = Some([at, height]);
    }
    if !section.points.iter().any(|point| is_near(&[point.at[0]], &[at], window)) {
        // Nobody has certified this one: it is what its second derivative says.
        let known = line.slice.analyze(&[at]).ok().and_then(|analysis| kind(analysis.kind()));
        section.points.extend(known.map(|kind| Point { kind, at: [at, height], value: height }));
    }
    Ok(section)
}
