use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut last = 0.0;
    for v in x {
        last = a * v;
    }
    last
}

fn main() {}
