use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    let std::ops::Range { start, end } = 1.0..2.0;
    a * (start + end)
}

fn main() {}
