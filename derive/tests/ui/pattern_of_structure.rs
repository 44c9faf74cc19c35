use hesse::derive_hessian;

const ENDS: std::ops::Range<f64> = 1.0..2.0;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    let std::ops::Range { start, end } = ENDS;
    a * (start + end)
}

fn main() {}
