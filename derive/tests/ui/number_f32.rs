use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    a * f64::from(0.5f32)
}

fn main() {}
