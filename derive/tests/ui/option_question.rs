use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    let parsed = "1.0".parse::<f64>().unwrap();
    a * parsed
}

fn main() {}
