//! An error function known at run time.

use std::ops::Range;
use std::sync::OnceLock;

use hesse_runtime::dual::Dual;
use hesse_runtime::interval::Interval;
use hesse_runtime::{ErrorFunction, IntervalErrorFunction, SparseErrorFunction};

use super::rows::{ByRows, Rows, check_partial};
use super::squares::{Squares, squares_of};
use super::{BindError, Bindings, Outputs, Program};
use crate::graph::{Expr, Extent, Graph, Role};
use crate::schedule::{self, Kernel, Request, schedule, vectorize};

/// A formula bound to data, evaluated through its kernels; each is derived when it is first asked for.
///
/// ```
/// use hesse_runtime::ErrorFunction;
/// use hesse_symbolic::evaluate::{Bindings, Surface};
///
/// let text = "param x, y; E = (1 - x)^2 + 100*(y - x^2)^2";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let surface = Surface::new(&model.graph, model.error, &Bindings::new())?;
/// assert_eq!(surface.parameter_names(), ["x", "y"]);
/// let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
/// surface.value_gradient_hessian(&[1.0, 1.0], &mut gradient, &mut hessian);
/// assert_eq!((gradient, hessian), ([0.0; 2], [802.0, -400.0, 200.0]));
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Surface {
    pub(super) formula: Formula,
    value: Program,
    gradient: Derived,
    hessian: Derived,
    product: Derived,
    sparse: Derived,
    pattern: Derived,
    diagonal: Derived,
    directional: Derived,
    enclosed_value: Derived,
    enclosed: Derived,
    block: OnceLock<Kernel>,
    pub(super) squares: Option<Squares>,
    rows: OnceLock<Option<Rows>>,
    shapes: Vec<(String, Vec<usize>)>,
    names: OnceLock<Vec<String>>,
}

/// What kernels are derived from.
#[derive(Clone, Debug)]
pub(super) struct Formula {
    pub(super) graph: Graph,
    pub(super) error: Expr,
    pub(super) bindings: Bindings,
}

impl Formula {
    fn program(&self, request: Request) -> Result<Program, BindError> {
        let kernel = schedule(&mut self.graph.clone(), self.error, request);
        // A pattern has no arithmetic, and enclosures are wide where the arithmetic is rearranged.
        if request.as_written {
            return Program::new(&kernel, &self.bindings).map(Program::enclosing);
        }
        let kernel = if request.pattern { kernel } else { vectorize(&kernel) };
        Program::new(&kernel, &self.bindings)
    }
}

/// A kernel, derived and bound on first use.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    request: Request,
    program: OnceLock<Option<Program>>,
}

impl Derived {
    pub(super) fn new(request: Request) -> Derived {
        Derived { request, program: OnceLock::new() }
    }

    /// `None` where its local arrays are more than this machine can address: the data itself was found to fit.
    pub(super) fn of(&self, formula: &Formula) -> Option<&Program> {
        self.program.get_or_init(|| formula.program(self.request).ok()).as_ref()
    }

    /// Runs it; gives the value, and NaN everywhere if it cannot run.
    pub(super) fn run(
        &self,
        formula: &Formula,
        w: &[f64],
        v: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        self.run_rows(formula, 0..0, [w, v], gradient, hessian)
    }

    /// Runs it at `w` and `v` for some rows, where it is of rows.
    pub(super) fn run_rows(
        &self,
        formula: &Formula,
        rows: Range<usize>,
        [w, v]: [&[f64]; 2],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let mut value = f64::NAN;
        match self.of(formula) {
            Some(program) => {
                program.run_rows(w, v, rows, &mut Outputs { value: &mut value, gradient, hessian });
            }
            None => {
                gradient.fill(f64::NAN);
                hessian.fill(f64::NAN);
            }
        }
        value
    }

    /// Encloses what it computes on the box `w`; nothing is known if it cannot run.
    fn enclose(
        &self,
        formula: &Formula,
        w: &[Interval],
        gradient: &mut [Interval],
        hessian: &mut [Interval],
    ) -> Interval {
        let mut value = Interval::UNKNOWN;
        match self.of(formula) {
            Some(program) => program.enclose(w, &mut Outputs { value: &mut value, gradient, hessian }),
            None => {
                gradient.fill(Interval::UNKNOWN);
                hessian.fill(Interval::UNKNOWN);
            }
        }
        value
    }
}

impl Surface {
    /// Binds `error` to data.
    ///
    /// # Errors
    /// Where the data does not fit the declarations, or some rows are held of an array that is not read row by row.
    pub fn new(graph: &Graph, error: Expr, bindings: &Bindings) -> Result<Surface, BindError> {
        check_partial(graph, error, bindings)?;
        let kernel = vectorize(&schedule(&mut graph.clone(), error, Request::VALUE));
        let value = Program::new(&kernel, bindings)?;
        let sizes = bindings.dimensions(&kernel)?;
        let size = |extent: &Extent| match extent {
            Extent::Fixed(size) => *size,
            Extent::Named(dimension) => sizes[dimension.0 as usize],
        };
        let parameters = graph.arrays().filter(|(_, d)| d.role == Role::Parameter);
        let shapes = parameters.map(|(_, d)| (d.name.clone(), d.shape.iter().map(size).collect())).collect();
        Ok(Surface {
            formula: Formula { graph: graph.clone(), error, bindings: bindings.clone() },
            value,
            gradient: Derived::new(Request::VALUE_GRADIENT),
            hessian: Derived::new(Request::VALUE_GRADIENT_HESSIAN),
            product: Derived::new(Request::HESSIAN_VECTOR),
            sparse: Derived::new(Request::VALUE_GRADIENT_SPARSE),
            pattern: Derived::new(Request::PATTERN),
            diagonal: Derived::new(Request::HESSIAN_DIAGONAL),
            directional: Derived::new(Request::DIRECTIONAL),
            enclosed_value: Derived::new(Request::VALUE_AS_WRITTEN),
            enclosed: Derived::new(Request { as_written: true, ..Request::VALUE_GRADIENT_HESSIAN }),
            block: OnceLock::new(),
            squares: squares_of(graph, error, bindings)?,
            rows: OnceLock::new(),
            shapes,
            names: OnceLock::new(),
        })
    }

    /// The surface as a sum over rows of data, where its formula is one.
    pub fn by_rows(&self) -> Option<ByRows<'_>> {
        let Formula { graph, error, .. } = &self.formula;
        let derive = || schedule::rows(graph, *error).is_ok().then(Rows::new);
        let rows = self.rows.get_or_init(derive).as_ref()?;
        Some(ByRows { surface: self, formula: &self.formula, rows })
    }

    /// Writes the diagonal of the Hessian at `w` to `diagonal`, one entry per parameter.
    pub fn hessian_diagonal(&self, w: &[f64], diagonal: &mut [f64]) {
        self.diagonal.run(&self.formula, w, &[], diagonal, &mut []);
    }

    /// E(w + tv) at t = 0, and its first three derivatives by t.
    pub fn directional(&self, w: &[f64], v: &[f64]) -> [f64; 4] {
        let mut derivatives = [0.0; 4];
        self.directional.run(&self.formula, w, v, &mut derivatives, &mut []);
        derivatives
    }

    /// Writes the products of the Hessian at `w` with several vectors to `products`.
    ///
    /// `directions` and `products` have `vectors` numbers per parameter, side by side. The kernel is bound to the
    /// data anew each time.
    pub fn hessian_vectors(&self, w: &[f64], vectors: usize, directions: &[f64], products: &mut [f64]) {
        let Formula { graph, error, bindings } = &self.formula;
        let request = Request::HESSIAN_VECTORS;
        let derive = || vectorize(&schedule(&mut graph.clone(), *error, request));
        let kernel = self.block.get_or_init(derive);
        let mut bindings = bindings.clone();
        // The number of vectors is the last dimension: it came with the kernel.
        if let Some(name) = kernel.dimensions.last() {
            bindings.set_dimension(name, vectors);
        }
        match Program::new(kernel, &bindings) {
            Ok(program) => {
                let mut outputs = Outputs { value: &mut 0.0, gradient: products, hessian: &mut [] };
                program.run(w, directions, &mut outputs);
            }
            Err(_) => products.fill(f64::NAN),
        }
    }

    /// E at hyper-dual parameters, from its formula as it is written: slopes along two directions and the curvature along
    /// both, by rules that have nothing to do with those that derivatives are made by.
    ///
    /// NaN in slopes means that E has a kink there, or a function without such rules.
    pub fn dual(&self, w: &[Dual]) -> Dual {
        let mut value = Dual::constant(f64::NAN);
        if let Some(program) = self.enclosed_value.of(&self.formula) {
            let mut outputs = Outputs { value: &mut value, gradient: &mut [], hessian: &mut [] };
            program.dual(w, &mut outputs);
        }
        value
    }

    /// What is evaluated, with its data.
    pub(super) fn formula(&self) -> (&Graph, Expr, &Bindings) {
        let Formula { graph, error, bindings } = &self.formula;
        (graph, *error, bindings)
    }

    /// The names of all parameters in order: scalars by name, arrays row by row as `w[0]`, `w[1]`, ….
    pub fn parameter_names(&self) -> &[String] {
        self.names
            .get_or_init(|| self.shapes.iter().flat_map(|(name, shape)| element_names(name, shape)).collect())
    }
}

/// The names of the elements of an array, row by row.
pub(crate) fn element_names(name: &str, shape: &[usize]) -> Vec<String> {
    if shape.is_empty() {
        return vec![name.to_owned()];
    }
    let mut names = vec![String::new()];
    for &size in shape {
        names = names
            .iter()
            .flat_map(|prefix| {
                (0..size)
                    .map(move |at| if prefix.is_empty() { at.to_string() } else { format!("{prefix},{at}") })
            })
            .collect();
    }
    names.into_iter().map(|subscripts| format!("{name}[{subscripts}]")).collect()
}

impl ErrorFunction for Surface {
    fn dimension(&self) -> usize {
        self.value.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        let mut value = 0.0;
        self.value.run(w, &[], &mut Outputs { value: &mut value, gradient: &mut [], hessian: &mut [] });
        value
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.gradient.run(&self.formula, w, &[], gradient, &mut [])
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.hessian.run(&self.formula, w, &[], gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.product.run(&self.formula, w, v, product, &mut []);
    }

    fn is_smooth(&self) -> bool {
        self.formula.graph.is_smooth(self.formula.error)
    }

    fn parameter_name(&self, index: usize, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        match self.parameter_names().get(index) {
            Some(name) => out.write_str(name),
            None => write!(out, "w[{index}]"),
        }
    }
}

impl IntervalErrorFunction for Surface {
    fn enclose_value(&self, w: &[Interval]) -> Interval {
        self.enclosed_value.enclose(&self.formula, w, &mut [], &mut [])
    }

    fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
        self.enclosed.enclose(&self.formula, w, gradient, hessian)
    }
}

impl SparseErrorFunction for Surface {
    fn entries(&self) -> usize {
        self.pattern.of(&self.formula).map_or(0, Program::entries)
    }

    fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
        if let Some(program) = self.pattern.of(&self.formula) {
            program.pattern(rows, columns);
        }
    }

    fn value_gradient_sparse_hessian(&self, w: &[f64], gradient: &mut [f64], values: &mut [f64]) -> f64 {
        self.sparse.run(&self.formula, w, &[], gradient, values)
    }
}
