//! What `analyze` says beside the kind of a point.

use crate::run::{hesse, json, numbers};

/// x² + 4y² around (1, 1), worked out by hand.
#[test]
fn the_quadratic_model_is_told() {
    let point = json(&["analyze", "x^2 + 4*y^2", "--at", "x=1,y=1"]);
    assert_eq!(numbers(&point["newton_step"]), [-1.0, -1.0]);
    assert!((point["newton_decrement"].as_f64().unwrap() - 10.0_f64.sqrt()).abs() < 1e-14);
    assert_eq!(point["largest_stable_step"], 0.25);
    assert_eq!(point["step"], 0.2);
    for (found, expected) in [("rates", [0.6, -0.6]), ("semi_axes", [0.5_f64.sqrt(), 0.125_f64.sqrt()])] {
        for (found, expected) in numbers(&point[found]).into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-14, "{found} for {expected}");
        }
    }
    assert!(point["kink"].is_null() && point["degeneracy"].is_null());
}

#[test]
fn degenerate_points_are_resolved() {
    let cases = [
        ("x^3 - 3*x*y^2", "x=0,y=0", "saddle", 3),
        ("x^4 + y^2", "x=0,y=0", "minimum", 4),
        ("-x^4 - y^2", "x=0,y=0", "maximum", 4),
        ("(y - x^2)*(y - 3*x^2)", "x=0,y=0", "saddle", 4),
    ];
    for (formula, at, verdict, order) in cases {
        let point = json(&["analyze", formula, "--at", at]);
        assert_eq!(point["kind"], "degenerate", "{formula}");
        assert_eq!(point["degeneracy"]["verdict"], verdict, "{formula}: {point}");
        assert_eq!(point["degeneracy"]["leading_terms"][0]["order"], order, "{formula}");
    }
    let valley = json(&["analyze", "(x*y - 6)^2", "--at", "x=2,y=3"]);
    assert_eq!(valley["degeneracy"]["verdict"], "valley");
    assert_eq!(valley["degeneracy"]["symmetries"][0]["kind"], "scale");
    let text = hesse(&["analyze", "(x*y - 6)^2", "--at", "x=2,y=3"], "").stdout;
    assert!(text.contains("zero by a symmetry"), "{text}");
    assert!(text.contains("on the floor of a valley"), "{text}");
}

#[test]
fn a_kink_nearby_is_told() {
    let formula = "abs(x - 1) + x^2 + y^2";
    let point = json(&["analyze", formula, "--at", "x=1.0002,y=2"]);
    assert_eq!(point["kink"]["order"], 1);
    assert!((numbers(&point["kink"]["at"])[0] - 1.0).abs() < 1e-9);
    let text = hesse(&["analyze", formula, "--at", "x=1.0002,y=2"], "").stdout;
    assert!(text.contains("A kink is near: the slope of E jumps by 2.000 at x = 1.00000"), "{text}");
    assert!(json(&["analyze", formula, "--at", "x=1.2,y=2"])["kink"].is_null());
    // Squares of what is cut off have a slope, but no curvature, at the cut.
    assert_eq!(json(&["analyze", "max(x, 0)^2 + y^2 + x", "--at", "x=1e-8,y=2"])["kink"]["order"], 2);
}

#[test]
fn a_kink_at_the_point_is_judged_by_both_sides() {
    for (formula, at, verdict) in [
        ("abs(x)", "x=0", "minimum"),
        ("-abs(x)", "x=0", "maximum"),
        ("max(x, -x)", "x=0", "minimum"),
        ("relu(x) + relu(-x)", "x=0", "minimum"),
        ("sqrt(x^2)", "x=0", "minimum"),
        ("x*abs(x)", "x=0", "saddle"),
        ("if(x > 0, x^2, -x^2)", "x=0", "saddle"),
        ("if(x < 0, x^2, x)", "x=0", "minimum"),
        ("abs(x) - abs(y)", "x=0,y=0", "saddle"),
        ("abs(x) + abs(y - 3)", "x=0,y=3", "minimum"),
        // Only more than slopes can tell.
        ("abs(x) + y^2", "x=0,y=0", "undecided"),
        ("max(x, y)^2", "x=0,y=0", "undecided"),
        ("floor(x)^2", "x=0", "undecided"),
    ] {
        let point = json(&["analyze", formula, "--at", at]);
        assert_eq!(point["kind"], "kink", "{formula}");
        assert_eq!(point["degeneracy"]["verdict"], verdict, "{formula}");
        assert_eq!(point["kink"]["is_here"], true, "{formula}");
    }
    let text = hesse(&["analyze", "abs(x)", "--at", "x=0"], "").stdout;
    assert!(text.contains("E has a kink here: the slope of E jumps by 2.000 across it, along x"), "{text}");
    assert!(text.contains("So the point is a minimum: E rises on both sides"), "{text}");
    assert!(!text.contains("constant around it"), "{text}");
}

/// Underflow is no kink.
#[test]
fn where_numbers_end_is_no_kink() {
    assert!(json(&["analyze", "exp(-x)", "--at", "x=745.1"])["kink"].is_null());
}

/// A point whose parameters are redundant is no minimum.
#[test]
fn a_curvature_that_the_slope_made_is_none() {
    let formula = "4*(1/(x^2+y^2)^6 - 1/(x^2+y^2)^3)";
    let end = json(&["minimize", formula, "--from", "x=1,y=1"]);
    assert_eq!(end["kind"], "degenerate", "{end}");
    assert_eq!(end["degeneracy"]["verdict"], "valley", "{end}");
}

/// What is left of the way to an inflection is no curvature, and what falls for ever has no minimum.
#[test]
fn the_end_of_a_descent_is_no_minimum_by_itself() {
    for (formula, start) in [("x^3", "x=1"), ("(x - 1)^3", "x=3"), ("x^3 + y^2", "x=1,y=1")] {
        let end = json(&["minimize", formula, "--from", start]);
        assert_ne!(end["kind"], "minimum", "{formula}: {end}");
    }
    for formula in ["exp(-x)", "1/(1 + x^2)", "atan(x)"] {
        let run = hesse(&["minimize", formula, "--from", "x=1"], "");
        assert_eq!(run.code, 1, "{formula}: {}", run.stdout);
    }
}
