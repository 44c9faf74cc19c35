//! The descent reaches the certified parameters of NIST's regression problems from both published starts,
//! all with the default settings.

mod nist;

use hesse_runtime::descent::{Status, TrustRegion};
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
