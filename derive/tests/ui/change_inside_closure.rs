use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut count = 0.0;
    let total: f64 = x.iter().map(|v| {
        count += 1.0;
        a * v
    }).sum();
    total / count
}

fn main() {}
