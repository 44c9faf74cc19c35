use hesse::{derivatives, derive_hessian};

fn slope(x: f64) -> f64 {
    x
}

#[derivatives(slope)]
fn one(x: f64) -> f64 {
    x
}

#[derivatives(slope, slope)]
fn two(x: f64, y: f64) -> f64 {
    x * y
}

#[derivatives(slope, slope)]
async fn later(x: f64) -> f64 {
    x
}

#[derivatives(slope, slope)]
unsafe fn unchecked(x: f64) -> f64 {
    x
}

#[derivatives(slope, slope)]
fn fine(x: f64) -> f64 {
    x
}

#[derive_hessian(uses(fine), only(value, directional))]
fn third(x: f64) -> f64 {
    fine(x)
}

#[derive_hessian(uses(fine), test)]
fn tested(x: f64) -> f64 {
    fine(x)
}

#[derive_hessian(uses(fine))]
fn called(x: f64) -> f64 {
    fine(x, x)
}

fn main() {}
