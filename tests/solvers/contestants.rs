//! The solvers that are compared.

use std::ops::ControlFlow;

use argmin::core::{IterState, Solver};
use argmin::solver::conjugategradient::NonlinearConjugateGradient;
use argmin::solver::conjugategradient::beta::PolakRibiere;
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use argmin::solver::trustregion;
use hesse::SumOfSquares;
use hesse::adapters::argmin::{Argmin, argmin};
use hesse::adapters::basin3::{Basin, basin};
use hesse::descent::{
    Bounds, ConjugateGradients, LevenbergMarquardt, LimitedMemory, Method, Progress, Steihaug, TrustRegion,
};
use nalgebra::{DMatrix, DVector};

use crate::watched::Watched;

/// A solver with its own settings, told to end where E is low enough; the iterations it took, where it did not fail.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    pub(crate) asks_for: &'static str,
    pub(crate) is_drawn: bool,
    pub(crate) solve: Solve,
}

/// Iterations after which a solver has failed.
const MOST: u64 = 2000;

pub(crate) const CONTESTANTS: [Contestant; 12] = [
    drawn("Hesse, trust region", "H", |error, start| ours(&TrustRegion::default(), error, start)),
    drawn("basin, trust region", "H", |error, start| {
        let solver = basin::TrustRegion::new().with_absolute_gradient_tolerance(1e-10);
        sloped(solver, error, start)
    }),
    drawn("argmin, trust region", "H", |error, start| {
        theirs(trustregion::TrustRegion::new(trustregion::Steihaug::new()), error, start)
    }),
    drawn("Hesse, limited memory", "∇E", |error, start| ours(&LimitedMemory::default(), error, start)),
    drawn("basin, L-BFGS", "∇E", |error, start| {
        sloped(basin::Lbfgs::new().unbounded().with_absolute_gradient_tolerance(1e-10), error, start)
    }),
    drawn("argmin, L-BFGS", "∇E", |error, start| {
        theirs(LBFGS::new(MoreThuenteLineSearch::new(), 10), error, start)
    }),
    told("Hesse, conjugate gradients", "∇E, no memory", |error, start| {
        ours(&ConjugateGradients::default(), error, start)
    }),
    told("basin, conjugate gradients", "∇E, no memory", |error, start| {
        sloped(basin::NonlinearCg::new().with_absolute_gradient_tolerance(1e-10), error, start)
    }),
    told("argmin, conjugate gradients", "∇E, no memory", |error, start| {
        let solver = NonlinearConjugateGradient::new(MoreThuenteLineSearch::new(), PolakRibiere::new());
        theirs(solver, error, start)
    }),
    told("Hesse, Steihaug", "H·v", |error, start| ours(&Steihaug::default(), error, start)),
    told("Hesse, Levenberg–Marquardt", "J", |error, start| {
        ours(&LevenbergMarquardt::default(), error, start)
    }),
    told("basin, Levenberg–Marquardt", "J", |error, start| {
        let solver: basin::LevenbergMarquardt<DVector<f64>, DMatrix<f64>> = basin::LevenbergMarquardt::new();
        let state = basin::PointState::new(DVector::from_column_slice(start));
        let executor = basin::Executor::new(Basin(error), solver.with_pivoted_qr(), state).max_iter(MOST);
        // Its E is half the sum of squares.
        let result = executor.target_objective(0.5 * error.target / error.scale()).run().ok()?;
        usize::try_from(result.iter()).ok()
    }),
];

/// What argmin keeps between iterations, with a Hessian or without one.
type State<H> = IterState<Vec<f64>, Vec<f64>, (), H, (), f64>;

type Solve = fn(&Watched<'_>, &[f64]) -> Option<usize>;

const fn drawn(name: &'static str, asks_for: &'static str, solve: Solve) -> Contestant {
    Contestant { name, asks_for, is_drawn: true, solve }
}

const fn told(name: &'static str, asks_for: &'static str, solve: Solve) -> Contestant {
    Contestant { name, asks_for, is_drawn: false, solve }
}

fn ours<'a>(method: &dyn Method<Watched<'a>>, error: &Watched<'a>, start: &[f64]) -> Option<usize> {
    let mut watch = |progress: &Progress<'_>| {
        if progress.value <= error.target { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    Some(method.descend(error, start, &Bounds::none(), &mut watch).ok()?.iterations)
}

fn sloped<'a, S>(solver: S, error: &'a Watched<'a>, start: &[f64]) -> Option<usize>
where
    S: basin::Solver<Basin<&'a Watched<'a>>, basin::FirstOrderState<DVector<f64>>>,
{
    let state = basin::FirstOrderState::new(DVector::from_column_slice(start));
    let executor = basin::Executor::new(Basin(error), solver, state).max_iter(MOST);
    usize::try_from(executor.target_objective(error.target).run().ok()?.iter()).ok()
}

fn theirs<'a, S, H>(solver: S, error: &'a Watched<'a>, start: &[f64]) -> Option<usize>
where
    S: Solver<Argmin<&'a Watched<'a>>, State<H>>,
    State<H>: argmin::core::State<Param = Vec<f64>, Float = f64>,
{
    let executor = argmin::core::Executor::new(Argmin(error), solver);
    let begin = |state: State<H>| state.param(start.to_vec()).max_iters(MOST).target_cost(error.target);
    let end = executor.configure(begin).timer(false).run().ok()?;
    usize::try_from(argmin::core::State::get_iter(end.state())).ok()
}
