use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut y = a;
    loop {
        y = y / 2.0;
        if y < 1.0 {
            break;
        }
    }
    y * x[0]
}

fn main() {}
