use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let y = Some(a);
    match y {
        Some(y) => y * x[0],
        None => 0.0,
    }
}

fn main() {}
