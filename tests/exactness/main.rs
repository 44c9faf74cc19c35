//! Every function, its slope and its curvature, in units in the last place, over the whole range of arguments.
//!
//! `HESSE_BLESS=1` writes the table in `book/src/exactness.md` anew.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod lifted;
mod limits;
mod measure;

use std::fmt::Write;
use std::path::Path;

use hesse_symbolic::functions::{Composite, Function};
use hesse_testkit::tables::table;

use limits::{Kind, LIMITS, ROWS, Row};
use measure::{Errors, measure};

const BEGIN: &str = "<!-- the table, written by `HESSE_BLESS=1 cargo test --test exactness` -->\n";
const END: &str = "<!-- end of the table -->\n";

#[test]
fn errors_are_within_the_limits_and_the_book_says_them() {
    let mut text = String::from("| function | value | slope | curvature |\n|---|---|---|---|\n");
    let mut wrong = String::new();
    for row in ROWS {
        let errors = measured(row);
        let mut line = format!("| `{}` |", row.formula);
        for (order, worst) in errors.iter().enumerate() {
            let limit = limit(row, order);
            if worst.error > limit || worst.error.is_nan() {
                let _ = writeln!(
                    wrong,
                    "{}, derivative {order}: {:.1} ulp, {}",
                    row.formula, worst.error, worst.place
                );
            }
            let _ = write!(line, " {} |", rounded(worst.error));
        }
        let _ = writeln!(text, "{line}");
    }
    assert!(wrong.is_empty(), "{wrong}");
    text.push_str("\nWhere this does not hold:\n\n");
    for row in ROWS {
        for exception in row.exceptions {
            let what = ["value", "slope", "curvature"];
            let what: Vec<&str> = exception.orders.iter().map(|&order| what[order]).collect();
            let _ = writeln!(text, "* `{}`, {}: {}.", row.formula, what.join(" and "), exception.reason);
        }
    }
    compare(&text);
}

#[test]
fn every_function_has_a_row() {
    // These are measured as derivatives of others.
    let inner = [
        "bessel_j",
        "direction",
        "hypot_m1",
        "lambert_ratio",
        "normal_excess",
        "normal_hazard",
        "one_minus_square",
    ];
    let more =
        ["digamma_rise", "trigamma_fall", "polygamma", "quotient", "sigmoid_slope", "spherical_bessel"];
    let names = Function::ALL.iter().map(|f| f.name()).chain(Composite::all().map(|c| c.1));
    let missing: Vec<&str> = names
        .filter(|name| {
            !ROWS.iter().any(|row| row.name == *name) && !inner.contains(name) && !more.contains(name)
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// What Rust functions call has no derivative of its own, but the same value.
#[test]
fn functions_made_of_others_have_their_value_in_rust() {
    use hesse::math;
    type Named = (&'static str, fn(f64) -> f64);
    let functions: [Named; 18] = [
        ("sinc", math::sinc),
        ("xlogx", math::xlogx),
        ("log_sigmoid", math::log_sigmoid),
        ("leaky_relu", |x| math::leaky_relu(x, 0.01)),
        ("elu", |x| math::elu(x, 1.0)),
        ("selu", math::selu),
        ("gelu", math::gelu),
        ("silu", math::silu),
        ("mish", math::mish),
        ("huber", |x| math::huber(x, 1.0)),
        ("pseudo_huber", |x| math::pseudo_huber(x, 1.0)),
        ("ln_cosh", math::ln_cosh),
        ("ln_normal_pdf", math::ln_normal_pdf),
        ("ln_normal_cdf", math::ln_normal_cdf),
        ("digamma", math::digamma),
        ("trigamma", math::trigamma),
        ("bessel_j0", math::bessel_j0),
        ("bessel_j1", math::bessel_j1),
    ];
    for (name, function) in functions {
        let row = ROWS.iter().find(|row| row.name == name).unwrap();
        for point in table(name).unwrap() {
            let (truth, found) = (point.truth[0], function(point.at[0]));
            let excepted = is_excepted(row, 0, &point.at, truth.nearest);
            assert!(excepted || truth.error(found) <= LIMITS[0], "{name} at {:?}: {found:e}", point.at);
        }
    }
}

fn measured(row: &Row) -> Errors {
    measure(row.name, row.formula, &|order, point, truth| is_excepted(row, order, point, truth))
}

fn is_excepted(row: &Row, order: usize, point: &[f64], truth: f64) -> bool {
    row.exceptions.iter().any(|exception| {
        exception.orders.contains(&order)
            && matches!(exception.kind, Kind::Beyond(beyond) if beyond(point, truth))
    })
}

fn limit(row: &Row, order: usize) -> f64 {
    let own = row.exceptions.iter().find_map(|exception| match exception.kind {
        Kind::Limit(limit) if exception.orders.contains(&order) => Some(limit),
        _ => None,
    });
    own.unwrap_or(LIMITS[order])
}

/// The next larger round number: measured errors differ a little between platforms.
fn rounded(error: f64) -> String {
    const ROUND: [f64; 11] = [0.0, 0.6, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0];
    let round = ROUND.iter().find(|round| error <= **round);
    round.map_or_else(|| format!("{}", 2_f64.powf(error.log2().ceil())), |round| format!("{round}"))
}

/// Holds the table of the book to what was measured, where the platform is the one it was measured on.
fn compare(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/exactness.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let wanted = format!("{before}{BEGIN}\n{table}\n{END}{after}");
    if std::env::var_os("HESSE_BLESS").is_some() {
        std::fs::write(&path, wanted).unwrap();
    } else if cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")) {
        assert!(wanted == text, "write the table anew with HESSE_BLESS=1 and read it");
    }
}
