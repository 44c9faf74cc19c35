use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let y = loop {
        break a;
    };
    y * x[0]
}

fn main() {}
