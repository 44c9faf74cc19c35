//! `hesse generate`: the Rust module of an error function.

use std::fs;

use hesse_build::{Output, Source};

use super::Answer;
use crate::args::Generate;
use crate::failure::Failure;
use crate::input::{read_text, reason, sketch};

/// The longest file that `--check` reads, in bytes.
const MAX_SIZE: u64 = 1 << 28;

pub(super) fn run(args: &Generate) -> Result<Answer, Failure> {
    let (formula, model) = sketch(&args.source)?;
    let name = args.name.as_deref().unwrap_or(&formula.name);
    let origin = formula.origin.rsplit(std::path::MAIN_SEPARATOR).next().unwrap_or(&formula.origin);
    let only = (!args.only.is_empty()).then(|| args.only.iter().copied().collect());
    let outputs = Output::selection(only, args.sparse, args.parallel);
    if outputs.contains(&Output::GaussNewton) && !hesse_build::is_sum_of_squares(&model) {
        return Err(Failure::input(
            "`gauss_newton` cannot be generated: E is no sum of squares with one factor in front of all",
        ));
    }
    if outputs.iter().any(|output| output.is_of_rows()) {
        hesse_build::sum_over_rows(&model)
            .map_err(|reason| Failure::input(format!("functions of rows cannot be generated: {reason}")))?;
    }
    let code = hesse_build::generate(&model, Source { name, origin, text: &formula.text, outputs: &outputs });
    if let Some(path) = &args.check {
        let committed = read_text(path, MAX_SIZE)?;
        let failure = (committed != code).then(|| {
            Failure::computation(format!(
                "`{}` is stale: write it again with `hesse generate {} -o {}`",
                path.display(),
                args.source.formula,
                path.display()
            ))
        });
        return Ok(Answer { text: String::new(), failure });
    }
    let Some(path) = &args.output else { return Ok(code.into()) };
    fs::write(path, code)
        .map_err(|error| Failure::input(format!("cannot write `{}`: {}", path.display(), reason(&error))))?;
    Ok(String::new().into())
}
