use hesse::derive_hessian;

#[derive_hessian]
fn loss(w: &[f64; 2]) -> f64 {
    w[0].powi(2) + w[1].next_up()
}

fn main() {}
