use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut smallest = f64::INFINITY;
    for v in x {
        smallest += a * v;
    }
    smallest
}

fn main() {}
