use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    fn join(total: f64, v: &f64) -> f64 {
        total + v
    }
    a * x.iter().fold(0.0, join)
}

fn main() {}
