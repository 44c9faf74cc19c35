//! How long the expansion of an error function takes, for the formulas of `examples/` and of the benchmarks: what the attribute
//! and `formula!` do, all but the compiler's own handling of tokens.
//!
//! ```sh
//! cargo bench -p hesse-parser --bench expansion                   # optimized, and the largest alone with a word of its name:
//! cargo bench -p hesse-parser --bench expansion -- swell
//! cargo bench -p hesse-parser --bench expansion --profile dev     # as cargo builds macros unless told otherwise
//! ```

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use hesse_parser::Model;
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::emit::{Argument, Module, Output};
use hesse_symbolic::schedule::{schedule, vectorize};
use quote::{format_ident, quote};

/// The table shows the shortest of so many runs: other work only makes them longer.
const ROUNDS: usize = 5;

fn main() {
    let word = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut formulas: Vec<(String, String)> = ["examples", "benches/workloads"]
        .iter()
        .filter_map(|folder| fs::read_dir(root.join(folder)).ok())
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_formula = path.extension().is_some_and(|extension| extension == "hes");
            let name = path.file_stem()?.to_str()?.to_owned();
            Some((name, fs::read_to_string(&path).ok()?)).filter(|_| is_formula)
        })
        .filter(|(name, _)| name.contains(&word))
        .collect();
    formulas.sort();
    println!(
        "| error function | read | derive | lanes | write | ms | bytes of code |\n|---|--:|--:|--:|--:|--:|--:|"
    );
    for (name, text) in formulas {
        let Ok(model) = parse(&text, &Columns::none()) else { continue };
        let read = shortest(|| parse(&text, &Columns::none()).is_ok());
        let kernels = || {
            Output::usual()
                .into_iter()
                .map(|output| schedule(&mut model.graph.clone(), model.error, output.request()))
        };
        let derive = shortest(|| kernels().count());
        let scheduled: Vec<_> = kernels().collect();
        let lanes = shortest(|| scheduled.iter().map(vectorize).count());
        let module = || module(&model).tokens();
        let all = shortest(module);
        let write = all.saturating_sub(derive + lanes);
        let bytes = module().to_string().len();
        let columns = [read, derive, lanes, write, read + all].map(milliseconds).join(" | ");
        println!("| {name} | {columns} | {bytes} |");
    }
}

fn module(model: &Model) -> Module<'_> {
    Module {
        name: format_ident!("expanded"),
        head: quote!(pub),
        graph: &model.graph,
        error: model.error,
        arguments: Argument::plain(&model.graph),
        private: quote!(::hesse::__private),
        title: "E".to_owned(),
        applied: &model.applied,
        outputs: Output::usual(),
    }
}

fn shortest<R>(mut work: impl FnMut() -> R) -> Duration {
    let time = |_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed()
    };
    (0..ROUNDS).map(time).min().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", 1e3 * time.as_secs_f64())
}
