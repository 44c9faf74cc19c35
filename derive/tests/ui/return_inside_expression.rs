use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let y = 1.0 + if x.is_empty() { return a } else { a };
    y
}

fn main() {}
