use hesse::{Parameters, derive_hessian};

#[derive(Parameters)]
struct Model {
    a: f64,
}

#[derive_hessian]
impl Model {
    fn new() -> Model {
        Model { a: 1.0 }
    }
}

#[derive_hessian]
impl<T> Iterator for std::vec::IntoIter<T> {
    fn error(&self) -> f64 {
        0.0
    }
}

#[derive_hessian]
impl Model {
    fn error(&self, x: &str) -> f64 {
        self.a * self.b
    }
}

fn main() {}
