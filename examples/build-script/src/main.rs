//! Fits a decay, and looks at a penalty for its parameters.

use hesse::Analyze;
use hesse::descent::{Method, TrustRegion};

include!(concat!(env!("OUT_DIR"), "/decay.rs"));

mod penalties {
    include!(concat!(env!("OUT_DIR"), "/penalties.rs"));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let x = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0];
    let y = x.map(|x: f64| 2.0 * (-1.5 * x).exp() + 0.25);
    let surface = decay::error_function(&x, &y);
    let found = TrustRegion::default().minimize(&surface, &[1.0, 1.0, 0.0])?;
    let [a, b, c] = [0, 1, 2].map(|at| found.minimizer[at]);
    println!("a = {a:.6}, b = {b:.6}, c = {c:.6}: {}", surface.analyze(&found.minimizer)?.kind().as_str());
    println!("barrier: {:.6}, {:?}", penalties::barrier(a, b), penalties::barrier::hessian(2.0, 1.0));
    Ok(())
}
