use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut z = Vec::new();
    for v in x {
        z.push(a * v);
    }
    z[0]
}

fn main() {}
