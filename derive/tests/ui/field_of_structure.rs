use hesse::derive_hessian;

struct Point {
    east: f64,
}

const POINT: Point = Point { east: 1.0 };

#[derive_hessian]
fn loss(a: f64) -> f64 {
    a * POINT.east
}

fn main() {}
