//! What must hold for every text: targets for fuzzers, and for tests that replay what fuzzers found.
//!
//! Each target takes bytes and panics where something is wrong; texts that are refused are fine. There is no second
//! implementation to agree with: derivatives are held to hyper-dual numbers elsewhere, on formulas whose meaning
//! is known. Here forms of one formula that must agree are held to each other.

use hesse_build::{Source, generate, generate_c, generate_python};
use hesse_parser::Model;
use hesse_parser::diagnostic::render;
use hesse_parser::formula::{Columns, parse_in};
use hesse_runtime::interval::Interval;
use hesse_runtime::{ErrorFunction, IntervalErrorFunction, packed};
use hesse_symbolic::differentiate::{gradient, hessian};
use hesse_symbolic::emit::Output;
use hesse_symbolic::evaluate::{Bindings, Outputs, Program, Surface};
use hesse_symbolic::graph::{Extent, Role};
use hesse_symbolic::rules::Mode;
use hesse_symbolic::schedule::{Kernel, Request, schedule, vectorize};

use crate::emitted;

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 5] = [
    ("parse", parse),
    ("derive", derive),
    ("simplify_agrees", simplify_agrees),
    ("kernels_agree", kernels_agree),
    ("emit_agrees", emit_agrees),
];

/// Longer texts only take longer.
const LONGEST: usize = 2048;
/// The positions of every named axis.
const SIZE: usize = 3;
/// More parameters than this say nothing new.
const MAX_PARAMETERS: usize = 24;
/// Sizes from here on are written in four digits or more.
const MAX_DIGITS: usize = 3;

/// Every text is read, or refused with complaints at places in it.
pub fn parse(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(diagnostics) = parse_in(&text, &Columns::none(), Mode::Robust) {
        assert!(!diagnostics.is_empty(), "refused without a reason");
        for diagnostic in diagnostics {
            assert!(text.get(diagnostic.primary.span.clone()).is_some(), "{diagnostic:?} is nowhere");
            assert!(!diagnostic.message.is_empty());
            render(&text, "input.hes", &diagnostic, false);
        }
    }
}

/// What is read can be derived, in every mode and for every request, the same way each time.
pub fn derive(bytes: &[u8]) {
    for mode in Mode::ALL {
        let Some(model) = model(bytes, mode) else { return };
        let derived = || {
            let mut g = model.graph.clone();
            (gradient(&mut g, model.error), hessian(&mut g, model.error))
        };
        assert_eq!(derived(), derived());
        for request in [
            Request::VALUE_GRADIENT_HESSIAN,
            Request::VALUE_GRADIENT_SPARSE,
            Request::PATTERN,
            Request::HESSIAN_VECTOR,
            Request::HESSIAN_DIAGONAL,
            Request::DIRECTIONAL,
            Request::GAUSS_NEWTON,
        ] {
            vectorize(&schedule(&mut model.graph.clone(), model.error, request));
        }
        hesse_symbolic::explain::explain(&model.graph, model.error, Output::usual());
    }
}

/// Rules keep what they rewrite: enclosures of value, gradient and Hessian in all modes have numbers in common.
pub fn simplify_agrees(bytes: &[u8]) {
    let enclosed: Vec<_> = Mode::ALL
        .into_iter()
        .filter_map(|mode| {
            let surface = bound(&model(bytes, mode)?)?;
            let w: Vec<Interval> = point(surface.dimension()).into_iter().map(Interval::point).collect();
            let mut gradient = vec![Interval::UNKNOWN; w.len()];
            let mut triangle = vec![Interval::UNKNOWN; packed::length(w.len())];
            let value = surface.enclose(&w, &mut gradient, &mut triangle);
            gradient.push(value);
            gradient.extend(triangle);
            Some((surface.parameter_names().to_vec(), gradient))
        })
        .collect();
    for (names, others) in enclosed.iter().skip(1) {
        // A rule may find that a parameter does not matter.
        if *names == enclosed[0].0 {
            for (at, (a, b)) in enclosed[0].1.iter().zip(others).enumerate() {
                let apart = !a.is_empty() && !b.is_empty() && a.intersection(*b).is_empty();
                assert!(!apart, "entry {at} is in {a:?} and in {b:?}");
            }
        }
    }
}

/// Kernels before and after their rows are cut into tiles mean the same.
pub fn kernels_agree(bytes: &[u8]) {
    let Some(model) = model(bytes, Mode::Robust) else { return };
    let Some(bindings) = bindings(&model) else { return };
    let kernel = schedule(&mut model.graph.clone(), model.error, Request::VALUE_GRADIENT_HESSIAN);
    let (Some(plain), Some(tiled)) = (run(&kernel, &bindings), run(&vectorize(&kernel), &bindings)) else {
        return;
    };
    agree(&plain, &tiled);
}

/// Code is the same text each time, it is Rust, and where it has no loops it computes what the evaluator does.
pub fn emit_agrees(bytes: &[u8]) {
    let Some(model) = model(bytes, Mode::Robust) else { return };
    let text = String::from_utf8_lossy(bytes);
    for outputs in [Output::usual(), Output::selection(None, true, true)] {
        let source = Source { name: "emitted", origin: "formula", text: &text, outputs: &outputs };
        let code = generate(&model, source);
        assert_eq!(code, generate(&model, source));
        assert!(syn::parse_file(&code).is_ok(), "no Rust: {code}");
    }
    let source = Source { name: "emitted", origin: "formula", text: &text, outputs: &Output::usual() };
    let c = |_| generate_c(&model, source, "emitted.h").map(|c| (c.header, c.source));
    let python = |_| generate_python(&model, source);
    assert_eq!(c(1), c(2));
    assert_eq!(python(1), python(2));
    let Some(bindings) = bindings(&model) else { return };
    let kernel = schedule(&mut model.graph.clone(), model.error, Request::VALUE_GRADIENT_HESSIAN);
    let (Some(inputs), Some(evaluated)) = (inputs(&model), run(&kernel, &bindings)) else { return };
    let n = inputs.iter().map(Vec::len).sum();
    let code = generate(&model, source);
    if let Some(emitted) = emitted::run(&code, "value_gradient_hessian_into", &inputs, n) {
        agree(&evaluated, &emitted);
    }
}

/// E, ∇E and the triangle of a kernel, at some point.
fn run(kernel: &Kernel, bindings: &Bindings) -> Option<Vec<f64>> {
    let program = Program::new(kernel, bindings).ok()?;
    let w = point(program.dimension());
    let (mut value, mut gradient) = (0.0, vec![0.0; w.len()]);
    let mut hessian = vec![0.0; packed::length(w.len())];
    program.run(&w, &[], &mut Outputs { value: &mut value, gradient: &mut gradient, hessian: &mut hessian });
    let mut all = vec![value];
    all.extend(gradient);
    all.extend(hessian);
    Some(all)
}

#[track_caller]
fn agree(one: &[f64], other: &[f64]) {
    assert_eq!(one.len(), other.len());
    let scale = one.iter().filter(|x| x.is_finite()).fold(1.0f64, |scale, x| scale.max(x.abs()));
    for (at, (a, b)) in one.iter().zip(other).enumerate() {
        // Sums are in another order: where they cancel, what is left is measured by the largest entry, and where one
        // order overflows, the other need not.
        let agree = (a - b).abs() <= 1e-9 * scale || !(a.is_finite() && b.is_finite());
        assert!(agree, "entry {at} is {a} and {b}");
    }
}

/// The numbers in the parameters of a model that has no data, array by array.
fn inputs(model: &Model) -> Option<Vec<Vec<f64>>> {
    let mut counts = Vec::new();
    for (_, array) in model.graph.arrays() {
        let size = |extent: &Extent| if let Extent::Fixed(size) = extent { Some(*size) } else { None };
        let shape: Vec<usize> = array.shape.iter().map(size).collect::<Option<_>>()?;
        if array.role != Role::Parameter || shape.len() > 1 {
            return None;
        }
        counts.push(shape.iter().product::<usize>());
    }
    let mut numbers = point(counts.iter().sum()).into_iter();
    Some(counts.into_iter().map(|count| numbers.by_ref().take(count).collect()).collect())
}

/// The model of a text that is short enough.
fn model(bytes: &[u8], mode: Mode) -> Option<Model> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST)?;
    // Long loops take long.
    let mut digits = text.split(|c: char| !c.is_ascii_digit());
    if digits.any(|run| run.len() > MAX_DIGITS) {
        return None;
    }
    parse_in(text, &Columns::none(), mode).ok()
}

fn bound(model: &Model) -> Option<Surface> {
    let bindings = bindings(model)?;
    Surface::new(&model.graph, model.error, &bindings).ok().filter(|s| s.dimension() <= MAX_PARAMETERS)
}

/// Some data for a model, unless it is large.
fn bindings(model: &Model) -> Option<Bindings> {
    let mut bindings = Bindings::new();
    for name in model.graph.dimensions() {
        bindings.set_dimension(name, SIZE);
    }
    let mut parameters = 0usize;
    for (_, array) in model.graph.arrays() {
        let size = |extent: &Extent| if let Extent::Fixed(size) = extent { *size } else { SIZE };
        let shape: Vec<usize> = array.shape.iter().map(size).collect();
        let count = shape.iter().try_fold(1usize, |count, &size| count.checked_mul(size))?;
        if array.role == Role::Parameter {
            parameters = parameters.saturating_add(count);
            continue;
        }
        if count > 1_000 {
            return None;
        }
        let value = |at: usize| match array.role {
            Role::Lookup => (at % 2) as f64,
            _ => 0.25 + at as f64 * 0.5,
        };
        bindings.insert(&array.name, &shape, (0..count).map(value).collect()).ok()?;
    }
    (parameters <= MAX_PARAMETERS).then_some(bindings)
}

/// A point with numbers of both signs.
fn point(dimension: usize) -> Vec<f64> {
    (0..dimension).map(|at| if at % 2 == 0 { 0.75 } else { -0.5 } + at as f64 * 0.125).collect()
}
