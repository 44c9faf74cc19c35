use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    match (x.len(), 1) {
        (0, n) | (n, 0) => a * n as f64,
        _ => a,
    }
}

fn main() {}
