use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    x.iter().take_while(|v| **v > 0.0).map(|v| a * v).sum()
}

fn main() {}
