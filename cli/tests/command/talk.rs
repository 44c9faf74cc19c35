//! What people and scripts meet around the answers: the prompt, Ctrl-C, tables, quiet, colors, completions, pages.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::run::{hesse, json};

const VALLEY: &str = "(1 - x)^2 + 100*(y - x^2)^2";

#[test]
fn a_formula_grows_at_the_prompt() {
    let lines = "\
param w[2]
square(u) = u^2
E = sum(i, square(w[i] -
  1))
eval --at w=0
# a remark
square(u) = 3*u^2
eval --at w=0
show
quit
x +* nothing of this is read
";
    let run = hesse(&["repl"], lines);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let values: Vec<&str> =
        run.stdout.lines().filter(|line| line.starts_with("E = ") && !line.contains('(')).collect();
    assert_eq!(values, ["E = 2.00000000000000", "E = 6.00000000000000"]);
    assert!(
        run.stdout.ends_with("param w[2]\nE = sum(i, square(w[i] -\n  1))\nsquare(u) = 3*u^2\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_the_prompt_refuses_is_not_kept() {
    let run = hesse(&["repl"], "x^2\nx + sqr(y)\neval --at x=3\nfrobnicate --at x=1\n");
    assert!(run.stderr.contains("help: write `sqrt`"), "{}", run.stderr);
    assert!(run.stdout.starts_with("E = 9.0"), "{}", run.stdout);
    assert_eq!(run.code, 2);
    // A word that is mistyped takes nothing away, and a name that is known may become all there is.
    let kept = hesse(&["repl"], "x^2 + width\nlits\nE\nwidth\nE\n");
    assert_eq!(kept.stdout, "E = x^2 + width\nE = width\n");
    assert!(kept.stderr.contains("`lits` is no command, and no name of the formula"), "{}", kept.stderr);
    let none = hesse(&["repl"], "derive\n");
    assert_eq!(none.stderr, "error: there is no error function yet: write one, such as `x^2 + y^2`\n");
}

#[test]
fn what_is_unfinished_takes_nothing_of_what_follows() {
    for end in ["", "\n"] {
        let run = hesse(&["repl"], &format!("x^2\nx^3 +\n{end}eval --at x=3\n"));
        assert!(run.stdout.starts_with("E = 9.0"), "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains("E0103") && !run.stderr.contains("eval"), "{}", run.stderr);
        assert_eq!(run.code, 2);
    }
    // What stands in brackets may be called like a command.
    let run = hesse(&["repl"], "E = (x +\nfit + 1)^2\nshow\n");
    assert_eq!((run.code, run.stdout.as_str()), (0, "E = (x +\nfit + 1)^2\n"), "{}", run.stderr);
    let run = hesse(&["repl"], "anlyze\nshow\n");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("did you mean `analyze`?\nwrite `E = anlyze`"), "{}", run.stderr);
    assert!(
        run.stderr.contains("commands are derive, eval, check, analyze, minimize, fit,"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_prompt_uses_data() {
    let data = "examples/data/nist/misra1a.csv";
    let lines = format!(
        "use --data {data}\nsum(i, (y[i] - b1*(1 - exp(-b2*x[i])))^2)\nfit --from b1=500,b2=1e-4 --format json\n"
    );
    let run = hesse(&["repl"], &lines);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let fit: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let formula = "sum(i, (y[i] - b1*(1 - exp(-b2*x[i])))^2)";
    assert_eq!(fit, json(&["fit", formula, "--data", data, "--from", "b1=500,b2=1e-4"]));
}

/// A terminal of its own for `hesse repl`, by the program `script`; nothing where there is none.
#[cfg(target_os = "linux")]
#[test]
fn the_prompt_completes_and_goes_on_at_a_terminal() {
    let history = std::env::temp_dir().join(format!("hesse-history-{}", std::process::id()));
    let child = Command::new("script")
        .args(["-q", "-e", "-c", &format!("{} repl", env!("CARGO_BIN_EXE_hesse")), "/dev/null"])
        .env("HESSE_HISTORY", &history)
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: `script` is missing");
        return;
    };
    let mut keys = child.stdin.take().unwrap();
    // Tab completes `width` and `eval`; a bracket that is open makes the line go on; Ctrl-C gives a line up.
    for line in ["width^2 + (height\r", ")^2\r", "nonsense\x03", "ev\t --at wid\t=3,height=4\r", "\x04"] {
        std::thread::sleep(Duration::from_millis(300));
        // The prompt may be gone already, which the assertions tell.
        let _ = keys.write_all(line.as_bytes()).and_then(|()| keys.flush());
    }
    let output = child.wait_with_output().unwrap();
    drop(keys);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("E = 25.0"), "{shown}");
    let written = std::fs::read_to_string(&history).unwrap();
    std::fs::remove_file(&history).unwrap();
    assert!(written.contains("eval --at width=3,height=4"), "{written}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_descent_leaves_its_best_point() {
    // Steps of one size never come to rest in a kink.
    let formula = "abs(x - 0.123) + abs(y - 0.456)";
    let args = ["minimize", formula, "--from", "x=3,y=3", "--method", "adam", "--tolerance", "1e-300"];
    for attempt in 1..10 {
        let child = Command::new(env!("CARGO_BIN_EXE_hesse"))
            .args(args)
            .args(["--max-iterations", "1000000000000"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(200 * attempt));
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        // The signal may have come before the descent began.
        let Some(code) = output.status.code() else { continue };
        assert_eq!(code, 130);
        let point = String::from_utf8(output.stdout).unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains("the best point so far is printed; go on with `--from`"), "{message}");
        let there = hesse(&["eval", formula, "--at", point.trim()], "");
        assert!(there.stdout.starts_with("E = "), "{point}: {}", there.stderr);
        return;
    }
    panic!("no descent was interrupted");
}

#[test]
fn tables_have_what_json_has() {
    let run = hesse(&["eval", "x^2*y", "--at", "x=1,y=2", "--csv"], "");
    assert_eq!(
        run.stdout,
        "parameter,value,gradient,hessian.x,hessian.y\nx,2.0,4.0,4.0,2.0\ny,2.0,1.0,2.0,0.0\n"
    );
    let run = hesse(&["derive", "x^2*y", "--csv"], "");
    assert_eq!(
        run.stdout,
        "part,value,parameter,formula,adds,row,column,diagonal,mirrored\n\
         error,x^2*y,,,,,,,\n\
         gradient,,x,2*x*y,false,,,,\n\
         gradient,,y,x^2,false,,,,\n\
         hessian,,,2*y,false,x,x,false,false\n\
         hessian,,,2*x,false,y,x,false,true\n"
    );
    let run = hesse(&["stationary", "x^2 + y^2", "--box=-1..1", "--csv"], "");
    assert!(run.stdout.starts_with("part,at.x,at.y,kind,"), "{}", run.stdout);
    assert!(run.stdout.contains("\npoints,0.0,0.0,minimum,"), "{}", run.stdout);
    let run = hesse(
        &[
            "fit",
            "examples/nist/misra1a.hes",
            "--data",
            "examples/data/nist/misra1a.csv",
            "--from",
            "b1=500,b2=1e-4",
            "--csv",
        ],
        "",
    );
    assert!(run.stdout.starts_with("parameter,value,gradient,"), "{}", run.stdout);
    assert!(run.stdout.contains(",standard_errors,"), "{}", run.stdout);
    // Ends of intervals go with parameters, curvatures do not; what there is one of is a row of its own.
    let line = "sum(i, (y[i] - a - b*x[i])^2)";
    let run = hesse(&["fit", line, "--data", "-", "--from", "a=0,b=1", "--csv"], "x,y\n0,1\n1,3\n2,4\n3,7\n");
    let header = run.stdout.lines().next().unwrap().to_owned();
    let names: Vec<&str> = header.split(',').collect();
    assert!(
        names.contains(&"lower") && names.contains(&"upper") && names.contains(&"standard_errors"),
        "{header}"
    );
    assert!(!names.contains(&"minimizer"), "{header}");
    assert!(!names.contains(&"rates") && !names.contains(&"semi_axes"), "{header}");
    let rows: Vec<Vec<&str>> = run.stdout.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let cell = |row: usize, name: &str| -> f64 {
        rows[row][names.iter().position(|own| *own == name).unwrap()].parse().unwrap()
    };
    for row in 0..2 {
        let middle = 0.5 * (cell(row, "lower") + cell(row, "upper"));
        assert!((middle - cell(row, "estimates")).abs() < 1e-9, "{}", run.stdout);
    }
    let run = hesse(&["stationary", "x^2 + y^2", "--box=-1..1", "--csv"], "");
    assert!(run.stdout.lines().any(|line| line.starts_with("global_minimum,")), "{}", run.stdout);
    let none = hesse(&["generate", "x^2", "--csv"], "");
    assert_eq!(none.stderr, "error: `--csv` is for commands that answer with numbers or formulas\n");
}

#[test]
fn quiet_leaves_answers_and_errors() {
    let told = hesse(&["derive", "sin(x)/x"], "");
    let quiet = hesse(&["derive", "sin(x)/x", "--quiet"], "");
    assert!(told.stderr.starts_with("note: "), "{}", told.stderr);
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (told.stdout, ""));
    assert!(hesse(&["-q", "derive", "x +"], "").stderr.contains("E0103"));
}

#[test]
fn colors_are_for_those_who_want_them() {
    let run = |variable: &str, value: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_hesse"))
            .args(["eval", VALLEY])
            .env_remove("NO_COLOR")
            .env(variable, value)
            .output()
            .unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    // A pipe is no terminal.
    assert!(!run("HESSE_NONE", "1").contains('\x1b'));
    assert!(run("CLICOLOR_FORCE", "1").contains("\x1b[1;31merror"));
    assert!(!run("NO_COLOR", "1").contains('\x1b'));
}

#[test]
fn every_command_has_help_with_examples_and_a_page() {
    let folder = std::env::temp_dir().join(format!("hesse-man-{}", std::process::id()));
    let all = hesse(&["--help"], "").stdout;
    let commands =
        all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 8 && hesse(&["man", "--output", folder.to_str().unwrap()], "").code == 0);
    for name in names.into_iter().filter(|name| *name != "help") {
        let help = hesse(&[name, "--help"], "").stdout;
        assert!(help.contains(&format!("\n  hesse {name}")), "`{name}` has no examples:\n{help}");
        let page = std::fs::read_to_string(folder.join(format!("hesse-{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{page}");
    }
    std::fs::remove_dir_all(folder).unwrap();
    assert!(hesse(&["man"], "").stdout.starts_with(".ie"));
    assert!(hesse(&["man", "fit"], "").stdout.contains(".TH hesse-fit"));
    let none = hesse(&["man", "fitt"], "");
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("there is no page `fitt`; did you mean `fit`?: write"), "{}", none.stderr);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(hesse(&["completions", shell], "").stdout.contains("stationary"), "{shell}");
    }
}

#[test]
fn the_prompt_takes_what_people_try() {
    let run = hesse(&["repl"], "x^2\nhelp fit\n--help\nE\nexit()\n");
    assert!(
        run.stdout.contains("Usage: hesse fit") || run.stderr.contains("Usage: hesse fit"),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("`--help` is an option: write it behind a command"), "{}", run.stderr);
    assert!(run.stdout.ends_with("E = x^2\n"), "{}", run.stdout);
}
