use hesse::derive_hessian;

#[derive_hessian]
fn loss(w: &[f64; 3]) -> f64 {
    let mut total = 0.0;
    for i in 0..3 {
        total += w[i] * w[i + 1 - 2];
    }
    total
}

fn main() {}
