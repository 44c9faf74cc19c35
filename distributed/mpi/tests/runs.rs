//! `hesse-mpi` under `mpirun`: the same bits on any number of ranks, and clear failures.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const FORMULA: &str = "param w[2], b\ndata x[n, 2], t[n]\na[i] = b + sum(k, w[k]*x[i,k])\n\
    E = sum(i, softplus(a[i]) - t[i]*a[i])/n + 0.01/2*sum(k, w[k]^2)\n";

/// A folder of its own with a model and its data in four parts.
fn folder(name: &str, rows: usize) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("m.hes"), FORMULA).unwrap();
    for part in 0..4 {
        let mut text = "x1,x2,t\n".to_owned();
        for row in (0..rows).map(|row| row + part * rows) {
            let (a, b) = ((row as f64 * 1.3).sin(), (row as f64 * 0.7).cos());
            let t = i32::from(a - 0.5 * b + (row as f64 * 3.1).sin() > 0.2);
            writeln!(text, "{a},{b},{t}").unwrap();
        }
        fs::write(path.join(format!("part-{part}.csv")), text).unwrap();
    }
    path
}

fn start(folder: &Path, ranks: usize, args: &[&str]) -> Child {
    launch(folder, ranks, Path::new(env!("CARGO_BIN_EXE_hesse-mpi")), args)
}

fn launch(folder: &Path, ranks: usize, program: &Path, args: &[&str]) -> Child {
    Command::new("mpirun")
        .args(["--oversubscribe", "-n", &ranks.to_string()])
        .arg(program)
        .args(args)
        .current_dir(folder)
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(folder: &Path, ranks: usize, args: &[&str]) -> Output {
    start(folder, ranks, args).wait_with_output().unwrap()
}

const DATA: [&str; 4] = ["--data", "part-*.csv", "--matrix", "x=x1,x2"];

#[test]
fn any_number_of_ranks_prints_the_same() {
    let folder = folder("same", 6_000);
    let eval = |ranks| run(&folder, ranks, &[&["eval", "m.hes", "--at", "w=0.5,b=0.1"], &DATA[..]].concat());
    let fit =
        |ranks| run(&folder, ranks, &[&["fit", "m.hes", "--from", "w=[0,0.1],b=0"], &DATA[..]].concat());
    let spectrum =
        |ranks| run(&folder, ranks, &[&["spectrum", "m.hes", "--at", "w=0.5,b=0.1"], &DATA[..]].concat());
    let (value, fitted, curvatures) = (eval(1), fit(1), spectrum(1));
    assert!(value.status.success() && fitted.status.success() && curvatures.status.success());
    assert!(String::from_utf8_lossy(&fitted.stdout).contains("\"kind\": \"minimum\""));
    for ranks in [2, 3, 4] {
        assert_eq!(eval(ranks).stdout, value.stdout, "{ranks} ranks");
        assert_eq!(fit(ranks).stdout, fitted.stdout, "{ranks} ranks");
        assert_eq!(spectrum(ranks).stdout, curvatures.stdout, "{ranks} ranks");
    }
}

#[test]
fn standard_errors_are_those_of_a_line_on_any_number_of_ranks() {
    let folder = folder("errors", 4_000);
    let fit = |ranks| {
        let line = "sum(i, (t[i] - a*x1[i] - c)^2)";
        run(&folder, ranks, &["fit", line, "--data", "part-*.csv", "--from", "a=0,c=0"])
    };
    let fitted = fit(1);
    let document: serde_json::Value = serde_json::from_slice(&fitted.stdout).unwrap();
    let number = |at: &serde_json::Value| at.as_f64().unwrap();
    // s²(XᵀX)⁻¹, written out for a line.
    let mut sums = [0.0; 6];
    for part in 0..4 {
        let text = fs::read_to_string(folder.join(format!("part-{part}.csv"))).unwrap();
        for row in text.lines().skip(1) {
            let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
            let (x, y) = (cells[0], cells[2]);
            for (sum, term) in sums.iter_mut().zip([1.0, x, x * x, y, x * y, y * y]) {
                *sum += term;
            }
        }
    }
    let [n, x, xx, y, xy, yy] = sums;
    let spread = xx - x * x / n;
    let slope = (xy - x * y / n) / spread;
    let rest = yy - y * y / n - slope * (xy - x * y / n);
    let expected = (rest / (n - 2.0) / spread).sqrt();
    let found = number(&document["standard_errors"]["a"]);
    // Sums of 16 000 terms, and differences of a tenth of their size.
    assert!((found / expected - 1.0).abs() < 1e-10, "{found}, expected {expected}");
    assert_eq!(document["degrees_of_freedom"], 15_998);
    for ranks in [2, 3] {
        assert_eq!(fit(ranks).stdout, fitted.stdout, "{ranks} ranks");
    }
}

/// Rows of weight zero are no observations, whoever holds them.
#[test]
fn weights_of_zero_leave_no_freedom_on_any_number_of_ranks() {
    let folder = folder("weights", 5_000);
    // The weights are those of 10 000 rows among 20 000, which are not dealt evenly.
    let mut text = "x,y,v\n".to_owned();
    for row in 0..20_000 {
        let x = (row as f64 * 0.37).sin();
        let weight = u8::from(row < 7_500 || row % 5 == 0);
        writeln!(text, "{x},{},{weight}", 2.0 * x + (row as f64 * 1.7).cos()).unwrap();
    }
    fs::write(folder.join("weighted.csv"), text).unwrap();
    let fit = |ranks| {
        let weighted = "sum(i, v[i]*(y[i] - a*x[i])^2)";
        run(&folder, ranks, &["fit", weighted, "--data", "weighted.csv", "--from", "a=0"])
    };
    let fitted = fit(1);
    assert!(fitted.status.success(), "{fitted:?}");
    let document: serde_json::Value = serde_json::from_slice(&fitted.stdout).unwrap();
    assert_eq!(document["degrees_of_freedom"], 9_999);
    for ranks in [2, 3] {
        assert_eq!(fit(ranks).stdout, fitted.stdout, "{ranks} ranks");
    }
}

/// What cannot be kept is said before the first step, not after the last.
#[test]
fn a_checkpoint_that_cannot_be_written_stops_the_fit_at_once() {
    let folder = folder("unwritable", 100);
    let args = ["fit", "m.hes", "--from", "w=0,b=0", "--checkpoint", "none/fit.json"];
    let output = run(&folder, 2, &[&args, &DATA[..]].concat());
    assert_complaint(&output, "error: cannot write the checkpoint `none/fit.json`: no such file");
}

/// Generated code over ranks finds the line that the rows were made with.
#[test]
fn the_example_of_a_line_prints_the_same_on_any_number_of_ranks() {
    let line = Path::new(env!("CARGO_BIN_EXE_hesse-mpi")).with_file_name("examples").join("line");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let run = |ranks| launch(folder, ranks, &line, &[]).wait_with_output().unwrap();
    let alone = run(1);
    let text = String::from_utf8_lossy(&alone.stdout);
    assert!(alone.status.success() && text.starts_with("[2.0"), "{alone:?}");
    assert!(text.contains(", -0.50") || text.contains(", -0.49"), "{text}");
    for ranks in [2, 3] {
        assert_eq!(run(ranks).stdout, alone.stdout, "{ranks} ranks");
    }
}

#[test]
fn a_fit_goes_on_where_it_stopped() {
    let folder = folder("resume", 500);
    let fit = |args: &[&str]| run(&folder, 2, &[&["fit", "m.hes"], args, &DATA[..]].concat());
    let whole = fit(&["--from", "w=0,b=0"]);
    let stopped = fit(&["--from", "w=0,b=0", "--checkpoint", "fit.json", "--max-iterations", "2"]);
    assert_eq!(stopped.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&stopped.stderr);
    assert!(complaint.contains("error: not converged after 2 iterations"), "{complaint}");
    let resumed = fit(&["--resume", "fit.json"]);
    assert!(resumed.status.success());
    let value = |output: &Output| -> f64 {
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        document["value"].as_f64().unwrap()
    };
    assert!((value(&whole) - value(&resumed)).abs() < 1e-15);
    assert!(value(&stopped) > value(&whole));
    fs::write(folder.join("m.hes"), FORMULA.replace("0.01", "0.02")).unwrap();
    let other = fit(&["--resume", "fit.json"]);
    assert_complaint(&other, "error: the checkpoint is of another formula: start anew with `--from`");
}

/// Exit code 2, one complaint from the first rank, nothing else printed by us.
fn assert_complaint(output: &Output, expected: &str) {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(complaint.matches("error:").count(), 1, "{complaint}");
    assert!(complaint.contains(expected), "{complaint}");
    assert!(output.stdout.is_empty());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_is_wrong_is_said_once() {
    let folder = folder("wrong", 100);
    let fit = |args: &[&str]| run(&folder, 3, &[&["fit"], args].concat());
    let with = |args: &[&str]| fit(&[args, &DATA[..]].concat());
    assert_complaint(&with(&["m.hes", "--from", "w=0"]), "error: `--from` gives no value for `b`");
    assert_complaint(
        &with(&["m.hes", "--from", "w=[0,1,2],b=0"]),
        "error: `w` in `--from` is an array of shape [2], but shape [3] is given: write `w=[…]`",
    );
    assert_complaint(
        &with(&["m.hes", "--resume", "none.json"]),
        "error: cannot read the checkpoint `none.json`",
    );
    assert_complaint(&with(&["gone.hes", "--from", "b=0"]), "error: cannot read `gone.hes`");
    assert_complaint(
        &fit(&["ln(sum(i, exp(a*x1[i])))", "--from", "a=0", "--data", "part-*.csv"]),
        "error: all rows of `x1` are needed: E needs a sum over all rows before it can go on, as in `ln(sum(i, …))`",
    );
    assert_complaint(
        &fit(&["m.hes", "--from", "w=0,b=0", "--data", "none-*.csv"]),
        "error: no file fits `none-*.csv`",
    );
    fs::write(folder.join("part-2.csv"), "x1,x2,t\n1,2,high\n").unwrap();
    assert_complaint(
        &with(&["m.hes", "--from", "w=0,b=0"]),
        "error: row 1 (line 2) of column `t` in `part-2.csv` is `high`, expected a number",
    );
    fs::write(folder.join("part-2.csv"), "x2,x1,t\n1,2,0\n").unwrap();
    assert_complaint(&with(&["m.hes", "--from", "w=0,b=0"]), "error: `part-2.csv` has the columns");
    fs::remove_file(folder.join("part-2.csv")).unwrap();
    assert_complaint(
        &with(&["m.hes", "--from", "w=0,b=0"]),
        "error: part 2 of `part-*.csv` is missing: the parts are numbered 0 to 3",
    );
}

#[test]
fn a_lost_rank_ends_the_run_and_leaves_the_checkpoint_whole() {
    let folder = folder("lost", 100_000);
    let args = ["fit", "m.hes", "--from", "w=0,b=0", "--checkpoint", "fit.json"];
    let child = start(&folder, 2, &[&args, &DATA[..]].concat());
    // As soon as there is a checkpoint, the evaluations go on.
    let checkpoint = folder.join("fit.json");
    for _ in 0..6_000 {
        if checkpoint.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let killed = Command::new("pkill")
        .args(["-9", "-o", "-P", &child.id().to_string(), "hesse-mpi"])
        .status()
        .unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty() || output.stdout.starts_with(b"-----"), "{output:?}");
    let text = fs::read_to_string(&checkpoint).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["parameters"]["b"].is_number());
}
