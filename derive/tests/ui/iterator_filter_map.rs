use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    x.iter().filter_map(|&v| if v > 0.0 { Some(a * v) } else { None }).sum()
}

fn main() {}
