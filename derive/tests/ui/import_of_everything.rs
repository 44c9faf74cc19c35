use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    use std::f64::consts::*;
    a * PI
}

fn main() {}
