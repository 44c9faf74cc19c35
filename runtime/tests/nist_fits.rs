//! The descent reaches the certified parameters of NIST's regression problems from both published starts,
//! all with the default settings.

mod nist;

use hesse_runtime::descent::{Status, TrustRegion};
use hesse_runtime::{Analyze, FitStatistics, Kind};
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
