use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64) -> f64 {
    fn power(x: f64, n: usize) -> f64 {
        if n == 0 { 1.0 } else { x * power(x, n - 1) }
    }
    power(a, 3)
}

fn main() {}
