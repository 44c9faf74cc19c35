use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    let mut total = 0.0;
    for c in "abc".chars() {
        total += a * f64::from(c as u32);
    }
    total
}

fn main() {}
