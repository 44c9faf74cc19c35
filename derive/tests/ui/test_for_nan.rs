use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    if a.is_nan() { 0.0 } else { a * x[0] }
}

fn main() {}
