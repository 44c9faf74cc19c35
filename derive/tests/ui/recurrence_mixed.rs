use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut total = 1.0;
    for v in x {
        total += a * v;
        total *= 0.5;
    }
    total
}

fn main() {}
