//! Runs every workload and prints a table: see README.md.

use std::time::Duration;

use hesse_benches::check;
use hesse_benches::measure::{self, Effort};
use hesse_benches::workloads::{Size, all};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let quick = arguments.iter().any(|a| a == "--quick");
    let filter = arguments.iter().find(|a| !a.starts_with("--")).cloned().unwrap_or_default();
    let effort = if quick {
        Effort { rounds: 3, budget: Duration::from_millis(100), sample: Duration::from_micros(100) }
    } else {
        Effort { rounds: 61, budget: Duration::from_secs(2), sample: Duration::from_millis(1) }
    };
    all(Size::Small, &filter, &mut check::workload);
    all(Size::Full, &filter, &mut |workload| {
        check::workload(workload);
        let t = measure::workload(workload, effort);
        println!("{} {t:?}", workload.name);
    });
}
