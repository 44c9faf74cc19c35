//! Loops over data that run one, two, four or eight rows at a time: the same numbers, the evaluator's bits, and code that
//! has vectors of this width and no other.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path;

use hesse::{derive_hessian, formula};
use hesse_build::{BuildError, Builder, Lanes};
use hesse_parser::formula::{Columns, parse};
use hesse_runtime::packed;
use hesse_symbolic::evaluate::{Bindings, Outputs, Program};
use hesse_symbolic::schedule::{Request, schedule, vectorize_in};
use hesse_testkit::close::assert_close;

/// What stands in the modules `one` to `eight`: a layer with sums in every place where sums over rows can be.
const LAYER: &str = "\
param u[5, 9], v[5], s
data x[n, 9], t[n]
z[i, j] = tanh(sum(k, u[j, k]*x[i, k]))
E = sum(i, ln(1 + (t[i] - sum(j, v[j]*z[i, j]))^2/s^2) + ln(s^2) + sin(x[i, 0]*s))";

macro_rules! layers {
    ($($lanes:tt $name:ident;)*) => {$(
        formula! {
            #[hesse(lanes = $lanes)]
            mod $name;
            param u[5, 9], v[5], s;
            data x[n, 9], t[n];
            z[i, j] = tanh(sum(k, u[j, k]*x[i, k]));
            E = sum(i, ln(1 + (t[i] - sum(j, v[j]*z[i, j]))^2/s^2) + ln(s^2) + sin(x[i, 0]*s))
        }
    )*};
}

layers! { 1 one; 2 two; 4 four; 8 eight; }

/// Parameters and data; the rows are no multiple of anything.
fn inputs(rows: usize) -> (Vec<f64>, Vec<[f64; 9]>, Vec<f64>) {
    let number = |k: usize| 0.2 + (k * 37 % 101) as f64 / 101.0;
    let w = (0..51).map(|k| number(3 * k) - 0.6).collect();
    let x = (0..rows).map(|i| std::array::from_fn(|k| number(9 * i + k) - 0.5)).collect();
    (w, x, (0..rows).map(|i| number(i * i)).collect())
}

#[test]
fn every_number_of_lanes_gives_the_evaluators_bits() {
    let model = parse(LAYER, &Columns::none()).unwrap();
    let kernel = schedule(&mut model.graph.clone(), model.error, Request::VALUE_GRADIENT_HESSIAN);
    for rows in [0, 1, 3, 83] {
        let (w, x, t) = inputs(rows);
        let mut u = [[0.0; 9]; 5];
        u.as_flattened_mut().copy_from_slice(&w[..45]);
        let v: [f64; 5] = w[45..50].try_into().unwrap();
        let mut usual = Vec::new();
        for lanes in Lanes::ALL {
            let (mut gradient, mut hessian) = ([0.0; 51], [0.0; 1326]);
            let compute = match lanes.count() {
                1 => one::value_gradient_hessian_into,
                2 => two::value_gradient_hessian_into,
                4 => four::value_gradient_hessian_into,
                _ => eight::value_gradient_hessian_into,
            };
            let value = compute(&u, &v, w[50], &x, &t, &mut gradient, &mut hessian);
            let generated = [&[value][..], &gradient, &hessian].concat();

            let mut bindings = Bindings::new();
            bindings.insert("x", &[rows, 9], x.as_flattened().to_vec()).unwrap();
            bindings.insert("t", &[rows], t.clone()).unwrap();
            let program = Program::new(&vectorize_in(&kernel, lanes), &bindings).unwrap();
            let (mut value, mut gradient, mut hessian) = (0.0, vec![0.0; 51], vec![0.0; packed::length(51)]);
            let mut outputs = Outputs { value: &mut value, gradient: &mut gradient, hessian: &mut hessian };
            program.run(&w, &[], &mut outputs);
            let evaluated = [vec![value], gradient, hessian].concat();

            for (at, (a, b)) in generated.iter().zip(&evaluated).enumerate() {
                assert_eq!(a.to_bits(), b.to_bits(), "{lanes:?}, {rows} rows, number {at}: {a:e} and {b:e}");
            }
            usual = generated;
        }
        let (mut gradient, mut hessian) = ([0.0; 51], [0.0; 1326]);
        let value = one::value_gradient_hessian_into(&u, &v, w[50], &x, &t, &mut gradient, &mut hessian);
        // Sums of 83 terms of size 1 in another order.
        assert_close("one row at a time", &[&[value][..], &gradient, &hessian].concat(), &usual, 1e-12);
    }
}

/// The options together, as one writes them.
#[derive_hessian(only(gradient, hessian_vector), lanes = 4, strict)]
fn narrow(w: &[f64; 3], x: &[[f64; 2]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let a = w[0] * x[0] + w[1] * x[1] + w[2];
        loss += (1.0 + a.exp()).ln() - t * a;
    }
    loss
}

#[derive_hessian]
fn usual(w: &[f64; 3], x: &[[f64; 2]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let a = w[0] * x[0] + w[1] * x[1] + w[2];
        loss += (1.0 + a.exp()).ln() - t * a;
    }
    loss
}

#[test]
fn options_select_and_tune_together() {
    let x: Vec<[f64; 2]> = (0..37).map(|i| [0.3 * i as f64 - 5.0, (i as f64).sin()]).collect();
    let t: Vec<f64> = (0..37).map(|i| f64::from(i % 3 == 0)).collect();
    let (w, direction) = ([0.2, -0.7, 0.1], [1.0, 0.5, -2.0]);
    // Sums of 37 terms of size 5 in another order, and ln(1 + eᵃ) as it stands.
    assert_close("gradient", &narrow::gradient(&w, &x, &t), &usual::gradient(&w, &x, &t), 1e-12);
    let product = narrow::hessian_vector(&w, &x, &t, &direction);
    assert_close("product", &product, &usual::hessian_vector(&w, &x, &t, &direction), 1e-12);
}

#[test]
fn code_has_vectors_of_this_width_alone() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lanes");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("layer.hes"), LAYER).unwrap();
    let out = folder.join("out");
    fs::create_dir_all(&out).unwrap();
    let written = |lanes: usize| -> Result<String, BuildError> {
        let lanes = Lanes::of(lanes).unwrap();
        Builder::new().formula(folder.join("layer.hes")).lanes(lanes).out_dir(&out).compile()?;
        Ok(fs::read_to_string(out.join("layer.rs")).unwrap())
    };
    let [one, two, four, eight] = [1, 2, 4, 8].map(|lanes| written(lanes).unwrap());
    assert!(!one.contains("Vectors<"));
    for (code, width) in [(&two, 2), (&four, 4), (&eight, 8)] {
        for other in [2, 4, 8] {
            let has = [format!("Vectors<{other}>"), format!("[0.0; {other}]"), format!("clear::<{other}, ")];
            for text in has {
                assert_eq!(code.contains(&text), other == width, "{text} in {width} lanes");
            }
        }
    }
    let first = |text: &str| text.lines().next().unwrap().to_owned();
    assert_ne!(first(&four), first(&eight), "the lanes are part of the fingerprint");
    fs::write(folder.join("layers.rs"), ROW).unwrap();
    Builder::new().rust(folder.join("layers.rs")).out_dir(&out).compile().unwrap();
    let code = fs::read_to_string(out.join("layers.rs")).unwrap();
    assert!(code.contains("Vectors<4>") && !code.contains("Vectors<8>"));
}

const ROW: &str = "\
#[derive_hessian(lanes = 4)]
pub fn row(w: &[f64; 2], x: &[f64]) -> f64 {
    x.iter().map(|x| (w[0] * x + w[1]).sin()).sum()
}
";
