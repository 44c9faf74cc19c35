//! What was chosen for an error function and what it costs, read off its kernels.
//!
//! Nothing here is said of the formula: every count, loop and method is that of statements which the back ends
//! run.

mod names;
mod nest;
mod pieces;
mod polynomial;
mod storage;

pub use pieces::{Method, Piece};
pub use polynomial::Polynomial;
pub use storage::{Contents, Home, LocalArray, Panels};

use crate::differentiate::{NonlinearEdges, nonlinear_edges};
use crate::emit::Output;
use crate::graph::{Expr, Extent, Graph, Number, Role};
use crate::schedule::{Family, Kernel, Work, rows as separable, schedule, squares, vectorize, work};
use names::Names;
use nest::{nest, positions};

/// What was chosen for an error function, function by function.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::explain::explain;
///
/// let text = "param w[3]; data x[n, 3]; E = sum(i, (sum(j, w[j]*x[i, j]))^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let explanation = explain(&model.graph, model.error, [Output::Value, Output::Hessian]);
/// assert_eq!(explanation.parameters.as_constant(), Some(3.0));
/// assert_eq!(explanation.rows, ["n"]);
/// assert_eq!(explanation.accounts.len(), 2);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The number of parameters.
    pub parameters: Polynomial,
    /// The names of the sizes known at run time only.
    pub sizes: Vec<String>,
    /// Those of them that count rows: the first axes of data arrays, or all where there is no such array.
    pub rows: Vec<String>,
    /// The nonlinear edges met on the way to the Hessian.
    pub nonlinear_edges: NonlinearEdges,
    /// One account for each function.
    pub accounts: Vec<Account>,
}

/// What one generated function does.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::explain::explain;
///
/// let text = "param a; data x[n], y[n]; E = sum(i, (y[i] - a*x[i])^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let account = explain(&model.graph, model.error, [Output::Value]).accounts.remove(0);
/// assert_eq!(account.cost.degree("n"), 1);
/// assert_eq!(account.workspace.as_constant(), Some(0.0));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Account {
    /// The function.
    pub output: Output,
    /// Its loops in the order in which they stand, what is done once first.
    pub lines: Vec<Line>,
    /// Whether it is compiled for every kind of processor and chooses among them when it is called.
    pub dispatched: bool,
    /// Its cost in additions, as [`Work::cost`] counts.
    pub cost: Polynomial,
    /// The Hessian it makes, where it makes one.
    pub hessian: Option<Hessian>,
    /// Its local arrays.
    pub arrays: Vec<LocalArray>,
    /// The panels of its loops in tiles.
    pub panels: Vec<Panels>,
    /// The length of the workspace the caller brings; 0 where it needs none.
    pub workspace: Polynomial,
}

/// One loop of a function, or what it does outside loops.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::explain::explain;
///
/// let text = "param a; data x[n], y[n]; E = sum(i, (y[i] - a*x[i])^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let account = explain(&model.graph, model.error, [Output::Value]).accounts.remove(0);
/// assert!(account.lines.iter().any(|line| line.range == "0..n" && line.positions.degree("n") == 1));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The counter; `None` outside loops.
    pub counter: Option<String>,
    /// Its positions, as `0..n`; empty outside loops.
    pub range: String,
    /// How often its statements run in all.
    pub positions: Polynomial,
    /// What its statements do at each position.
    pub work: Work,
}

/// How a Hessian is made.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::explain::explain;
///
/// let model = hesse_parser::formula::parse("param w[n]; E = sum(i, w[i]^4)", &Default::default()).unwrap();
/// let mut made = |output| explain(&model.graph, model.error, [output]).accounts.remove(0).hessian.unwrap();
/// // The whole triangle, or the diagonal alone.
/// assert_eq!(made(Output::Hessian).entries.degree("n"), 2);
/// assert_eq!(made(Output::SparseHessian).entries.degree("n"), 1);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Hessian {
    /// The number of entries kept.
    pub entries: Polynomial,
    /// The number of blocks with a place for every entry that can differ from zero; `None` where the whole lower
    /// triangle is kept.
    pub families: Option<usize>,
    /// Its pieces, in the order in which they are made.
    pub pieces: Vec<Piece>,
}

impl Account {
    /// The sum of a count over all positions of all loops.
    pub fn total(&self, count: impl Fn(&Work) -> u64) -> Polynomial {
        self.lines.iter().fold(Polynomial::default(), |total, line| {
            total.plus(&line.positions.scaled(Number::float(count(&line.work) as f64)))
        })
    }
}

/// Explains the functions asked for; one that does not exist for this error function is left out.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::explain::explain;
/// use hesse_symbolic::graph::{Graph, Number, Role};
///
/// let mut g = Graph::new();
/// let x = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(x, &[]);
/// let error = g.power(x, Number::integer(3));
/// let explanation = explain(&g, error, [Output::Value]);
/// // x·x·x, added to the value
/// assert_eq!(explanation.accounts[0].cost.as_constant(), Some(3.0));
/// ```
///
/// Cost: that of deriving every function, once more.
pub fn explain(graph: &Graph, error: Expr, outputs: impl IntoIterator<Item = Output>) -> Explanation {
    let is_there = |output: &Output| match output {
        Output::GaussNewton => squares(graph, error).is_some(),
        output => !output.is_of_rows() || separable(graph, error).is_ok(),
    };
    let first_axes = graph.arrays().filter(|(_, d)| matches!(d.role, Role::Data | Role::Lookup));
    let mut rows: Vec<String> = Vec::new();
    for (_, declaration) in first_axes {
        if let Some(Extent::Named(dimension)) = declaration.shape.first() {
            let name = graph.dimension_name(*dimension).to_owned();
            if !rows.contains(&name) {
                rows.push(name);
            }
        }
    }
    if rows.is_empty() {
        rows = graph.dimensions().to_vec();
    }
    Explanation {
        parameters: parameters(graph),
        sizes: graph.dimensions().to_vec(),
        rows,
        nonlinear_edges: nonlinear_edges(&mut graph.clone(), error),
        accounts: outputs
            .into_iter()
            .filter(is_there)
            .map(|output| account(output, &schedule(&mut graph.clone(), error, output.request()), graph))
            .collect(),
    }
}

fn parameters(graph: &Graph) -> Polynomial {
    let sizes = graph.arrays().filter(|(_, d)| d.role == Role::Parameter).map(|(_, declaration)| {
        declaration.shape.iter().fold(Polynomial::constant(1), |size, extent| {
            size.times(&match extent {
                Extent::Fixed(length) => Polynomial::constant(i64::try_from(*length).unwrap_or(i64::MAX)),
                Extent::Named(dimension) => Polynomial::symbol(graph.dimension_name(*dimension)),
            })
        })
    });
    sizes.fold(Polynomial::default(), |sum, size| sum.plus(&size))
}

fn account(output: Output, scheduled: &Kernel, graph: &Graph) -> Account {
    let names = Names::new(scheduled);
    let kernel = vectorize(scheduled);
    let request = scheduled.request;
    let hessian = (request.hessian || request.gauss_newton || request.sparse).then(|| Hessian {
        entries: if request.sparse { entries(scheduled, &names) } else { parameters(graph).packed() },
        families: request.sparse.then_some(scheduled.families.len()),
        pieces: pieces::pieces(scheduled, &names),
    });
    let mut account = Account {
        output,
        dispatched: kernel.dispatched,
        lines: work(&kernel).into_iter().map(|work| line(work, &names)).collect(),
        cost: Polynomial::default(),
        hessian,
        arrays: storage::arrays(scheduled, &kernel, &names),
        panels: storage::panels(&kernel, &names),
        workspace: storage::workspace(&kernel, &names),
    };
    account.cost = account.total(Work::cost);
    account
}

fn line(work: Work, names: &Names<'_>) -> Line {
    let nest = nest(&work.levels);
    let indices: Vec<_> = nest.iter().map(|(index, _)| *index).collect();
    let inner = work.levels.split_last();
    Line {
        counter: inner.map(|(_, outer)| names.counter(outer.len())),
        range: inner
            .map_or_else(String::new, |(own, outer)| names.range(&own.range, &indices[..outer.len()])),
        positions: positions(&nest, names),
        work,
    }
}

/// The number of values of a sparse Hessian.
fn entries(kernel: &Kernel, names: &Names<'_>) -> Polynomial {
    let size = |family: &Family| {
        let lines = storage::volume(&family.lines, names);
        match &family.triangle {
            None => lines,
            Some(triangle) => {
                let length = storage::volume(&triangle.lengths, names);
                let strict = if triangle.is_strict { length.clone() } else { Polynomial::default() };
                lines.times(&length.packed().minus(&strict))
            }
        }
    };
    kernel.families.iter().map(size).fold(Polynomial::default(), |sum, size| sum.plus(&size))
}
