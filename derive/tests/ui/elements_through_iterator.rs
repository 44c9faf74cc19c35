use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut z = [a; 3];
    for z in z.iter_mut() {
        *z *= 2.0;
    }
    z[0] * x[0]
}

fn main() {}
