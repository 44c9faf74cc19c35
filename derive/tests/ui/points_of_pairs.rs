use hesse::derive_hessian;

// One message each, not one more for each use of the arguments.
#[derive_hessian]
fn line(a: f64, b: f64, points: &[(f64, f64)], middle: (f64, f64), (c, d): (f64, f64)) -> f64 {
    let mut error = c * d;
    for (x, y) in points {
        error += (y - middle.1 - a - b * (x - middle.0)).powi(2);
    }
    error
}

fn main() {}
