//! `hesse check`.

use super::run::{hesse, json};

#[test]
fn witnesses_agree_on_formulas_of_all_kinds() {
    for formula in [
        "(1-x)^2 + 100*(y-x^2)^2",
        "ln(1+exp(a*x)) + gelu(y) + log_cosh(x)*erf(y)",
        "hypot(x, y)^3 + atan2(y, x + 5) + bessel_j0(x) + lgamma(y^2 + 1)",
        "param w[4]; E = sum(i in 0..3, 100*(w[i+1] - w[i]^2)^2 + (1 - w[i])^2) + prod(i, w[i])",
        "param w[3]; E = logsumexp(i, 3*w[i]) + max(i, w[i]) + if(w[0] < w[1], w[2]^2, sin(w[2]))",
    ] {
        let run = hesse(&["check", formula], "");
        assert_eq!(run.code, 0, "{formula}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn dual_numbers_outweigh_differences_that_miss_and_nothing_is_known_outside_of_the_domain() {
    // Waves shorter than the steps of differences, a pole nearby, and points where E has no value.
    for args in [
        &["check", "sin(1e8*x)"][..],
        &["check", "1/(x-1)^3", "--at", "x=1.0000001"],
        &["check", "exp(x)+x^(1/3)"],
        &["check", "erf(x)*ln_normal_cdf(y)*digamma(z)"],
    ] {
        let run = hesse(args, "");
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{args:?}: {}", run.stdout);
    }
    let text = hesse(&["check", "sin(1e8*x)", "--at", "x=0.5"], "").stdout;
    assert!(text.contains("differences       0         0            2"), "{text}");
}

#[test]
fn each_entry_has_its_witnesses() {
    let answer = json(&["check", "x^3*y", "--at", "x=2,y=3"]);
    let entries = answer["points"][0]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 5);
    for entry in entries {
        let found = entry["found"].as_f64().unwrap();
        assert!(entry["interval"][0].as_f64().unwrap() <= found, "{entry}");
        assert!((entry["dual_numbers"].as_f64().unwrap() - found).abs() < 1e-12, "{entry}");
        assert!((entry["differences"]["value"].as_f64().unwrap() - found).abs() < 1e-6, "{entry}");
        assert_eq!(entry["doubts"].as_array().unwrap().len(), 0);
    }
    let text = hesse(&["check", "x^3*y", "--at", "x=2,y=3"], "").stdout;
    assert!(text.starts_with("Checked 2 slopes of E and 3 curvatures at 1 point\n"), "{text}");
}
