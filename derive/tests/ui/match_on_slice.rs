use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    match x {
        [first, .., last] => a * first * last,
        _ => a,
    }
}

fn main() {}
