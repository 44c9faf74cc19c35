use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut z = [a; 3];
    for v in x {
        for j in 0..3 {
            z[j] += v * z[0];
        }
    }
    z[2]
}

fn main() {}
