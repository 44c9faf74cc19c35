//! Derivatives as lists of contributions.
//!
//! A contribution says: *for these loops, gradient\[leaf\] += value*; one of second order: *for these loops,
//! H\[row\]\[column\] += value*. The loops are the free indices of its leaves and of its value. No Kronecker
//! delta ever exists: two leaves with different subscripts are different leaves.

mod block;
mod contribution;
mod coupling;
mod curvature;
mod edges;
mod entries;
mod gradient;
mod hessian;
mod jacobian;
mod preaccumulate;
mod ranks;
mod slopes;
mod squares;
mod sweep;
mod tangent;

pub use block::blocked;
pub use contribution::{Contribution, Pairing, SecondContribution};
pub(crate) use contribution::{loops, release};
pub use coupling::coupling;
pub(crate) use curvature::{Curvatures, of_product};
pub use gradient::{directional, gradient};
pub use hessian::{NonlinearEdges, gauss_newton, hessian, nonlinear_edges};
pub(crate) use slopes::{Slope, slopes};
pub(crate) use squares::squares_in;
pub use squares::{Residual, SumOfSquares, squares};
pub use tangent::along;
