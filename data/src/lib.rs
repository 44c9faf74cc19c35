//! Rows of numbers from files, whole or in parts: `part-*.csv` is one table, however long.
//!
//! Text with delimiters and a header, NumPy arrays (`.npy`, `.npz`) and, with the feature `parquet`, Parquet files are
//! told apart by their first bytes. A table is [scanned](Part::scan) once, part by part, by whoever likes: every row is
//! held to the header, and what is remembered is a place in the file for every few thousand rows. Rows are read where
//! and when they are wanted, so memory holds what is asked for alone; [`Rows`] hands them to a formula, a block at a time.
//!
//! ```
//! use hesse_data::{Part, Table, paths};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("hesse-data-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # std::env::set_current_dir(&folder)?;
//! std::fs::write("part-1.csv", "x,y\n1,2\n3,4\n")?;
//! std::fs::write("part-2.csv", "x,y\n5,6\n")?;
//! let parts = paths("part-*.csv")?.iter().map(|path| Part::scan(path)).collect::<Result<_, _>>()?;
//! let table = Table::new(parts)?;
//! assert_eq!((table.columns(), table.rows()), (&["x".to_owned(), "y".to_owned()][..], 3));
//! assert_eq!(table.read(1..3, &["y"])?, [4.0, 6.0]);
//! # std::env::set_current_dir("/")?;
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```

mod error;
mod numpy;
mod origin;
#[cfg(feature = "parquet")]
mod parquet;
mod part;
mod paths;
mod rows;
mod table;
mod text;
mod wording;
mod write;

pub use error::DataError;
pub use origin::{Origin, reason};
pub use part::Part;
pub use paths::{part_order, paths};
pub use rows::{RowArray, Rows};
pub use table::Table;
pub use text::Delimiter;
pub use wording::{listed, shown, suggestion};
pub use write::{can_write, write_whole};
