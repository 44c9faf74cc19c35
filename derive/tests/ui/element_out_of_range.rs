use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut z = [0.0; 3];
    for j in 0..4 {
        z[j] = a * x[j];
    }
    z.iter().sum()
}

fn main() {}
