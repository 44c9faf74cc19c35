use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut largest = a;
    for v in x {
        if a * v > largest {
            largest = a * v;
        }
    }
    largest
}

fn main() {}
