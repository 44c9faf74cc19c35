use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let [first, ..] = x else { return 0.0 };
    a * first
}

fn main() {}
