//! Fits over files: the same bytes however they are cut, conditions and columns decided where files are read, and
//! tables in object stores.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use datafusion::dataframe::DataFrameWriteOptions;
use datafusion::prelude::{CsvReadOptions, SessionConfig, SessionContext};
use hesse_datafusion::{Columns, Numbers, OverTable, Table};
use hesse_fits::Array;
use hesse_input::Matrix;
use hesse_runtime::ErrorFunction as _;
use object_store::{ObjectStoreExt as _, memory::InMemory};

const FORMULA: &str = "param w[2], b\ndata x[n, 2], t[n]\na[i] = b + sum(k, w[k]*x[i,k])\n\
    E = sum(i, softplus(a[i]) - t[i]*a[i])/n + 0.01/2*sum(k, w[k]^2)\n";

/// A folder with a model, and its data as CSV and as Parquet.
fn folder(rows: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("m.hes"), FORMULA).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for part in 0..4 {
        let mut text = "x1,x2,t,group\n".to_owned();
        for row in (0..rows).map(|row| row + part * rows) {
            let (a, b) = ((row as f64 * 1.3).sin(), (row as f64 * 0.7).cos());
            let t = i32::from(a - 0.5 * b + (row as f64 * 3.1).sin() > 0.2);
            writeln!(text, "{a},{b},{t},{}", row % 7).unwrap();
        }
        let name = |extension: &str| path.join(format!("part-{part}.{extension}")).display().to_string();
        fs::write(name("csv"), text).unwrap();
        runtime.block_on(async {
            let session = SessionContext::new();
            let table = session.read_csv(name("csv"), CsvReadOptions::new()).await.unwrap();
            let options = DataFrameWriteOptions::new().with_single_file_output(true);
            table.write_parquet(&name("parquet"), options, None).await.unwrap();
        });
    }
    folder
}

fn run(folder: &Path, command: &str, pattern: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hesse-datafusion"))
        .args([command, "m.hes", "--data", pattern, "--matrix", "x=x1,x2"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text_of(output: &Output) -> String {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn files_and_partitions_do_not_change_a_bit() {
    let folder = folder(5_000);
    let fit = |pattern: &str, args: &[&str]| {
        text_of(&run(folder.path(), "fit", pattern, &[&["--from", "w=[0,0.1],b=0"], args].concat()))
    };
    let first = fit("part-*.csv", &["--partitions", "1"]);
    assert!(first.contains("\"kind\": \"minimum\""), "{first}");
    for partitions in ["1", "2", "4", "7"] {
        for pattern in ["part-*.csv", "part-*.parquet"] {
            assert_eq!(fit(pattern, &["--partitions", partitions]), first, "{pattern}, {partitions}");
        }
    }
    let some = |partitions: &str| {
        let args = ["--where", "\"group\" <> 3", "--partitions", partitions];
        fit("part-*.parquet", &args)
    };
    assert_eq!(some("1"), some("4"));
    assert_ne!(some("1"), first);
}

/// Twelve parts without zeros in front of their numbers have the order of the numbers, as one file has it.
#[test]
fn parts_are_numbered_as_their_names_are() {
    let folder = folder(50);
    let path = folder.path();
    let all: Vec<String> = (0..4)
        .flat_map(|part| {
            let text = fs::read_to_string(path.join(format!("part-{part}.csv"))).unwrap();
            text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let write = |name: &str, rows: &[String]| {
        fs::write(path.join(name), format!("x1,x2,t,group\n{}\n", rows.join("\n"))).unwrap();
    };
    write("one.csv", &all);
    for (at, rows) in all.chunks(17).enumerate() {
        write(&format!("piece-{at}.csv"), rows);
    }
    assert_eq!(all.chunks(17).len(), 12);
    // A sum that tells the order of its rows by its bits.
    fs::write(
        path.join("m.hes"),
        "param b, c\ndata x[n, 2]\nE = sum(i, exp(30*x[i,0] + b) + 1/(x[i,1] - c))",
    )
    .unwrap();
    let eval = |pattern: &str, partitions: &str| {
        text_of(&run(path, "eval", pattern, &["--at", "b=0.1,c=0.2", "--partitions", partitions]))
    };
    let one = eval("one.csv", "1");
    for partitions in ["1", "3", "5"] {
        assert_eq!(eval("piece-*.csv", partitions), one, "{partitions} partitions");
    }
    // Letter by letter `piece-10` comes before `piece-2`, and the bits are others.
    let mut names: Vec<String> = (0..12).map(|at| format!("piece-{at}.csv")).collect();
    names.sort();
    let rows = names.iter().flat_map(|name| {
        let text = fs::read_to_string(path.join(name)).unwrap();
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    });
    write("letters.csv", &rows.collect::<Vec<_>>());
    assert_ne!(eval("letters.csv", "1"), one);
}

/// Files that are cut into pieces for several partitions give their rows in the order of parts and pieces.
#[test]
fn pieces_of_files_are_numbered_in_their_order() {
    let folder = folder(500);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let formula = "param b\ndata x[n, 2]\nE = sum(i, exp(30*x[i,0] + b))";
    let value = |partitions: usize| {
        let config =
            SessionConfig::new().with_target_partitions(partitions).with_repartition_file_min_size(1);
        let session = SessionContext::new_with_config(config);
        hesse_datafusion::register(&session);
        let location = format!("{}/part-*.csv", folder.path().display());
        let columns = Columns { location, matrices: vec![Matrix::read("x=x1,x2").unwrap()], condition: None };
        let used = |arrays: &[Array]| Ok(arrays.iter().filter(|array| array.name == "x").cloned().collect());
        let plan = Table::explain(&session, &columns, &Numbers::Counted, used);
        let plan = runtime.block_on(plan).unwrap();
        // More pieces than files.
        assert_eq!(plan.matches(".csv:").count() > 4, partitions > 1, "{plan}");
        let table = runtime.block_on(Table::open(&session, &columns, &Numbers::Counted, used)).unwrap();
        let error = OverTable::new(formula, table, runtime.handle().clone()).unwrap();
        error.value(&[0.1])
    };
    let one = value(1);
    assert!(one.is_finite());
    for partitions in [3, 7] {
        assert_eq!(value(partitions).to_bits(), one.to_bits(), "{partitions} partitions");
    }
}

/// What a column is does not depend on its first rows, and a folder is the files in it.
#[test]
fn columns_of_text_are_numbers_whatever_they_begin_with() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut text = "y,kind\n".to_owned();
    for row in 0..3_000 {
        let y = if row < 1_500 { "1" } else { "0.5" };
        writeln!(text, "{y},{}", if row % 3 == 0 { "a" } else { "b" }).unwrap();
    }
    fs::create_dir(path.join("rows")).unwrap();
    fs::write(path.join("rows/part-1.csv"), text).unwrap();
    fs::write(path.join("rows/notes.txt"), "nothing").unwrap();
    let mean = |pattern: &str, condition: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_hesse-datafusion"))
            .args(["eval", "sum(i, y[i]*a)", "--data", pattern, "--at", "a=1"])
            .args(condition)
            .current_dir(path)
            .output()
            .unwrap();
        serde_json::from_str::<serde_json::Value>(&text_of(&output)).unwrap()["value"].clone()
    };
    assert_eq!(mean("rows/part-*.csv", &[]), 2_250.0);
    assert_eq!(mean("rows", &[]), 2_250.0);
    assert_eq!(mean("rows", &["--where", "kind = 'a'"]), 750.0);
    // No row at all is a table too.
    assert_eq!(mean("rows", &["--where", "false"]), 0.0);
}

#[test]
fn weights_of_zero_leave_no_freedom() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "row,y,v\n".to_owned();
    (0..1_000).for_each(|row| writeln!(text, "{row},{},{}", row % 7, u8::from(row % 4 > 0)).unwrap());
    fs::write(folder.path().join("y.csv"), text).unwrap();
    for numbers in [&[][..], &["--row", "row"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_hesse-datafusion"))
            .args(["fit", "sum(i, v[i]*(y[i] - a)^2)", "--data", "y.csv", "--from", "a=0"])
            .args(numbers)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let document: serde_json::Value = serde_json::from_str(&text_of(&output)).unwrap();
        assert_eq!(document["degrees_of_freedom"], 749);
    }
}

/// A pattern is a table of SQL too.
#[test]
fn a_query_reads_all_files_of_a_pattern() {
    let folder = folder(50);
    let sql = "SELECT count(*) AS rows, hesse_value('sum(i, (a - x1[i])^2)', 'a=1', x1)['value'] AS sum FROM 'part-*.parquet'";
    let output = Command::new(env!("CARGO_BIN_EXE_hesse-datafusion"))
        .args(["query", sql])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let table = text_of(&output);
    assert!(table.lines().nth(3).unwrap().contains("| 200"), "{table}");
}

/// After a failed query no other is sent until somebody has asked why.
#[test]
fn a_failure_stands_until_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let session = SessionContext::new();
    hesse_datafusion::register(&session);
    let location = folder.path().join("y.csv");
    fs::write(&location, "y\n1\n2\n").unwrap();
    let columns = Columns { location: location.display().to_string(), ..Columns::default() };
    let table = Table::open(&session, &columns, &Numbers::Counted, |arrays| Ok(arrays.to_vec()));
    let table = runtime.block_on(table).unwrap();
    let error = OverTable::new("sum(i, (y[i] - a)^2)", table, runtime.handle().clone()).unwrap();
    fs::rename(&location, folder.path().join("away.csv")).unwrap();
    assert!(error.value(&[0.0]).is_nan());
    fs::rename(folder.path().join("away.csv"), &location).unwrap();
    assert!(error.value(&[0.0]).is_nan());
    assert!(error.failure().is_some());
    assert_eq!(error.value(&[0.0]), 5.0);
}

#[test]
fn a_fit_goes_on_where_it_stopped() {
    let folder = folder(500);
    let fit = |args: &[&str]| run(folder.path(), "fit", "part-*.parquet", args);
    let whole = text_of(&fit(&["--from", "w=0,b=0"]));
    let stopped = fit(&["--from", "w=0,b=0", "--checkpoint", "fit.json", "--max-iterations", "2"]);
    assert_eq!(stopped.status.code(), Some(1));
    let resumed = text_of(&fit(&["--resume", "fit.json"]));
    let value = |text: &str| -> f64 {
        serde_json::from_str::<serde_json::Value>(text).unwrap()["value"].as_f64().unwrap()
    };
    assert!((value(&whole) - value(&resumed)).abs() < 1e-15);
}

#[test]
fn conditions_and_columns_are_decided_where_files_are_read() {
    let folder = folder(100);
    let plan = text_of(&run(folder.path(), "explain", "part-*.parquet", &["--where", "\"group\" <> 3"]));
    let scan = plan.lines().last().unwrap();
    assert!(scan.contains("projection=[x1, x2, t"), "{plan}");
    assert!(scan.contains("predicate=group@3 != 3"), "{plan}");
    let plan = text_of(&run(folder.path(), "explain", "part-*.csv", &[]));
    assert!(plan.contains("projection=[t, x1, x2], file_type=csv"), "{plan}");
}

#[test]
fn standard_errors_are_those_of_a_line() {
    let folder = tempfile::tempdir().unwrap();
    // The mean of 1, 2, 3 and 6: √(14/3/4).
    fs::write(folder.path().join("y.csv"), "y\n1\n2\n3\n6\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hesse-datafusion"))
        .args(["fit", "sum(i, (y[i] - a)^2)", "--data", "y.csv", "--from", "a=0"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let document: serde_json::Value = serde_json::from_str(&text_of(&output)).unwrap();
    let error = document["standard_errors"]["a"].as_f64().unwrap();
    assert!((error - (14.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-14);
    assert_eq!(document["degrees_of_freedom"], 3);
}

#[test]
fn tables_may_be_in_an_object_store() {
    let folder = folder(3_000);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let value = |store: bool, numbers: &Numbers| {
        let session = SessionContext::new();
        hesse_datafusion::register(&session);
        let location = if store {
            let memory = InMemory::new();
            runtime.block_on(async {
                for part in 0..4 {
                    let name = format!("part-{part}.parquet");
                    let bytes = fs::read(folder.path().join(&name)).unwrap();
                    memory.put(&name.as_str().into(), bytes.into()).await.unwrap();
                }
            });
            session.register_object_store(&"bucket://table".parse().unwrap(), Arc::new(memory));
            "bucket://table/".to_owned()
        } else {
            format!("{}/part-*.parquet", folder.path().display())
        };
        let columns = Columns { location, matrices: vec![Matrix::read("x=x1,x2").unwrap()], condition: None };
        let table = Table::open(&session, &columns, numbers, |arrays| {
            Ok(arrays.iter().filter(|array| array.name != "group").cloned().collect())
        });
        let table = runtime.block_on(table).unwrap();
        assert_eq!(table.rows(), 12_000);
        let error = OverTable::new(FORMULA, table, runtime.handle().clone()).unwrap();
        let value = error.value(&[0.5, 0.25, -1.0]);
        assert_eq!(error.failure(), None);
        value
    };
    assert_eq!(value(true, &Numbers::Counted).to_bits(), value(false, &Numbers::Counted).to_bits());
}

#[test]
fn a_session_holds_several_tables() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let session = SessionContext::new();
    hesse_datafusion::register(&session);
    let formula = "sum(i, (y[i] - a)^2)";
    let open = |name: &str, rows: &str| {
        let location = folder.path().join(name).display().to_string();
        fs::write(&location, format!("y\n{rows}")).unwrap();
        let columns = Columns { location, ..Columns::default() };
        let table = Table::open(&session, &columns, &Numbers::Counted, |arrays| Ok(arrays.to_vec()));
        OverTable::new(formula, runtime.block_on(table).unwrap(), runtime.handle().clone()).unwrap()
    };
    let (one, other) = (open("one.csv", "1\n2\n"), open("other.csv", "3\n"));
    assert_eq!([one.value(&[0.0]), other.value(&[0.0]), one.value(&[0.0])], [5.0, 9.0, 5.0]);
}

#[test]
fn what_is_wrong_is_said_once() {
    let folder = folder(10);
    let path = folder.path();
    let start = ["--from", "w=0,b=0"];
    let refused = |pattern: &str, args: &[&str], expected: &str| {
        let output = run(path, "fit", pattern, args);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(complaint.starts_with(expected), "{complaint}");
        let complaints = complaint.lines().filter(|line| line.starts_with("error:"));
        assert_eq!(complaints.count(), 1, "{complaint}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    };
    refused("part-*.parquet", &["--from", "w=0"], "error: `--from` gives no value for `b`");
    let unknown = ["--from", "w=0,b=0", "--where", "q = 1"];
    refused("part-*.parquet", &unknown, "error: Schema error: No field named q.");
    refused("gone.parquet", &start, "error: cannot read `gone.parquet`: no such file");
    refused("gone-*.parquet", &start, "error: no file fits `gone-*.parquet`");
    let numbered = ["--from", "w=0,b=0", "--row", "group"];
    refused("part-*.csv", &numbered, "error: a row among 0..40 came twice");
    refused(
        "part-*.csv",
        &[&numbered[..], &["--where", "x1 > 0"]].concat(),
        "error: a condition leaves gaps in the row numbers of `group`: leave away the condition or the numbers",
    );
    refused(
        "part-*.csv",
        &["--from", "w=0,b=0", "--row", "x1"],
        "error: a row has the number 0.963558185417193, expected an integer",
    );
    refused(
        "part-0.*",
        &start,
        "error: `part-0.csv` is no Parquet file, but `part-0.parquet` is one: name files of one kind, as in `part-*.csv`",
    );
    fs::create_dir(path.join("part-9")).unwrap();
    fs::copy(path.join("part-0.parquet"), path.join("part-9/odd.csv")).unwrap();
    refused("part-[09]*", &start, "error: `part-9` is a folder, but `part-0.csv` is none: name files alone");
    refused("part-9", &start, "error: `file:///");
    refused(
        "part-*.csv",
        &["--from", "w=0,b=0", "--checkpoint", "none/fit.json"],
        "error: cannot write the checkpoint `none/fit.json`: no such file",
    );
    let text = fs::read_to_string(path.join("part-1.csv")).unwrap();
    fs::write(path.join("part-1.csv"), text.replace("x1,x2", "x2,x1")).unwrap();
    refused(
        "part-*.csv",
        &start,
        "error: `part-1.csv` has the columns `x2`, `x1`, `t`, `group`, but `part-0.csv` has `x1`, `x2`, `t`, `group`: \
         all parts need the same columns in the same order",
    );
    for extension in ["csv", "parquet"] {
        fs::remove_file(path.join(format!("part-1.{extension}"))).unwrap();
        let pattern = format!("part-*.{extension}");
        let missing = format!("error: part 1 of `{pattern}` is missing: the parts are numbered 0 to 3");
        refused(&pattern, &start, &missing);
    }
}
