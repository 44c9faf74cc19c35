//! The command line.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};
use hesse_build::{Lanes, Mode, Output};

use crate::failure::Failure;

mod choices;
mod fits;
mod pictures;

pub(crate) use choices::{Delimiter, Format, Language, Method, Written, word};
pub(crate) use fits::{Errors, Estimates, Fit, Intervals, Loss, Noise, Sigma};
pub(crate) use pictures::{Plot, Report, Serve};

const EXAMPLES: &str = "\
Examples:
  hesse derive '(1 - x)^2 + 100*(y - x^2)^2'
  hesse analyze '(1 - x)^2 + 100*(y - x^2)^2' --at x=1,y=1
  hesse minimize '(1 - x)^2 + 100*(y - x^2)^2' --from x=-1.2,y=1
  hesse fit 'sum(i, (y[i] - a*(1 - exp(-b*x[i])))^2)' --data points.csv --from a=500,b=1e-4
  hesse stationary '(x^2 + y - 11)^2 + (x + y^2 - 7)^2' --box x=-5..5,y=-5..5
  hesse plot '(1 - x)^2 + 100*(y - x^2)^2' --from x=-1.2,y=1
  hesse generate loss.hes -o src/loss.rs

Exit codes: 0 success, 1 the computation failed (not converged, not finite), 2 bad input,
130 interrupted: the best point so far is printed, in the form that --from reads.";

const PLOTS: &str = "\
Examples:
  hesse plot '(1 - x)^2 + 100*(y - x^2)^2' --from x=-1.2,y=1         in the terminal, with the way down
  hesse plot himmelblau.hes --box x=-5..5,y=-5..5 -o surface.svg     with all stationary points
  hesse plot loss.hes --data rows.csv --from start.json --axes w[0],b -o slice.png
  hesse plot loss.hes --data rows.csv --from start.json --axes 1,2   over the principal axes of least curvature
  hesse plot 'x^4 - 3*x^2 + x' --at x=1 -o curve.svg                 one parameter: the curve and its model at a point
  hesse plot loss.hes --data rows.csv --at w.json --spectrum
  hesse plot rosenbrock.hes --from x=-1.2,y=1 --convergence --compare newton,adam -o descent.svg
  hesse plot misra1a.hes --data misra1a.csv --from b1=500,b2=1e-4 --fit -o fit.svg";

/// Write an error function once; get its exact gradient, Hessian, geometry and minimum
#[derive(Clone, Debug, Parser)]
#[command(name = "hesse", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    /// Say nothing but answers and errors: no notes, no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Answer with a CSV table, for scripts and spreadsheets
    #[arg(long, global = true)]
    pub(crate) csv: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Print E, its gradient and its Hessian as formulas, or what computing them costs
    #[command(after_help = "\
Examples:
  hesse derive 'sum(i, (y[i] - a*exp(-b*x[i]))^2)' --data points.csv
  hesse derive loss.hes --format latex
  hesse derive 'ln(1 + exp(a*x))' --steps                 which rule gave what
  hesse derive loss.hes --explain --size n=10000,d=20     what the generated functions do, and what it costs")]
    Derive(Derive),
    /// Evaluate E, its gradient and its Hessian at a point
    #[command(after_help = "\
Examples:
  hesse eval 'x^2*y + exp(y)' --at x=1,y=2
  cut -f 2,3 rows.tsv | hesse eval loss.hes --data - --at w=0 --csv
  hesse eval loss.hes --data rows.csv --matrix x=width,height --at weights.json --format json")]
    Eval(At),
    /// Hold gradient and Hessian against differences, dual numbers and intervals
    #[command(after_help = "\
Examples:
  hesse check 'x^2*y + exp(y)' --at x=1,y=2
  hesse check loss.hes --data rows.csv --points 3         at points of all sizes, the same ones each time

Exits with 1 where an entry is in doubt, and says by how much.")]
    Check(Check),
    /// Say what kind of point it is, and along which axes E is stiff or flat
    #[command(after_help = "\
Examples:
  hesse analyze '(x^2 + y - 11)^2 + (x + y^2 - 7)^2' --at x=3,y=2
  hesse analyze loss.hes --data rows.csv --at a=1.5 --format json")]
    Analyze(At),
    /// Walk down to a minimum, and analyze it
    #[command(after_help = "\
Examples:
  hesse minimize '(1 - x)^2 + 100*(y - x^2)^2' --from x=-1.2,y=1
  hesse minimize loss.hes --data rows.csv --from start.json --method gradient-descent")]
    Minimize(From),
    /// Fit parameters to data, with standard errors and the curvature at the optimum
    #[command(after_help = "\
Examples:
  hesse fit misra1a.hes --data misra1a.csv --from b1=500,b2=0.0001
  hesse fit model.hes --data 'part-*.csv' --from w=0,b=0 --memory 512MB     more rows than memory may hold
  hesse fit 'sum(i, (y[i] - a - b*x[i])^2)' --data points.csv --from a=0,b=1 --format json
  hesse fit misra1a.hes --data misra1a.csv --from b1=500,b2=0.0001 --intervals profile
  hesse fit 'sum(i, (y[i] - a - b*x[i])^2)' --data points.csv --from a=0,b=1 --loss huber --width 0.5")]
    Fit(Fit),
    /// Find all stationary points in a box, and the global minimum there, with proof
    #[command(after_help = "\
Examples:
  hesse stationary '(x^2 + y - 11)^2 + (x + y^2 - 7)^2' --box x=-5..5,y=-5..5
  hesse stationary loss.hes --data rows.csv --box w=-3..3,b=0..1 --budget 5min --format json

What could not be decided is listed as boxes, each with a reason: degenerate, border, kink, domain, budget.")]
    Stationary(Stationary),
    /// Draw the surface, a spectrum, a descent or a fit: as SVG, as PNG, or in the terminal
    #[command(after_help = PLOTS, mut_arg("format", |format| format.hide(true)))]
    Plot(Plot),
    /// Write a page about a fit or a minimum: formulas, estimates, pictures, generated code
    #[command(mut_arg("format", |format| format.hide(true)), after_help = "\
Examples:
  hesse report misra1a.hes --data misra1a.csv --from b1=500,b2=1e-4 -o report.html
  hesse report rosenbrock.hes --from x=-1.2,y=1 -o report.html --title 'A curved valley'

The page is one file, for browsers, phones and printers.")]
    Report(Report),
    /// Generate code for E, its gradient, Hessian and Hessian-vector product
    #[command(after_help = "\
Examples:
  hesse generate loss.hes -o src/loss.rs
  hesse generate loss.hes --only gradient,hessian_vector
  hesse generate loss.hes --check src/loss.rs      fails if the file is not what would be generated
  hesse generate models/losses.rs -o src/losses.rs from functions under #[derive_hessian]
  hesse generate loss.hes --crate loss             a whole crate without dependencies
  hesse generate loss.hes --crate loss --force     the same, over files of it that were changed by hand
  hesse generate loss.hes --language c -o loss.c   C99, and loss.h beside it
  hesse generate loss.hes --language python -o loss.py")]
    Generate(Generate),
    /// Explore an error function in the browser: a page on this machine, for this machine alone
    #[command(after_help = "\
Examples:
  hesse serve
  hesse serve '(1 - x)^2 + 100*(y - x^2)^2' --port 8080
  hesse serve loss.hes --data rows.csv")]
    Serve(Serve),
    /// Write an error function line by line, and ask all of the above about it
    #[command(after_help = "\
Examples:
  hesse repl
  hesse repl loss.hes --data rows.csv
  printf '(1-x)^2 + y^2\\nanalyze --at x=1,y=0\\n' | hesse repl

At the prompt `help` says what can be written. The history is kept in $HESSE_HISTORY, or else in
~/.local/state/hesse/history; none if the variable is empty.")]
    Repl(Repl),
    /// Print the completions of a shell
    #[command(after_help = "\
Examples:
  hesse completions bash > ~/.local/share/bash-completion/completions/hesse
  hesse completions zsh > ~/.zfunc/_hesse
  hesse completions fish > ~/.config/fish/completions/hesse.fish")]
    Completions(Completions),
    /// Print the manual page, or write those of all commands to a folder
    #[command(after_help = "\
Examples:
  hesse man | man -l -
  hesse man fit | man -l -
  hesse man --output ~/.local/share/man/man1")]
    Man(Man),
}

impl Command {
    /// Makes the answer a JSON document, which CSV is a table of.
    pub(crate) fn make_json(&mut self) -> Result<(), Failure> {
        match self {
            Command::Derive(args) => args.format = Written::Json,
            Command::Eval(args) | Command::Analyze(args) => args.format = Format::Json,
            Command::Check(args) => args.format = Format::Json,
            Command::Minimize(args) => args.format = Format::Json,
            Command::Fit(args) => args.from.format = Format::Json,
            Command::Stationary(args) => args.format = Format::Json,
            _ => return Err(Failure::input("`--csv` is for commands that answer with numbers or formulas")),
        }
        Ok(())
    }
}

/// The formula and the data it is about.
#[derive(Clone, Debug, Group)]
pub(crate) struct Source {
    /// Formula file (*.hes), `-` for standard input, or the formula text itself
    #[arg(allow_hyphen_values = true)]
    pub(crate) formula: String,

    /// Data: a CSV or TSV file with one header line, a NumPy or Parquet file, `-` for standard input, or a pattern such as
    /// 'part-*.csv'; columns that the formula names become data
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,

    /// Delimiter of the CSV file; told from its header unless given
    #[arg(long, value_enum)]
    pub(crate) delimiter: Option<Delimiter>,

    /// Matrix made of columns of the data, such as x=width,height (repeatable)
    #[arg(long, value_name = "NAME=COLUMN,…")]
    pub(crate) matrix: Vec<String>,

    /// Value for declared data that is not a column, such as lambda=0.1 (repeatable)
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) set: Vec<String>,

    /// Memory for data, such as 512MB; rows beyond it are read at every evaluation anew, with the same results
    #[arg(long, value_name = "SIZE", default_value = "2GB")]
    pub(crate) memory: String,

    /// Rewriting rules to apply: strict, robust or fast
    #[arg(long, value_name = "MODE", default_value = "robust", value_parser = mode)]
    pub(crate) mode: Mode,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Repl {
    /// Formula file (*.hes) or formula text to begin with
    pub(crate) formula: Option<String>,

    /// Data, as for the other commands
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<String>,

    /// Matrix made of columns of the data, such as x=width,height (repeatable)
    #[arg(long, value_name = "NAME=COLUMN,…")]
    pub(crate) matrix: Vec<String>,

    /// Value for declared data that is not a column, such as lambda=0.1 (repeatable)
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) set: Vec<String>,
}

impl Repl {
    /// The options about data, as they are written.
    pub(crate) fn options(&self) -> Vec<String> {
        let data = self.data.iter().map(|value| format!("--data={value}"));
        let matrix = self.matrix.iter().map(|value| format!("--matrix={value}"));
        data.chain(matrix).chain(self.set.iter().map(|value| format!("--set={value}"))).collect()
    }
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Man {
    /// Command whose page to print; `hesse` itself unless given
    #[arg(conflicts_with = "output")]
    pub(crate) page: Option<String>,

    /// Folder to write `hesse.1` and a page for every command to
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Derive {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Print what was chosen for the generated functions and what they cost, in place of formulas
    #[arg(long)]
    pub(crate) explain: bool,

    /// Explain the sparse Hessian in place of the dense one
    #[arg(long, requires = "explain")]
    pub(crate) sparse: bool,

    /// Sizes for which to add up costs, such as n=10000,d=20; those of given data are known
    #[arg(long, value_name = "NAME=COUNT,…", value_delimiter = ',', requires = "explain")]
    pub(crate) size: Vec<String>,

    /// Show which rule gave what: the steps from E to its derivatives, for people who learn them
    #[arg(long, conflicts_with = "explain")]
    pub(crate) steps: bool,

    /// Form of the output
    #[arg(long, value_enum, default_value_t = Written::Text)]
    pub(crate) format: Written,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct At {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Point: `x=1,y=2` or `w=[1,2,3]`, `w=0` for all elements alike, or a JSON file with an object of those (`-`: standard input)
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,

    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Point: `x=1,y=2` or `w=[1,2,3]` or a JSON file with an object of those [default: points of all sizes]
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,

    /// Number of points to check where none is given
    #[arg(long, value_name = "COUNT", default_value_t = 8, conflicts_with = "at", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) points: u32,

    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct From {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Starting point: `x=1,y=2` or `w=[1,2,3]`, `w=0` for all elements alike, or a JSON file with an object of those (`-`: standard input)
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    pub(crate) from: Option<String>,

    /// Method of descent [default: trust-region, for a fit least-squares]
    #[arg(long, value_enum)]
    pub(crate) method: Option<Method>,

    /// Bounds on parameters: `x=0..1,y=0..,z=..5`; an array by its name, all parameters alike by `0..1`
    #[arg(long, value_name = "BOUNDS", allow_hyphen_values = true)]
    pub(crate) bounds: Option<String>,

    /// Number of starts: the given one, others drawn from between the bounds or from around it
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    pub(crate) starts: usize,

    /// Seed of the other starts
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) seed: u64,

    /// Number of steps after which to give up [default: 1000 to 100000, by method]
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_iterations: Option<usize>,

    /// Relative step, or relative gradient for methods of first order, at which to stop [default: 1e-8; adam: 1e-6]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) tolerance: Option<f64>,

    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Stationary {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Box: `x=-5..5,y=0..1`; an array by its name, all parameters alike by `-5..5`
    #[arg(long = "box", value_name = "BOX", allow_hyphen_values = true)]
    pub(crate) region: Option<String>,

    /// Part of the sides of the box below which undecided boxes are not cut any more [default: 1e-9]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) resolution: Option<f64>,

    /// Time after which to list what is left as undecided
    #[arg(long, value_name = "TIME", default_value = "60s")]
    pub(crate) budget: String,

    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Language to generate [default: that of the ending after `-o`, or Rust]
    #[arg(long, value_enum)]
    pub(crate) language: Option<Language>,

    /// Name of the module; that of the formula file unless given
    #[arg(long)]
    pub(crate) name: Option<String>,

    /// Functions to generate: value, gradient, hessian, … (repeatable, or separated by commas)
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', value_parser = output)]
    pub(crate) only: Vec<Output>,

    /// Generate the sparse Hessian in place of the dense one
    #[arg(long)]
    pub(crate) sparse: bool,

    /// Generate functions of some rows alone beside the usual ones, for evaluation on several threads
    #[arg(long)]
    pub(crate) parallel: bool,

    /// Rows of data that loops in Rust take at a time: 1, 2, 4 or 8
    #[arg(long, value_name = "COUNT", default_value = "8", value_parser = lanes)]
    pub(crate) lanes: Lanes,

    /// File to write; standard output unless given
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    pub(crate) output: Option<PathBuf>,

    /// Write a whole crate to this folder: the module, and what it needs of the runtime, without dependencies
    #[arg(long = "crate", value_name = "DIR", conflicts_with_all = ["output", "check"])]
    pub(crate) standalone: Option<PathBuf>,

    /// Write over files of the crate that were changed since they were generated
    #[arg(long, requires = "standalone")]
    pub(crate) force: bool,

    /// Write nothing, but fail if FILE is not what would be generated
    #[arg(long, value_name = "FILE")]
    pub(crate) check: Option<PathBuf>,
}

fn mode(name: &str) -> Result<Mode, String> {
    Mode::named(name).ok_or_else(|| {
        let known = Mode::ALL.map(Mode::name).join(", ");
        format!("there is no mode `{name}`: write one of {known}")
    })
}

fn lanes(count: &str) -> Result<Lanes, String> {
    let lanes = count.parse().ok().and_then(Lanes::of);
    lanes.ok_or_else(|| format!("there are no loops of `{count}` rows: write 1, 2, 4 or 8"))
}

fn output(name: &str) -> Result<Output, String> {
    Output::named(name).ok_or_else(|| {
        let known: Vec<&str> = Output::ALL.iter().map(|output| output.name()).collect();
        format!("there is no function `{name}` to generate: write some of {}", known.join(", "))
    })
}
