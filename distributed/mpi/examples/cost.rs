//! What a step costs here: time per row and parameter of E, of its Hessian and of a Hessian-vector product, and time per
//! number of a reduction. `mpirun -n 2 cost` prints the table that the book's plan is made from.
//!
//! Rows cost processor time, which other programs on the machine do not change much; reductions cost time on the clock,
//! and the least of several tries counts.

use std::error::Error;
use std::time::Instant;

use hesse_fits::{Array, model};
use hesse_mpi::World;
use hesse_runtime::ErrorFunction as _;
use hesse_runtime::blocks::{Communicator as _, Serial};
use hesse_symbolic::evaluate::{Bindings, Surface};

const LOGISTIC: &str = "param w[d]\ndata x[n, d], t[n]\na[i] = sum(k, w[k]*x[i,k])\n\
    E = sum(i, softplus(a[i]) - t[i]*a[i])";
const TRIES: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let universe = mpi::initialize().ok_or("MPI could not be started")?;
    let world = World::new(universe.world());
    if world.is_first() {
        println!("parameters  rows     value ns/row  Hessian ns/row  product ns/row");
    }
    for p in [10, 30, 100, 300, 1000] {
        let rows = 6_000_000 / p / (1 + p / 50);
        let [value, hessian, product] = kernels(rows, p)?;
        if world.is_first() {
            println!("{p:10}  {rows:7}  {value:12.1}  {hessian:14.1}  {product:14.1}");
        }
    }
    if world.is_first() {
        println!("parameters  bytes       reduction ms");
    }
    for p in [300, 1000, 2000, 3000] {
        let numbers = 1 + p + p * (p + 1) / 2;
        let seconds = reduction(&world, numbers);
        if world.is_first() {
            println!("{p:10}  {:10}  {:12.2}", 8 * numbers, 1e3 * seconds);
        }
    }
    Ok(())
}

/// Nanoseconds of the processor per row.
fn kernels(rows: usize, p: usize) -> Result<[f64; 3], Box<dyn Error>> {
    let arrays = [Array { name: "x".into(), width: Some(p) }, Array { name: "t".into(), width: None }];
    let model = model(LOGISTIC, &arrays)?;
    let mut data = Bindings::new();
    data.insert("x", &[rows, p], (0..rows * p).map(|at| (at as f64 * 0.7).sin()).collect())?;
    data.insert("t", &[rows], (0..rows).map(|row| (row % 2) as f64).collect())?;
    let surface = Surface::new(&model.graph, model.error, &data)?;
    let error = Serial::new(surface.by_rows().ok_or("no sum over rows")?);
    let (w, v) = (vec![0.01; p], vec![1.0; p]);
    let (mut gradient, mut hessian) = (vec![0.0; p], vec![0.0; p * (p + 1) / 2]);
    let per_row = |run: &mut dyn FnMut()| -> Result<f64, Box<dyn Error>> {
        // Once before: kernels are derived then.
        run();
        let start = processor_time()?;
        let mut runs = 0.0;
        while processor_time()? - start < 0.5 {
            run();
            runs += 1.0;
        }
        Ok((processor_time()? - start) / runs / rows as f64 * 1e9)
    };
    Ok([
        per_row(&mut || {
            error.value(&w);
        })?,
        per_row(&mut || {
            error.value_gradient_hessian(&w, &mut gradient, &mut hessian);
        })?,
        per_row(&mut || {
            let mut product = vec![0.0; p];
            error.hessian_vector(&w, &v, &mut product);
        })?,
    ])
}

/// Seconds until all ranks have the sum of so many numbers of each, as an evaluation adds them up.
fn reduction(world: &World, length: usize) -> f64 {
    let (mut own, mut other) = (vec![1.0; length], vec![0.0; length]);
    let mut least = f64::INFINITY;
    for _ in 0..TRIES {
        world.broadcast(&mut [0.0]);
        let start = Instant::now();
        let mut step = 1;
        while step < world.ranks() {
            if world.rank() % (2 * step) == step {
                world.send(world.rank() - step, &own);
            } else if world.rank().is_multiple_of(2 * step) && world.rank() + step < world.ranks() {
                world.receive(world.rank() + step, &mut other);
                own.iter_mut().zip(&other).for_each(|(sum, part)| *sum += part);
            }
            step *= 2;
        }
        world.broadcast(&mut own);
        least = least.min(start.elapsed().as_secs_f64());
    }
    least
}

/// The seconds that this process has had of the processor, as Linux counts them, in hundredths.
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}
