use hesse::derive_hessian;

const COUNT: usize = 3;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..COUNT {
        total += a * x[i];
    }
    total
}

fn main() {}
