//! Checks and times every workload and prints Markdown; README.md says what.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use hesse_benches::measure::{self, Effort};
use hesse_benches::table::Table;
use hesse_benches::workload::Workload;
use hesse_benches::workloads::{Filter, Size, all};
use hesse_benches::{check, compilation, exchange, growth, plot, threads};

/// What was asked for.
#[derive(Default)]
struct Arguments {
    words: Vec<String>,
    exact: bool,
    quick: bool,
    compile_times: bool,
    turns: bool,
    data: Option<PathBuf>,
    times: Option<PathBuf>,
    plot: Option<PathBuf>,
}

fn main() -> io::Result<()> {
    let arguments = arguments()?;
    if let Some(path) = &arguments.plot {
        let runs: Vec<String> =
            arguments.words.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
        return std::fs::write(path, plot::svg(&runs).map_err(invalid)?);
    }
    let filter = arguments.words.first().map_or("", String::as_str);
    if arguments.compile_times {
        println!("{}", compilation::times(filter)?);
        return Ok(());
    }
    let effort = if arguments.quick {
        Effort { rounds: 3, budget: Duration::from_millis(100), sample: Duration::from_micros(100) }
    } else if arguments.turns {
        Effort { rounds: 1, budget: Duration::ZERO, sample: Duration::from_millis(5) }
    } else {
        Effort { rounds: 61, budget: Duration::from_secs(2), sample: Duration::from_millis(1) }
    };
    let wanted = if arguments.exact { Filter::Is(filter) } else { Filter::Contains(filter) };
    all(Size::Small, wanted, &mut check::workload);
    let mut table = Table::default();
    let mut run = |workload: &Workload<'_>| {
        check::workload(workload);
        if let Some(folder) = &arguments.data {
            exchange::write(workload, &folder.join(&workload.name))?;
        }
        if arguments.turns {
            return measure::turns(workload, effort, io::stdin().lock(), io::stdout().lock());
        }
        if arguments.data.is_none() {
            eprintln!("{} …", workload.name);
            table.add(&workload.name, measure::workload(workload, effort));
        }
        Ok(())
    };
    let mut outcome = Ok(());
    all(Size::Full, wanted, &mut |workload| {
        if outcome.is_ok() {
            outcome = run(workload);
        }
    });
    outcome?;
    if arguments.turns || arguments.data.is_some() {
        return Ok(());
    }
    println!("{}\n\n{}", table.hesse(), table.hand());
    if let Some(path) = &arguments.times {
        std::fs::write(path, table.times())?;
    }
    if wanted == Filter::Contains("") || filter == "growth" {
        println!("\n{}", growth::rows(effort, if arguments.quick { 10_000 } else { usize::MAX }));
        println!("\n{}", growth::weights(effort));
    }
    if wanted == Filter::Contains("") || filter == "parallel" {
        println!("\n{}", threads::logistic(effort, if arguments.quick { 10_000 } else { 1_000_000 }));
    }
    Ok(())
}

fn arguments() -> io::Result<Arguments> {
    let mut found = Arguments::default();
    // Cargo passes `--bench`.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let mut path = || {
            let missing = || invalid(format!("a path was expected after {word}"));
            words.next().map(PathBuf::from).ok_or_else(missing)
        };
        match &word[..] {
            "--compile-times" => found.compile_times = true,
            "--exact" => found.exact = true,
            "--plot" => found.plot = Some(path()?),
            "--quick" => found.quick = true,
            "--times" => found.times = Some(path()?),
            "--turns" => found.turns = true,
            "--write-data" => found.data = Some(path()?),
            word if word.starts_with("--") => {
                let message = format!("unknown option {word}; README.md has them");
                return Err(invalid(message));
            }
            _ => found.words.push(word),
        }
    }
    Ok(found)
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}
