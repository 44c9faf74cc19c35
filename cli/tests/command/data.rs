//! Data from anywhere: formats, standard input, parts, and more of them than memory may hold.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::run::hesse;

const LINE: &str = "sum(i, (y[i] - a - b*x[i])^2)";

/// A folder of its own, gone with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("hesse-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a fit of a line to these data prints.
fn fit(data: &str, input: &str, more: &[&str]) -> String {
    let args = [&["fit", LINE, "--from", "a=0,b=0", "--format", "json", "--data", data], more].concat();
    let run = hesse(&args, input);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

fn rows(range: std::ops::Range<usize>, mark: char) -> String {
    range.fold(format!("x{mark}y\n"), |mut text, i| {
        let x = (i as f64 * 0.37).sin();
        writeln!(text, "{x}{mark}{}", 1.0 + 2.0 * x + 0.1 * (i as f64 * 1.9).cos()).unwrap();
        text
    })
}

#[test]
fn the_same_rows_fit_the_same_however_they_come() {
    let folder = Folder::new("formats");
    let expected = fit(&folder.file("t.csv", rows(0..50, ',')), "", &[]);
    assert_eq!(fit(&folder.file("t.tsv", rows(0..50, '\t')), "", &[]), expected);
    assert_eq!(fit("-", &rows(0..50, ';'), &[]), expected);
    folder.file("part-1.csv", rows(0..20, ','));
    folder.file("part-2.csv", rows(20..50, ','));
    assert_eq!(fit(folder.0.join("part-*.csv").to_str().unwrap(), "", &[]), expected);
}

/// The same to the last bit, but for what needs all residuals at once.
fn assert_same_numbers(streamed: &str, expected: &str) {
    let [streamed, expected] =
        [streamed, expected].map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
    let streamed = streamed.as_object().unwrap();
    for (name, value) in streamed.iter().filter(|(_, value)| !value.is_null()) {
        assert_eq!(expected.get(name), Some(value), "{name}");
    }
    assert!(streamed.contains_key("standard_errors"));
}

#[test]
fn rows_beyond_memory_give_the_same_bits() {
    let folder = Folder::new("memory");
    let data = folder.file("t.csv", rows(0..100_000, ','));
    let expected = fit(&data, "", &[]);
    for memory in ["1MB", "100kB"] {
        assert_same_numbers(&fit(&data, "", &["--memory", memory]), &expected);
    }
    assert_same_numbers(&fit("-", &fs::read_to_string(&data).unwrap(), &["--memory", "100kB"]), &expected);
    let point = ["--at", "a=0.5,b=0", "--data", &data, "--format", "json"];
    let eval = |more: &[&str]| hesse(&[&["eval", LINE], &point[..], more].concat(), "").stdout;
    assert_eq!(eval(&["--memory", "100kB"]), eval(&[]));
    assert!(!eval(&[]).is_empty());
}

#[test]
fn what_needs_all_rows_at_once_says_so() {
    let folder = Folder::new("whole");
    let data = folder.file("t.csv", rows(0..10_000, ','));
    let formula = "ln(sum(i, exp(a*x[i] - y[i])))";
    let run = hesse(&["eval", formula, "--data", &data, "--at", "a=0", "--memory", "10kB"], "");
    assert_eq!(
        run.stderr,
        "error: the data take 960000 bytes and memory may hold 10000: E needs a sum over all rows before it can go on, as in `ln(sum(i, …))`; allow more with `--memory`\n"
    );
    assert_eq!(run.code, 2);
    let boxes = ["stationary", LINE, "--box=-1..1", "--data", &data, "--memory", "10kB"];
    assert_eq!(
        hesse(&boxes, "").stderr,
        "error: the data are more than memory may hold, and are needed all at once here: allow more with `--memory`\n"
    );
    let wrong = hesse(&["eval", LINE, "--data", &data, "--at", "a=0,b=0", "--memory", "lots"], "");
    assert_eq!(wrong.stderr, "error: `lots` in `--memory` is no number of bytes: write `512MB` or `2GB`\n");
}

#[test]
fn a_cell_that_is_no_number_is_told_in_the_middle_of_a_stream() {
    let folder = Folder::new("cell");
    let text = rows(0..30_000, ',') + "1,high\n";
    let data = folder.file("t.csv", text);
    let run = hesse(&["fit", LINE, "--from", "a=0,b=0", "--data", &data, "--memory", "10kB"], "");
    let shown = run.stderr.replace(&data, "t.csv");
    assert_eq!(
        shown,
        "error: row 30001 (line 30002) of column `y` in `t.csv` is `high`, expected a number\n"
    );
    assert_eq!(run.code, 2);
}

#[test]
fn standard_input_is_for_one_thing() {
    let both = hesse(&["eval", "-", "--data", "-", "--at", "x=1"], "x^2\n");
    assert_eq!(
        both.stderr,
        "error: standard input is read once, for the formula or for the data: name a file for one of them\n"
    );
    let point = hesse(&["eval", "-", "--at", "-"], "x^2\n");
    assert_eq!(
        point.stderr,
        "error: standard input is read once, for the formula or the data: write the point after `--at`, or to a file\n"
    );
    let run =
        hesse(&["eval", "param w[2], x\nE = x^2 + w[0]*w[1]", "--at", "-"], "{\"x\": 3, \"w\": [1, 2]}");
    assert!(run.stdout.starts_with("E = 11.0"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn numpy_files_are_data() {
    let folder = Folder::new("numpy");
    let mut header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }".to_owned();
    while !(header.len() + 11).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    for number in [1.0f64, 2.0, 3.0, 4.0, 5.0, 6.0] {
        bytes.extend(number.to_le_bytes());
    }
    let data = folder.file("x.npy", bytes);
    let formula = "param a\ndata x[n, 2]\nE = sum(i, sum(k, (a - x[i,k])^2))";
    let run = hesse(&["eval", formula, "--data", &data, "--at", "a=0"], "");
    assert!(run.stdout.starts_with("E = 91.0"), "{}{}", run.stdout, run.stderr);
}
