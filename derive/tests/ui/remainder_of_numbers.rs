use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    a % 2.0
}

fn main() {}
