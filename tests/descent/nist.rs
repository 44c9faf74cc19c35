//! All regression problems of NIST's Statistical Reference Datasets, from both published starts, by the default
//! method with its default settings.

use hesse::FitStatistics;
use hesse::descent::{LeastSquares, Method};
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::nist::{Regression, regressions};

#[test]
fn every_problem_of_nist_is_solved_from_both_starts() {
    let mut short = Vec::new();
    for problem in regressions().unwrap() {
        let surface = surface(&problem);
        let squares = surface.least_squares().unwrap();
        for (k, start) in problem.starts.iter().enumerate() {
            let what = format!("{} from start {}", problem.name, k + 1);
            let fit = LeastSquares::default().minimize(&squares, start).unwrap();
            let statistics = FitStatistics::of(&squares, &fit.minimizer).unwrap();
            let parameters = worst(&fit.minimizer, &problem.certified);
            let deviations = worst(&statistics.standard_errors, &problem.deviations);
            println!("{what}: {parameters:.1} and {deviations:.1} digits, {} steps", fit.iterations);
            assert!(fit.converged(), "{what}: {}", fit.status);
            // The sum of squares of the exact data, 1e-25, is what rounding leaves of them; the information matrix of
            // the flattest problem has condition 1e17.
            let exact = problem.name == "Lanczos1";
            let sum = digits(fit.value, problem.residual_sum_of_squares);
            if parameters < 10.0 || (!exact && (deviations < 6.5 || sum < 10.0)) {
                short.push(format!("{what}: {parameters:.1}, {deviations:.1} and {sum:.1} digits"));
            }
        }
    }
    assert!(short.is_empty(), "{short:#?}");
}

fn surface(problem: &Regression) -> Surface {
    let model =
        parse(&problem.formula, &Columns::none()).unwrap_or_else(|d| panic!("{}: {:?}", problem.name, d[0]));
    let mut bindings = Bindings::new();
    for (name, numbers) in &problem.columns {
        bindings.insert(name, &[numbers.len()], numbers.clone()).unwrap();
    }
    Surface::new(&model.graph, model.error, &bindings).unwrap()
}

fn worst(found: &[f64], certified: &[f64]) -> f64 {
    found.iter().zip(certified).map(|(&f, &c)| digits(f, c)).fold(11.0, f64::min)
}

/// The digits in common with a certificate, which has eleven.
fn digits(found: f64, certified: f64) -> f64 {
    -((found - certified) / certified).abs().max(1e-11).log10()
}
