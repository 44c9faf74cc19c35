use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let first = unsafe { *x.get_unchecked(0) };
    a * first
}

fn main() {}
