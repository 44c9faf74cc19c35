//! How solvers compare over many problems.

use crate::axis::{Axis, Scale};
use crate::canvas::Canvas;
use crate::color::SERIES;
use crate::contours::thinned;
use crate::legend::{self, Entry, Sample};
use crate::panel::{Area, Panel};
use crate::scene::{Place, Scene, Stroke};

/// Performance profiles (Dolan and Moré, "Benchmarking optimization software with performance profiles", Math. Program. 91 (2002)): for
/// each solver the share of problems that it solves at no more than a multiple of the cost of the best solver of that problem. A panel per
/// measure of cost.
///
/// ```
/// use hesse_pictures::{Canvas, Profile, Solver};
///
/// let solver = |name: &str, costs: [f64; 3]| Solver { name: name.into(), costs: vec![costs.to_vec()] };
/// let profile = Profile {
///     title: "Three problems".into(),
///     measures: vec!["evaluations".into()],
///     solvers: vec![solver("one", [10.0, 20.0, f64::INFINITY]), solver("two", [20.0, 10.0, 30.0])],
/// };
/// let svg = profile.draw(&Canvas::page(480.0, 320.0)).to_svg();
/// assert!(svg.contains("two") && svg.contains("evaluations"));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Profile {
    /// What stands above.
    pub title: String,
    /// What costs are counted in.
    pub measures: Vec<String>,
    /// The solvers.
    pub solvers: Vec<Solver>,
}

/// What a solver needed.
///
/// ```
/// use hesse_pictures::Solver;
///
/// // Two problems, of which it solved one, in evaluations and in steps.
/// let costs = vec![vec![12.0, f64::INFINITY], vec![7.0, f64::INFINITY]];
/// let solver = Solver { name: "ours".into(), costs };
/// assert!(solver.costs.iter().all(|costs| costs[1].is_infinite()));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Solver {
    /// What it is called.
    pub name: String,
    /// Its cost for each problem, in each measure; infinite where it did not solve it.
    pub costs: Vec<Vec<f64>>,
}

/// The largest multiple shown.
const FARTHEST: f64 = 64.0;

impl Profile {
    /// Draws the profiles.
    #[must_use]
    pub fn draw(&self, canvas: &Canvas) -> Scene {
        let mut scene = Scene::new(canvas, self.title.clone());
        let top = scene.headline();
        let stroke = |at: usize| Stroke::new(SERIES[at % SERIES.len()], 1.8).dashed(at % 2 == 1);
        let entries: Vec<Entry> = (self.solvers.iter().enumerate())
            .map(|(at, solver)| Entry::new(Sample::Line(stroke(at)), solver.name.clone()))
            .collect();
        let top = top + legend::draw(&mut scene, &entries, top);
        let width = canvas.width / self.measures.len().max(1) as f64;
        for (at, measure) in self.measures.iter().enumerate() {
            let (left, right) = ((at as f64 * width).round(), ((at + 1) as f64 * width).round());
            let x = Axis {
                scale: Scale::Logarithmic,
                ..Axis::between(format!("{measure}, in multiples of the best"), 1.0, FARTHEST)
            };
            let y = Axis::between("share of problems solved", 0.0, 1.0);
            let panel = Panel::new(&scene, Area { left, top, right, bottom: canvas.height }, x, y, 0.0);
            panel.draw_grid(&mut scene);
            for solver in 0..self.solvers.len() {
                let places: Vec<Place> = self
                    .steps(at, solver)
                    .into_iter()
                    .map(|[ratio, share]| panel.place(ratio, share))
                    .collect();
                scene.line("profile", thinned(&places, 0.0), stroke(solver));
            }
            panel.draw_axes(&mut scene);
        }
        scene
    }

    /// The corners of a staircase: multiples of the best cost, and shares.
    fn steps(&self, measure: usize, solver: usize) -> Vec<[f64; 2]> {
        let cost = |solver: &Solver, problem: usize| {
            solver.costs.get(measure).and_then(|costs| costs.get(problem)).copied().unwrap_or(f64::INFINITY)
        };
        let count = self.solvers.iter().filter_map(|solver| Some(solver.costs.get(measure)?.len())).max();
        let count = count.unwrap_or(0);
        let ratio = |problem: usize| {
            let best = self.solvers.iter().map(|solver| cost(solver, problem)).fold(f64::INFINITY, f64::min);
            // A problem that is solved at its start costs everybody the same.
            if best <= 0.0 { 1.0 } else { cost(&self.solvers[solver], problem) / best }
        };
        let mut ratios: Vec<f64> = (0..count).map(ratio).filter(|ratio| *ratio <= FARTHEST).collect();
        ratios.sort_by(f64::total_cmp);
        let mut corners = vec![[1.0, 0.0]];
        for (at, ratio) in ratios.into_iter().enumerate() {
            let before = at as f64 / count as f64;
            corners.extend([[ratio, before], [ratio, (at + 1) as f64 / count as f64]]);
        }
        let last = corners.last().map_or(0.0, |corner| corner[1]);
        corners.push([FARTHEST, last]);
        corners
    }
}
