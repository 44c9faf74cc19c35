use hesse::{Parameters, derive_hessian, differentiable};

#[derive(Parameters)]
struct Model {
    a: f64,
}

#[derive_hessian(uses(Model))]
fn error(model: &Model) -> f64 {
    model
}

fn plain(x: f64) -> f64 {
    x
}

#[derive_hessian]
fn calls(x: f64) -> f64 {
    plain(x)
}

#[derive_hessian(uses(plain))]
fn calls_what_is_no_macro(x: f64) -> f64 {
    plain(x)
}

#[differentiable]
fn never(x: f64) -> f64 {
    while x > 1.0 {}
    x
}

fn main() {}
