use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    match x.get(0) {
        Some(v) => a * v,
        None => 0.0,
    }
}

fn main() {}
