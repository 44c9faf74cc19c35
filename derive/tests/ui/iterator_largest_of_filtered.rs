use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    x.iter().filter(|v| **v > 0.0).map(|v| a * v).fold(f64::NEG_INFINITY, f64::max)
}

fn main() {}
