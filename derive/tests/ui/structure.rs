use hesse::derive_hessian;

struct Point {
    east: f64,
    north: f64,
}

#[derive_hessian]
fn loss(a: f64) -> f64 {
    let _point = Point { east: a, north: 1.0 };
    a
}

fn main() {}
