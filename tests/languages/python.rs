//! Generated modules in Python with NumPy, where these are installed.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use hesse_build::{Source, generate_python};
use hesse_symbolic::emit::Output;
use hesse_symbolic::graph::{Extent, Role};

use crate::cases::{Formula, Record, VECTORS, compare, formulas, pattern, records};

/// Prints all numbers of what a function returns on one line; a matrix that is square is symmetric.
const PROGRAM: &str = "\
import numpy as np

def show(results, matrix=None):
    results = results if isinstance(results, tuple) else (results,)
    numbers = []
    for at, result in enumerate(results):
        result = np.asarray(result)
        if at == matrix:
            assert (result == result.T).all()
            result = result[np.tril_indices(len(result))]
        numbers.extend(result.ravel())
    print(*(repr(float(number)) for number in numbers))

";

#[test]
fn python_computes_what_the_evaluator_does() {
    let numpy = Command::new("python3").args(["-c", "import numpy"]).stderr(Stdio::null()).status();
    if !numpy.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no `python3` with NumPy");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("languages-python");
    fs::create_dir_all(&folder).unwrap();
    let formulas = formulas();
    let mut program = PROGRAM.to_owned();
    for formula in &formulas {
        let Formula { name, text, model, outputs } = formula;
        let source = Source { name, origin: "formula", text, outputs };
        fs::write(folder.join(format!("model_{name}.py")), generate_python(model, source).unwrap()).unwrap();
        let _ = writeln!(program, "import model_{name} as model");
        for record in &records(formula) {
            write_calls(formula, record, &mut program);
        }
    }
    fs::write(folder.join("main.py"), program).unwrap();
    let output =
        Command::new("python3").args(["-W", "error", "main.py"]).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let mut lines = printed
        .lines()
        .map(|line| -> Vec<f64> { line.split_whitespace().map(|number| number.parse().unwrap()).collect() });
    for formula in &formulas {
        for record in &records(formula) {
            for &output in &formula.outputs {
                compare(formula, record, output, &lines.next().unwrap());
            }
            compare(formula, record, Output::Gradient, &lines.next().unwrap());
            if formula.outputs.contains(&Output::SparseHessian) {
                assert_eq!(lines.next().unwrap(), pattern(formula, record), "{}", formula.name);
            }
        }
    }
    assert_eq!(lines.next(), None);
}

/// A line per output, and that of the gradient once more through the class that binds data.
fn write_calls(formula: &Formula, record: &Record, program: &mut String) {
    let graph = &formula.model.graph;
    let list = |values: &[f64]| values.iter().map(|x| format!("{x:?}")).collect::<Vec<_>>().join(", ");
    let (mut inputs, mut bound) = (Vec::new(), Vec::new());
    for (at, input) in record.inputs.iter().enumerate() {
        let shape = input.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let kind = if input.declaration.role == Role::Lookup { ".astype(int)" } else { "" };
        let array = if input.shape.is_empty() {
            format!("{:?}", input.values[0])
        } else {
            format!("np.array([{}]).reshape({shape}){kind}", list(&input.values))
        };
        let _ = writeln!(program, "v{at} = {array}");
        inputs.push(format!("v{at}"));
        if input.declaration.role != Role::Parameter {
            bound.push(format!("v{at}"));
        }
    }
    for (name, size) in &record.sizes {
        let tells = |input: &&crate::cases::Input| {
            let has = |e: &Extent| matches!(e, Extent::Named(d) if graph.dimension_name(*d) == name);
            input.declaration.shape.iter().any(has)
        };
        if !record.inputs.iter().any(|input| tells(&input)) {
            inputs.push(size.to_string());
        }
        let is_data = |input: &&crate::cases::Input| input.declaration.role != Role::Parameter;
        if !record.inputs.iter().filter(is_data).any(|input| tells(&input)) {
            bound.push(size.to_string());
        }
    }
    for &output in &formula.outputs {
        let request = output.request();
        let mut passed = inputs.clone();
        if request.rows {
            passed.extend(record.rows.map(|row| row.to_string()));
        }
        if request.block {
            passed.push(format!("np.array([{}]).reshape(-1, {VECTORS})", list(&record.directions)));
        } else if request.product || request.directional {
            passed.push(format!("[{}]", list(&record.direction)));
        }
        let matrix = match request {
            _ if request.gauss_newton => ", 1",
            _ if request.hessian => ", 2",
            _ => "",
        };
        let function = output.function().trim_end_matches("_into");
        let _ = writeln!(program, "show(model.{function}({}){matrix})", passed.join(", "));
    }
    let (bound, point) = (bound.join(", "), list(&record.point()));
    let _ = writeln!(program, "surface = model.ErrorFunction({bound})\nw = np.array([{point}])");
    let _ = writeln!(program, "assert surface.dimension == len(w)\nshow(surface.value_gradient(w))");
    if formula.outputs.contains(&Output::SparseHessian) {
        program.push_str("show(surface.hessian_pattern())\n");
    }
}
