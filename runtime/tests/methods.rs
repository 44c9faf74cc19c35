//! All methods on the same surfaces: with and without bounds, from near and far, around saddles.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod surface;

use hesse_runtime::ErrorFunction;
use hesse_runtime::descent::{
    Adam, Bounds, ConjugateGradients, Course, CubicRegularization, DescentError, GradientDescent,
    LimitedMemory, LineSearch, Method, Momentum, Multistart, Newton, Progress, SaddleFreeNewton, Schedule,
    Status, Steihaug, TrustRegion,
};
use std::ops::ControlFlow;
use surface::Surface;

formula!(Rosenbrock {}(x, y) = (-x() + 1.0).powi(2) + (y() - x().powi(2)).powi(2) * 100.0);
formula!(
    Bowl { a }(x, y, z) =
        (x() - 1.0).powi(2) * a + (y() + 2.0 + x() * 0.5).powi(2) + (z() - y() * 0.3).powi(2) * 3.0
);
formula!(Himmelblau {}(x, y) = (x().powi(2) + y() - 11.0).powi(2) + (x() + y().powi(2) - 7.0).powi(2));

formula!(
    Offset { at }(x, u, y) = (u() - x().powi(2)).powi(2) * 100.0 + (-x() + 1.0).powi(2) + (y() - at).powi(2)
);

/// The methods that use curvature or learn it, by name.
fn swift<E: ErrorFunction>() -> Vec<(&'static str, Box<dyn Method<E>>)> {
    let wolfe = LineSearch::StrongWolfe { curvature: 0.5 };
    vec![
        ("trust region", Box::new(TrustRegion::default())),
        ("cubic", Box::new(CubicRegularization::default())),
        ("newton", Box::new(Newton::default())),
        ("newton, wolfe", Box::new(Newton { search: wolfe, ..Default::default() })),
        ("saddle-free", Box::new(SaddleFreeNewton::default())),
        ("steihaug", Box::new(Steihaug::default())),
        ("limited memory", Box::new(LimitedMemory::default())),
        (
            "limited memory, armijo",
            Box::new(LimitedMemory { search: LineSearch::Armijo, ..Default::default() }),
        ),
        ("conjugate gradients", Box::new(ConjugateGradients::default())),
    ]
}

/// Those that follow the gradient with steps set beforehand.
fn scheduled<E: ErrorFunction>() -> Vec<(&'static str, Box<dyn Method<E>>)> {
    let constant = Schedule::constant(0.05);
    let decaying = Schedule { rate: 0.1, warm_up: 10, course: Course::Decaying { half: 1000.0 } };
    let cosine = Schedule { rate: 0.1, warm_up: 0, course: Course::Cosine { steps: 20_000, last: 1e-3 } };
    let with = |schedule| GradientDescent {
        schedule: Some(schedule),
        max_iterations: 100_000,
        ..Default::default()
    };
    vec![
        ("gradient", Box::new(GradientDescent { max_iterations: 100_000, ..Default::default() })),
        ("constant", Box::new(with(constant))),
        ("decaying", Box::new(with(decaying))),
        ("cosine", Box::new(with(cosine))),
        ("momentum", Box::new(Momentum::default())),
        ("nesterov", Box::new(Momentum { nesterov: true, ..Default::default() })),
        ("adam", Box::new(Adam { tolerance: 1e-8, ..Default::default() })),
    ]
}

#[test]
fn rosenbrock_is_solved_from_near_and_far() {
    let surface = Surface(Rosenbrock {});
    for (name, method) in swift() {
        for far in [1.0, 10.0, 100.0] {
            let descent = method.minimize(&surface, &[-1.2 * far, far]).unwrap();
            println!("{name} from {far}: {} iterations, {}", descent.iterations, descent.status);
            assert!(descent.converged(), "{name} from {far}: {descent:?}");
            assert!(
                descent.minimizer.iter().all(|w| (w - 1.0).abs() < 1e-7),
                "{name} from {far}: {descent:?}"
            );
        }
    }
}

/// A parameter that is large and at rest does not make the others converge.
#[test]
fn one_large_parameter_hides_no_other() {
    for at in [1e7, 1e9, -1e12] {
        let surface = Surface(Offset { at });
        for (name, method) in swift() {
            let descent = method.minimize(&surface, &[-1.2, 1.0, at]).unwrap();
            assert!(descent.converged(), "{name}, {at}: {descent:?}");
            let [x, u, y] = descent.minimizer[..] else { panic!("three parameters") };
            assert!((x - 1.0).abs() < 1e-6 && (u - 1.0).abs() < 1e-6 && y == at, "{name}, {at}: {descent:?}");
        }
    }
}

formula!(Parabola { a }(x, y) = ((x() - 1.0).powi(2) + (y() + 2.0).powi(2)) * a);

/// The unit of E is nobody's business, even where squares of slopes are no numbers.
#[test]
fn no_unit_of_the_error_is_too_large_or_too_small() {
    for a in [1e160, 1e-170, 0.0] {
        let surface = Surface(Parabola { a });
        let mut methods = swift();
        methods.push(("gradient descent", Box::new(GradientDescent::default())));
        methods.push(("momentum", Box::new(Momentum::default())));
        for (name, method) in methods {
            let mut seen = Vec::new();
            let mut observer = |progress: &Progress<'_>| {
                seen.push(progress.value);
                ControlFlow::Continue(())
            };
            let descent = method.minimize_observed(&surface, &[5.0, 5.0], &mut observer).unwrap();
            assert!((seen[0] / (65.0 * a) - 1.0).abs() < 1e-12 || a == 0.0, "{name}, {a}: {seen:?}");
            assert!(descent.converged(), "{name}, {a}: {descent:?}");
            let [x, y] = descent.minimizer[..] else { panic!("two parameters") };
            assert!(a == 0.0 || (x - 1.0).abs() < 1e-6 && (y + 2.0).abs() < 1e-6, "{name}, {a}: {descent:?}");
        }
    }
}

#[test]
fn schedules_lead_to_the_bottom_of_a_bowl() {
    let surface = Surface(Bowl { a: 2.0 });
    for (name, method) in scheduled() {
        let descent = method.minimize(&surface, &[3.0, 1.0, 4.0]).unwrap();
        println!("{name}: {} iterations, {}", descent.iterations, descent.status);
        assert!(descent.converged(), "{name}: {descent:?}");
        let expected = [1.0, -2.5, -0.75];
        let off = descent.minimizer.iter().zip(expected).map(|(w, e)| (w - e).abs()).fold(0.0, f64::max);
        assert!(off < 1e-6, "{name}: {descent:?}");
    }
}

/// Minimizers at bounds, by hand: with x ≤ ½ the bowl is lowest at y = −2.25; with z ≥ 0 as well at z = 0, where
/// y balances both terms.
#[test]
fn bounds_hold_and_stop_what_they_should() {
    let surface = Surface(Bowl { a: 2.0 });
    let infinity = f64::INFINITY;
    let one = Bounds::new(&[-infinity; 3], &[0.5, infinity, infinity]).unwrap();
    let two = Bounds::new(&[-9.0, -9.0, 0.0], &[0.5, 9.0, 9.0]).unwrap();
    // (y + 2.25)² + 3·0.09·y² is lowest at y = −2.25/1.27.
    let cases = [(&one, [0.5, -2.25, -0.675]), (&two, [0.5, -2.25 / 1.27, 0.0])];
    for (name, method) in swift().into_iter().chain(scheduled()) {
        for (bounds, expected) in &cases {
            let mut inside = true;
            let mut observer = |progress: &hesse_runtime::descent::Progress<'_>| {
                inside &= bounds.contain(progress.w);
                std::ops::ControlFlow::Continue(())
            };
            let descent = method.descend(&surface, &[7.0, 1.0, 4.0], bounds, &mut observer).unwrap();
            assert!(inside, "{name} left the box");
            assert!(descent.converged(), "{name}: {descent:?}");
            let off = descent.minimizer.iter().zip(expected).map(|(w, e)| (w - e).abs()).fold(0.0, f64::max);
            assert!(off < 2e-6, "{name}: {descent:?} for {expected:?}");
        }
    }
}

#[test]
fn a_narrow_valley_against_a_wall_is_followed_to_its_end() {
    let surface = Surface(Rosenbrock {});
    let bounds = Bounds::new(&[-2.0, -2.0], &[0.5, 2.0]).unwrap();
    for (name, method) in swift() {
        let descent = method.minimize_within(&surface, &[-1.2, 1.0], &bounds).unwrap();
        assert!(descent.converged(), "{name}: {descent:?}");
        assert_eq!(descent.minimizer[0], 0.5, "{name}");
        assert!((descent.minimizer[1] - 0.25).abs() < 1e-8, "{name}: {descent:?}");
    }
}

#[test]
fn what_is_fixed_does_not_move() {
    let surface = Surface(Rosenbrock {});
    let bounds = Bounds::new(&[2.0, -9.0], &[2.0, 9.0]).unwrap();
    for (name, method) in swift() {
        let descent = method.minimize_within(&surface, &[5.0, 1.0], &bounds).unwrap();
        assert!(descent.converged() && descent.minimizer[0] == 2.0, "{name}: {descent:?}");
        assert!((descent.minimizer[1] - 4.0).abs() < 1e-8, "{name}: {descent:?}");
    }
}

/// Beside the central maximum of Himmelblau's function, where Newton's method alone would go uphill.
#[test]
fn negative_curvature_is_no_trap() {
    let surface = Surface(Himmelblau {});
    for (name, method) in swift() {
        for start in [[-0.27, -0.92], [0.0, 0.0], [-0.12, -1.95]] {
            let descent = method.minimize(&surface, &start).unwrap();
            assert!(descent.converged() && descent.value < 1e-12, "{name} from {start:?}: {descent:?}");
        }
    }
}

#[test]
fn steps_that_are_too_long_are_called_so() {
    let surface = Surface(Bowl { a: 2.0 });
    let schedule = Some(Schedule::constant(10.0));
    let descent =
        GradientDescent { schedule, ..Default::default() }.minimize(&surface, &[3.0, 1.0, 4.0]).unwrap();
    assert_eq!(descent.status, Status::Diverged);
    assert_eq!(descent.minimizer, [3.0, 1.0, 4.0], "the best point met");
}

#[test]
fn wrong_bounds_and_settings_are_refused() {
    let surface = Surface(Rosenbrock {});
    let bounds = Bounds::new(&[0.0; 3], &[1.0; 3]).unwrap();
    for (name, method) in swift().into_iter().chain(scheduled()) {
        let refused = method.minimize_within(&surface, &[0.5; 2], &bounds).unwrap_err();
        assert_eq!(refused, DescentError::BoundCount { expected: 2, found: 3 }, "{name}");
        let refused = method.minimize(&surface, &[f64::NAN, 1.0]).unwrap_err();
        assert!(matches!(refused, DescentError::Start { index: 0, .. }), "{name}");
    }
    let wrong = Momentum { momentum: 1.0, ..Default::default() }.minimize(&surface, &[0.5; 2]).unwrap_err();
    assert_eq!(wrong.to_string(), "`momentum` is 1, expected a number from 0 to 1, without 1");
    let schedule = Some(Schedule::constant(-1.0));
    let wrong = Momentum { schedule, ..Default::default() }.minimize(&surface, &[0.5; 2]).unwrap_err();
    assert_eq!(wrong.to_string(), "`rate` is -1, expected a positive number");
    let search = LineSearch::StrongWolfe { curvature: 2.0 };
    let wrong = Newton { search, ..Default::default() }.minimize(&surface, &[0.5; 2]).unwrap_err();
    assert_eq!(wrong.to_string(), "`curvature` is 2, expected a number between 0.0001 and 1");
}

/// An observer ends all descents, not one of them.
#[test]
fn who_stops_one_start_stops_all() {
    let mut count = 0;
    let mut observer = |_: &Progress<'_>| {
        count += 1;
        ControlFlow::Break(())
    };
    let several = Multistart { method: TrustRegion::default(), starts: 20, spread: 1.0, seed: 1 };
    let descent = several.minimize_observed(&Surface(Himmelblau {}), &[0.0, 0.0], &mut observer).unwrap();
    assert_eq!((descent.status, count), (Status::Stopped, 1));
}
