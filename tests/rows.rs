//! Surfaces of which only some rows are held.

#![allow(clippy::unwrap_used)]

use std::ops::Range;

use hesse_parser::Model;
use hesse_parser::formula::{Columns, parse_in};
use hesse_runtime::{ErrorFunction, RowErrorFunction};
use hesse_symbolic::evaluate::{BindError, Bindings, Surface};
use hesse_symbolic::rules::Mode;

const ROWS: usize = 300;

fn model(text: &str) -> Model {
    let text = format!("data x[n, 2], y[n], c[n]\n{text}");
    parse_in(&text, &Columns::none(), Mode::Robust).unwrap()
}

/// Values of a row that no other row has.
fn bindings(rows: Range<usize>) -> Bindings {
    let of = |f: &dyn Fn(usize) -> Vec<f64>| rows.clone().flat_map(f).collect::<Vec<_>>();
    let mut data = Bindings::new();
    let x = of(&|i| vec![(i as f64).sin(), (i as f64 * 0.1).cos()]);
    data.insert_rows("x", &[ROWS, 2], rows.clone(), x).unwrap();
    data.insert_rows("y", &[ROWS], rows.clone(), of(&|i| vec![0.01 * i as f64])).unwrap();
    data.insert_rows("c", &[ROWS], rows.clone(), of(&|i| vec![(i % 3) as f64])).unwrap();
    data
}

/// What some rows add, as bits.
fn bits(model: &Model, bindings: &Bindings, rows: Range<usize>) -> Vec<u64> {
    let surface = Surface::new(&model.graph, model.error, bindings).unwrap();
    let surface = surface.by_rows().unwrap();
    assert_eq!(surface.rows(), ROWS);
    let p = parameters(model);
    let w: Vec<f64> = (0..p).map(|k| 0.5 + 0.1 * k as f64).collect();
    let (mut gradient, mut hessian) = (vec![0.0; p], vec![0.0; p * (p + 1) / 2]);
    let value = surface.value_gradient_hessian_of_rows(&w, rows, &mut gradient, &mut hessian);
    assert!(value.is_finite());
    [value].iter().chain(&gradient).chain(&hessian).map(|x| x.to_bits()).collect()
}

fn parameters(model: &Model) -> usize {
    Surface::new(&model.graph, model.error, &bindings(0..ROWS)).unwrap().dimension()
}

#[test]
fn rows_held_alone_add_the_same_bits() {
    for text in [
        "sum(i, (y[i] - a*x[i,0] - b*x[i,1])^2) + a^2",
        "sum(i, softplus(sum(k, w[k]*x[i,k]) - y[i])) / n + sum(k, w[k]^2)",
        "sum(i, (y[i] - a*exp(-b*i/n))^2)",
        "param level[3]\nsum(i, (y[i] - level[c[i]]*x[i,1])^2)",
    ] {
        let model = model(text);
        let whole = bindings(0..ROWS);
        for rows in [0..64, 64..200, 199..ROWS, 128..128] {
            assert_eq!(
                bits(&model, &bindings(rows.clone()), rows.clone()),
                bits(&model, &whole, rows.clone()),
                "{text} {rows:?}"
            );
        }
    }
}

#[test]
fn formulas_that_need_all_rows_are_refused() {
    for (text, expected) in [
        (
            "sum(i in 0..n-1, (y[i+1] - a*y[i])^2)",
            "all rows of `y` are needed: it is read elsewhere than at the row at hand",
        ),
        (
            "ln(sum(i, (y[i] - a)^2))",
            "all rows of `x` are needed: E needs a sum over all rows before it can go on, as in `ln(sum(i, …))`",
        ),
        ("(y[0] - a)^2", "all rows of `x` are needed: E is no sum over rows of data"),
    ] {
        let model = model(text);
        let error = Surface::new(&model.graph, model.error, &bindings(10..20)).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
        assert!(Surface::new(&model.graph, model.error, &bindings(0..ROWS)).is_ok());
    }
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let mut data = Bindings::new();
    let mut insert = |rows, values: &[f64]| data.insert_rows("x", &[10, 2], rows, values.to_vec());
    assert!(matches!(insert(3..4, &[1.0]), Err(BindError::Length { expected: 2, found: 1, .. })));
    assert!(insert(9..11, &[1.0; 4]).is_err());
    #[allow(clippy::reversed_empty_ranges)]
    let reversed = insert(4..3, &[]);
    assert!(reversed.is_err());
    let infinite = insert(3..4, &[1.0, f64::INFINITY]);
    assert!(matches!(infinite, Err(BindError::NotFinite { position: 7, .. })), "{infinite:?}");
    let outside = insert(5..6, &[0.0, 3.0]);
    assert!(outside.is_ok());
}
