use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    a * x.first().copied().unwrap_or(0.0)
}

fn main() {}
