use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut y = a;
    while y > 1.0 {
        y /= 2.0;
    }
    y * x[0]
}

fn main() {
    let x = [1.0];
    let surface = loss::error_function(&x);
    let gradient: [f64; 1] = loss::gradient(2.0, &x);
    println!("{} {:?}", hesse::ErrorFunction::value(&surface, &[2.0]), gradient);
}
