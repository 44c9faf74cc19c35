//! The same minimum by every kind of solver.

use argmin::core::{Executor, State};
use argmin::solver::linesearch::{HagerZhangLineSearch, MoreThuenteLineSearch};
use argmin::solver::neldermead::NelderMead;
use argmin::solver::newton::NewtonCG;
use argmin::solver::quasinewton::BFGS;
use hesse::adapters::argmin::{Argmin, argmin};
use hesse::adapters::basin3::{Basin, basin};
use hesse::descent::{LeastSquares, Method, TrustRegion};
use hesse::{ErrorFunction, derive_hessian};
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use nalgebra::{DMatrix, DVector};

#[derive_hessian]
fn rosenbrock(w: &[f64; 2]) -> f64 {
    let [x, y] = *w;
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

const START: [f64; 2] = [-1.2, 1.0];

fn near(found: &[f64], truth: &[f64], tolerance: f64, solver: &str) {
    let off = found.iter().zip(truth).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off <= tolerance, "{solver}: {found:?}, not {truth:?}");
}

#[test]
fn generated_error_functions_run_in_basin() {
    let error = rosenbrock::error_function();
    let ours = TrustRegion::default().minimize(&error, &START).unwrap().minimizer;
    let state = || basin::FirstOrderState::new(DVector::from_column_slice(&START));
    macro_rules! minimum {
        ($solver:expr, $name:literal) => {
            let run = basin::Executor::new(Basin(&error), $solver, state()).max_iter(50_000).run().unwrap();
            near(run.param().as_slice(), &ours, 1e-6, $name);
        };
    }
    minimum!(basin::TrustRegion::new().with_absolute_gradient_tolerance(1e-10), "trust region");
    let free = basin::TrustRegion::matrix_free();
    minimum!(free.with_absolute_gradient_tolerance(1e-10), "trust region on products");
    minimum!(basin::Lbfgs::new().unbounded().with_absolute_gradient_tolerance(1e-10), "L-BFGS");
    let bfgs: basin::Bfgs<DVector<f64>, f64, DMatrix<f64>> = basin::Bfgs::new();
    minimum!(bfgs.with_absolute_gradient_tolerance(1e-10), "BFGS");
    minimum!(basin::NonlinearCg::new().with_absolute_gradient_tolerance(1e-10), "conjugate gradients");
}

#[test]
fn generated_error_functions_run_in_argmin() {
    let error = rosenbrock::error_function();
    let ours = TrustRegion::default().minimize(&error, &START).unwrap().minimizer;
    let newton = NewtonCG::new(MoreThuenteLineSearch::new());
    let run = Executor::new(Argmin(&error), newton);
    let run = run.configure(|state| state.param(START.to_vec()).max_iters(200)).run().unwrap();
    // It ends where E falls too little by its own rule.
    near(run.state().get_best_param().unwrap(), &ours, 1e-2, "Newton with conjugate gradients");
    let bfgs = BFGS::new(HagerZhangLineSearch::new());
    let unit = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
    let run = Executor::new(Argmin(&error), bfgs);
    let run =
        run.configure(|state| state.param(START.to_vec()).inv_hessian(unit).max_iters(200)).run().unwrap();
    near(run.state().get_best_param().unwrap(), &ours, 1e-6, "BFGS");
    let simplex = NelderMead::new(vec![START.to_vec(), vec![-1.0, 1.0], vec![-1.2, 1.2]]);
    let run = Executor::new(Argmin(&error), simplex.with_sd_tolerance(1e-14).unwrap());
    let run = run.configure(|state| state.max_iters(2000)).run().unwrap();
    near(run.state().get_best_param().unwrap(), &ours, 1e-5, "Nelder and Mead");
}

/// Misra1a of NIST's regressions, certified to eleven digits.
#[test]
fn sums_of_squares_run_in_basin() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/nist/misra1a.csv"));
    let text = text.unwrap();
    let rows =
        text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.trim().parse::<f64>().unwrap()));
    let rows: Vec<Vec<f64>> = rows.map(Iterator::collect).collect();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').map(str::trim).collect();
    let mut data = Bindings::new();
    for (at, name) in header.iter().enumerate() {
        data.insert(name, &[rows.len()], rows.iter().map(|row| row[at]).collect()).unwrap();
    }
    let formula = "param b1, b2\ndata x[n], y[n]\nE = sum(i, (y[i] - b1*(1 - exp(-b2*x[i])))^2)";
    let model = parse(formula, &Columns::none()).unwrap();
    let surface = Surface::new(&model.graph, model.error, &data).unwrap();
    let squares = surface.least_squares().unwrap();
    let start = [250.0, 0.0005];
    let certified = [2.389_421_291_8e2, 5.501_564_318_1e-4];
    let ours = LeastSquares::default().minimize(&squares, &start).unwrap().minimizer;
    assert_eq!(surface.parameter_names(), ["b1", "b2"]);
    assert!(ours.iter().zip(certified).all(|(w, truth)| (w / truth - 1.0).abs() < 1e-10));
    assert!(surface.value(&ours) < surface.value(&start));
    let state = || basin::PointState::new(DVector::from_column_slice(&start));
    let marquardt: basin::LevenbergMarquardt<DVector<f64>, DMatrix<f64>> = basin::LevenbergMarquardt::new();
    let marquardt = marquardt.with_absolute_gradient_tolerance(None).with_relative_step_tolerance(1e-12);
    let run = basin::Executor::new(Basin(squares), marquardt.with_pivoted_qr(), state());
    let run = run.max_iter(1000).run().unwrap();
    assert!(
        run.param().iter().zip(certified).all(|(w, truth)| (w / truth - 1.0).abs() < 1e-8),
        "{:?}",
        run.param()
    );
}
