use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    (if a > 0.0 { f64::sin } else { f64::cos })(a)
}

fn main() {}
