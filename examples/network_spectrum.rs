//! Two networks on Fisher's irises: saddles are left behind, and all curvatures at the trained point are held against an estimate
//! of their distribution from Hessian-vector products alone.
//!
//! ```sh
//! cargo run --release --example network_spectrum                      # prints
//! cargo run --release --example network_spectrum -- spectrum.svg      # draws the spectra too
//! ```

use std::error::Error;
use std::fs;
use std::io::{self, Write};

use hesse::descent::{LimitedMemory, Method};
use hesse::krylov::{Quadrature, SpectralDensity};
use hesse::{Analyze, ErrorFunction, Kind, QuadraticModel, derive_hessian, packed};
use hesse_pictures::{Canvas, Densities, Density};

/// 4 inputs, 8 hidden units, 3 species: 67 weights. The cross-entropy, and a small ridge.
#[derive_hessian]
fn narrow(
    a: &[[f64; 4]; 8],
    p: &[f64; 8],
    b: &[[f64; 8]; 3],
    q: &[f64; 3],
    x: &[[f64; 4]],
    species: &[usize],
) -> f64 {
    let mut total = 0.0;
    for (x, &species) in x.iter().zip(species) {
        let hidden: [f64; 8] =
            std::array::from_fn(|j| (p[j] + a[j].iter().zip(x).map(|(w, x)| w * x).sum::<f64>()).tanh());
        let out = |k: usize| q[k] + b[k].iter().zip(&hidden).map(|(w, z)| w * z).sum::<f64>();
        total += (0..3).map(|k| out(k).exp()).sum::<f64>().ln() - out(species);
    }
    let mut ridge = 0.0;
    for j in 0..8 {
        ridge += p[j] * p[j] + a[j].iter().map(|w| w * w).sum::<f64>();
    }
    for k in 0..3 {
        ridge += q[k] * q[k] + b[k].iter().map(|w| w * w).sum::<f64>();
    }
    total + 1e-2 * ridge
}

/// 4 inputs, twice 14 hidden units, 3 species: 325 weights.
#[derive_hessian]
#[expect(clippy::too_many_arguments, reason = "weights and offsets of three layers")]
fn wide(
    a: &[[f64; 4]; 14],
    p: &[f64; 14],
    b: &[[f64; 14]; 14],
    q: &[f64; 14],
    c: &[[f64; 14]; 3],
    r: &[f64; 3],
    x: &[[f64; 4]],
    species: &[usize],
) -> f64 {
    let mut total = 0.0;
    for (x, &species) in x.iter().zip(species) {
        let first: [f64; 14] =
            std::array::from_fn(|j| (p[j] + a[j].iter().zip(x).map(|(w, x)| w * x).sum::<f64>()).tanh());
        let second: [f64; 14] =
            std::array::from_fn(|j| (q[j] + b[j].iter().zip(&first).map(|(w, z)| w * z).sum::<f64>()).tanh());
        let out = |k: usize| r[k] + c[k].iter().zip(&second).map(|(w, z)| w * z).sum::<f64>();
        total += (0..3).map(|k| out(k).exp()).sum::<f64>().ln() - out(species);
    }
    let mut ridge = 0.0;
    for j in 0..14 {
        ridge += p[j] * p[j] + q[j] * q[j];
        ridge += a[j].iter().map(|w| w * w).sum::<f64>() + b[j].iter().map(|w| w * w).sum::<f64>();
    }
    for k in 0..3 {
        ridge += r[k] * r[k] + c[k].iter().map(|w| w * w).sum::<f64>();
    }
    total + 1e-2 * ridge
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1);
    report(&mut io::stdout(), path.as_deref())
}

/// Trains both networks, says what happens, and draws the spectra where a path is given.
pub(crate) fn report(out: &mut dyn Write, path: Option<&str>) -> Result<(), Box<dyn Error>> {
    let (x, species) = irises()?;
    let (narrow, wide) = (narrow::error_function(&x, &species), wide::error_function(&x, &species));
    // Hidden units that start alike have slopes that are alike.
    let (input, output) = ([0.2, -0.1, 0.3, 0.3], [-0.2, 0.0, 0.2]);
    let outputs = |units: usize| output.iter().flat_map(|w| vec![*w; units]).collect::<Vec<f64>>();
    let start = [input.repeat(8), vec![0.0; 8], outputs(8), vec![0.0; 3]].concat();
    let first = train(out, &narrow, start)?;
    let start =
        [input.repeat(14), vec![0.0; 14], vec![0.1; 14 * 14], vec![0.0; 14], outputs(14), vec![0.0; 3]]
            .concat();
    let rows = vec![first, train(out, &wide, start)?];
    if let Some(path) = path {
        let title = "Two networks on Fisher's irises, trained".to_owned();
        fs::write(path, Densities { title, rows }.draw(&Canvas::page(840.0, 560.0)).to_svg())?;
    }
    Ok(())
}

/// Four lengths for each flower, and its species.
type Flowers = (Vec<[f64; 4]>, Vec<usize>);

/// The rows of the table, each column brought to mean 0 and deviation 1.
fn irises() -> Result<Flowers, Box<dyn Error>> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/iris.csv"))?;
    let (mut x, mut species) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        let cells = line.split(',').map(|cell| cell.trim().parse()).collect::<Result<Vec<f64>, _>>()?;
        let [a, b, c, d, kind] = cells[..] else {
            return Err(format!("not a row of five numbers: {line}").into());
        };
        x.push([a, b, c, d]);
        species.push(kind as usize);
    }
    for column in 0..4 {
        let mean = x.iter().map(|row| row[column]).sum::<f64>() / x.len() as f64;
        let square = x.iter().map(|row| (row[column] - mean).powi(2)).sum::<f64>() / x.len() as f64;
        x.iter_mut().for_each(|row| row[column] = (row[column] - mean) / square.sqrt());
    }
    Ok((x, species))
}

/// Goes down by gradients alone, looks at the Hessian where that ends, and goes on along the lowest curvature until it is a minimum.
fn train(out: &mut dyn Write, error: &dyn ErrorFunction, start: Vec<f64>) -> Result<Density, Box<dyn Error>> {
    writeln!(out, "{} weights", start.len())?;
    let (mut w, mut step) = (start, 0.0);
    let end = loop {
        let descent = LimitedMemory::default().minimize(error, &w)?;
        let point = error.analyze(&settled(error, descent.minimizer)?)?;
        let curvatures = point.spectrum().eigenvalues();
        let (value, kind) = (point.model.value(), point.kind());
        writeln!(
            out,
            "  E = {value:.4} after {} steps: {kind}, lowest curvature {:.4}",
            descent.iterations, curvatures[0]
        )?;
        if !matches!(kind, Kind::Saddle { .. }) {
            break point;
        }
        step += 0.5;
        w = point
            .model
            .point()
            .iter()
            .zip(&point.spectrum().eigenvectors().column(0))
            .map(|(w, u)| w + step * u)
            .collect();
    };
    let at = end.model.point().as_slice();
    let estimate = SpectralDensity::estimate(error, at, &Quadrature { probes: 16, steps: 48, seed: 1 })?;
    let eigenvalues: Vec<f64> = end.spectrum().eigenvalues().iter().copied().collect();
    // How far the estimated share below a curvature is from the shares below curvatures a tenth less and a tenth more.
    let share =
        |below: f64| eigenvalues.iter().filter(|value| **value < below).count() as f64 / at.len() as f64;
    let apart = eigenvalues.iter().map(|&value| {
        let estimated = estimate.share_below(value);
        f64::max(share(0.9 * value) - estimated, estimated - share(1.1 * value))
    });
    let apart = apart.fold(0.0, f64::max);
    let products = estimate.nodes().len();
    writeln!(out, "  {products} products instead of all curvatures: shares at most {apart:.2} off")?;
    Ok(Density {
        name: format!("{} weights", at.len()),
        eigenvalues,
        nodes: estimate.nodes().to_vec(),
        weights: estimate.weights().to_vec(),
    })
}

/// Two of Newton's steps to the stationary point nearby, of whatever kind it is.
fn settled(error: &dyn ErrorFunction, mut w: Vec<f64>) -> Result<Vec<f64>, Box<dyn Error>> {
    let n = w.len();
    let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; packed::length(n)]);
    for _ in 0..2 {
        let value = error.value_gradient_hessian(&w, &mut gradient, &mut hessian);
        let model = QuadraticModel::new(&w, value, &gradient, &hessian)?;
        match model.stationary_point() {
            Some(next) => w = next.iter().copied().collect(),
            None => break,
        }
    }
    Ok(w)
}
