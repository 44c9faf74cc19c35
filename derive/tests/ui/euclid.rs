use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    a.rem_euclid(2.0)
}

fn main() {}
