//! Generates the derivatives of every formula in `workloads/`, sparse Hessians for those of many parameters.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=workloads");
    let mut formulas: Vec<PathBuf> =
        fs::read_dir("workloads")?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    formulas.retain(|path| path.extension().is_some_and(|extension| extension == "hes"));
    formulas.sort();
    let mut modules = String::new();
    for path in &formulas {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        modules.push_str(&format!("include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\"));\n"));
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("modules.rs"), modules)?;
    const SPARSE: [&str; 3] = ["bundle", "chain", "factorisation"];
    let is_sparse = |path: &PathBuf| path.file_stem().is_some_and(|name| SPARSE.iter().any(|s| name == *s));
    let (sparse, dense): (Vec<_>, Vec<_>) = formulas.into_iter().partition(is_sparse);
    let builder = |formulas: Vec<PathBuf>| {
        formulas.into_iter().fold(hesse_build::Builder::new(), hesse_build::Builder::formula)
    };
    let is_cut = |path: &PathBuf| path.file_stem().is_some_and(|name| name == "logreg");
    let (cut, whole): (Vec<_>, Vec<_>) = dense.into_iter().partition(is_cut);
    builder(whole).compile()?;
    builder(cut).parallel().compile()?;
    Ok(builder(sparse).sparse().compile()?)
}
