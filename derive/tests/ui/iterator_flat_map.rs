use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    x.iter().flat_map(|v| [a * v, a]).sum()
}

fn main() {}
