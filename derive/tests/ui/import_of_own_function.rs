use hesse::derive_hessian;

mod helpers {
    pub fn model(x: f64) -> f64 {
        x.sin()
    }
}

#[derive_hessian]
fn loss(a: f64) -> f64 {
    use helpers::model;
    model(a)
}

fn main() {}
