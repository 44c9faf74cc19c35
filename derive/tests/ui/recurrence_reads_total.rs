use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut total = 0.0;
    for v in x {
        total += a * v;
        total += total * 0.5;
    }
    total
}

fn main() {}
