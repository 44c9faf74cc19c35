use hesse::derive_hessian;

mod config {
    pub const WIDTH: f64 = 1.5;
}

#[derive_hessian]
fn loss(a: f64) -> f64 {
    a * config::WIDTH
}

fn main() {}
