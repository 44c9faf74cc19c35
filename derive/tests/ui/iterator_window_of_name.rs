use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let n = 2;
    x.windows(n).map(|p| a * (p[1] - p[0])).sum()
}

fn main() {}
