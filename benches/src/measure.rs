//! Time per call: all contestants of a workload in turn within each round, and the median over the rounds.

use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use hesse::ErrorFunction;

use crate::workload::Workload;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// E
    Value,
    /// E and ∇E
    Gradient,
    /// E, ∇E and the Hessian
    Hessian,
    /// the Hessian-vector product
    Product,
}

/// All tasks, in the order of the table.
pub const TASKS: [Task; 4] = [Task::Value, Task::Gradient, Task::Hessian, Task::Product];

/// Where outputs go.
pub struct Buffers {
    gradient: Vec<f64>,
    hessian: Vec<f64>,
}

impl Buffers {
    /// For so many parameters and entries of the Hessian.
    pub fn new(parameters: usize, entries: usize) -> Buffers {
        Buffers { gradient: vec![0.0; parameters], hessian: vec![0.0; entries] }
    }
}

/// An error function that can be timed without a virtual call inside the loop.
pub trait Contestant: ErrorFunction {
    /// The time of `calls` calls.
    fn time(&self, task: Task, calls: usize, w: &[f64], v: &[f64], buffers: &mut Buffers) -> Duration;
}

impl<T: ErrorFunction> Contestant for T {
    fn time(&self, task: Task, calls: usize, w: &[f64], v: &[f64], buffers: &mut Buffers) -> Duration {
        let (gradient, hessian) = (&mut buffers.gradient[..], &mut buffers.hessian[..]);
        let start = Instant::now();
        match task {
            Task::Value => (0..calls).for_each(|_| {
                black_box(self.value(black_box(w)));
            }),
            Task::Gradient => (0..calls).for_each(|_| {
                black_box(self.value_gradient(black_box(w), black_box(gradient)));
            }),
            Task::Hessian => (0..calls).for_each(|_| {
                black_box(self.value_gradient_hessian(black_box(w), black_box(gradient), black_box(hessian)));
            }),
            Task::Product => (0..calls).for_each(|_| {
                self.hessian_vector(black_box(w), black_box(v), black_box(gradient));
                black_box(&gradient);
            }),
        }
        start.elapsed()
    }
}

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds at most.
    pub rounds: usize,
    /// Time for one workload, roughly.
    pub budget: Duration,
    /// The least time of one sample; short calls are repeated.
    pub sample: Duration,
}

/// Medians in seconds per call.
#[derive(Clone, Debug)]
pub struct Times {
    /// Generated code, one per task; `None` where it cannot run.
    pub hesse: [Option<f64>; 4],
    /// Written by hand, one per task.
    pub hand: [f64; 4],
    /// num-dual: value, gradient and Hessian of the full workload.
    pub dual: Option<f64>,
}

/// Times every contestant of a workload.
pub fn workload(workload: &Workload<'_>, effort: Effort) -> Times {
    let mut times = tasks(workload, effort, &TASKS);
    times.dual = workload.dual.map(|(dual, factor)| {
        let few = Effort { rounds: effort.rounds.min(5), ..effort };
        let medians = interleave(1, few, &mut |_, calls| {
            let start = Instant::now();
            (0..calls).for_each(|_| drop(black_box(dual(black_box(&workload.point)))));
            start.elapsed()
        });
        factor * medians[0]
    });
    times
}

/// Times generated and hand-written code on some tasks.
pub fn tasks(workload: &Workload<'_>, effort: Effort, tasks: &[Task]) -> Times {
    let n = workload.point.len();
    let mut ours = Buffers::new(n, workload.hesse_pattern.length(n));
    let mut theirs = Buffers::new(n, workload.hand_pattern.length(n));
    let (w, v) = (&workload.point[..], &workload.direction[..]);
    let races: Vec<(bool, Task)> = tasks.iter().flat_map(|&task| [(true, task), (false, task)]).collect();
    let medians = interleave(races.len(), effort, &mut |race, calls| match races[race] {
        (true, task) => workload.hesse.time(task, calls, w, v, &mut ours),
        (false, task) => workload.hand.time(task, calls, w, v, &mut theirs),
    });
    let of = |hesse, task| races.iter().position(|&race| race == (hesse, task)).map(|race| medians[race]);
    Times {
        hesse: TASKS.map(|task| of(true, task)),
        hand: TASKS.map(|task| of(false, task).unwrap_or(f64::NAN)),
        dual: None,
    }
}

/// Times value, gradient and Hessian once for every line of `input`, and writes the seconds per call of generated and
/// of hand-written code to `output`; others can take turns with it so.
///
/// # Errors
/// Where reading or writing fails.
pub fn turns(
    workload: &Workload<'_>,
    effort: Effort,
    input: impl BufRead,
    mut output: impl Write,
) -> std::io::Result<()> {
    writeln!(output, "ready")?;
    output.flush()?;
    for line in input.lines() {
        line?;
        let Times { hesse, hand, .. } = tasks(workload, effort, &[Task::Hessian]);
        writeln!(output, "{} {}", hesse[2].unwrap_or(f64::NAN), hand[2])?;
        output.flush()?;
    }
    Ok(())
}

/// The median time per call of each race, in seconds; `run` times so many calls of one of them.
pub fn interleave(races: usize, effort: Effort, run: &mut dyn FnMut(usize, usize) -> Duration) -> Vec<f64> {
    let mut calls = vec![1; races];
    for (race, calls) in calls.iter_mut().enumerate() {
        run(race, 1);
        loop {
            let elapsed = run(race, *calls);
            if elapsed >= effort.sample || *calls >= 1 << 24 {
                break;
            }
            let wanted = effort.sample.as_secs_f64() / elapsed.as_secs_f64().max(1e-9);
            *calls = (*calls as f64 * wanted.clamp(2.0, 100.0)) as usize;
        }
    }
    let mut samples = vec![Vec::new(); races];
    let start = Instant::now();
    for round in 0..effort.rounds {
        // An odd number of rounds has a median that was measured.
        if round >= 3 && round % 2 == 1 && start.elapsed() > effort.budget {
            break;
        }
        for (race, (&calls, samples)) in calls.iter().zip(&mut samples).enumerate() {
            samples.push(run(race, calls).as_secs_f64() / calls as f64);
        }
    }
    samples.iter_mut().map(|samples| median(samples)).collect()
}

fn median(samples: &mut [f64]) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}
