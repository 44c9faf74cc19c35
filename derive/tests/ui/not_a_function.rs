use hesse::derive_hessian;

#[derive_hessian]
struct Loss {
    x: f64,
}

fn main() {}
