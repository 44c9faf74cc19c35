//! One formula to other languages.

use hesse_parser::Model;
use hesse_symbolic::languages::{C, Unit};
use thiserror::Error;

use crate::Source;
use crate::banner::banner;

/// A language lacks a function that the formula or its derivatives need.
///
/// ```
/// use hesse_build::{Output, Source, generate_python};
/// use hesse_parser::formula::{Columns, parse};
///
/// let text = "lambert_w(x)";
/// let model = parse(text, &Columns::none()).unwrap();
/// let source = Source { name: "w", origin: "formula", text, outputs: &Output::usual() };
/// let refused = generate_python(&model, source).unwrap_err().to_string();
/// assert!(refused.starts_with("Python has no function `lambert_w`"), "{refused}");
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{language} has no function `{function}`, which the formula or its derivatives need")]
pub struct Untranslatable {
    language: &'static str,
    function: &'static str,
}

/// The functions of a model in C99, and their header, which the source includes under the name `header`; each is
/// called after `source.name`.
///
/// The same kernels as in Rust, without vectors: plain loops, plain doubles, nothing allocated. What a function
/// takes is in the header; `cc -std=c99 -O2 -ffp-contract=off` compiles the source, `-lm` links it.
///
/// # Errors
/// Where C has not all the functions that are needed.
///
/// ```
/// use hesse_build::{Output, Source, generate_c};
/// use hesse_parser::formula::{Columns, parse};
///
/// let text = "(1 - x)^2 + 100*(y - x^2)^2";
/// let model = parse(text, &Columns::none()).map_err(|e| e[0].message.clone())?;
/// let source = Source { name: "rosenbrock", origin: "formula", text, outputs: &Output::usual() };
/// let c = generate_c(&model, source, "rosenbrock.h").map_err(|error| error.to_string())?;
/// assert!(c.header.contains("double rosenbrock_value_gradient(double x, double y, double *gradient);"));
/// assert!(c.source.contains("#include \"rosenbrock.h\""));
/// # Ok::<(), String>(())
/// ```
pub fn generate_c(model: &Model, source: Source<'_>, header: &str) -> Result<C, Untranslatable> {
    let C { header, source: code } = unit(model, source)
        .c(header)
        .map_err(|function| Untranslatable { language: "C", function: function.name() })?;
    let text: Vec<String> = source.text.lines().map(not_continued).collect();
    let banner = banner("//", &source.first_line(model.mode), &text.join("\n"));
    Ok(C { header: format!("{banner}{header}"), source: format!("{banner}{code}") })
}

/// A Python module for NumPy with the functions of a model, and a class `ErrorFunction` that binds data.
///
/// The same kernels as in Rust: loops over rows that run in tiles there are operations on whole arrays here, other
/// loops are plain loops.
///
/// # Errors
/// Where Python has not all the functions that are needed.
///
/// ```
/// use hesse_build::{Output, Source, generate_python};
/// use hesse_parser::formula::{Columns, parse};
///
/// let text = "(1 - x)^2 + 100*(y - x^2)^2";
/// let model = parse(text, &Columns::none()).map_err(|e| e[0].message.clone())?;
/// let source = Source { name: "rosenbrock", origin: "formula", text, outputs: &Output::usual() };
/// let python = generate_python(&model, source).map_err(|error| error.to_string())?;
/// assert!(python.contains("def value_gradient_hessian(x, y):"));
/// # Ok::<(), String>(())
/// ```
pub fn generate_python(model: &Model, source: Source<'_>) -> Result<String, Untranslatable> {
    let code = unit(model, source)
        .python()
        .map_err(|function| Untranslatable { language: "Python", function: function.name() })?;
    Ok(format!("{}{code}", banner("#", &source.first_line(model.mode), source.text)))
}

/// A line that C does not take for the first half of one: after a backslash (or what stands for it) more follows.
fn not_continued(line: &str) -> String {
    let line = line.trim_end();
    if line.ends_with('\\') || line.ends_with("??/") { format!("{line} //") } else { line.to_owned() }
}

fn unit<'a>(model: &'a Model, source: Source<'a>) -> Unit<'a> {
    Unit { name: source.name, graph: &model.graph, error: model.error, outputs: source.outputs }
}
