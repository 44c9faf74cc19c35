use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64], y: &[f64]) -> f64 {
    (1..x.len()).zip(1..y.len()).map(|(i, j)| a * x[i] * y[j]).sum()
}

fn main() {}
