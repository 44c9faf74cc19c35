//! The evaluator.

use std::collections::BTreeSet;

use hesse::RowErrorFunction;
use hesse_symbolic::evaluate::Surface;
use hesse_testkit::random::{Problem, Truth, drawn};

use super::programs::Outputs;
use super::{COUNT, model, rows, surface};

/// The largest difference relative to the largest entry of the output (at least 1).
///
/// Entries that are small beside others are differences of terms as large as these, in the oracle as well: relative
/// to themselves neither side has ten digits.
fn distance(found: &[f64], expected: &[f64]) -> f64 {
    let scale = expected.iter().fold(1.0f64, |scale, e| scale.max(e.abs()));
    // A number that is none must not hide behind the comparison.
    let apart = |(f, e): (&f64, &f64)| if f.is_finite() { (f - e).abs() / scale } else { f64::INFINITY };
    found.iter().zip(expected).map(apart).fold(0.0, f64::max)
}

/// What differs from the truth by more than `tolerance`.
pub(crate) fn disagreements(
    problem: &Problem,
    outputs: &Outputs,
    truth: &Truth,
    tolerance: f64,
) -> Vec<String> {
    let n = truth.gradient.len();
    let entry = |row: usize, column: usize| {
        let (row, column) = (row.max(column), row.min(column));
        truth.hessian[row * (row + 1) / 2 + column]
    };
    let product: Vec<f64> =
        (0..n).map(|row| (0..n).map(|column| entry(row, column) * problem.direction[column]).sum()).collect();
    let value = [truth.value; 3];
    let checks: [(&str, &[f64], &[f64]); 6] = [
        ("value", &[outputs.value, outputs.fused[0], outputs.fused[1]], &value),
        ("gradient", &outputs.gradient, &truth.gradient),
        ("gradient beside the Hessian", &outputs.again, &truth.gradient),
        ("Hessian", &outputs.hessian, &truth.hessian),
        ("sparse Hessian", &outputs.sparse, &truth.hessian),
        ("Hessian-vector product", &outputs.product, &product),
    ];
    checks
        .into_iter()
        .filter(|(_, found, expected)| distance(found, expected) > tolerance)
        .map(|(what, found, expected)| {
            let by = distance(found, expected);
            format!("{what} is off by {by:e}: {found:?} where {expected:?} was expected")
        })
        .collect()
}

/// What differs among the outputs that are made on request.
fn others(problem: &Problem, surface: &Surface, truth: &Truth) -> Vec<String> {
    let (w, v) = (&problem.point, &problem.direction);
    let n = w.len();
    let mut product = vec![0.0; n];
    hesse::packed::multiply(&truth.hessian, v, &mut product);
    let dot = |a: &[f64]| a.iter().zip(v).map(|(a, v)| a * v).sum::<f64>();
    let mut diagonal = vec![f64::NAN; n];
    surface.hessian_diagonal(w, &mut diagonal);
    let along = surface.directional(w, v);
    // The direction and its negative, side by side.
    let directions: Vec<f64> = v.iter().flat_map(|&v| [v, -v]).collect();
    let mut products = vec![f64::NAN; 2 * n];
    surface.hessian_vectors(w, 2, &directions, &mut products);
    let expected_products: Vec<f64> = product.iter().flat_map(|&p| [p, -p]).collect();
    let expected_diagonal: Vec<f64> = hesse::packed::diagonal(&truth.hessian).collect();
    let scales = [truth.value, dot(&truth.gradient), dot(&product)];
    let checks: [(&str, &[f64], &[f64]); 5] = [
        ("diagonal", &diagonal, &expected_diagonal),
        ("products with two vectors", &products, &expected_products),
        ("value along a direction", &along[..1], &scales[..1]),
        ("slope along a direction", &along[1..2], &scales[1..2]),
        ("curvature along a direction", &along[2..3], &scales[2..3]),
    ];
    // Sums of entries may cancel: what they lose is measured by the largest of their terms.
    let size = truth.hessian.iter().chain(&truth.gradient).fold(1.0f64, |size, x| size.max(x.abs()));
    checks
        .into_iter()
        .filter(|(_, found, expected)| distance(found, expected) > 1e-10 * size)
        .map(|(what, found, expected)| format!("{what} is {found:?} where {expected:?} was expected"))
        .collect()
}

/// What differs in the sums over two blocks of rows; nothing is said where there are no rows.
fn in_two_blocks(problem: &Problem, surface: &Surface, truth: &Truth) -> Option<Vec<String>> {
    let error = surface.by_rows()?;
    let (w, v, n) = (&problem.point, &problem.direction, problem.point.len());
    let mut product = vec![0.0; n];
    hesse::packed::multiply(&truth.hessian, v, &mut product);
    let expected =
        [&[truth.value; 3], &truth.gradient[..], &truth.gradient, &truth.hessian, &product].concat();
    let mut sum = vec![0.0; expected.len()];
    let middle = (error.rows() / 3).max(1).min(error.rows());
    for rows in [0..middle, middle..error.rows()] {
        let (mut gradient, mut again) = (vec![f64::NAN; n], vec![f64::NAN; n]);
        let mut hessian = vec![f64::NAN; truth.hessian.len()];
        let first = error.value_gradient_of_rows(w, rows.clone(), &mut gradient);
        let second = error.value_gradient_hessian_of_rows(w, rows.clone(), &mut again, &mut hessian);
        error.hessian_vector_of_rows(w, rows.clone(), v, &mut product);
        let value = error.value_of_rows(w, rows.clone());
        let part = [&[value, first, second], &gradient[..], &again, &hessian, &product].concat();
        // No rows at all are one empty block.
        if !rows.is_empty() || rows.start == 0 {
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
    }
    // As above; and parts may cancel.
    let by = distance(&sum, &expected);
    Some((by > 1e-10).then(|| format!("blocks are off by {by:e}")).into_iter().collect())
}

#[test]
fn derivatives_agree_with_hyper_dual_numbers() {
    let mut wrong = Vec::new();
    let mut functions = BTreeSet::new();
    let mut sums_over_rows = 0;
    for seed in 0..COUNT {
        let (problem, truth) = Problem::from_seed(seed);
        let model = model(&problem);
        let surface = surface(&problem, &model);
        let outputs = Outputs::of(&surface, &problem.point, &problem.direction);
        let mut found = disagreements(&problem, &outputs, &truth, 1e-10);
        // Passes that need more do the same operations, but may add up what they share in another order.
        if outputs.fused.iter().any(|fused| distance(&[*fused], &[outputs.value]) > 1e-14) {
            found.push(format!("value {:e} is {:?} beside derivatives", outputs.value, outputs.fused));
        }
        found.extend(others(&problem, &surface, &truth));
        if let Some(blocks) = in_two_blocks(&problem, &surface, &truth) {
            sums_over_rows += 1;
            found.extend(blocks);
        }
        if !found.is_empty() {
            let at = &problem.point;
            wrong.push(format!(
                "seed {seed}, {} rows, at {at:?}\n{}{}\n",
                rows(&problem),
                problem.text(),
                found.join("\n")
            ));
        }
        functions.extend(problem.functions());
    }
    assert!(wrong.is_empty(), "{} of {COUNT}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(sums_over_rows >= 20, "{sums_over_rows} sums over rows");
    assert_eq!(functions, drawn().into_iter().collect(), "every function occurs");
}
