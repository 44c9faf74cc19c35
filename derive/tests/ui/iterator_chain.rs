use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64], y: &[f64]) -> f64 {
    x.iter().chain(y).map(|v| a * v).sum()
}

fn main() {}
