use hesse::derive_hessian;

#[derive_hessian]
fn loss(w: &[f64; 3]) -> f64 {
    (0..w.len()).map(|i| w[i] * w[i + 1]).sum()
}

fn main() {}
