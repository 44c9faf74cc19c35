use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    x.iter().scan(0.0, |s, v| {
        *s += v;
        Some(a * *s)
    }).sum()
}

fn main() {}
