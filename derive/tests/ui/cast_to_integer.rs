use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, w: &[f64; 3]) -> f64 {
    w[a as usize]
}

fn main() {}
