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
