use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    a * (x[0] as f32) as f64
}

fn main() {}
