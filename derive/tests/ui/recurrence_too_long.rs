use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    let mut z = a;
    for _ in 0..1000 {
        z = z * z - 0.5;
    }
    z
}

fn main() {}
