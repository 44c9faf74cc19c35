//! The descent reaches the certified parameters of NIST's regression problems from both published starts,
//! all with the default settings.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod nist;
mod surface;

use hesse_runtime::descent::{Bounds, LevenbergMarquardt, Method, Status, TrustRegion};
use hesse_runtime::{Analyze, ErrorFunction, FitStatistics, Kind, SumOfSquares, packed, profile_interval};
use nist::{NAMES, digits, problem};

#[test]
fn every_problem_is_solved_from_both_starts() {
    for name in NAMES {
        for scale in [1.0, 0.5] {
            let mut problem = problem(name);
            problem.scale = scale;
            for (k, start) in problem.starts.iter().enumerate() {
                let fit = TrustRegion::default().minimize(&problem, start).unwrap();
                let pairs = fit.minimizer.iter().zip(&problem.certified);
                let worst = pairs.map(|(&w, &c)| digits(w, c)).fold(11.0, f64::min);
                println!("{name} start {}: {worst:.1} digits, {} iterations", k + 1, fit.iterations);
                assert_eq!(fit.status, Status::Converged, "{name} from start {}", k + 1);
                assert!(worst >= 10.0, "{name} from start {}: {worst} digits", k + 1);
                assert!(digits(fit.value / scale, problem.residual_sum_of_squares) >= 10.0, "{name}");
            }
        }
    }
}

#[test]
fn every_optimum_is_a_strict_minimum() {
    for name in NAMES {
        let problem = problem(name);
        let fit = TrustRegion::default().minimize(&problem, &problem.starts[1]).unwrap();
        let analysis = problem.analyze(&fit.minimizer).unwrap();
        println!("{name}: condition {:e}, {:?}", analysis.condition_number(), analysis.class);
        assert_eq!(analysis.kind(), Kind::Minimum, "{name}: {:?}", analysis.class);
        assert!(analysis.spectrum().eigenvalues().iter().all(|&value| value > 0.0), "{name}");
        let certified = problem.analyze(&problem.certified).unwrap();
        assert_eq!(certified.kind(), Kind::Minimum, "{name}: {:?}", certified.class);
        for start in &problem.starts {
            assert_eq!(problem.analyze(start).unwrap().kind(), Kind::NotStationary, "{name}");
        }
    }
}

#[test]
fn certified_standard_deviations_are_reached() {
    for name in NAMES {
        let problem = problem(name);
        let fit = TrustRegion::default().minimize(&problem, &problem.starts[0]).unwrap();
        let statistics = FitStatistics::of(&problem, &fit.minimizer).unwrap();
        let pairs = statistics.standard_errors.iter().zip(&problem.deviations);
        let worst = pairs.map(|(&found, &certified)| digits(found, certified)).fold(11.0, f64::min);
        println!("{name}: {worst:.1} digits in the standard deviations");
        assert!(worst >= 8.0, "{name}: {worst} digits");
        assert!(digits(statistics.residual_standard_deviation, problem.residual_deviation) >= 10.0, "{name}");
    }
}

/// At the ends of a profile interval the best fit of the other parameters is as much worse as was asked for.
#[test]
fn profiles_end_where_the_fit_is_worse_by_the_noise() {
    for name in ["Misra1a", "Thurber", "Eckerle4", "Gauss1"] {
        let problem = problem(name);
        let w = TrustRegion::default().minimize(&problem, &problem.starts[1]).unwrap().minimizer;
        let statistics = FitStatistics::of(&problem, &w).unwrap();
        let noise = statistics.residual_standard_deviation.powi(2);
        for parameter in 0..w.len() {
            let ends = profile_interval(&problem, &w, &statistics, parameter, 1.0).unwrap();
            let error = statistics.standard_errors[parameter];
            for (end, side) in ends.into_iter().zip([-1.0, 1.0]) {
                let ratio = (end - w[parameter]) * side / error;
                assert!((0.5..2.0).contains(&ratio), "{name}, {parameter}: {ratio}");
                let mut start = w.clone();
                start[parameter] = end;
                let (mut lower, mut upper) = (vec![f64::NEG_INFINITY; w.len()], vec![f64::INFINITY; w.len()]);
                (lower[parameter], upper[parameter]) = (end, end);
                let bounds = Bounds::new(&lower, &upper).unwrap();
                let fit = LevenbergMarquardt::default().minimize_within(&problem, &start, &bounds).unwrap();
                let rise = fit.value - statistics.residual_sum_of_squares;
                assert!((rise / noise - 1.0).abs() < 1e-4, "{name}, {parameter}: {}", rise / noise);
            }
        }
    }
}

/// For a linear model the two information matrices agree; for the others they differ by the curvature of the
/// model, which both halves of the identity H = 2s(JᵀJ + Σ rᵢ∇²rᵢ) must show for any scale.
#[test]
fn the_scale_does_not_change_the_statistics() {
    for name in NAMES {
        let mut problem = problem(name);
        let w = problem.certified.clone();
        let mut errors = Vec::new();
        for scale in [1.0, 0.5, 7.0] {
            problem.scale = scale;
            let (mut b, mut h) = (vec![0.0; w.len()], vec![0.0; packed::length(w.len())]);
            let value = problem.value_gradient_hessian(&w, &mut b, &mut h);
            let statistics =
                FitStatistics::from_hessian(value / scale, problem.x.len(), w.len(), &h, scale).unwrap();
            errors.push(statistics.standard_errors);
        }
        for (k, &first) in errors[0].iter().enumerate() {
            assert!(digits(errors[1][k], first) > 9.0 && digits(errors[2][k], first) > 9.0, "{name}");
            assert!(digits(first, problem.deviations[k]) > 0.3, "{name}: the two variants are related");
        }
    }
}

/// The defaults are no lucky numbers: a region three times larger or ten times smaller at first ends the same.
#[test]
fn the_first_radius_does_not_decide() {
    for name in NAMES {
        let problem = problem(name);
        for start in &problem.starts {
            for initial_radius in [0.01, 0.03, 0.2, 0.3] {
                let method = TrustRegion { initial_radius, ..Default::default() };
                let fit = method.minimize(&problem, start).unwrap();
                let pairs = fit.minimizer.iter().zip(&problem.certified);
                let worst = pairs.map(|(&w, &c)| digits(w, c)).fold(11.0, f64::min);
                assert!(fit.converged() && worst >= 10.0, "{name}, {initial_radius}: {worst} digits");
            }
        }
    }
}

#[test]
fn references_boxes_and_trait_objects_are_error_functions_too() {
    let problem = problem("BoxBOD");
    let w = problem.certified.clone();
    let direct = problem.analyze(&w).unwrap();
    let object: &dyn ErrorFunction = &problem;
    assert_eq!(object.analyze(&w).unwrap(), direct);
    assert_eq!(TrustRegion::default().minimize(object, &[1.0, 1.0]).unwrap().status, Status::Converged);
    let boxed: Box<dyn SumOfSquares> = Box::new(problem);
    assert_eq!(boxed.analyze(&w).unwrap(), direct);
    assert_eq!(FitStatistics::of(&boxed, &w).unwrap().degrees_of_freedom, 4);
}
