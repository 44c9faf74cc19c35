//! The tables of the book: the default method problem by problem, and all methods over all problems.

use std::fmt::Write;
use std::path::Path;

use hesse_testkit::problems::more_garbow_hillstrom;

use super::{DEFAULT, End, FACTORS, METHODS, run, surface};

/// What each method must solve at least, of 105 runs: converged, and at a minimum of the paper.
const LEAST: [(&str, usize, usize); 7] = [
    ("trust region", 91, 98),
    ("cubic regularization", 89, 93),
    ("Newton, modified factors", 87, 93),
    ("saddle-free Newton", 79, 90),
    ("Steihaug", 88, 102),
    ("limited memory", 84, 102),
    ("conjugate gradients", 78, 98),
];

#[test]
fn every_method_solves_what_it_should() {
    let problems = more_garbow_hillstrom();
    let surfaces: Vec<_> = problems.iter().map(surface).collect();
    let mut text = String::from(
        "| method | at a minimum of the paper | at another point | not converged | steps | E | ∇E | H | H·v |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut short = Vec::new();
    for ((name, descend), least) in METHODS.into_iter().zip(LEAST) {
        let (mut known, mut elsewhere, mut nowhere) = (0, 0, 0);
        let (mut steps, mut values, mut gradients, mut hessians, mut products) = (0, 0, 0, 0, 0);
        for (problem, surface) in problems.iter().zip(&surfaces) {
            for factor in FACTORS {
                let run = run(problem, surface, descend, factor);
                match run.as_ref().map(|run| run.end) {
                    Some(End::Known) => known += 1,
                    Some(End::Elsewhere) => elsewhere += 1,
                    _ => {
                        nowhere += 1;
                        println!("{name}: {} from {factor}", problem.name);
                    }
                }
                if let Some(run) = run.filter(|run| run.end != End::Nowhere) {
                    steps += run.iterations;
                    values += run.counts.values;
                    gradients += run.counts.gradients;
                    hessians += run.counts.hessians;
                    products += run.counts.products;
                }
            }
        }
        let _ = writeln!(
            text,
            "| {name} | {known} | {elsewhere} | {nowhere} | {steps} | {values} | {gradients} | {hessians} | {products} |"
        );
        assert_eq!(name, least.0);
        if known < least.1 || known + elsewhere < least.2 {
            short.push(format!("{name}: {known} known, {} in all", known + elsewhere));
        }
    }
    println!("{text}");
    assert!(short.is_empty(), "{short:?}");
    write("methods", &text);
}

#[test]
fn the_default_method_problem_by_problem() {
    let mut text = String::from("| | problem | n | start | 10 × | 100 × |\n|--:|---|--:|--:|--:|--:|\n");
    for problem in more_garbow_hillstrom() {
        let surface = surface(&problem);
        let _ = write!(text, "| {} | {} | {} |", problem.number, problem.name, problem.start.len());
        for factor in FACTORS {
            let cell = match run(&problem, &surface, DEFAULT, factor) {
                None => "not finite".to_owned(),
                Some(run) => {
                    let mark = match run.end {
                        End::Known => "",
                        End::Elsewhere => " ∗",
                        End::Nowhere => " ✗",
                    };
                    println!("{} from {factor}: {:?} {:e}", problem.name, run.end, run.value);
                    let counts = run.counts;
                    format!(
                        "{} / {}{mark}",
                        run.iterations,
                        counts.values + counts.gradients + counts.hessians
                    )
                }
            };
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    write("problems", &text);
}

/// Writes a table of the book anew where that is asked for.
fn write(part: &str, table: &str) {
    if std::env::var_os("HESSE_BLESS").is_none() {
        return;
    }
    static BOOK: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = BOOK.lock();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/descent.md");
    let book = std::fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- the {part}, written by `HESSE_BLESS=1 cargo test --test descent` -->\n");
    let end = format!("<!-- end of the {part} -->\n");
    let (before, rest) = book.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    std::fs::write(&path, format!("{before}{begin}\n{table}\n{end}{after}")).unwrap();
}
