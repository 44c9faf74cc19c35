use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let first = x.first().unwrap();
    let mut p = 0.0;
    for v in x {
        p = p * a + v.rem_euclid(2.0);
    }
    while p > 1.0 {
        p /= 2.0;
    }
    p * first
}

fn main() {}
