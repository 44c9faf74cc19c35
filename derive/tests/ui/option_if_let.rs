use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    if let Some(first) = x.get(0) { a * first } else { a }
}

fn main() {}
