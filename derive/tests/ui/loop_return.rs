use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    for v in x {
        if *v > 9.0 {
            return a;
        }
    }
    a * a
}

fn main() {}
