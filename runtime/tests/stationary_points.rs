//! Every kind of stationary point is recognized, by family and not only by example.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod surface;

use hesse_runtime::descent::{Method, Status, TrustRegion};
use hesse_runtime::{Analyze, Inertia, Kind};
use surface::Surface;

formula!(Quadratic { a, b, c }(x, y) = x().powi(2) * (a * 0.5) + x() * y() * b + y().powi(2) * (c * 0.5));
formula!(MonkeySaddle { a }(x, y) = (x().powi(3) - x() * y().powi(2) * 3.0) * a);
formula!(FlatValley { a, b }(x, y) = (x() * a - y() * b).powi(2));
formula!(Rosenbrock { a, b }(x, y) = (-x() + a).powi(2) + (y() - x().powi(2)).powi(2) * b);
formula!(Himmelblau {}(x, y) = (x().powi(2) + y() - 11.0).powi(2) + (x() + y().powi(2) - 7.0).powi(2));
formula!(
    Units { s, t }(x, y) =
        (x() / s - 1.0).powi(2) + (x() / s * 0.5 + y() / t - 2.0).powi(2) + (y() / t).exp() * 0.25
);
formula!(Quartic { offset }(x, y) = x().powi(4) + y().powi(2) + offset);
formula!(Slope { a }(x, y) = x() * a + y().powi(2));
formula!(
    Chain { b }(x, y, z, u) = (-x() + 1.0).powi(2)
        + (y() - x().powi(2)).powi(2) * b
        + (-y() + 1.0).powi(2)
        + (z() - y().powi(2)).powi(2) * b
        + (-z() + 1.0).powi(2)
        + (u() - z().powi(2)).powi(2) * b
);

formula!(Capacitor { c }(x) = (x() * 1e12 - c).powi(2));
formula!(Logarithm {}(x) = x().ln());
formula!(Bilinear { a }(x, y, z) = x() * y() * a + y() * z() + z().powi(2));
formula!(Reordered { a }(z, y, x) = x() * y() * a + y() * z() + z().powi(2));

/// Neither a large parameter nor a small unit makes a slope vanish.
#[test]
fn nothing_hides_a_slope() {
    for at in [1e7, -1e12] {
        let bowl = Surface(Rosenbrock { a: at, b: 1e-20 });
        assert_eq!(bowl.analyze(&[at + 0.5 * at, at * at]).unwrap().kind(), Kind::NotStationary);
        let quadratic = Surface(Quadratic { a: 2.0, b: 0.0, c: 2.0 });
        assert_eq!(quadratic.analyze(&[1.0, 0.0]).unwrap().kind(), Kind::NotStationary);
    }
    for (c, w) in [(1.0, 2e-12), (1.0, 0.0), (1.0, 1e-12 + 1e-17), (0.0, 1e-12)] {
        assert_eq!(Surface(Capacitor { c }).analyze(&[w]).unwrap().kind(), Kind::NotStationary, "{c} {w}");
    }
    for (c, w) in [(1.0, 1e-12), (1.0, 1e-12 + 1e-19), (0.0, 0.0), (0.0, 1e-28)] {
        assert_eq!(Surface(Capacitor { c }).analyze(&[w]).unwrap().kind(), Kind::Minimum, "{c} {w}");
    }
    for w in [1e-20, 1e-30, 1e-6, 3.0, 1e20] {
        assert_eq!(Surface(Logarithm {}).analyze(&[w]).unwrap().kind(), Kind::NotStationary, "{w}");
    }
}

/// The order of the parameters is nobody's choice.
#[test]
fn the_order_of_the_parameters_changes_no_class() {
    for a in [1.0, 1e-10, 1e-20, 1e10] {
        let kinds = [
            Surface(Bilinear { a }).analyze(&[0.0; 3]).unwrap().kind(),
            Surface(Reordered { a }).analyze(&[0.0; 3]).unwrap().kind(),
        ];
        // The determinant of ((0, a, 0), (a, 0, 1), (0, 1, 2)) is −2a², so one or three curvatures are negative; the last
        // entry of the diagonal is positive.
        assert_eq!(kinds, [Kind::Saddle { index: 1 }; 2], "{a}");
    }
}

#[test]
fn quadratics_are_classified_by_their_discriminant() {
    for a in [-3.0, -1e-3, 1e-3, 3.0] {
        for c in [-2.0, 2.0, 1e6] {
            for b in [-4.0, -0.01, 0.0, 0.5] {
                let determinant = a * c - b * b;
                let expected = match (determinant > 0.0, a > 0.0) {
                    (true, true) => Kind::Minimum,
                    (true, false) => Kind::Maximum,
                    (false, _) => Kind::Saddle { index: 1 },
                };
                let analysis = Surface(Quadratic { a, b, c }).analyze(&[0.0, 0.0]).unwrap();
                assert_eq!(analysis.kind(), expected, "a = {a}, b = {b}, c = {c}");
                let product: f64 = analysis.spectrum().eigenvalues().iter().product();
                assert!((product - determinant).abs() <= 1e-12 * (a * c).abs().max(b * b), "{a} {b} {c}");
            }
        }
    }
}

#[test]
fn a_descent_leaves_a_saddle_and_reports_an_unbounded_surface() {
    let descent =
        TrustRegion::default().minimize(&Surface(Quadratic { a: 1.0, b: 0.0, c: -1.0 }), &[0.0, 0.0]);
    let descent = descent.unwrap();
    assert_eq!(descent.status, Status::Unbounded);
    assert_eq!(descent.status.to_string(), "E is unbounded below");
}

#[test]
fn vanishing_curvature_is_degenerate_wherever_the_gradient_vanishes_too() {
    for a in [1e-6, 1.0, 1e6] {
        let monkey = Surface(MonkeySaddle { a });
        assert_eq!(monkey.analyze(&[0.0, 0.0]).unwrap().kind(), Kind::Degenerate { index: 0, nullity: 2 });
        assert_eq!(monkey.analyze(&[0.1, 0.0]).unwrap().kind(), Kind::NotStationary);
        let (p, q) = (3.0 * a, 0.7);
        let valley = Surface(FlatValley { a: p, b: q });
        for t in [-2.0, 0.0, 1.0 / 3.0, 50.0] {
            let class = valley.analyze(&[t * q, t * p]).unwrap().class;
            assert_eq!(class.kind, Kind::Degenerate { index: 0, nullity: 1 }, "a = {a}, t = {t}: {class:?}");
        }
        assert_eq!(valley.analyze(&[1.0, 0.0]).unwrap().kind(), Kind::NotStationary);
    }
}

#[test]
fn a_slope_is_not_stationary_however_gentle() {
    for a in [1e-20, 1e-9, 1.0, -1e9] {
        assert_eq!(Surface(Slope { a }).analyze(&[1.0, 0.0]).unwrap().kind(), Kind::NotStationary, "{a}");
    }
}

#[test]
fn a_quartic_minimum_is_reached_and_degenerate() {
    for offset in [0.0, 1.0, -1e3] {
        let surface = Surface(Quartic { offset });
        let descent = TrustRegion::default().minimize(&surface, &[1.0, 1.0]).unwrap();
        assert!(descent.converged(), "{:?}", descent.status);
        assert!(descent.minimizer[0].abs() < 1e-6 && descent.minimizer[1].abs() < 1e-12, "{descent:?}");
        let kind = surface.analyze(&[0.0, 0.0]).unwrap().kind();
        assert_eq!(kind, Kind::Degenerate { index: 0, nullity: 1 });
    }
}

#[test]
fn units_do_not_change_the_class() {
    for (s, t) in [(1.0, 1.0), (1e-9, 1.0), (1e-5, 1e4), (1e6, 1e-3), (1e9, 1e-9)] {
        let surface = Surface(Units { s, t });
        let descent = TrustRegion::default().minimize(&surface, &[3.0 * s, 3.0 * t]).unwrap();
        assert_eq!(descent.status, Status::Converged, "s = {s}, t = {t}");
        let analysis = surface.analyze(&descent.minimizer).unwrap();
        assert_eq!(analysis.kind(), Kind::Minimum, "s = {s}, t = {t}: {:?}", analysis.class);
        assert!(analysis.spectrum().eigenvalues()[0] > 0.0);
        let one = TrustRegion::default().minimize(&Surface(Units { s: 1.0, t: 1.0 }), &[3.0, 3.0]).unwrap();
        assert!((descent.minimizer[0] / s - one.minimizer[0]).abs() < 1e-13);
        assert!((descent.minimizer[1] / t - one.minimizer[1]).abs() < 1e-13);
        assert_eq!(surface.analyze(&[3.0 * s, 3.0 * t]).unwrap().kind(), Kind::NotStationary);
    }
}

#[test]
fn every_member_of_rosenbrocks_family_has_its_minimum_found() {
    for a in [-2.0, 0.5, 1.0, 3.0] {
        for b in [0.1, 1.0, 100.0, 1e6] {
            let surface = Surface(Rosenbrock { a, b });
            for start in [[-1.2, 1.0], [0.0, 0.0], [5.0, -5.0]] {
                let descent = TrustRegion::default().minimize(&surface, &start).unwrap();
                assert_eq!(descent.status, Status::Converged, "a = {a}, b = {b}, {start:?}");
                let [x, y] = descent.minimizer[..] else { panic!() };
                assert!((x - a).abs() < 1e-11 && (y - a * a).abs() < 1e-10, "a = {a}, b = {b}: {x}, {y}");
                assert_eq!(surface.analyze(&start).unwrap().kind(), Kind::NotStationary);
            }
            // The closed form at (a, a²): [[2 + 8a²b, −4ab], [−4ab, 2b]], with determinant 4b.
            let analysis = surface.analyze(&[a, a * a]).unwrap();
            assert_eq!(analysis.kind(), Kind::Minimum, "a = {a}, b = {b}");
            let product: f64 = analysis.spectrum().eigenvalues().iter().product();
            assert!((product / (4.0 * b) - 1.0).abs() < 1e-6, "a = {a}, b = {b}: {product}");
        }
    }
    let chain = Surface(Chain { b: 100.0 });
    let descent = TrustRegion::default().minimize(&chain, &[-1.2, 1.0, -1.2, 1.0]).unwrap();
    assert_eq!(descent.status, Status::Converged);
    assert_eq!(chain.analyze(&descent.minimizer).unwrap().kind(), Kind::Minimum);
}

/// The nine stationary points, to the six decimals usually printed.
#[test]
fn himmelblaus_points_are_classified() {
    let surface = Surface(Himmelblau {});
    let minima = [[3.0, 2.0], [-2.805118, 3.131313], [-3.779310, -3.283186], [3.584428, -1.848127]];
    let saddles =
        [[-3.073026, -0.081353], [0.086678, 2.884255], [3.385154, 0.073852], [-0.127961, -1.953715]];
    for point in minima {
        assert_eq!(surface.analyze(&point).unwrap().kind(), Kind::Minimum, "{point:?}");
        let descent = TrustRegion::default().minimize(&surface, &point).unwrap();
        assert!(descent.value < 1e-28, "{point:?}");
    }
    for point in saddles {
        let analysis = surface.analyze(&point).unwrap();
        assert_eq!(analysis.kind(), Kind::Saddle { index: 1 }, "{point:?}: {:?}", analysis.class);
        let descent = TrustRegion::default().minimize(&surface, &point).unwrap();
        assert!(descent.converged() && descent.value < 1e-26, "{point:?}: {descent:?}");
    }
    let maximum = surface.analyze(&[-0.270845, -0.923039]).unwrap();
    assert_eq!((maximum.kind(), maximum.index()), (Kind::Maximum, 2));
    assert!((maximum.model.value() - 181.617).abs() < 1e-3);
    assert_eq!(surface.analyze(&[0.0, 0.0]).unwrap().kind(), Kind::NotStationary);
}

#[test]
fn factorization_and_eigenvalues_agree_on_random_matrices() {
    let mut state = 7_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    for n in 1..=12 {
        for _ in 0..40 {
            let matrix: Vec<f64> = (0..n * (n + 1) / 2).map(|_| random()).collect();
            let spectrum = hesse_runtime::Spectrum::of_packed(n, &matrix).unwrap();
            let inertia = Inertia::of_packed(n, &matrix).unwrap();
            let negative = spectrum.eigenvalues().iter().filter(|value| **value < 0.0).count();
            assert_eq!(inertia, Inertia { positive: n - negative, negative, zero: 0 });
        }
    }
}
