//! What kernels cost: arithmetic per run, as a bound for each workload.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

mod count;
mod workloads;

use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::schedule::{Request, schedule};

#[test]
fn print_all() {
    let all = [
        ("rosenbrock", workloads::ROSENBROCK.to_owned()),
        ("logistic", workloads::LOGISTIC.to_owned()),
        ("gauss3", workloads::GAUSS3.to_owned()),
        ("mlp", workloads::MLP.to_owned()),
        ("mixture", workloads::MIXTURE.to_owned()),
        ("cluster", workloads::CLUSTER.to_owned()),
        ("chain", workloads::CHAIN.to_owned()),
        ("factorization", workloads::FACTORIZATION.to_owned()),
        ("product10", workloads::product(10)),
        ("product30", workloads::product(30)),
        ("arm", workloads::arm()),
        ("swell3", workloads::swell(3)),
        ("swell", workloads::swell(12)),
    ];
    for (name, text) in all {
        if std::env::var("ONLY").is_ok_and(|o| !name.starts_with(&o)) {
            continue;
        }
        let model = parse(&text, &Columns::none()).unwrap_or_else(|d| panic!("{text}: {:?}", d[0]));
        let mut line = format!("{name:14}");
        for request in [Request::VALUE, Request::VALUE_GRADIENT, Request::VALUE_GRADIENT_HESSIAN] {
            let start = std::time::Instant::now();
            let kernel = schedule(&mut model.graph.clone(), model.error, request);
            let time = start.elapsed().as_secs_f64() * 1e3;
            let (one, eleven) = (count::cost(&kernel, 1), count::cost(&kernel, 11));
            let per = |a: u64, b: u64| (b - a) as f64 / 10.0;
            line += &format!(
                " | {} {}c {}s, row {} {}c {}s {time:.1}ms",
                one.operations,
                one.calls,
                one.scatters,
                per(one.operations, eleven.operations),
                per(one.calls, eleven.calls),
                per(one.scatters, eleven.scatters)
            );
            if request.hessian {
                line += &format!(" {}", count::loops(&kernel.body));
            }
        }
        println!("{line}");
    }
}
