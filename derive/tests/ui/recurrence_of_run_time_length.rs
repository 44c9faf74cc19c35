use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut p = 0.0;
    for c in x {
        p = p * a + c;
    }
    p
}

fn main() {}
