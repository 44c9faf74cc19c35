use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    x.iter().map(|v| a * v).max_by(|p, q| p.total_cmp(q)).unwrap_or(0.0)
}

fn main() {}
