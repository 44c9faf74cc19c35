//! What people hand to the programs of Hesse, read once for all of them: formulas (a file, standard input or text),
//! points, boxes, sizes, and the data that a formula is about.
//!
//! ```
//! use hesse_input::{Formula, Offer, point};
//! use hesse_runtime::ErrorFunction as _;
//! use hesse_symbolic::rules::Mode;
//!
//! let offer = Offer::new(None, &[], &["t=[1,2]".to_owned()])?;
//! let model = Formula::read("sum(i, (t[i] - a)^2)")?.parse(&offer.columns(), Mode::default())?;
//! let error = offer.bind(&model, 1 << 30, |_| ())?;
//! let w = point("--at", Some("a=1.5"), error.parameter_names())?;
//! assert_eq!(error.value(&w), 0.5);
//! # Ok::<(), hesse_input::InputError>(())
//! ```

mod assignments;
mod bound;
mod error;
mod file;
mod formula;
mod matrix;
mod offer;
mod point;
mod region;
mod sizes;

pub use assignments::split;
pub use bound::{BoundFormula, BoundSquares};
pub use error::InputError;
pub use file::read_text;
pub use formula::Formula;
pub use matrix::Matrix;
pub use offer::Offer;
pub use point::{point, point_from_text};
pub use region::{bounds, duration, region};
pub use sizes::{Sizes, memory, sizes};
