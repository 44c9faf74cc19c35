//! Where second derivatives do not decide: kinks, symmetries, higher derivatives. Truth is written down from the
//! formulas by hand; derivatives are dual numbers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod surface;

use hesse_runtime::{Analyze, Degeneracy, ErrorFunction, Kind, SymmetryKind, Verdict};
use surface::Surface;

formula!(MonkeySaddle { a }(x, y) = (x().powi(3) - x() * y().powi(2) * 3.0) * a);
formula!(Quartic { a, p }(x, y) = x().powi(4) * a + y().powi(2) + x() * y() * 0.0 + p);
formula!(Sextic { a }(x, y) = x().powi(6) * a + (y() + x().powi(2)).powi(2));
formula!(Cubic { a }(x, y) = x().powi(3) * a + y().powi(2));
formula!(Peano { a, b }(x, y) = (y() - x().powi(2) * a) * (y() - x().powi(2) * b));
formula!(Quartics { a, b }(x, y) = x().powi(4) * a + x().powi(2) * y().powi(2) + y().powi(4) * b);
formula!(Banana {}(x, y) = (y() - x().powi(3)).powi(2));
formula!(FlatValley { a, b }(x, y) = (x() * a - y() * b).powi(2));
formula!(Hyperbola { a }(x, y) = (x() * y() - a).powi(2));
formula!(Ring { r }(x, y) = (x().powi(2) + y().powi(2) - r * r).powi(2));
formula!(RidgeRing { r }(x, y) = -(x().powi(2) + y().powi(2) - r * r).powi(2));
formula!(
    Factors {}(a, b, c, d) = (a() * c() - 1.0).powi(2)
        + (a() * d() - 2.0).powi(2)
        + (b() * c() - 2.0).powi(2)
        + (b() * d() - 4.0).powi(2)
);
formula!(
    Twins { a, b, c }(v, w, p, q) = (v() * p().tanh() + w() * q().tanh() - a).powi(2)
        + (v() * (p() * 2.0).tanh() + w() * (q() * 2.0).tanh() - b).powi(2)
        + (v() * (p() * 3.0).tanh() + w() * (q() * 3.0).tanh() - c).powi(2)
);
formula!(
    Softmax {}(p, q, r) = (p().exp() + q().exp() + r().exp()).ln() * 3.0 - p() - q() * 2.0
        + (p().exp() + q().exp() + r().exp()).ln() * 2.0
        - r() * 2.0
);

formula!(Weak { a, b }(x, y) = x().powi(3) * a + (y() - b).powi(2));
formula!(Sides { a, b }(x) = if x().is_positive() { x() * a } else { x() * b });
formula!(Bends { a, b }(x) = if x().is_positive() { x().powi(2) * a } else { x().powi(2) * b });
formula!(
    Corner { a, b, c }(x, y) =
        (x() - y() - 1.0).abs() * a + (x() + y()).abs() * b + x().powi(2) * c + y() * c
);

fn at(error: &impl ErrorFunction, w: &[f64]) -> Degeneracy {
    let analysis = error.analyze(w).unwrap();
    analysis.degeneracy.unwrap_or_else(|| panic!("{w:?}: {:?}", analysis.class))
}

#[test]
fn leading_terms_decide_along_one_axis() {
    for a in [1e-3, 1.0, 40.0] {
        for p in [0.0, -7.0] {
            let point = at(&Surface(Quartic { a, p }), &[0.0, 0.0]);
            assert_eq!(point.verdict, Verdict::Minimum, "{point:?}");
            let term = &point.leading_terms[0];
            assert_eq!(term.order, Some(4));
            assert!((term.derivative / (24.0 * a) - 1.0).abs() < 1e-3, "a = {a}: {term:?}");
            assert!((term.direction[0].abs() - 1.0).abs() < 1e-9);
        }
        assert_eq!(at(&Surface(Quartic { a: -a, p: 0.0 }), &[0.0, 0.0]).verdict, Verdict::Saddle);
        let sextic = at(&Surface(Sextic { a }), &[0.0, 0.0]);
        assert_eq!((sextic.verdict, sextic.leading_terms[0].order), (Verdict::Minimum, Some(6)));
        assert!((sextic.leading_terms[0].derivative / (720.0 * a) - 1.0).abs() < 1e-2, "{sextic:?}");
        let cubic = at(&Surface(Cubic { a }), &[0.0, 0.0]);
        assert_eq!((cubic.verdict, cubic.leading_terms[0].order), (Verdict::Saddle, Some(3)));
        assert!((cubic.leading_terms[0].derivative.abs() / (6.0 * a) - 1.0).abs() < 1e-3);
    }
}

/// On y = (a + b)x²/2, E is −(a − b)²x⁴/4, though every line through the origin rises.
#[test]
fn lines_that_all_rise_make_no_minimum() {
    for (a, b) in [(1.0, 3.0), (0.5, 4.0), (-1.0, 2.0)] {
        let point = at(&Surface(Peano { a, b }), &[0.0, 0.0]);
        assert_eq!(point.verdict, Verdict::Saddle);
        let expected = -6.0 * (a - b) * (a - b);
        assert!((point.leading_terms[0].derivative / expected - 1.0).abs() < 1e-3, "{point:?}");
    }
}

#[test]
fn several_flat_axes_are_searched_around() {
    for a in [1e-6, 1.0, 1e6] {
        let monkey = at(&Surface(MonkeySaddle { a }), &[0.0, 0.0]);
        assert_eq!((monkey.verdict, monkey.leading_terms[0].order), (Verdict::Saddle, Some(3)), "a = {a}");
    }
    assert_eq!(at(&Surface(Quartics { a: 1.0, b: 2.0 }), &[0.0, 0.0]).verdict, Verdict::Minimum);
    assert_eq!(at(&Surface(Quartics { a: 1.0, b: -0.1 }), &[0.0, 0.0]).verdict, Verdict::Saddle);
    // No swap of x and y explains that their fourth powers are flat.
    assert!(at(&Surface(Quartics { a: 1.0, b: 1.0 }), &[0.0, 0.0]).symmetries.is_empty());
}

#[test]
fn symmetries_explain_valleys() {
    let kind = |point: &Degeneracy| point.symmetries.first().map(|symmetry| symmetry.kind.clone());
    let shift = at(&Surface(FlatValley { a: 3.0, b: 0.7 }), &[0.7, 3.0]);
    assert_eq!((kind(&shift), shift.verdict), (Some(SymmetryKind::Shift), Verdict::Valley));
    let [x, y] = shift.symmetries[0].direction[..] else { panic!() };
    assert!((x * 3.0 - y * 0.7).abs() < 1e-8);

    let scale = at(&Surface(Hyperbola { a: 6.0 }), &[2.0, 3.0]);
    let Some(SymmetryKind::Scale { exponents }) = kind(&scale) else { panic!("{scale:?}") };
    assert!((exponents[0] + exponents[1]).abs() < 1e-8 && exponents[0].abs() == 1.0);
    assert_eq!(scale.verdict, Verdict::Valley);

    for (r, angle) in [(1.0, 0.3_f64), (5.0, 2.0)] {
        let w = [r * angle.cos(), r * angle.sin()];
        let ring = at(&Surface(Ring { r }), &w);
        assert_eq!((kind(&ring), ring.verdict), (Some(SymmetryKind::Gauge), Verdict::Valley), "{ring:?}");
        assert_eq!(at(&Surface(RidgeRing { r }), &w).verdict, Verdict::Ridge);
    }
    // The shift of all scores; p = ln 1, q = ln 2, r = ln 2.
    let scores = at(&Surface(Softmax {}), &[0.0, 2.0_f64.ln(), 2.0_f64.ln()]);
    assert_eq!((kind(&scores), scores.verdict), (Some(SymmetryKind::Shift), Verdict::Valley));
    assert!(scores.symmetries[0].direction.iter().all(|x| (x.abs() - 3.0_f64.sqrt().recip()).abs() < 1e-8));
    // One scale of all, and what else leaves u vᵀ with v fixed: nothing of rank one.
    let factors = at(&Surface(Factors {}), &[1.0, 2.0, 1.0, 2.0]);
    assert_eq!((factors.symmetries.len(), factors.verdict), (1, Verdict::Valley), "{factors:?}");
}

#[test]
fn a_valley_that_bends_is_seen_without_a_symmetry() {
    let banana = at(&Surface(Banana {}), &[1.0, 1.0]);
    assert_eq!(banana.verdict, Verdict::Valley, "{banana:?}");
    assert!(banana.symmetries.is_empty() && banana.leading_terms[0].order.is_none());
}

/// Two units with the same weights, in place of the one that made the data: what one gains the other may lose. Where their
/// inner weights part, the error grows like the fourth power.
#[test]
fn equal_units_are_twins() {
    let surface = Surface(Twins { a: 0.7_f64.tanh(), b: 1.4_f64.tanh(), c: 2.1_f64.tanh() });
    let point = at(&surface, &[0.5, 0.5, 0.7, 0.7]);
    assert_eq!(point.symmetries.len(), 1, "{point:?}");
    assert_eq!(point.symmetries[0].kind, SymmetryKind::Permutation { pairs: vec![(0, 1), (2, 3)] });
    let [v, w, p, q] = point.symmetries[0].direction[..] else { panic!() };
    assert!((v + w).abs() < 1e-9 && p.abs() < 1e-9 && q.abs() < 1e-9);
    assert_eq!(point.verdict, Verdict::Valley);
    assert_eq!(point.leading_terms[0].order, Some(4));
}

/// E with derivatives by hand, since dual numbers have no opinion at kinks.
struct Kinked<const ORDER: usize>;

impl<const ORDER: usize> ErrorFunction for Kinked<ORDER> {
    fn dimension(&self) -> usize {
        2
    }
    fn value(&self, w: &[f64]) -> f64 {
        self.value_gradient(w, &mut [0.0; 2])
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.value_gradient_hessian(w, gradient, &mut [0.0; 3])
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let above = w[0] + w[1] > 1.0;
        let d = if above { w[0] + w[1] - 1.0 } else { 0.0 };
        let step = if above { 1.0 } else { 0.0 };
        // step·dᴼᴿᴰᴱᴿ and its derivatives
        let [value, slope, curvature] = match ORDER {
            0 => [step, 0.0, 0.0],
            1 => [d, step, 0.0],
            _ => [d * d, 2.0 * d, 2.0 * step],
        };
        gradient.copy_from_slice(&[slope + 2.0 * w[0], slope + w[1].exp()]);
        hessian.copy_from_slice(&[curvature + 2.0, curvature, curvature + w[1].exp()]);
        value + w[0] * w[0] + w[1].exp()
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        let mut hessian = [0.0; 3];
        self.value_gradient_hessian(w, &mut [0.0; 2], &mut hessian);
        hesse_runtime::packed::multiply(&hessian, v, product);
    }
}

#[test]
fn kinks_are_found_with_their_order_and_jump() {
    fn check<const ORDER: usize>(jump: f64) {
        let kink = Kinked::<ORDER>.analyze(&[0.4, 0.6001]).unwrap().kink.unwrap();
        assert_eq!(kink.order, ORDER);
        assert!((kink.at[0] + kink.at[1] - 1.0).abs() < 1e-9, "{kink:?}");
        assert!((kink.jump.abs() / jump - 1.0).abs() < 1e-4, "{kink:?}");
        assert_eq!(Kinked::<ORDER>.analyze(&[0.4, 0.7]).unwrap().kink, None);
    }
    check::<0>(1.0);
    check::<1>(1.0);
    check::<2>(2.0);
}

formula!(Steep { k }(x, y) = ((x() * k).powi(2) + 1.0).sqrt() / k + y().powi(2));

/// Steep is not kinked, as long as the arithmetic resolves it.
#[test]
fn what_is_smooth_has_no_kink() {
    for k in [1.0, 1e3, 1e5, 1e7] {
        for x in [1e-3, 1e-4, 3e-7, 0.1] {
            assert_eq!(Surface(Steep { k }).analyze(&[x, 1.0]).unwrap().kink, None, "k = {k}, x = {x}");
        }
    }
    assert_eq!(Surface(Peano { a: 1.0, b: 3.0 }).analyze(&[0.3, 1e9]).unwrap().kink, None);
}

formula!(Hyperbolic { a }(x) = (x() * a).cos() + (x() * a).cosh());
formula!(Sine { a }(x, y) = x() * a - (x() * a).sin() + y().powi(2));

/// The numbers of higher derivatives are right to the digits that are printed: 2a⁴ and a³.
#[test]
fn higher_derivatives_have_their_digits() {
    for a in [0.1, 1.0, 30.0] {
        let quartic = &at(&Surface(Hyperbolic { a }), &[0.0]).leading_terms[0];
        assert!(
            quartic.order == Some(4) && (quartic.derivative / (2.0 * a.powi(4)) - 1.0).abs() < 1e-4,
            "{quartic:?}"
        );
        let cubic = &at(&Surface(Sine { a }), &[0.0, 0.0]).leading_terms[0];
        assert!(
            cubic.order == Some(3) && (cubic.derivative.abs() / a.powi(3) - 1.0).abs() < 1e-4,
            "{cubic:?}"
        );
    }
}

/// E depends on x, however weakly beside y: no symmetry.
#[test]
fn what_is_weak_is_no_symmetry() {
    for a in [1.0, 1e-9, 1e-12, 1e-20] {
        for b in [0.0, 1.0, 1e6] {
            let point = at(&Surface(Weak { a, b }), &[0.0, b]);
            assert!(point.symmetries.is_empty(), "{a} {b}: {point:?}");
            assert_eq!(point.verdict, Verdict::Saddle, "{a} {b}: {point:?}");
        }
    }
}

/// Slopes a to the right and b to the left of zero: a minimum, a maximum, or neither.
#[test]
fn one_sided_slopes_decide_on_a_kink() {
    for unit in [1e-9, 1.0, 1e12] {
        for (a, b, verdict) in [
            (1.0, -1.0, Verdict::Minimum),
            (3.0, -0.1, Verdict::Minimum),
            (-1.0, 2.0, Verdict::Maximum),
            (1.0, 2.0, Verdict::Saddle),
            (0.0, -1.0, Verdict::Undecided),
        ] {
            let analysis = Surface(Sides { a: a * unit, b: b * unit }).analyze(&[0.0]).unwrap();
            let kink = analysis.kink.clone().unwrap();
            assert!(kink.is_here && kink.at == [0.0] && kink.order == 1, "{kink:?}");
            assert!((kink.jump / (unit * (a - b)) - 1.0).abs() < 1e-9, "{kink:?}");
            assert_eq!(analysis.kind(), Kind::Kink);
            assert_eq!(analysis.degeneracy.unwrap().verdict, verdict, "{a} {b} {unit}");
        }
        for (a, b, verdict) in [
            (1.0, 2.0, Verdict::Minimum),
            (-1.0, -3.0, Verdict::Maximum),
            (1.0, -1.0, Verdict::Saddle),
            (0.0, 1.0, Verdict::Undecided),
        ] {
            let analysis = Surface(Bends { a: a * unit, b: b * unit }).analyze(&[0.0]).unwrap();
            assert_eq!(analysis.kink.clone().unwrap().order, 2, "{analysis:?}");
            assert_eq!(analysis.degeneracy.unwrap().verdict, verdict, "{a} {b} {unit}");
        }
    }
}

/// Two lines cross at (½, −½); along each of them only the other one and the rest of E count.
#[test]
fn corners_of_several_kinks_are_minima_where_all_slopes_rise() {
    // The one-sided slope along d is a|d₁ − d₂| + b|d₁ + d₂| + c(d₁ + d₂).
    for (a, b, c, verdict) in [
        (1.0, 1.0, 0.0, Verdict::Minimum),
        (1.0, 1.0, 0.4, Verdict::Minimum),
        (1.0, 0.1, 0.4, Verdict::Saddle),
        (1.0, -0.5, 0.0, Verdict::Saddle),
        (-1.0, -1.0, 0.0, Verdict::Maximum),
    ] {
        let analysis = Surface(Corner { a, b, c }).analyze(&[0.5, -0.5]).unwrap();
        assert_eq!(analysis.kind(), Kind::Kink, "{analysis:?}");
        assert_eq!(analysis.degeneracy.unwrap().verdict, verdict, "{a} {b} {c}");
    }
}

/// The slope that is left over near a valley bends it by as much as it is long: no curvature.
#[test]
fn a_valley_reached_but_nearly_is_no_minimum() {
    for r in [1.0, 3.0] {
        for off in [0.0, 1e-10, -1e-10, 1e-8, 1e-7] {
            let w = [r * 0.6 * (1.0 + off), r * 0.8 * (1.0 + off)];
            let analysis = Surface(Ring { r }).analyze(&w).unwrap();
            assert_eq!(analysis.kind(), Kind::Degenerate { index: 0, nullity: 1 }, "{r} {off}: {analysis:?}");
            assert_eq!(analysis.degeneracy.unwrap().verdict, Verdict::Valley, "{r} {off}");
        }
    }
}
