use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    let z: Vec<f64> = Vec::with_capacity(3);
    a * z.len() as f64
}

fn main() {}
