use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut z = [a, 1.0, 2.0];
    z.sort_by(|p, q| p.total_cmp(q));
    z[0] * x[0]
}

fn main() {}
