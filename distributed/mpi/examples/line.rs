//! A generated error function over all ranks: `mpirun -n 2 line`.

use hesse::blocks::{Blocks, Communicator as _, OverRanks, Shard, Shares};
use hesse::derive_hessian;
use hesse::descent::{Method as _, TrustRegion};
use hesse_mpi::World;

/// Half the sum of the squares of residuals, with a penalty of the slope.
#[derive_hessian(parallel)]
fn line(offset: f64, slope: f64, x: &[f64], y: &[f64]) -> f64 {
    let residuals: f64 = x.iter().zip(y).map(|(x, y)| (offset + slope * x - y).powi(2)).sum();
    0.5 * residuals + 0.1 * slope * slope
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI could not be started")?;
    let world = World::new(universe.world());
    const ROWS: usize = 100_000;
    let held = Shares::new(Blocks::new(ROWS, 2), world.ranks()).rows_of(world.rank());
    // One row more in front, unless the table begins here.
    let rows = held.start.saturating_sub(1)..held.end;
    let x: Vec<f64> = rows.clone().map(|i| (i as f64 * 0.37).sin()).collect();
    let y: Vec<f64> =
        rows.map(|i| 2.0 - 0.5 * (i as f64 * 0.37).sin() + 0.1 * (i as f64 * 1.7).cos()).collect();
    let error = OverRanks::new(Shard::new(line::error_function(&x, &y), ROWS, held), &world);
    let descent = TrustRegion::default().minimize(&error, &[0.0, 0.0])?;
    if world.is_first() {
        println!("{:?} {} {}", descent.minimizer, descent.value, descent.status);
    }
    Ok(())
}
