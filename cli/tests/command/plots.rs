//! Pictures and reports through the command.

use std::fs;
use std::path::PathBuf;

use crate::run::{Run, hesse};

/// A place for files that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("hesse-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// The file that a command writes with `-o`.
    fn file(&self, name: &str, args: &[&str]) -> (Run, Vec<u8>) {
        let path = self.path(name);
        let mut args = args.to_vec();
        args.extend(["-o", &path]);
        let run = hesse(&args, "");
        assert_eq!(run.code, 0, "{args:?}: {}", run.stderr);
        (run, fs::read(path).unwrap())
    }

    fn text(&self, name: &str, args: &[&str]) -> String {
        String::from_utf8(self.file(name, args).1).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is no failure.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn count(svg: &str, class: &str) -> usize {
    svg.matches(&format!("class=\"{class}\"")).count()
}

const MISRA: [&str; 5] =
    ["examples/nist/misra1a.hes", "--data", "examples/data/nist/misra1a.csv", "--from", "b1=500,b2=0.0001"];

fn misra<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<&'a str> {
    before.iter().chain(&MISRA).chain(after).copied().collect()
}

#[test]
fn a_surface_has_all_its_stationary_points() {
    let folder = Folder::new("surface");
    let svg =
        folder.text("s.svg", &["plot", "examples/himmelblau.hes", "--box", "-5..5", "--from", "x=0,y=0"]);
    // Four minima, four saddles and a maximum, each with two axes.
    for (class, number) in [("minimum", 4), ("saddle", 4), ("maximum", 1), ("axes", 18), ("path", 1)] {
        assert_eq!(count(&svg, class), number, "{class}");
    }
    assert!(svg.contains("minimum at x = 3, y = 2: E = 0") && svg.contains("<title>himmelblau</title>"));
    let (run, png) = folder.file("s.png", &["plot", "examples/himmelblau.hes", "--size", "300x200"]);
    assert!(run.stdout.is_empty() && png.starts_with(b"\x89PNG"));
    // As many pixels as were asked for.
    assert_eq!(png[16..24], [0, 0, 1, 44, 0, 0, 0, 200]);
}

#[test]
fn without_a_file_the_picture_is_text() {
    let run = hesse(&["plot", "(1 - x)^2 + 100*(y - x^2)^2", "--from", "x=-1.2,y=1", "--size", "70x20"], "");
    assert_eq!((run.code, run.stdout.lines().count()), (0, 20), "{}", run.stderr);
    assert!(run.stdout.starts_with(" (1 - x)^2 + 100*(y - x^2)^2\n"), "{}", run.stdout);
    for shown in ["trust-region", "minimum", "▼", " x\n"] {
        assert!(run.stdout.contains(shown), "{shown} in\n{}", run.stdout);
    }
    assert!(run.stdout.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)), "lines are dots of Braille");
    assert!(!run.stdout.contains('\u{1b}'), "no colors in a pipe");
}

#[test]
fn domains_are_shown_and_doubtful_points_are_told() {
    let folder = Folder::new("domain");
    let svg = folder.text("d.svg", &["plot", "x*ln(x) + (y - 1)^2", "--box", "x=-1..2,y=-1..3"]);
    assert!(count(&svg, "undefined") == 1 && count(&svg, "minimum") == 1 && svg.contains(">not finite<"));
    // A degenerate minimum is certified by nobody.
    let svg = folder.text("k.svg", &["plot", "x^4 + y^4", "--box", "-1..1"]);
    assert!(count(&svg, "undecided") >= 1, "the point at 0 is open");
    let path = folder.path("n.svg");
    let run = hesse(&["plot", "x^2*y^2", "--box", "-1..1", "--boxes", "100", "-o", &path], "");
    assert!(run.code == 0 && run.stderr.starts_with("note: the picture may lack"), "{}", run.stderr);
    let svg = folder.text("0.svg", &["plot", "x^2 + y^2", "--boxes", "0"]);
    assert_eq!(count(&svg, "minimum"), 0);
}

#[test]
fn one_parameter_makes_a_curve() {
    let folder = Folder::new("section");
    let well = "x^4 - 3*x^2 + x";
    // Without a point the picture goes around what is stationary.
    let svg = folder.text("w.svg", &["plot", well]);
    for (class, number) in [("minimum", 2), ("maximum", 1), ("section", 1), ("model", 0), ("center", 0)] {
        assert_eq!(count(&svg, class), number, "{class}");
    }
    let svg = folder.text("m.svg", &["plot", well, "--at", "x=1"]);
    assert!(svg.contains("quadratic model at x = 1: E = −1") && count(&svg, "model") >= 1);
    let svg = folder.text("p.svg", &["plot", well, "--from", "x=-2.5", "--compare", "newton"]);
    assert!(count(&svg, "path") == 2 && count(&svg, "step") > 4 && svg.contains(">newton<"));
    // A kink is marked, and so is where E has no value; a curve does not go through a pole.
    let svg = folder.text("k.svg", &["plot", "abs(x + 1)*(x - 1)^2 + 0.3*x"]);
    assert!(count(&svg, "undecided") == 1 && count(&svg, "maximum") == 1);
    let svg = folder.text("d.svg", &["plot", "x - ln(x) + 1/(x - 2)", "--box", "-1..4", "--boxes", "0"]);
    assert!(count(&svg, "undefined") >= 1 && count(&svg, "section") == 2 && svg.contains(">not finite<"));
    // One axis of several.
    let bowl = "(x - 1)^2 + 4*(y - 2)^2 + x*y";
    let by_name = folder.text("n.svg", &["plot", bowl, "--from", "x=0,y=0", "--axes", "y"]);
    assert!(by_name.contains(">y<") && count(&by_name, "minimum") == 1 && count(&by_name, "path") == 0);
    let by_rank = folder.text("r.svg", &["plot", bowl, "--from", "x=0,y=0", "--axes", "2"]);
    assert!(by_rank.contains(">α2 along ") && count(&by_rank, "model") >= 1);
    let run = hesse(&["plot", well, "--at", "x=1", "--size", "60x12"], "");
    assert!(run.code == 0 && run.stdout.lines().count() == 12 && run.stdout.contains("quadratic model"));
    // Once for screens, once for phones.
    let report = folder.text("r.html", &["report", well, "--from", "x=1"]);
    assert!(report.contains("the quadratic model at its end") && count(&report, "section") == 2);
}

#[test]
fn slices_go_through_parameters_or_along_principal_axes() {
    let folder = Folder::new("slice");
    let bowl = "(x - 1)^2 + 4*(y - 2)^2 + 9*(z - 3)^2 + x*y*z/9";
    let by_name = folder.text("n.svg", &["plot", bowl, "--from", "x=0,y=0,z=0", "--axes", "x,z"]);
    assert!(by_name.contains(">x<") && by_name.contains(">z<") && count(&by_name, "minimum") == 1);
    let by_rank = folder.text("r.svg", &["plot", bowl, "--from", "x=0,y=0,z=0", "--axes", "1,3"]);
    assert!(
        by_rank.contains(">α1 along ") && by_rank.contains(">α3 along ") && count(&by_rank, "minimum") == 1
    );
    let iris = [
        "plot",
        "examples/iris.hes",
        "--data",
        "examples/data/iris_columns.csv",
        "--matrix",
        "x=sepal_length,sepal_width,petal_length,petal_width",
        "--from",
        "examples/iris_start.json",
    ];
    let args = |more: &[&'static str]| iris.iter().chain(more).copied().collect::<Vec<_>>();
    let svg = folder.text("i.svg", &args(&["--axes", "W[0,2],W[1,2]", "--boxes", "0", "--size", "240x200"]));
    assert!(svg.contains(">W[0,2]<") && svg.contains(">W[1,2]<"));
    let svg = folder.text("s.svg", &args(&["--spectrum"]));
    assert_eq!(count(&svg, "positive"), 15);
}

#[test]
fn descents_are_compared_and_fits_drawn_with_their_data() {
    let folder = Folder::new("fit");
    let rosenbrock = ["plot", "examples/rosenbrock.hes", "--from", "x=-1.2,y=1", "--convergence"];
    let svg = folder.text("c.svg", &[&rosenbrock[..], &["--compare", "newton,limited-memory"]].concat());
    for text in [">trust-region<", ">newton<", ">limited-memory<", ">accepted step<", ">‖∇E‖<"] {
        assert!(svg.contains(text), "{text}");
    }
    assert_eq!(count(&svg, "course"), 6);
    let svg = folder.text("f.svg", &misra(&["plot"], &["--fit"]));
    for (class, number) in [("observation", 14), ("residual", 14), ("curve", 1), ("confidence", 3)] {
        assert_eq!(count(&svg, class), number, "{class}");
    }
    assert!(svg.contains(">x<") && svg.contains(">y<") && svg.contains(">fit ± 2 standard errors<"));
    // With two columns in the model there is no curve.
    let data = folder.path("two.csv");
    fs::write(&data, "u,v,y,s\n1,2,3,1\n2,1,4,1\n3,5,9,2\n4,4,7,1\n").unwrap();
    let formula = "sum(i, ((y[i] - a*u[i] - b*v[i])/s[i])^2)";
    let svg = folder.text("t.svg", &["plot", formula, "--data", &data, "--from", "a=1,b=1", "--fit"]);
    assert!(svg.contains(">fitted y<") && svg.contains(">observed = fitted<"));
    assert_eq!(count(&svg, "observation"), 4);
}

#[test]
fn what_cannot_be_drawn_is_said() {
    for (args, message) in [
        (&["plot", "x^2", "--axes", "x,y"][..], "the formula has one parameter, `x`: leave out `--axes`"),
        (
            &["plot", "x^2", "--axes", "y"][..],
            "`y` in `--axes` is no axis: `y` is no parameter; write a parameter",
        ),
        (&["plot", "x^2 + y^2 + z^2"], "add `--axes x,y`, or `--axes 1,2` for the principal axes"),
        (&["plot", "x^2 + y^2 + z^2", "--axes", "x,y"], "a slice goes through a point: add `--at`"),
        (&["plot", "x^2 + y^2", "--axes", "x,x", "--at", "x=1,y=1"], "they are the same"),
        (&["plot", "x^2 + y^2", "--axes", "x,u", "--at", "x=1,y=1"], "`u` is no parameter"),
        (&["plot", "x^2 + y^2", "--axes", "1,3", "--at", "x=1,y=1"], "there are 2 principal axes"),
        (&["plot", "x^2 + y^2", "-o", "picture.jpg"], "end it with `.svg` or `.png`"),
        (&["plot", "x^2 + y^2", "--size", "big"], "write `--size 720x540` for pixels"),
        (&["plot", "x^2 + y^2", "--box", "x=1..1"], "say how far it reaches with `--box`"),
        (&["plot", "x^2 + y^2", "--spectrum"], "a spectrum is that of a point"),
        (&["plot", "x^2 + y^2", "--convergence"], "the point is missing: add `--from"),
        (&["plot", "x^2 + y^2", "--sigma", "known"], "are about fits: add `--fit`, or leave them out"),
        (&["plot", "x^2", "--fit", "--loss", "huber", "--width", "0"], "`--width` is 0, expected a positive"),
        (
            &["plot", "x^4 + x", "--fit", "--loss", "huber", "--width", "1"],
            "is no sum of squares: leave them",
        ),
        (&["report", "x^4 + x", "--from", "x=1", "--sigma", "known", "-o", "r.html"], "leave them out"),
        (&["report", "x^2", "--from", "x=1", "--level", "2", "-o", "r.html"], "a number between 0 and 1"),
        (
            &["plot", "x^2 + y^2", "--fit", "--at", "x=1,y=1"],
            "does not compare a column of data with a model",
        ),
        (
            &["plot", "x^2 + y^2", "--size", "10x10", "-o", "p.svg"],
            "`10x10` in `--size` cannot be drawn: pixels are 160x160 to 8192x8192",
        ),
        (&["plot", "x^2 + y^2", "--size", "500x20"], "characters are 40x12 to 400x200"),
        (
            &["report", "x^2", "--from", "x=1", "-o", "r.txt"],
            "`r.txt` is no name for a page: end it with `.html`",
        ),
    ] {
        let run = hesse(args, "");
        assert_eq!(run.code, 2, "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{args:?}: {}", run.stderr);
    }
}

/// Reports and pictures show the fit that `hesse fit` makes: the same numbers with a loss, and with a parameter at its bound.
#[test]
fn reports_and_pictures_are_of_the_fit_asked_for() {
    let folder = Folder::new("asked");
    let robust = ["--loss", "huber", "--width", "0.1", "--level", "0.9"];
    let fit = hesse(&misra(&["fit"], &robust), "").stdout;
    let page = folder.text("r.html", &misra(&["report"], &robust));
    assert!(page.contains("<th>90 % from</th>"));
    for name in ["b1", "b2"] {
        let line = fit.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        let shown: Vec<&str> = line.split_whitespace().collect();
        assert!(page.contains(&format!("<td>{name}</td><td>{}", shown[1])), "{line}");
        assert!(page.contains(&format!("<td>{}</td>", shown[2].replace('-', "−"))), "{line}");
    }
    let squares = folder.text("s.svg", &misra(&["plot"], &["--fit"]));
    assert_ne!(
        folder.text("l.svg", &misra(&["plot"], &["--fit", "--loss", "welsch", "--width", "0.1"])),
        squares
    );

    let page = folder.text("b.html", &misra(&["report"], &["--bounds", "b1=0..200", "--sigma", "known"]));
    for part in [
        "<td>b1</td><td>200.0000000</td><td>at its bound</td>",
        "A parameter that a bound holds is no estimate",
        "<td>probability of a χ² as large</td>",
        "<td>–</td>",
        "Durbin and Watson",
    ] {
        assert!(page.contains(part), "{part}");
    }
    // Nothing moves along a held parameter, so the band is narrower.
    let held = folder.text("h.svg", &misra(&["plot"], &["--fit", "--bounds", "b1=0..200"]));
    assert_ne!(held, squares);
    // E that falls without end has no picture of its surroundings, and a page all the same.
    let path = folder.path("u.html");
    let run = hesse(&["report", "x", "--from", "x=1", "-o", &path], "");
    assert!(run.code == 1 && run.stderr.contains("not converged"), "{}", run.stderr);
    assert!(fs::read_to_string(path).unwrap().contains("<h2>Estimates</h2>"));
    // As many residuals as parameters: why there are no errors is said.
    let page = folder.text("n.html", &["report", "(1 - x)^2 + 100*(y - x^2)^2", "--from", "x=-1.2,y=1"]);
    assert!(page.contains("There are no standard errors: "));
}

#[test]
fn a_report_has_everything_in_one_file() {
    let folder = Folder::new("report");
    let page = folder.text("r.html", &misra(&["report"], &["--title", "Misra <1a>"]));
    for part in [
        "<title>Misra &lt;1a&gt;</title>",
        "<h2>Estimates</h2>",
        "<h2>Fit</h2>",
        "<h2>Surface</h2>",
        "<h2>Spectrum</h2>",
        "<h2>Descent</h2>",
        "<h2>Correlation of the estimates</h2>",
        "<h2>Formulas</h2>",
        "<math xmlns",
        "pub fn value_gradient_hessian(",
        "238.9421",
        "standard error",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<svg ").count(), 8);
    // Nothing is fetched and nothing runs.
    for absent in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!page.contains(absent), "{absent}");
    }
    assert_eq!(page, folder.text("r.html", &misra(&["report"], &["--title", "Misra <1a>"])));
    // Data that come through a pipe make the same page.
    let path = folder.path("p.html");
    let piped: Vec<&str> = misra(&["report"], &["--title", "Misra <1a>", "-o", &path])
        .into_iter()
        .map(|arg| if arg == MISRA[2] { "-" } else { arg })
        .collect();
    let run = hesse(&piped, &fs::read_to_string(format!("../{}", MISRA[2])).unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(&path).unwrap(), page);
    let path = folder.path("m.html");
    let args =
        ["report", "examples/rosenbrock.hes", "--from", "x=-1.2,y=1", "--max-iterations", "2", "-o", &path];
    let run = hesse(&args, "");
    assert!(run.code == 1 && run.stderr.starts_with("error: not converged"), "{}", run.stderr);
    assert!(
        fs::read_to_string(path).unwrap().contains("class=\"warning\""),
        "the page is written all the same"
    );
}
