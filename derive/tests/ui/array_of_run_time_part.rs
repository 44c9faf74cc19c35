use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let rest = &x[1..];
    rest.iter().map(|v| a * v).sum()
}

fn main() {}
