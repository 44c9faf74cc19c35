use hesse::derive_hessian;

fn model(x: f64) -> f64 {
    x.sin()
}

#[derive_hessian]
fn loss(x: f64) -> f64 {
    (model(x) - 1.0).powi(2)
}

fn main() {}
