//! Formula files and Rust files compiled by a build script.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use hesse_parser::diagnostic::{Diagnostic, render};
use hesse_parser::formula::{Columns, parse_in};
use thiserror::Error;

use crate::functions::banner_of_functions;
use crate::{Mode, Output, Source, Unavailable, check, generate, generate_functions};

/// Compiles formula files and Rust files into the `OUT_DIR` of a build script.
///
/// ```no_run
/// # fn main() -> Result<(), hesse_build::BuildError> {
/// hesse_build::Builder::new().formula("models/loss.hes").rust("models/penalties.rs").compile()
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    inputs: Vec<Input>,
    out: Option<PathBuf>,
    only: Option<BTreeSet<Output>>,
    sparse: bool,
    parallel: bool,
    mode: Mode,
}

#[derive(Clone, Debug)]
enum Input {
    Formula(PathBuf),
    Rust(PathBuf),
}

/// Why a build script failed.
///
/// ```
/// use hesse_build::{BuildError, Builder};
///
/// let refused = Builder::new().formula("no/such.hes").out_dir(std::env::temp_dir()).compile();
/// assert!(matches!(refused, Err(BuildError::File { action: "read", .. })));
/// ```
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
    /// A formula or a function is wrong; the text shows where and what to write instead.
    #[error("{0}")]
    Formula(String),
    /// Functions are asked for that an error function has not.
    #[error("`{}`: {reason}", path.display())]
    Unavailable {
        /// The formula file.
        path: PathBuf,
        /// What it has not, and why.
        reason: Unavailable,
    },
    /// Two inputs would be written to one file.
    #[error("`{}` is generated twice: give one of its sources another name", path.display())]
    SameName {
        /// The file.
        path: PathBuf,
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

    /// Adds a formula file: `loss.hes` becomes the file `loss.rs` with one module, `loss`.
    pub fn formula(mut self, path: impl Into<PathBuf>) -> Builder {
        self.inputs.push(Input::Formula(path.into()));
        self
    }

    /// Adds a Rust file: `losses.rs` becomes a file of that name with the same items, and a module beside each
    /// function under `#[derive_hessian]`, as [`generate_functions`] makes it. The crate includes this file in
    /// place of the one it is made from, and needs no procedural macro.
    ///
    /// The attributes say what to generate; [`only`](Self::only), [`sparse`](Self::sparse) and
    /// [`parallel`](Self::parallel) are about formula files, and so is [`mode`](Self::mode).
    pub fn rust(mut self, path: impl Into<PathBuf>) -> Builder {
        self.inputs.push(Input::Rust(path.into()));
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

    /// Applies the rewriting rules of this mode; [`Mode::Robust`] unless told otherwise.
    ///
    /// ```no_run
    /// use hesse_build::{Builder, Mode};
    ///
    /// # fn main() -> Result<(), hesse_build::BuildError> {
    /// Builder::new().formula("models/loss.hes").mode(Mode::Strict).compile()
    /// # }
    /// ```
    pub fn mode(mut self, mode: Mode) -> Builder {
        self.mode = mode;
        self
    }

    /// Writes one Rust file per input and tells cargo what to watch.
    ///
    /// An input that has not changed since its file was written is not derived again, and a file that would say the
    /// same keeps its time, so that nothing is rebuilt.
    ///
    /// # Errors
    /// Files that cannot be read or written, and formulas and functions that are wrong, with the excerpt underlined.
    pub fn compile(self) -> Result<(), BuildError> {
        let out = self
            .out
            .clone()
            .or_else(|| env::var_os("OUT_DIR").map(PathBuf::from))
            .ok_or(BuildError::NoOutDir)?;
        let mut written = BTreeSet::new();
        for input in &self.inputs {
            let (Input::Formula(path) | Input::Rust(path)) = input;
            println!("cargo::rerun-if-changed={}", path.display());
            let text = fs::read_to_string(path).map_err(file("read", path))?;
            let target = out.join(format!("{}.rs", lossy(path.file_stem())));
            if !written.insert(target.clone()) {
                return Err(BuildError::SameName { path: target });
            }
            match input {
                Input::Formula(_) => self.compile_formula(path, &text, &target)?,
                Input::Rust(_) => compile_functions(path, &text, &target)?,
            }
        }
        Ok(())
    }

    fn compile_formula(&self, path: &Path, text: &str, target: &Path) -> Result<(), BuildError> {
        let outputs = &Output::selection(self.only.clone(), self.sparse, self.parallel);
        let (name, origin) = (lossy(path.file_stem()), lossy(path.file_name()));
        let source = Source { name: &name, origin: &origin, text, outputs };
        if is_current(target, &source.first_line(self.mode)) {
            return Ok(());
        }
        let model = parse_in(text, &Columns::none(), self.mode)
            .map_err(|diagnostics| wrong(text, path, &diagnostics))?;
        check(&model, outputs).map_err(|reason| BuildError::Unavailable { path: path.to_owned(), reason })?;
        write(target, &generate(&model, source))
    }
}

fn compile_functions(path: &Path, text: &str, target: &Path) -> Result<(), BuildError> {
    let origin = lossy(path.file_name());
    if is_current(target, &banner_of_functions(text, &origin)) {
        return Ok(());
    }
    let code = generate_functions(text, &origin).map_err(|diagnostics| wrong(text, path, &diagnostics))?;
    write(target, &code)
}

/// Whether a file has this first line and was written after the generator was built.
fn is_current(target: &Path, first_line: &str) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let generator = env::current_exe().ok().and_then(|path| time(&path));
    let is_newer = time(target).zip(generator).is_some_and(|(target, generator)| target > generator);
    is_newer
        && fs::read_to_string(target).is_ok_and(|found| {
            found.lines().next().and_then(|line| line.strip_prefix("// ")) == Some(first_line)
        })
}

/// Leaves a file that says the same alone, so that it keeps its time.
fn write(target: &Path, code: &str) -> Result<(), BuildError> {
    if fs::read_to_string(target).ok().as_deref() == Some(code) {
        return Ok(());
    }
    // A file that is half written must not count as current.
    let new = target.with_extension("rs.new");
    fs::write(&new, code).map_err(file("write", &new))?;
    fs::rename(&new, target).map_err(file("write", target))
}

fn wrong(text: &str, path: &Path, diagnostics: &[Diagnostic]) -> BuildError {
    let origin = path.display().to_string();
    let rendered: Vec<String> = diagnostics.iter().map(|d| render(text, &origin, d, false)).collect();
    BuildError::Formula(rendered.join("\n"))
}

fn lossy(part: Option<&std::ffi::OsStr>) -> String {
    part.unwrap_or_default().to_string_lossy().into_owned()
}

fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BuildError {
    move |error| BuildError::File { action, path: path.to_owned(), error }
}
