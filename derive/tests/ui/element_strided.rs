use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, w: &[f64; 3]) -> f64 {
    let mut z = [0.0; 6];
    for j in 0..3 {
        z[2 * j] = a * w[j];
    }
    z.iter().sum()
}

fn main() {}
