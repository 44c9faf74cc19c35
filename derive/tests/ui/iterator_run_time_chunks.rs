use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    x.chunks_exact(2).map(|c| a * c[0] * c[1]).sum()
}

fn main() {}
