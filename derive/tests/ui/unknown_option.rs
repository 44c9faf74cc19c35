use hesse::derive_hessian;

#[derive_hessian(lanes = 3)]
fn loss(x: f64) -> f64 {
    x * x
}

fn main() {}
