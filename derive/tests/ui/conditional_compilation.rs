use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut y = a * x[0];
    #[cfg(debug_assertions)]
    {
        y += 1.0;
    }
    y
}

fn main() {}
