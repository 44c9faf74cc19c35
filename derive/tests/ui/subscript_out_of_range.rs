use hesse::derive_hessian;

#[derive_hessian]
fn loss(w: &[f64; 2]) -> f64 {
    w[0] * w[0] + w[2]
}

fn main() {}
