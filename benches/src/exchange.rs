//! Data and results as text, for programs in other languages.

use std::fmt::Display;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::workload::{Array, Workload};

/// Writes a workload to a folder: its data, a file per array with a line per row; `point.txt`; and `value.txt`,
/// `gradient.txt` and `hessian.txt` as generated code has them, the last as lines of row, column (column ≤ row) and an
/// entry, where entries of the same place add up. All numbers are written so that they can be read back to the bit.
///
/// # Errors
/// Where writing fails.
pub fn write(workload: &Workload<'_>, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for array in &workload.data {
        match *array {
            Array::Numbers(name, columns, values) => lines(folder, name, values.chunks(columns).map(row))?,
            Array::Positions(name, positions) => lines(folder, name, positions.iter())?,
        }
    }
    let n = workload.point.len();
    let mut gradient = vec![0.0; n];
    let mut hessian = vec![0.0; workload.hesse_pattern.length(n)];
    let value = workload.hesse.value_gradient_hessian(&workload.point, &mut gradient, &mut hessian);
    lines(folder, "point", workload.point.iter())?;
    lines(folder, "value", [value].iter())?;
    lines(folder, "gradient", gradient.iter())?;
    let places = workload.hesse_pattern.entries(n);
    lines(folder, "hessian", places.iter().zip(&hessian).map(|((i, j), entry)| format!("{i} {j} {entry}")))
}

fn row(values: &[f64]) -> String {
    values.iter().map(f64::to_string).collect::<Vec<_>>().join(" ")
}

fn lines(folder: &Path, name: &str, lines: impl Iterator<Item = impl Display>) -> io::Result<()> {
    let mut file = BufWriter::new(fs::File::create(folder.join(name).with_extension("txt"))?);
    for line in lines {
        writeln!(file, "{line}")?;
    }
    file.flush()
}
