//! Everybody computes the same: held before anything is timed.

use std::collections::BTreeMap;

use crate::measure::Contestant;
use crate::workload::{Pattern, Workload};

/// Second derivatives asked of the oracle: all of them, or this many spread over the triangle.
const ASKED: usize = 2_000;

struct Derivatives {
    value: f64,
    gradient: Vec<f64>,
    hessian: Vec<f64>,
    product: Vec<f64>,
}

/// Holds generated and handwritten code to each other and, where there is one, to the oracle: 1e-9 of the entry
/// plus 1e-12 of the largest entry, since sums over thousands of rows are added in different orders.
///
/// # Panics
/// With the first entry that differs.
pub fn workload(workload: &Workload<'_>) {
    let name = &workload.name;
    let n = workload.point.len();
    let hand = derivatives(workload, workload.hand, &workload.hand_pattern);
    let hesse = derivatives(workload, workload.hesse, &workload.hesse_pattern);
    close(&format!("{name}: value"), &[hesse.value], &[hand.value]);
    close(&format!("{name}: gradient"), &hesse.gradient, &hand.gradient);
    close(&format!("{name}: Hessian-vector product"), &hesse.product, &hand.product);
    match (&workload.hesse_pattern, &workload.hand_pattern) {
        (Pattern::Packed, Pattern::Packed) => {
            close(&format!("{name}: Hessian"), &hesse.hessian, &hand.hessian);
        }
        (ours, theirs) => {
            let mut entries: BTreeMap<(u32, u32), [f64; 2]> = BTreeMap::new();
            for (side, pattern, hessian) in [(0, ours, &hesse.hessian), (1, theirs, &hand.hessian)] {
                for (at, entry) in pattern.entries(n).into_iter().zip(hessian) {
                    entries.entry(at).or_default()[side] += entry;
                }
            }
            let (ours, theirs): (Vec<f64>, Vec<f64>) = entries.values().map(|[a, b]| (*a, *b)).unzip();
            close(&format!("{name}: Hessian"), &ours, &theirs);
        }
    }
    let Some(oracle) = workload.oracle else { return };
    let hessian = spread(&workload.hand_pattern, &hand.hessian, n);
    // A step without common factors with the length of the triangle visits all rows and columns.
    let step = hessian.len().div_ceil(ASKED) | 1;
    let entries = Pattern::Packed.entries(n);
    let (mut asked, mut answered) = (Vec::new(), Vec::new());
    let mut gradient = vec![f64::NAN; n];
    for (&(i, j), &ours) in entries.iter().zip(&hessian).step_by(step) {
        let (value, first, second) = oracle(&workload.point, i as usize, j as usize);
        close(&format!("{name}: value by hand"), &[hand.value], &[value]);
        gradient[i as usize] = first;
        asked.push(ours);
        answered.push(second);
    }
    for (i, entry) in gradient.iter_mut().enumerate().filter(|(_, entry)| entry.is_nan()) {
        *entry = oracle(&workload.point, i, i).1;
    }
    close(&format!("{name}: gradient by hand"), &hand.gradient, &gradient);
    close(&format!("{name}: Hessian by hand"), &asked, &answered);
    close(&format!("{name}: product by hand"), &hand.product, &times(&hessian, &workload.direction));
}

fn derivatives(workload: &Workload<'_>, of: &dyn Contestant, pattern: &Pattern) -> Derivatives {
    let n = workload.point.len();
    assert_eq!(of.dimension(), n, "{}: parameters", workload.name);
    let value = of.value(&workload.point);
    let (mut gradient, mut product) = (vec![f64::NAN; n], vec![f64::NAN; n]);
    let again = of.value_gradient(&workload.point, &mut gradient);
    close(&format!("{}: value beside the gradient", workload.name), &[again], &[value]);
    let mut hessian = vec![f64::NAN; pattern.length(n)];
    let mut beside = vec![f64::NAN; n];
    let again = of.value_gradient_hessian(&workload.point, &mut beside, &mut hessian);
    close(&format!("{}: value beside the Hessian", workload.name), &[again], &[value]);
    close(&format!("{}: gradient beside the Hessian", workload.name), &beside, &gradient);
    of.hessian_vector(&workload.point, &workload.direction, &mut product);
    Derivatives { value, gradient, hessian, product }
}

/// The packed triangle of a pattern's entries.
fn spread(pattern: &Pattern, entries: &[f64], n: usize) -> Vec<f64> {
    if let Pattern::Packed = pattern {
        return entries.to_vec();
    }
    let mut packed = vec![0.0; n * (n + 1) / 2];
    for ((i, j), entry) in pattern.entries(n).into_iter().zip(entries) {
        packed[i as usize * (i as usize + 1) / 2 + j as usize] += entry;
    }
    packed
}

fn times(packed: &[f64], v: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; v.len()];
    for i in 0..v.len() {
        for j in 0..=i {
            let entry = packed[i * (i + 1) / 2 + j];
            product[i] += entry * v[j];
            if i != j {
                product[j] += entry * v[i];
            }
        }
    }
    product
}

/// # Panics
/// Where an entry differs.
pub fn close(what: &str, actual: &[f64], expected: &[f64]) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    let size = expected.iter().fold(0.0, |size: f64, e| size.max(e.abs()));
    for (k, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!((a - e).abs() <= 1e-9 * e.abs() + 1e-12 * size, "{what}, entry {k}: {a} for {e}");
    }
}
