use hesse::derive_hessian;

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    square!(a) * x[0]
}

fn main() {}
