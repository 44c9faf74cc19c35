//! Error functions over rows that are spread over the processes of MPI.
//!
//! [`World`] is a [`Communicator`](hesse_runtime::blocks::Communicator), so that
//! [`OverRanks`](hesse_runtime::blocks::OverRanks) evaluates any error function of rows over all ranks, bit by bit as
//! one process would: generated code by way of a [`Shard`](hesse_runtime::blocks::Shard), as `examples/line.rs` does.
//! The program `hesse-mpi` does the same for formulas known at run time.

mod led;
mod world;

pub use led::Led;
pub use world::World;
