use hesse::derive_hessian;

#[derive_hessian]
fn loss(a: f64, x: &[f64]) -> f64 {
    let mut total = 0.0;
    'rows: for v in x {
        for u in x {
            if u > v {
                continue 'rows;
            }
            total += a * u;
        }
    }
    total
}

fn main() {}
