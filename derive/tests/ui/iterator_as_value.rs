use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let scaled = x.iter().map(|v| a * v);
    scaled.sum()
}

fn main() {}
