use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        total += a * x[i / 2];
    }
    total
}

fn main() {}
