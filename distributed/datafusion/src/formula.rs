//! A formula over rows that come block by block.

use std::ops::Range;

use datafusion::error::Result;
use hesse_fits::Array;
use hesse_runtime::blocks::Blocks;
use hesse_runtime::{ErrorFunction as _, SumOfSquares as _};
use hesse_symbolic::evaluate::{Bindings, Outputs as Slices, Program, Surface};
use hesse_symbolic::graph::{Affine, Expr, Graph, Node, Role, Symbol};
use hesse_symbolic::schedule::{Kernel, Request, observations, rows, schedule, vectorize};

use crate::refused;

/// What is wanted of an error function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Outputs {
    /// E.
    Value,
    /// E and ∇E.
    Gradient,
    /// E, ∇E and H.
    Hessian,
    /// The residual sum of squares and JᵀJ.
    GaussNewton,
    /// The number of residuals whose weight is not zero.
    Observations,
}

/// A kernel of rows, and how data are bound to it.
#[derive(Debug)]
pub(crate) struct Formula {
    /// What it was made of.
    pub(crate) source: Source,
    /// The names of the parameters, in their order.
    pub(crate) names: Vec<String>,
    /// How the rows are cut; those of a table of unknown length are blocks of rows 1 to the height, so that none is the
    /// first.
    pub(crate) blocks: Blocks,
    /// The residuals of a sum of squares over so many rows.
    pub(crate) residuals: Option<usize>,
    /// Whether the weights of some are data of the rows, so that these tell how many are observations.
    pub(crate) has_weights: bool,
    /// Whether it has no kinks.
    pub(crate) is_smooth: bool,
    kernel: Kernel,
    /// Which of the arrays the formula reads.
    used: Vec<bool>,
    /// The rows that addresses count.
    rows: usize,
}

/// What a formula is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) arrays: Vec<Array>,
    /// The number of rows, where it is known.
    pub(crate) rows: Option<usize>,
    pub(crate) outputs: Outputs,
}

/// What rows add.
pub(crate) struct Sums {
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) hessian: Vec<f64>,
}

impl Formula {
    pub(crate) fn new(source: Source) -> Result<Formula> {
        let model = hesse_fits::model(&source.text, &source.arrays).map_err(refused)?;
        let all = rows(&model.graph, model.error).map_err(refused)?;
        if source.rows.is_none() && counts_rows(&model.graph, model.error, &all.hi) {
            return Err(refused(
                "the formula uses the number or the position of rows, which are not known here: write \
                 `hesse_numbered(formula, point, number of rows, row, …)`",
            ));
        }
        let used: Vec<bool> = source.arrays.iter().map(|array| is_data(&model.graph, &array.name)).collect();
        // Without rows, for the number of parameters: it says how the rows are cut.
        let nothing = bindings(&source.arrays, &used, source.rows.unwrap_or(1), 0..0, Vec::new())?;
        let surface = Surface::new(&model.graph, model.error, &nothing).map_err(refused)?;
        if surface.dimension() == 0 {
            return Err(refused("the formula has no parameters: every name in it is data or defined"));
        }
        let residuals = surface.least_squares().map(|squares| squares.residual_count());
        if source.outputs == Outputs::GaussNewton && residuals.is_none() {
            return Err(refused("the formula is no sum of squares, so it has no Gauss–Newton matrix"));
        }
        // A graph of its own, for the order of its nodes decides the order of additions.
        let (mut graph, mut counting) = (model.graph.clone(), model.graph.clone());
        let observations = observations(&mut counting, model.error);
        let (graph, error) = match (source.outputs, observations) {
            (Outputs::Observations, None) => {
                return Err(refused(
                    "no weight of a square is data of the rows, so all residuals are observations: count the rows",
                ));
            }
            (Outputs::Observations, Some(observations)) => (&mut counting, observations),
            _ => (&mut graph, model.error),
        };
        let request = match source.outputs {
            Outputs::Value | Outputs::Observations => Request::VALUE,
            Outputs::Gradient => Request::VALUE_GRADIENT,
            Outputs::Hessian => Request::VALUE_GRADIENT_HESSIAN,
            Outputs::GaussNewton => Request::GAUSS_NEWTON,
        };
        let blocks = Blocks::new(source.rows.unwrap_or(0), surface.dimension());
        Ok(Formula {
            names: surface.parameter_names().to_vec(),
            kernel: vectorize(&schedule(graph, error, request.of_rows())),
            rows: source.rows.unwrap_or(blocks.height() + 1),
            blocks,
            residuals,
            has_weights: observations.is_some(),
            is_smooth: surface.is_smooth(),
            used,
            source,
        })
    }

    /// The lengths of gradient and Hessian.
    pub(crate) fn lengths(&self) -> [usize; 2] {
        let p = self.names.len();
        let packed = p * (p + 1) / 2;
        match self.source.outputs {
            Outputs::Value | Outputs::Observations => [0, 0],
            Outputs::Gradient => [p, 0],
            Outputs::Hessian => [p, packed],
            Outputs::GaussNewton => [0, packed],
        }
    }

    /// The numbers that a row has in each array.
    pub(crate) fn widths(&self) -> impl Iterator<Item = usize> + '_ {
        self.source.arrays.iter().map(|array| array.width.unwrap_or(1))
    }

    /// What some rows add, from their numbers in each array.
    pub(crate) fn sums(&self, w: &[f64], rows: Range<usize>, numbers: Vec<Vec<f64>>) -> Result<Sums> {
        let bindings = bindings(&self.source.arrays, &self.used, self.rows, rows.clone(), numbers)?;
        let program = Program::new(&self.kernel, &bindings).map_err(refused)?;
        let [mut gradient, mut hessian] = self.lengths().map(|length| vec![0.0; length]);
        let mut value = 0.0;
        let mut slices = Slices { value: &mut value, gradient: &mut gradient, hessian: &mut hessian };
        program.run_rows(w, &[], rows, &mut slices);
        Ok(Sums { value, gradient, hessian })
    }
}

/// The arrays that a formula reads, of those there are.
///
/// # Errors
/// What is wrong with the formula.
pub(crate) fn used(text: &str, arrays: &[Array]) -> std::result::Result<Vec<Array>, String> {
    let model = hesse_fits::model(text, arrays)?;
    Ok(arrays.iter().filter(|array| is_data(&model.graph, &array.name)).cloned().collect())
}

fn is_data(graph: &Graph, name: &str) -> bool {
    graph.arrays().any(|(_, own)| own.name == name && matches!(own.role, Role::Data | Role::Lookup))
}

/// The arrays that a formula reads, with some of their rows.
fn bindings(
    arrays: &[Array],
    used: &[bool],
    all: usize,
    rows: Range<usize>,
    mut numbers: Vec<Vec<f64>>,
) -> Result<Bindings> {
    numbers.resize(arrays.len(), Vec::new());
    let mut bindings = Bindings::new();
    for ((array, numbers), _) in arrays.iter().zip(numbers).zip(used).filter(|(_, used)| **used) {
        let mut shape = vec![all];
        shape.extend(array.width);
        bindings.insert_rows(&array.name, &shape, rows.clone(), numbers).map_err(refused)?;
    }
    Ok(bindings)
}

/// Whether E depends on the number of rows, or a row's part of it on its position.
fn counts_rows(graph: &Graph, error: Expr, end: &Affine) -> bool {
    let counts = |symbol: &Symbol| match symbol {
        Symbol::Index(index) => graph.range(*index).hi == *end,
        Symbol::Dimension(_) => end.terms.iter().any(|(own, _)| own == symbol),
    };
    let is_count = |expr: &Expr| match graph.node(*expr) {
        Node::IndexValue(symbol) => counts(symbol),
        _ => false,
    };
    graph.reachable(&[error], |_, _| true).iter().any(is_count)
}
