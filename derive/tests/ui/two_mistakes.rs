use hesse::derive_hessian;

#[derive_hessian]
fn loss(x: f64, name: &str) -> f64 {
    x * y
}

fn main() {}
