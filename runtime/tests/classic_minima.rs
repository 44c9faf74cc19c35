//! Problems of Moré, Garbow and Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981),
//! from their standard starts, most of them also from ten times as far.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod surface;

use hesse_runtime::descent::{Method, TrustRegion};
use hesse_runtime::{Analyze, ErrorFunction, Kind};
use surface::Surface;

formula!(
    Beale {}(x, y) = (-x() * (-y() + 1.0) + 1.5).powi(2)
        + (-x() * (-y().powi(2) + 1.0) + 2.25).powi(2)
        + (-x() * (-y().powi(3) + 1.0) + 2.625).powi(2)
);
formula!(Brown {}(x, y) = (x() - 1e6).powi(2) + (y() - 2e-6).powi(2) + (x() * y() - 2.0).powi(2));
formula!(Powell {}(x, y) = (x() * y() * 1e4 - 1.0).powi(2) + ((-x()).exp() + (-y()).exp() - 1.0001).powi(2));
formula!(
    Freudenstein {}(x, y) = (x() - 13.0 + ((-y() + 5.0) * y() - 2.0) * y()).powi(2)
        + (x() - 29.0 + ((y() + 1.0) * y() - 14.0) * y()).powi(2)
);
formula!(
    Wood {}(x, y, z, u) = (y() - x().powi(2)).powi(2) * 100.0
        + (-x() + 1.0).powi(2)
        + (u() - z().powi(2)).powi(2) * 90.0
        + (-z() + 1.0).powi(2)
        + (y() + u() - 2.0).powi(2) * 10.0
        + (y() - u()).powi(2) * 0.1
);
formula!(
    Singular {}(x, y, z, u) = (x() + y() * 10.0).powi(2)
        + (z() - u()).powi(2) * 5.0
        + (y() - z() * 2.0).powi(4)
        + (x() - u()).powi(4) * 10.0
);

/// The value reached, which must be that of a point the analysis calls a minimum.
fn minimum<E: ErrorFunction>(surface: &E, start: &[f64]) -> f64 {
    let descent = TrustRegion::default().minimize(surface, start).unwrap();
    assert!(descent.converged(), "{start:?}: {descent:?}");
    let analysis = surface.analyze(&descent.minimizer).unwrap();
    assert_eq!(analysis.kind(), Kind::Minimum, "{start:?}: {descent:?} {:?}", analysis.class);
    descent.value
}

#[test]
fn regular_minima_are_reached_from_near_and_far() {
    for far in [1.0, 10.0] {
        assert!(minimum(&Surface(Brown {}), &[far, far]) < 1e-18);
        assert!(minimum(&Surface(Wood {}), &[-3.0 * far, -far, -3.0 * far, -far]) < 1e-24);
        let value = minimum(&Surface(Freudenstein {}), &[0.5 * far, -2.0 * far]);
        // The second minimum is the local one that the paper gives to six digits.
        assert!(value < 1e-24 || (value - 48.984_25).abs() < 1e-4, "{value}");
    }
    assert!(minimum(&Surface(Beale {}), &[1.0, 1.0]) < 1e-28);
    assert!(minimum(&Surface(Powell {}), &[0.0, 1.0]) < 1e-24);
}

/// Powell's singular function has a Hessian of rank two at its minimum, the origin.
#[test]
fn a_singular_minimum_is_approached_and_named() {
    let surface = Surface(Singular {});
    for far in [1.0, 10.0, 100.0] {
        let descent = TrustRegion::default().minimize(&surface, &[3.0 * far, -far, 0.0, far]).unwrap();
        assert!(
            descent.converged() && descent.value < 1e-24 && descent.iterations < 300,
            "{far}: {descent:?}"
        );
    }
    assert_eq!(surface.analyze(&[0.0; 4]).unwrap().kind(), Kind::Degenerate { index: 0, nullity: 2 });
}
