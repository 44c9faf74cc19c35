//! Formulas, data and points, and what the evaluator makes of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use hesse_parser::Model;
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::emit::Output;
use hesse_symbolic::evaluate::{Bindings, Outputs, Program};
use hesse_symbolic::graph::{Declaration, Extent, Role};
use hesse_symbolic::schedule::{Kernel, schedule, vectorize};

/// Vectors in a block.
pub(crate) const VECTORS: usize = 2;

/// A formula with the functions that are generated for it.
pub(crate) struct Formula {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) model: Model,
    pub(crate) outputs: BTreeSet<Output>,
}

/// Sizes, data and a point.
pub(crate) struct Record {
    /// Parameters and data in order of declaration.
    pub(crate) inputs: Vec<Input>,
    pub(crate) sizes: Vec<(String, usize)>,
    pub(crate) direction: Vec<f64>,
    pub(crate) directions: Vec<f64>,
    /// Some rows, where the formula has rows.
    pub(crate) rows: [usize; 2],
}

pub(crate) struct Input {
    pub(crate) declaration: Declaration,
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f64>,
}

/// The functions of the table, so that each has its spelling; and what else languages spell in their own way.
const SPECIAL: &str = "\
param α, b₁, double[2]
data x[n], def[n]
E = sum(i, exp2(x[i]*b₁) + expm1(α*x[i]) + log1p(x[i]*α) + log2(x[i] + b₁) + log10(α + x[i]) + cbrt(α)*tan(b₁)
  + asin(α*x[i]/4) + acos(b₁/4) + atan(α) + sinh(α) + cosh(b₁) + asinh(α*b₁) + acosh(2 + α) + atanh(α*b₁/4)
  + sigmoid(def[i] - α) + softplus(b₁ - def[i]) + relu(x[i] - α) + erf(α - b₁)*erfc(x[i]*b₁) + sech(α + x[i])
  + (x[i] + 1)^α + atan2(α, x[i]) + hypot(α, b₁ + x[i]) + min(α, x[i]) + max(b₁, x[i])*abs(α - x[i])
  + sign(x[i] - α)*α + floor(2*x[i])*α + ceil(b₁) + round(3*x[i])*b₁ + trunc(x[i])
  + if(x[i] < α and not (b₁ > 1 or x[i] == b₁), sqrt(α), b₁^2)*double[0]*i) + double[1]^2*double[0]";

/// Functions of probability, and those that derivatives are made of.
const NORMAL: &str = "\
param m, s
data x[n]
E = sum(i, ln(normal_cdf((m - x[i])/s)) + ln_normal_cdf(s - 7*x[i]) - normal_pdf(x[i]*m) + m*gamma(x[i]) + s*ln_gamma(x[i])
  + ln_cosh(m*x[i]) + xlogy(m, x[i]) + logaddexp(m, s*x[i]) + sinc(m*x[i]) + sqrt(1 + (s*x[i])^2) - 1)";

/// Arrays that are looked up, triangles over run-time sizes, products and ragged loops.
const INDEXED: &str = "\
param u[m, 2], v[m], c
data k[n], y[n, d]
E = sum(i, (y[i, 0] - u[k[i], 0]*exp(u[k[i], 1]*v[k[i]]))^2) + sum(i in 1..m, j in 0..i, (v[i] - v[j])^4) +
  c*prod(i in 0..3, v[0] - i*c) + sum(j in 0..d, c^j*max(i, v[i]))";

pub(crate) fn formulas() -> Vec<Formula> {
    let mut found = vec![formula("special", SPECIAL), formula("normal", NORMAL), formula("indexed", INDEXED)];
    for folder in ["examples", "examples/nist", "benches/workloads"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "hes"));
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            found.push(formula(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(found.len() > 20);
    found
}

fn formula(name: &str, text: &str) -> Formula {
    let model = parse(text, &Columns::none()).unwrap_or_else(|d| panic!("{name}: {:?}", d[0]));
    let mut outputs = Output::usual();
    match name {
        // Tens of thousands of statements, which take a compiler long.
        "swell" => outputs.retain(|output| matches!(output, Output::Value | Output::Gradient)),
        "special" | "indexed" | "logistic" | "gauss1" | "poisson" | "chain" | "factorisation" => {
            let all = Output::ALL.into_iter();
            outputs.extend(all.filter(|&output| hesse_build::check(&model, &[output].into()).is_ok()));
        }
        _ => {}
    }
    Formula { name: name.to_owned(), text: text.to_owned(), model, outputs }
}

/// One with many rows, and one with few of everything.
pub(crate) fn records(formula: &Formula) -> Vec<Record> {
    [[37, 5, 6, 4], [3, 2, 2, 2]]
        .into_iter()
        .enumerate()
        .map(|(at, sizes)| record(formula, sizes, at))
        .collect()
}

fn record(formula: &Formula, of_dimensions: [usize; 4], seed: usize) -> Record {
    let graph = &formula.model.graph;
    let mut state = 7 + seed as u64;
    // Positive, and of moderate size: inside of the domain of every formula.
    let mut number = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        0.3 + 0.9 * ((state >> 11) as f64 / (1u64 << 53) as f64)
    };
    // The rows are the dimension of the most arrays; the first declared among equals.
    let names = graph.dimensions();
    let uses = |dimension: usize| {
        let has = |e: &Extent| matches!(e, Extent::Named(d) if graph.dimension_name(*d) == names[dimension]);
        graph.arrays().filter(|(_, d)| d.role != Role::Parameter && d.shape.first().is_some_and(has)).count()
    };
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&dimension| std::cmp::Reverse(uses(dimension)));
    let mut sizes: Vec<(String, usize)> = names.iter().map(|name| (name.clone(), 0)).collect();
    for (rank, dimension) in order.into_iter().enumerate() {
        sizes[dimension].1 = of_dimensions[rank];
    }
    let size = |extent: &Extent| match extent {
        Extent::Fixed(size) => *size,
        Extent::Named(d) => sizes.iter().find(|(name, _)| name == graph.dimension_name(*d)).unwrap().1,
    };
    let inputs: Vec<Input> = graph
        .arrays()
        .map(|(_, declaration)| {
            let shape: Vec<usize> = declaration.shape.iter().map(size).collect();
            let length = shape.iter().product();
            // Twelve rounds of squares leave the range of numbers unless they begin small.
            let shift = if formula.name == "swell" { 0.7 } else { 0.0 };
            // Every axis has two positions at least.
            let values = (0..length).map(|at: usize| {
                if declaration.role == Role::Lookup { (at % 2) as f64 } else { number() - shift }
            });
            Input { values: values.collect(), declaration: declaration.clone(), shape }
        })
        .collect();
    let count: usize =
        inputs.iter().filter(|i| i.declaration.role == Role::Parameter).map(|i| i.values.len()).sum();
    let direction = (0..count).map(|_| number() - 0.7).collect();
    let directions = (0..count * VECTORS).map(|_| number() - 0.7).collect();
    Record { inputs, sizes, direction, directions, rows: [1, of_dimensions[0] - 1] }
}

impl Record {
    pub(crate) fn point(&self) -> Vec<f64> {
        let parameters = self.inputs.iter().filter(|input| input.declaration.role == Role::Parameter);
        parameters.flat_map(|input| input.values.clone()).collect()
    }

    fn bindings(&self) -> Bindings {
        let mut bindings = Bindings::new();
        for (name, size) in &self.sizes {
            bindings.set_dimension(name, *size);
        }
        for input in self.inputs.iter().filter(|input| input.declaration.role != Role::Parameter) {
            bindings.insert(&input.declaration.name, &input.shape, input.values.clone()).unwrap();
        }
        bindings
    }

    /// What the kernel of an output computes: the value where it has one, the first buffer, the second.
    fn run(&self, kernel: &Kernel) -> Vec<f64> {
        let mut bindings = self.bindings();
        let request = kernel.request;
        if request.block {
            bindings.set_dimension(kernel.dimensions.last().unwrap(), VECTORS);
        }
        let program = Program::new(kernel, &bindings).unwrap();
        let count = program.dimension();
        let first = match request {
            _ if request.directional => 4,
            _ if request.block => count * VECTORS,
            _ if request.gradient || request.product || request.diagonal => count,
            _ => 0,
        };
        let second = match request {
            _ if request.hessian || request.gauss_newton => count * (count + 1) / 2,
            _ if request.sparse => program.entries(),
            _ => 0,
        };
        let (mut value, mut gradient, mut hessian) = (0.0, vec![0.0; first], vec![0.0; second]);
        let direction = if request.block { &self.directions } else { &self.direction };
        let mut outputs = Outputs { value: &mut value, gradient: &mut gradient, hessian: &mut hessian };
        let rows = if request.rows { self.rows[0]..self.rows[1] } else { 0..0 };
        program.run_rows(&self.point(), direction, rows, &mut outputs);
        let has_value = request.value || request.gauss_newton;
        has_value.then_some(value).into_iter().chain(gradient).chain(hessian).collect()
    }
}

/// Holds what other languages computed to the evaluator: the plain kernel, and the one with its rows in tiles.
pub(crate) fn compare(formula: &Formula, record: &Record, output: Output, found: &[f64]) {
    let Formula { name, model, .. } = formula;
    let kernel = schedule(&mut model.graph.clone(), model.error, output.request());
    for (kernel, tolerance) in [
        // The same order of operations: functions of different libraries differ in their last digits.
        (kernel.clone(), 1e-13),
        // Sums in another order as well.
        (vectorize(&kernel), 1e-12),
    ] {
        let expected = record.run(&kernel);
        assert_eq!(found.len(), expected.len(), "{name}: {output:?}");
        let scale = expected.iter().fold(1.0f64, |scale, x| scale.max(x.abs()));
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert!(expected.is_finite(), "{name}: {output:?}, number {at} is {expected}");
            assert!(
                (found - expected).abs() <= tolerance * scale,
                "{name}: {output:?}, number {at} is {found} for {expected} (among numbers up to {scale})"
            );
        }
    }
}

/// Rows and columns of the sparse Hessian, from the evaluator.
pub(crate) fn pattern(formula: &Formula, record: &Record) -> Vec<f64> {
    let request = hesse_symbolic::schedule::Request::PATTERN;
    let kernel = schedule(&mut formula.model.graph.clone(), formula.model.error, request);
    let program = Program::new(&kernel, &record.bindings()).unwrap();
    let (mut rows, mut columns) = (vec![0; program.entries()], vec![0; program.entries()]);
    program.pattern(&mut rows, &mut columns);
    rows.into_iter().chain(columns).map(|position| position as f64).collect()
}
