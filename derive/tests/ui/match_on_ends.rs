use hesse::derive_hessian;

#[derive_hessian]
fn loss(w: &[f64; 4]) -> f64 {
    match *w {
        [first, .., last] => first * last,
    }
}

fn main() {}
