//! Tables in parts, and what may be wrong with them.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hesse_data::{DataError, Part, Table, paths};

/// A folder of its own, gone with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        for (file, text) in files {
            fs::write(path.join(file), text).unwrap();
        }
        Folder(path)
    }

    fn pattern(&self, pattern: &str) -> String {
        self.0.join(pattern).to_str().unwrap().to_owned()
    }

    fn table(&self, pattern: &str) -> Result<Table, DataError> {
        let parts =
            paths(&self.pattern(pattern))?.iter().map(|path| Part::scan(path)).collect::<Result<_, _>>()?;
        Table::new(parts)
    }

    /// The message, without the folder.
    fn complaint<T: std::fmt::Debug>(&self, result: Result<T, DataError>) -> String {
        result.unwrap_err().to_string().replace(&self.pattern(""), "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn parts_stand_in_the_order_of_their_numbers() {
    let files: Vec<(String, String)> = (8..12).map(|k| (format!("p{k}.csv"), format!("x\n{k}\n"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    let folder = Folder::new("order", &files);
    assert_eq!(folder.table("p*.csv").unwrap().read(0..4, &["x"]).unwrap(), [8.0, 9.0, 10.0, 11.0]);
}

#[test]
fn any_rows_of_any_columns_can_be_read() {
    let text = |rows: std::ops::Range<usize>| {
        rows.fold("a, b,\"c d\"\r\n".to_owned(), |mut text, i| {
            writeln!(text, "{i},-{i}e-1 ,\"{}\"\r", i * i).unwrap();
            text
        })
    };
    let folder = Folder::new(
        "rows",
        &[("1.csv", &text(0..10_000)), ("2.csv", &text(10_000..10_000)), ("3.csv", &text(10_000..10_100))],
    );
    let table = folder.table("*.csv").unwrap();
    let known = |path: &str, rows| Part::known(folder.0.join(path), table.columns().to_vec(), rows);
    let told = Table::new(vec![known("1.csv", 10_000), known("2.csv", 0), known("3.csv", 100)]).unwrap();
    assert_eq!((table.rows(), told.rows()), (10_100, 10_100));
    for rows in [0..1, 4_095..4_098, 8_192..8_193, 9_999..10_001, 10_050..10_100, 50..50] {
        let expected: Vec<f64> = rows.clone().flat_map(|i| [(i * i) as f64, i as f64]).collect();
        assert_eq!(table.read(rows.clone(), &["c d", "a"]).unwrap(), expected);
        assert_eq!(told.read(rows, &["c d", "a"]).unwrap(), expected);
    }
}

#[test]
fn what_is_wrong_is_said() {
    let folder = Folder::new(
        "wrong",
        &[
            ("a-1.csv", "x,y\n1,2\n"),
            ("a-3.csv", "x,y\n1,2\n"),
            ("b-1.csv", "x,y\n1,2\n"),
            ("b-2.csv", "y,x\n1,2\n"),
            ("ragged.csv", "x,y\n1,2\n3\n"),
            ("two.csv", "x,x\n1,2\n"),
            ("empty.csv", ""),
            ("text.csv", "x,y\n1,2\n3,high\n"),
            ("infinite.csv", "x\n1e999\n"),
        ],
    );
    let of = |pattern: &str| folder.complaint(folder.table(pattern));
    assert_eq!(of("c-*.csv"), "no file fits `c-*.csv`");
    assert_eq!(of("a-*.csv"), "part 2 of `a-*.csv` is missing: the parts are numbered 1 to 3");
    assert_eq!(
        of("b-*.csv"),
        "`b-2.csv` has the columns `y`, `x`, but `b-1.csv` has `x`, `y`: all parts need the same columns in the same order"
    );
    assert_eq!(of("ragged.csv"), "line 3 of `ragged.csv` has 1 cell, but the header has 2");
    assert_eq!(of("two.csv"), "`two.csv` has two columns `x`; rename one of them");
    assert_eq!(
        of("empty.csv"),
        "`empty.csv` is empty: expected a header line with column names, then rows of numbers"
    );
    let read = |pattern: &str, column| folder.complaint(folder.table(pattern).unwrap().read(0..9, &[column]));
    assert_eq!(
        read("text.csv", "y"),
        "row 2 (line 3) of column `y` in `text.csv` is `high`, expected a number"
    );
    assert_eq!(
        read("infinite.csv", "x"),
        "row 1 (line 2) of column `x` in `infinite.csv` is `1e999`, expected a finite number"
    );
    assert_eq!(read("text.csv", "z"), "`text.csv` has no column `z`\nits columns are `x`, `y`");
    let table = folder.table("text.csv").unwrap();
    fs::write(folder.0.join("text.csv"), "x,y\n1,2\n").unwrap();
    let changed = folder.complaint(table.read(0..2, &["x"]));
    assert_eq!(changed, "`text.csv` has changed while it was in use: it ended before row 1");
}

#[test]
fn a_streamed_fit_is_the_fit_of_the_whole() {
    use hesse_data::{RowArray, Rows};
    use hesse_parser::formula::{Columns, parse};
    use hesse_runtime::blocks::Serial;
    use hesse_runtime::{ErrorFunction, FitStatistics, SumOfSquares};
    use hesse_symbolic::evaluate::{Bindings, Streamed, Surface};

    let text = |rows: std::ops::Range<usize>| {
        rows.fold("y,u,v\n".to_owned(), |mut text, i| {
            let (u, v) = ((i as f64 * 0.37).sin(), (i as f64 * 0.11).cos());
            writeln!(text, "{},{u},{v}", 1.0 + 2.0 * u - v + 0.1 * (i as f64 * 1.9).sin()).unwrap();
            text
        })
    };
    let folder = Folder::new("streamed", &[("1.csv", &text(0..30_000)), ("2.csv", &text(30_000..50_000))]);
    let formula = "param w[2], b\ndata x[n, 2], y[n], scale\n\
                   E = 1/2*sum(i, (y[i] - b - scale*sum(k, w[k]*x[i,k]))^2)";
    let model = parse(formula, &Columns::none()).unwrap();
    let mut whole = Bindings::new();
    let table = || folder.table("*.csv").unwrap();
    whole.insert("x", &[50_000, 2], table().read(0..50_000, &["u", "v"]).unwrap()).unwrap();
    whole.insert("y", &[50_000], table().read(0..50_000, &["y"]).unwrap()).unwrap();
    let mut others = Bindings::new();
    for bindings in [&mut whole, &mut others] {
        bindings.insert("scale", &[], vec![0.5]).unwrap();
    }
    let array = |name: &str, columns: &[&str]| RowArray {
        name: name.to_owned(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        is_matrix: columns.len() > 1,
    };
    let surface = Surface::new(&model.graph, model.error, &whole).unwrap();
    let expected = Serial::new(surface.by_rows().unwrap());
    let (w, v) = ([1.5, -0.5, 0.5], [1.0, 2.0, 3.0]);
    let bits = |error: &dyn ErrorFunction| {
        let (mut gradient, mut hessian, mut product) = ([0.0; 3], [0.0; 6], [0.0; 3]);
        let value = error.value_gradient_hessian(&w, &mut gradient, &mut hessian);
        error.hessian_vector(&w, &v, &mut product);
        let all = [value, error.value(&w)].into_iter().chain(gradient).chain(hessian).chain(product);
        all.map(f64::to_bits).collect::<Vec<_>>()
    };
    for memory in [0, 300_000, 1 << 30] {
        let rows =
            Rows::new(table(), vec![array("y", &["y"]), array("x", &["u", "v"])], others.clone(), memory);
        let streamed = Streamed::new(&model.graph, model.error, rows).unwrap();
        assert_eq!(bits(&streamed), bits(&expected));
        assert_eq!(bits(&streamed), bits(&expected));
        let (squares, known) = (streamed.least_squares().unwrap(), surface.least_squares().unwrap());
        assert_eq!((squares.scale(), squares.residual_count()), (known.scale(), known.residual_count()));
        let errors = |squares: &dyn SumOfSquares| FitStatistics::of(squares, &w).unwrap();
        let (ours, theirs) = (errors(&squares), errors(&known));
        for (our, their) in ours.standard_errors.iter().zip(&theirs.standard_errors) {
            assert!((our - their).abs() < 1e-12 * their, "{our} {their}");
        }
        assert_eq!(streamed.failure(), None);
    }
    let rows = Rows::new(table(), vec![array("y", &["y"]), array("x", &["u", "v"])], others, 0);
    let streamed = Streamed::new(&model.graph, model.error, rows).unwrap();
    fs::write(folder.0.join("2.csv"), "y,u,v\n1,2,3\n4,5,high\n").unwrap();
    assert!(streamed.value(&w).is_nan());
    let failure = streamed.failure().unwrap().replace(&folder.pattern(""), "");
    assert_eq!(failure, "row 2 (line 3) of column `v` in `2.csv` is `high`, expected a number");
}
