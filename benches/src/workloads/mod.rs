//! One module per workload: data, the version written by hand, the error function over generic numbers.

pub mod arm7;
pub mod bundle;
pub mod chain;
pub mod cluster13;
pub mod factorisation;
pub mod gauss3;
pub mod gmm;
pub mod logreg;
pub mod network;
pub mod poisson;
pub mod rosenbrock2;
pub mod swell;

use crate::workload::Workload;

/// Full size for timing, or small for checking against the oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// As in the table.
    Full,
    /// For checks.
    Small,
}

/// Which workloads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filter<'a> {
    /// Those whose names contain this.
    Contains(&'a str),
    /// The one of this name.
    Is(&'a str),
}

impl Filter<'_> {
    /// Whether it lets a workload of this name pass.
    pub fn passes(self, name: &str) -> bool {
        match self {
            Filter::Contains(part) => name.contains(part),
            Filter::Is(whole) => name == whole,
        }
    }
}

/// What is called with each workload, whose data lives no longer than the call.
pub type Visit<'a> = &'a mut dyn FnMut(&Workload<'_>);

/// Calls `visit` with every workload of the given size that passes.
pub fn all(size: Size, filter: Filter<'_>, visit: Visit<'_>) {
    let small = size == Size::Small;
    let mut run = |name: &str, workload: &dyn Fn(Visit<'_>)| {
        if filter.passes(name) {
            workload(visit);
        }
    };
    run("rosenbrock2", &rosenbrock2::with);
    run("logreg", &|visit| logreg::with(if small { 150 } else { 10_000 }, visit));
    if !small {
        run("logreg, million", &|visit| logreg::with(1_000_000, visit));
    }
    run("gauss3", &|visit| gauss3::with(if small { 90 } else { 250 }, visit));
    run("mlp", &|visit| network::iris(if small { 20 } else { 150 }, visit));
    run("mlp_big", &|visit| network::big(if small { 6 } else { 150 }, visit));
    run("gmm", &|visit| gmm::with(if small { 90 } else { 1_000 }, visit));
    run("arm7", &arm7::with);
    run("cluster13", &cluster13::with);
    run("swell", &swell::with);
    run("poisson", &|visit| poisson::with(if small { 150 } else { 10_000 }, visit));
    run("chain", &|visit| chain::with(if small { 21 } else { 10_000 }, visit));
    if !small {
        run("chain, million", &|visit| chain::with(1_000_000, visit));
    }
    run("bundle", &|visit| {
        if small { bundle::with(3, 8, 2, visit) } else { bundle::with(10, 500, 6, visit) }
    });
    run("factorisation", &|visit| {
        if small { factorisation::with(7, 9, 30, visit) } else { factorisation::with(200, 300, 6_000, visit) }
    });
}
