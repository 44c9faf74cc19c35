//! The C compiler of the system on generated code, without warnings.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hesse_build::{Source, generate_c};
use hesse_symbolic::emit::Output;
use hesse_symbolic::graph::Role;

use crate::cases::{Formula, Record, VECTORS, compare, formulas, pattern, records};

const FLAGS: [&str; 7] = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2", "-ffp-contract=off"];

#[test]
fn c_computes_what_the_evaluator_does() {
    if Command::new("cc").arg("--version").output().is_err() {
        eprintln!("skipped: there is no C compiler `cc`");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("languages-c");
    fs::create_dir_all(&folder).unwrap();
    let formulas = formulas();
    // Two at a time: compilers take longer than anything else.
    let (first, second): (Vec<_>, Vec<_>) = formulas.iter().enumerate().partition(|(at, _)| at % 2 == 0);
    std::thread::scope(|scope| {
        for half in [first, second] {
            let folder = &folder;
            scope.spawn(move || half.into_iter().for_each(|(_, formula)| check(formula, folder)));
        }
    });
}

fn check(formula: &Formula, folder: &Path) {
    let Formula { name, text, model, outputs } = formula;
    let source = Source { name, origin: "formula", text, outputs };
    let c = generate_c(model, source, &format!("{name}.h")).unwrap();
    let records = records(formula);
    let file = |suffix: &str| -> PathBuf { folder.join(format!("{name}{suffix}")) };
    fs::write(file("_main.c"), program(formula, &records, &c.header)).unwrap();
    fs::write(file(".h"), c.header).unwrap();
    fs::write(file(".c"), c.source).unwrap();
    let mut compiler = Command::new("cc");
    compiler.args(FLAGS).arg("-o").arg(file(".out")).args([file(".c"), file("_main.c")]).arg("-lm");
    let output = compiler.output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let output = Command::new(file(".out")).output().unwrap();
    assert!(output.status.success(), "{name}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let mut lines = printed
        .lines()
        .map(|line| -> Vec<f64> { line.split_whitespace().map(|number| number.parse().unwrap()).collect() });
    for record in &records {
        for &output in outputs {
            compare(formula, record, output, &lines.next().unwrap());
        }
        if outputs.contains(&Output::SparseHessian) {
            assert_eq!(lines.next().unwrap(), pattern(formula, record), "{name}");
        }
    }
    assert_eq!(lines.next(), None);
}

/// A program that prints a line of numbers per output, for every record.
fn program(formula: &Formula, records: &[Record], header: &str) -> String {
    let name = &formula.name;
    let mut text = format!(
        "#include \"{name}.h\"\n#include <stdio.h>\n#include <stdlib.h>\n\n\
         static void print(const double *x, size_t n)\n\
         {{\n    for (size_t i = 0; i < n; ++i) printf(\"%.17g \", x[i]);\n}}\n"
    );
    let mut body = String::new();
    for (at, record) in records.iter().enumerate() {
        let list = |values: &[f64], is_lookup: bool| -> String {
            let text = |value: &f64| if is_lookup { format!("{value}") } else { format!("{value:?}") };
            values.iter().map(text).collect::<Vec<_>>().join(", ")
        };
        let (mut inputs, mut data) = (Vec::new(), Vec::new());
        for (input, number) in record.inputs.iter().zip(0..) {
            let is_lookup = input.declaration.role == Role::Lookup;
            let kind = if is_lookup { "size_t" } else { "double" };
            let array = format!("input_{at}_{number}");
            let _ = writeln!(text, "const {kind} {array}[] = {{{}}};", list(&input.values, is_lookup));
            let passed = if input.shape.is_empty() { format!("{array}[0]") } else { array };
            if input.declaration.role != Role::Parameter {
                data.push(passed.clone());
            }
            inputs.push(passed);
        }
        let _ = writeln!(text, "const double direction_{at}[] = {{{}}};", list(&record.direction, false));
        let _ = writeln!(text, "const double directions_{at}[] = {{{}}};", list(&record.directions, false));
        let sizes: Vec<String> = record.sizes.iter().map(|(_, size)| size.to_string()).collect();
        inputs.extend(sizes.clone());
        data.extend(sizes.clone());
        for &output in &formula.outputs {
            body.push_str(&call(name, record, output, [&inputs, &sizes], at, header));
        }
        if formula.outputs.contains(&Output::SparseHessian) {
            let sizes = sizes.join(", ");
            let _ = writeln!(
                body,
                "    {{\n        const size_t n = {name}_hessian_entries({sizes});\n        \
                 size_t *rows = calloc(2 * n + 1, sizeof *rows);\n        \
                 {name}_hessian_pattern({});\n        \
                 for (size_t i = 0; i < 2 * n; ++i) printf(\"%lu \", (unsigned long)rows[i]);\n        \
                 printf(\"\\n\");\n        free(rows);\n    }}",
                [data.join(", "), "rows, rows + n".to_owned()]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
    }
    format!("{text}\nint main(void)\n{{\n{body}    return 0;\n}}\n")
}

/// A block that calls the function of an output and prints what it computes.
fn call(
    name: &str,
    record: &Record,
    output: Output,
    [inputs, sizes]: [&[String]; 2],
    at: usize,
    header: &str,
) -> String {
    let (request, count) = (output.request(), record.direction.len());
    let function = format!("{name}_{}", output.function().trim_end_matches("_into"));
    let mut passed = inputs.to_vec();
    let mut own_sizes = sizes.to_vec();
    if request.block {
        own_sizes.push(VECTORS.to_string());
        passed.push(VECTORS.to_string());
    }
    if request.rows {
        own_sizes.extend(record.rows.map(|row| row.to_string()));
        passed.extend(record.rows.map(|row| row.to_string()));
    }
    if request.block {
        passed.push(format!("directions_{at}"));
    } else if request.product || request.directional {
        passed.push(format!("direction_{at}"));
    }
    let mut buffers = Vec::new();
    if request.directional {
        buffers.push("4".to_owned());
    } else if request.gradient || request.product || request.diagonal {
        buffers.push((count * if request.block { VECTORS } else { 1 }).to_string());
    }
    if request.hessian || request.gauss_newton {
        buffers.push((count * (count + 1) / 2).to_string());
    }
    if request.sparse {
        buffers.push(format!("{name}_hessian_entries({})", sizes.join(", ")));
    }
    let mut text = String::from("    {\n");
    for (at, length) in buffers.iter().enumerate() {
        let _ = writeln!(text, "        const size_t n{at} = {length};");
        let _ = writeln!(text, "        double *b{at} = calloc(n{at} + 1, sizeof *b{at});");
        passed.push(format!("b{at}"));
    }
    let has_workspace = header.contains(&format!("{function}_workspace("));
    if has_workspace {
        let sizes = own_sizes.join(", ");
        let _ = writeln!(
            text,
            "        double *workspace = calloc({function}_workspace({sizes}) + 1, sizeof *workspace);"
        );
        passed.push("workspace".to_owned());
    }
    let passed = passed.join(", ");
    if request.value && !request.directional || request.gauss_newton {
        let _ =
            writeln!(text, "        const double value = {function}({passed});\n        print(&value, 1);");
    } else {
        let _ = writeln!(text, "        {function}({passed});");
    }
    for at in 0..buffers.len() {
        let _ = writeln!(text, "        print(b{at}, n{at});\n        free(b{at});");
    }
    if has_workspace {
        text.push_str("        free(workspace);\n");
    }
    text.push_str("        printf(\"\\n\");\n    }\n");
    text
}
