use hesse::derive_hessian;

#[derive_hessian]
fn loss(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>()
}

fn main() {}
