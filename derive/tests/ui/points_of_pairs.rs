use hesse::derive_hessian;

// One message, not one more for each use of the argument.
#[derive_hessian]
fn line(a: f64, b: f64, points: &[(f64, f64)], middle: (f64, f64)) -> f64 {
    let mut error = 0.0;
    for (x, y) in points {
        error += (y - middle.1 - a - b * (x - middle.0)).powi(2);
    }
    error
}

fn main() {}
