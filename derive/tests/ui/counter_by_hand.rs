use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut i = 0;
    let mut total = 0.0;
    for v in x {
        total += a * v * i as f64;
        i += 1;
    }
    total
}

fn main() {}
