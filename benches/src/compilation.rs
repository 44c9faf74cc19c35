//! What rustc takes for generated code: every generated module alone, as a library against the built crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Markdown: statements of the functions of each module, and seconds of rustc at opt-level 3 for all of them.
///
/// # Errors
/// Where rustc, the built crates or the generated files are not found.
pub fn times(filter: &str) -> Result<String, std::io::Error> {
    let generated = Path::new(env!("OUT_DIR"));
    let compiler = Compiler::find(generated)?;
    let mut text =
        "| generated module | statements: E | E+g | E+g+H | Hv | rustc |\n|---|--:|--:|--:|--:|--:|"
            .to_owned();
    let mut files: Vec<PathBuf> = fs::read_dir(generated)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name == "modules" || path.extension().is_none_or(|e| e != "rs") || !name.contains(filter) {
            continue;
        }
        let code = fs::read_to_string(&path)?;
        let counts = ["value", "value_gradient_into", "value_gradient_hessian_into", "hessian_vector_into"]
            .map(|function| {
                statements(&code, function).max(statements(&code, &sparse(function))).to_string()
            });
        let seconds = compiler.seconds(&path)?;
        text.push_str(&format!("\n| {name} | {} | {seconds:.2} s |", counts.join(" | ")));
    }
    Ok(text)
}

/// The name of the function with a sparse Hessian in place of the dense one.
fn sparse(function: &str) -> String {
    function.replace("_hessian_into", "_sparse_hessian_into")
}

/// Statements of a function, which stand one a line.
fn statements(code: &str, function: &str) -> usize {
    let start = format!("    pub fn {function}(");
    code.lines()
        .skip_while(|line| !line.starts_with(&start))
        .take_while(|line| *line != "    }")
        .filter(|line| line.ends_with(';'))
        .count()
}

/// Takes the addresses of all functions of a module, without which rustc would leave inline ones for later.
fn kept(code: &str) -> String {
    let word = |line: &str, before: &str| {
        let rest = line.strip_prefix(before)?;
        Some(rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?.to_owned())
    };
    let module = code.lines().find_map(|line| word(line, "pub mod ")).unwrap_or_default();
    let functions = code.lines().filter_map(|line| word(line, "    pub fn "));
    let addresses = functions
        .filter(|name| name != "error_function")
        .map(|name| format!("{module}::{name} as *const () as usize, "));
    format!("pub fn kept() -> Vec<usize> {{ vec![{}] }}\n", addresses.collect::<String>())
}

struct Compiler {
    dependencies: PathBuf,
    hesse: PathBuf,
    out: PathBuf,
}

impl Compiler {
    /// The rlib of `hesse` that stands beside this executable; of several, the newest that links.
    fn find(generated: &Path) -> Result<Compiler, std::io::Error> {
        let dependencies = std::env::current_exe()?.parent().unwrap_or(Path::new(".")).to_owned();
        let out = std::env::temp_dir().join(format!("hesse-benches-{}", std::process::id()));
        fs::create_dir_all(&out)?;
        let mut libraries: Vec<PathBuf> = fs::read_dir(&dependencies)?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("libhesse-") && name.ends_with(".rlib")
            })
            .collect();
        // The newest first: older builds may lie beside it.
        libraries
            .sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).and_then(|data| data.modified()).ok()));
        let probe = generated.join("rosenbrock2.rs");
        for hesse in libraries {
            let compiler = Compiler { dependencies: dependencies.clone(), hesse, out: out.clone() };
            if compiler.seconds(&probe).is_ok() {
                return Ok(compiler);
            }
        }
        Err(std::io::Error::other("no built library of `hesse` beside this executable"))
    }

    fn seconds(&self, file: &Path) -> Result<f64, std::io::Error> {
        let mut code = fs::read_to_string(file)?;
        code.push_str(&kept(&code));
        let file = self.out.join(file.file_name().unwrap_or_default());
        fs::write(&file, code)?;
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let start = Instant::now();
        let status = Command::new(rustc)
            .args(["--crate-type=lib", "--edition=2024", "-Copt-level=3", "--emit=obj"])
            .arg("--extern")
            .arg(format!("hesse={}", self.hesse.display()))
            .arg("-L")
            .arg(format!("dependency={}", self.dependencies.display()))
            .arg("--out-dir")
            .arg(&self.out)
            .arg(&file)
            .stderr(Stdio::null())
            .status()?;
        let seconds = start.elapsed().as_secs_f64();
        if status.success() {
            Ok(seconds)
        } else {
            Err(std::io::Error::other(format!("rustc refuses {}", file.display())))
        }
    }
}

impl Drop for Compiler {
    fn drop(&mut self) {
        // Only temporary objects are lost if this fails.
        let _ = fs::remove_dir_all(&self.out);
    }
}
