use hesse::derive_hessian;

#[derive_hessian]
fn loss(w: &[f64; 3]) -> f64 {
    let [first, rest @ ..] = w;
    first * rest[0]
}

fn main() {}
