use hesse::derive_hessian;

const FIRST: usize = 1;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    a * x[FIRST]
}

fn main() {}
