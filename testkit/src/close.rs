//! Comparison with a stated reason.

/// Panics unless every pair agrees to `tolerance`, relative to the largest magnitude among `scale` and the
/// pair itself.
///
/// # Panics
/// With the first pair that does not, and `what` it is.
#[track_caller]
#[expect(clippy::panic, reason = "a test assertion")]
pub fn assert_close(what: &str, actual: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len(), "{what}: lengths differ");
    for (at, (&a, &e)) in actual.iter().zip(expected).enumerate() {
        let scale = a.abs().max(e.abs()).max(1.0);
        let same = a == e || (a.is_nan() && e.is_nan()) || (a - e).abs() <= tolerance * scale;
        if !same {
            panic!("{what}[{at}]: {a:e} where {e:e} was expected (all: {actual:?} against {expected:?})");
        }
    }
}
