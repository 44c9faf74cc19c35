//! The functions of SQL: right values, the bits of one process, and clear complaints.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::datatypes::Float64Type;
use datafusion::prelude::{SessionConfig, SessionContext};
use hesse_runtime::ErrorFunction as _;
use hesse_runtime::blocks::Serial;
use hesse_symbolic::evaluate::{Bindings, Surface};

const FORMULA: &str = "sum(i, softplus(b + w*x[i]) - t[i]*(b + w*x[i])) + 0.5*w^2";
const ROWS: usize = 30_000;

fn session(partitions: usize) -> SessionContext {
    let session = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(partitions));
    hesse_datafusion::register(&session);
    session
}

/// The numbers of the structure that a query gives.
async fn answer(session: &SessionContext, sql: &str) -> Result<(f64, Vec<f64>, Vec<f64>), String> {
    let batches =
        async { session.sql(sql).await?.collect().await }.await.map_err(|error| error.to_string())?;
    let column = batches[0].column(0).as_struct();
    let list = |at: usize| {
        column.column(at).as_list::<i32>().value(0).as_primitive::<Float64Type>().values().to_vec()
    };
    Ok((column.column(0).as_primitive::<Float64Type>().value(0), list(1), list(2)))
}

/// Rows made by SQL, so that any number of partitions has them in any order.
fn rows(order: &str) -> String {
    format!(
        "(SELECT value AS row, sin(value * 0.7) AS x, CAST(value % 2 AS DOUBLE) AS t \
         FROM generate_series(0, {}) ORDER BY {order})",
        ROWS - 1
    )
}

#[tokio::test]
async fn values_are_those_of_the_formula() {
    let sql = "SELECT hesse('sum(i, (y[i] - a*x[i])^2)', 'a=1', x, y) FROM (VALUES (1.0, 3.0), (2.0, 5.0)) AS t(x, y)";
    // Residuals 2 and 3: ∇E = −2(2·1 + 3·2), H = 2(1 + 4).
    assert_eq!(answer(&session(1), sql).await.unwrap(), (13.0, vec![-16.0], vec![10.0]));
    let matrix = "SELECT hesse('sum(i, (y[i] - sum(k, a[k]*x[i,k]))^2)', 'a=[1,0]', \
                  named_struct('x', struct(u, v), 'y', y)) FROM (VALUES (1.0, 2, 3.0), (2.0, 0, 5.0)) AS t(u, v, y)";
    assert_eq!(answer(&session(1), matrix).await.unwrap(), (13.0, vec![-16.0, -8.0], vec![10.0, 4.0, 8.0]));
    let squares = "SELECT hesse_gauss_newton('sum(i, (y[i] - a^2*x[i])^2)', 'a=1', x, y) FROM (VALUES (1.0, 3.0), (2.0, 5.0)) AS t(x, y)";
    assert_eq!(answer(&session(1), squares).await.unwrap(), (13.0, vec![], vec![20.0]));
    let observations = "SELECT hesse_observations('sum(i, x[i]*(y[i] - a)^2)', 'a=1', x, y) \
                        FROM (VALUES (1.0, 3.0), (0.0, 5.0)) AS t(x, y)";
    assert_eq!(answer(&session(1), observations).await.unwrap(), (1.0, vec![], vec![]));
}

/// A window asks for the sum again and again; what no row carries is in each of them once.
#[tokio::test]
async fn windows_have_a_penalty_once() {
    let sql = "SELECT hesse('sum(i, (y[i] - a)^2) + 100*a^2', 'a=1', y) OVER (ORDER BY y) AS h \
               FROM (VALUES (1.0), (2.0), (4.0)) AS t(y)";
    let batches = session(1).sql(sql).await.unwrap().collect().await.unwrap();
    let values = batches.iter().flat_map(|batch| {
        batch.column(0).as_struct().column(0).as_primitive::<Float64Type>().values().to_vec()
    });
    assert_eq!(values.collect::<Vec<f64>>(), [100.0, 101.0, 110.0]);
}

#[tokio::test]
async fn numbered_rows_have_the_bits_of_one_process() {
    let columns = ["x", "t"].map(|name| hesse_fits::Array { name: name.to_owned(), width: None });
    let model = hesse_fits::model(FORMULA, &columns).unwrap();
    let table = session(1).sql(&rows("row")).await.unwrap().collect().await.unwrap();
    let column = |name: &str| -> Vec<f64> {
        let own = table.iter().map(|batch| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>());
        own.flat_map(|own| own.values().to_vec()).collect()
    };
    let mut data = Bindings::new();
    for name in ["x", "t"] {
        data.insert(name, &[ROWS], column(name)).unwrap();
    }
    let surface = Surface::new(&model.graph, model.error, &data).unwrap();
    let (w, mut gradient, mut hessian) = ([0.25, -0.5], vec![0.0; 2], vec![0.0; 3]);
    let value =
        Serial::new(surface.by_rows().unwrap()).value_gradient_hessian(&w, &mut gradient, &mut hessian);
    for partitions in [1, 2, 4] {
        for order in ["row", "x", "t, row DESC"] {
            let sql = format!(
                "SELECT hesse_numbered('{FORMULA}', 'b=0.25,w=-0.5', {ROWS}, row, x, t) FROM {}",
                rows(order)
            );
            let session = session(partitions);
            let found = answer(&session, &sql).await.unwrap();
            assert_eq!(found, (value, gradient.clone(), hessian.clone()), "{partitions}, {order}");
        }
        let sql = format!("SELECT hesse('{FORMULA}', 'b=0.25,w=-0.5', x, t) FROM {}", rows("row"));
        let (found, slope, _) = answer(&session(partitions), &sql).await.unwrap();
        // Additions of terms below 2 in another order.
        assert!((found - value).abs() < 1e-9 && (slope[0] - gradient[0]).abs() < 1e-9);
    }
}

#[tokio::test]
async fn formula_and_point_travel_as_texts_that_cost_nothing_per_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.hes");
    std::fs::write(&path, FORMULA).unwrap();
    let session = session(2);
    let sql = format!("SELECT hesse('{}', 'b=0,w=0', x, t) FROM {}", path.display(), rows("row"));
    let plan = session.sql(&sql).await.unwrap().into_optimized_plan().unwrap();
    let plan = plan.display_indent().to_string();
    assert!(plan.contains("hesse(Dictionary(Int32, Utf8(\"sum(i, softplus"), "{plan}");
    assert!(plan.contains("Dictionary(Int32, Utf8(\"b=0,w=0\"))"), "{plan}");
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let table = "FROM (VALUES (0, 1.0, 3.0), (1, 2.0, 5.0), (1, 4.0, 5.0)) AS t(row, x, y)";
    let line = "sum(i, (y[i] - a*x[i])^2)";
    let cases = [
        (format!("hesse('{line}', 'b=1', x, y)"), "`b` in `point` is no parameter"),
        (
            format!("hesse('{line}', x, x, y)"),
            "the point is no literal text: expected `hesse(formula, point, data, …)`",
        ),
        (format!("hesse('{line}', 'a=1')"), "expected `hesse(formula, point, data, …)`"),
        ("hesse('gone.hes', 'a=1', x)".to_owned(), "cannot read `gone.hes`"),
        (format!("hesse('{line}', 'a=1', x, x)"), "two arguments bring an array `x`"),
        (
            "hesse('mean(i, (y[i] - a*x[i])^2)', 'a=1', x, y)".to_owned(),
            "the formula uses the number or the position of rows",
        ),
        (
            "hesse_gauss_newton('sum(i, exp(a*x[i]))', 'a=1', x)".to_owned(),
            "the formula is no sum of squares",
        ),
        (
            format!("hesse_observations('{line}', 'a=1', x, y)"),
            "no weight of a square is data of the rows, so all residuals are observations: count the rows",
        ),
        (
            format!("hesse_numbered('{line}', 'a=1', 3, row + 0.25, x, y)"),
            "a row has the number 0.25, expected an integer",
        ),
        (format!("hesse_numbered('{line}', 'a=1', 3, row, x, y)"), "a row among 0..3 came twice"),
        (
            format!("hesse_numbered('{line}', 'a=1', 1, row, x, y)"),
            "a row has the number 1, expected one from 0 up to, but not, 1",
        ),
        (
            format!("hesse_numbered('{line}', 'a=1', 9, row, x, y) FILTER (WHERE x < 4)"),
            "7 of the rows 0..9 are missing",
        ),
        (
            format!("hesse('{line}', 'a=1', named_struct('x', NULLIF(x, 2.0), 'y', y))"),
            "rows have no number in x",
        ),
    ];
    for (call, expected) in cases {
        let complaint = answer(&session(1), &format!("SELECT {call} {table}")).await.unwrap_err();
        assert!(complaint.contains(expected), "{call}: {complaint}");
    }
}
