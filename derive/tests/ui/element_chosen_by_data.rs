use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64], class: &[usize]) -> f64 {
    let mut z = [0.0; 3];
    for (v, &k) in x.iter().zip(class) {
        z[k] += a * v;
    }
    z.iter().map(|z| z * z).sum()
}

fn main() {}
