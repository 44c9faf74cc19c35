//! The surface over two coordinates.

use std::io::{self, Write};
use std::ops::ControlFlow;

use hesse_pictures::{Arms, Canvas, Grid, Kind, Path, Point, Scene, Surface};
use hesse_runtime::certify::{Reason, Settings, StationaryPoints, stationary_points};
use hesse_runtime::interval::Interval;
use hesse_runtime::{Analyze, ErrorFunction, IntervalErrorFunction, Slice};

use super::slice::{Plane, plane};
use super::{title, ways_and_point};
use crate::args::Plot;
use crate::failure::Failure;
use crate::input::Problem;

/// Boxes for two parameters; with more, each box costs more.
const BOXES: usize = 20_000;

pub(super) fn draw(args: &Plot, problem: &Problem, canvas: &Canvas) -> Result<Scene, Failure> {
    let names = problem.surface.parameter_names();
    let (ways, at) = ways_and_point(args, problem)?;
    let plane = plane::<_, 2>(problem.surface.whole()?, names, args.axes.as_deref(), at.as_deref())?;
    let project = |w: &Vec<f64>| {
        let coordinates = plane.slice.coordinates(w);
        [coordinates[0], coordinates[1]]
    };
    let paths: Vec<Path> = ways
        .iter()
        .map(|way| Path { name: way.name.clone(), points: way.points.iter().map(project).collect() })
        .collect();
    let mut known: Vec<[f64; 2]> = paths.iter().flat_map(|path| path.points.iter().copied()).collect();
    known.extend(plane.point);
    let window = plane.window(problem, args.region.as_deref(), &known)?;
    let boxes = args.boxes.unwrap_or_else(|| (BOXES * 4 / (names.len() * names.len())).max(64));
    let title = title(args, "");
    Ok(picture(&plane, window, paths, boxes, &title, canvas)?.draw(canvas))
}

/// The surface in a window, with ways and what stationary points so many boxes give.
pub(crate) fn picture<E: IntervalErrorFunction + Sync>(
    plane: &Plane<'_, E, 2>,
    window: [(f64, f64); 2],
    paths: Vec<Path>,
    boxes: usize,
    title: &str,
    canvas: &Canvas,
) -> Result<Surface, Failure> {
    let (columns, rows) = Surface::resolution(canvas);
    let grid = Grid::of(columns, rows, window[0], window[1], |x, y| plane.slice.value(&[x, y]));
    let labels = [plane.labels[0].as_str(), plane.labels[1].as_str()];
    let mut surface = Surface { paths, ..Surface::new(title, labels, grid) };
    let mut centers: Vec<[f64; 2]> = Vec::new();
    if boxes > 0 {
        let found = search(&plane.slice, window, boxes)?;
        for point in &found.points {
            let Some(kind) = kind(point.kind) else { continue };
            let at = [point.at[0], point.at[1]];
            centers.push(at);
            // Where E may be zero, the middle of its enclosure is nothing but rounding.
            let value = if point.value.contains(0.0) { 0.0 } else { point.value.midpoint() };
            surface.points.push(Point { kind, at, value });
        }
        surface.undecided = undecided(&found, window);
    }
    if let Some(at) = plane.point.filter(|point| !centers.iter().any(|known| is_near(known, point, window))) {
        // Nobody has certified this one: it is what its second derivatives say.
        let known = plane.slice.analyze(&at).ok().and_then(|analysis| kind(analysis.kind()));
        surface.points.extend(known.map(|kind| Point { kind, at, value: plane.slice.value(&at) }));
        centers.push(at);
    }
    surface.arms = centers.iter().filter_map(|center| arms(&plane.slice, *center)).collect();
    Ok(surface)
}

/// The kind as pictures know it, where E does not slope.
pub(super) fn kind(kind: hesse_runtime::Kind) -> Option<Kind> {
    match kind {
        hesse_runtime::Kind::Minimum => Some(Kind::Minimum),
        hesse_runtime::Kind::Maximum => Some(Kind::Maximum),
        hesse_runtime::Kind::Saddle { .. } => Some(Kind::Saddle),
        hesse_runtime::Kind::Degenerate { .. } => Some(Kind::Degenerate),
        _ => None,
    }
}

/// The stationary points of a slice in a window.
pub(super) fn search<E: IntervalErrorFunction + Sync, const D: usize>(
    slice: &Slice<'_, E>,
    window: [(f64, f64); D],
    boxes: usize,
) -> Result<StationaryPoints, Failure> {
    let domain = window.map(|(lo, hi)| Interval::new(lo, hi));
    let settings = Settings { max_boxes: boxes, resolution: 1e-6, ..Settings::default() };
    let mut before = 0;
    stationary_points(slice, &domain, &settings, |progress| {
        // What follows bounds the least value on the window, which nobody sees here: its count begins anew.
        let is_next_search = progress.boxes <= before;
        before = progress.boxes;
        if is_next_search { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .map_err(Failure::input)
}

/// The boxes that are small enough to say where to look; a note where there are others.
pub(super) fn undecided<const D: usize>(
    found: &StationaryPoints,
    window: [(f64, f64); D],
) -> Vec<[[f64; D]; 2]> {
    const LARGEST: f64 = 0.1;
    const MOST: usize = 100;
    let is_small = |region: &[Interval]| {
        region.iter().zip(window).all(|(side, (lo, hi))| side.width() <= LARGEST * (hi - lo))
    };
    let small: Vec<[[f64; D]; 2]> = found
        .undecided
        .iter()
        .filter(|open| open.reason != Reason::Budget && is_small(&open.region))
        .map(|open| {
            let corner = |end: fn(&Interval) -> f64| std::array::from_fn(|axis| end(&open.region[axis]));
            [corner(|side| side.lo()), corner(|side| side.hi())]
        })
        .collect();
    let is_left = found.undecided.iter().any(|open| open.reason == Reason::Budget);
    if is_left || small.len() > MOST {
        // Whoever has closed the stream does not want to know.
        let _ = writeln!(
            io::stderr(),
            "note: the picture may lack stationary points: after {} boxes not all of the window is decided; `hesse plot` takes more `--boxes`, or a smaller `--box`",
            found.boxes
        );
    }
    if small.len() > MOST { Vec::new() } else { small }
}

pub(super) fn is_near<const D: usize>(a: &[f64; D], b: &[f64; D], window: [(f64, f64); D]) -> bool {
    const NEAR: f64 = 1e-3;
    (0..D).all(|axis| (a[axis] - b[axis]).abs() < NEAR * (window[axis].1 - window[axis].0))
}

/// The principal axes within the plane.
fn arms<E: ErrorFunction>(slice: &Slice<'_, E>, at: [f64; 2]) -> Option<Arms> {
    let analysis = slice.analyze(&at).ok()?;
    let spectrum = analysis.spectrum();
    let axes = spectrum.eigenvectors().column_iter().zip(spectrum.eigenvalues().iter());
    Some(Arms { at, axes: axes.map(|(u, &curvature)| ([u[0], u[1]], curvature)).collect() })
}
