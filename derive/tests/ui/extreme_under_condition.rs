use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut largest = f64::NEG_INFINITY;
    for v in x {
        if *v > 0.0 {
            largest = largest.max(a * v);
        }
    }
    largest
}

fn main() {}
