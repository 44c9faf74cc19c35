use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let n = x.len() & 1;
    a * n as f64
}

fn main() {}
