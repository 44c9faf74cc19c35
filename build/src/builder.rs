//! Formula files compiled by a build script.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use hesse_parser::formula::{Columns, parse};
use thiserror::Error;

use crate::{NoRows, Output, Source, generate, is_sum_of_squares, sum_over_rows};

/// Compiles formula files into the `OUT_DIR` of a build script.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    formulas: Vec<PathBuf>,
    out: Option<PathBuf>,
    only: Option<BTreeSet<Output>>,
    sparse: bool,
    parallel: bool,
}

/// Why a build script failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A file could not be read or written.
    #[error("cannot {action} `{}`: {error}", path.display())]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A formula is wrong; the text shows where and what to write instead.
    #[error("{0}")]
    Formula(String),
    /// The Gauss–Newton matrix of something else than a sum of squares is asked for.
    #[error("`{}` has no Gauss–Newton matrix: it is no sum of squares with one factor in front of all", path.display())]
    NoSquares {
        /// The formula file.
        path: PathBuf,
    },
    /// Functions of some rows alone are asked for of an error function that cannot be cut.
    #[error("`{}` cannot be cut into blocks of rows: {reason}", path.display())]
    NoRows {
        /// The formula file.
        path: PathBuf,
        /// Why.
        reason: NoRows,
    },
    /// There is no `OUT_DIR`: this is not a build script, and [`Builder::out_dir`] was not called.
    #[error("`OUT_DIR` is not set: call `out_dir` outside of build scripts")]
    NoOutDir,
}

impl Builder {
    /// Nothing to compile yet.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Adds a formula file; its module is named after the file.
    pub fn formula(mut self, path: impl Into<PathBuf>) -> Builder {
        self.formulas.push(path.into());
        self
    }

    /// Writes to `path` instead of `OUT_DIR`.
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Builder {
        self.out = Some(path.into());
        self
    }

    /// Generates these functions alone.
    pub fn only(mut self, outputs: impl IntoIterator<Item = Output>) -> Builder {
        self.only = Some(outputs.into_iter().collect());
        self
    }

    /// Generates the sparse Hessian in place of the dense one.
    pub fn sparse(mut self) -> Builder {
        self.sparse = true;
        self
    }

    /// Generates functions of some rows alone beside the usual ones, for evaluation on several threads.
    pub fn parallel(mut self) -> Builder {
        self.parallel = true;
        self
    }

    /// Writes one Rust file per formula and tells cargo what to watch.
    ///
    /// # Errors
    /// Files that cannot be read or written, and formulas that are wrong, with the excerpt underlined.
    pub fn compile(self) -> Result<(), BuildError> {
        let out =
            self.out.or_else(|| env::var_os("OUT_DIR").map(PathBuf::from)).ok_or(BuildError::NoOutDir)?;
        let outputs = Output::selection(self.only, self.sparse, self.parallel);
        for path in &self.formulas {
            println!("cargo::rerun-if-changed={}", path.display());
            let text = fs::read_to_string(path).map_err(file("read", path))?;
            let origin = path.file_name().unwrap_or_default().to_string_lossy();
            let model = parse(&text, &Columns::none()).map_err(|diagnostics| {
                let rendered =
                    diagnostics.iter().map(|d| hesse_parser::diagnostic::render(&text, &origin, d, false));
                BuildError::Formula(rendered.collect::<Vec<_>>().join("\n"))
            })?;
            if outputs.contains(&Output::GaussNewton) && !is_sum_of_squares(&model) {
                return Err(BuildError::NoSquares { path: path.clone() });
            }
            if outputs.iter().any(|output| output.is_of_rows()) {
                sum_over_rows(&model).map_err(|reason| BuildError::NoRows { path: path.clone(), reason })?;
            }
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let code =
                generate(&model, Source { name: &name, origin: &origin, text: &text, outputs: &outputs });
            let target = out.join(format!("{name}.rs"));
            // An unchanged file keeps its time, so that nothing is rebuilt.
            if fs::read_to_string(&target).ok().as_deref() != Some(code.as_str()) {
                fs::write(&target, code).map_err(file("write", &target))?;
            }
        }
        Ok(())
    }
}

fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BuildError {
    move |error| BuildError::File { action, path: path.to_owned(), error }
}
