//! Checks and times every workload and prints Markdown; README.md says what.

use std::time::Duration;

use hesse_benches::measure::{self, Effort};
use hesse_benches::table::Table;
use hesse_benches::workloads::{Size, all};
use hesse_benches::{check, compilation, growth, threads};

fn main() -> Result<(), std::io::Error> {
    // Cargo passes `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let has = |flag: &str| arguments.iter().any(|a| a == flag);
    let filter = arguments.iter().find(|a| !a.starts_with("--")).map_or("", String::as_str);
    if has("--compile-times") {
        println!("{}", compilation::times(filter)?);
        return Ok(());
    }
    let quick = has("--quick");
    let effort = if quick {
        Effort { rounds: 3, budget: Duration::from_millis(100), sample: Duration::from_micros(100) }
    } else {
        Effort { rounds: 61, budget: Duration::from_secs(2), sample: Duration::from_millis(1) }
    };
    all(Size::Small, filter, &mut check::workload);
    let mut table = Table::default();
    all(Size::Full, filter, &mut |workload| {
        check::workload(workload);
        eprintln!("{} …", workload.name);
        table.add(&workload.name, measure::workload(workload, effort));
    });
    println!("{}\n\n{}", table.hesse(), table.hand());
    if filter.is_empty() || filter == "growth" {
        println!("\n{}", growth::rows(effort, if quick { 10_000 } else { usize::MAX }));
        println!("\n{}", growth::weights(effort));
    }
    if filter.is_empty() || filter == "parallel" {
        println!("\n{}", threads::logistic(effort, if quick { 10_000 } else { 1_000_000 }));
    }
    Ok(())
}
