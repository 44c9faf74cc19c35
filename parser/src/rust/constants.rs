//! Constants of the standard library.

/// The value of a constant of the standard library.
pub(super) fn constant(path: &[&str]) -> Option<f64> {
    use std::f64::consts;
    match path {
        [.., "f64", "INFINITY"] => Some(f64::INFINITY),
        [.., "f64", "NEG_INFINITY"] => Some(f64::NEG_INFINITY),
        [.., "f64", "EPSILON"] => Some(f64::EPSILON),
        [.., "f64", "MIN_POSITIVE"] => Some(f64::MIN_POSITIVE),
        [.., "f64", "MAX"] => Some(f64::MAX),
        [.., "f64", "MIN"] => Some(f64::MIN),
        [.., "consts", name] => Some(match *name {
            "PI" => consts::PI,
            "TAU" => consts::TAU,
            "E" => consts::E,
            "SQRT_2" => consts::SQRT_2,
            "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
            "LN_2" => consts::LN_2,
            "LN_10" => consts::LN_10,
            "LOG2_E" => consts::LOG2_E,
            "LOG2_10" => consts::LOG2_10,
            "LOG10_E" => consts::LOG10_E,
            "LOG10_2" => consts::LOG10_2,
            "FRAC_1_PI" => consts::FRAC_1_PI,
            "FRAC_2_PI" => consts::FRAC_2_PI,
            "FRAC_2_SQRT_PI" => consts::FRAC_2_SQRT_PI,
            "FRAC_PI_2" => consts::FRAC_PI_2,
            "FRAC_PI_3" => consts::FRAC_PI_3,
            "FRAC_PI_4" => consts::FRAC_PI_4,
            "FRAC_PI_6" => consts::FRAC_PI_6,
            "FRAC_PI_8" => consts::FRAC_PI_8,
            _ => return None,
        }),
        _ => None,
    }
}
