use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut z = vec![a; x.len()];
    for i in 1..x.len() {
        z[i] = z[i - 1] * x[i];
    }
    z.iter().sum::<f64>()
}

fn main() {}
