//! What to write, with its kernels and names.

use std::collections::BTreeSet;

use super::names::{Names, spelled};
use crate::emit::{Kernels, Output};
use crate::graph::{Array, Declaration, Expr, Extent, Graph, Role};
use crate::schedule::{Kernel, Request};

/// An error function to be written in another language.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::languages::Unit;
///
/// let model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let outputs = &Output::usual();
/// let unit = Unit { name: "square", graph: &model.graph, error: model.error, outputs };
/// assert!(unit.python().unwrap().contains("def value_gradient_hessian(x)"));
/// ```
#[derive(Clone, Debug)]
pub struct Unit<'a> {
    /// What its functions, or its module, are called after.
    pub name: &'a str,
    /// The graph with its declarations.
    pub graph: &'a Graph,
    /// The error function.
    pub error: Expr,
    /// The functions it has; those that E has not are left out.
    pub outputs: &'a BTreeSet<Output>,
}

/// A unit with all that its functions share.
pub(super) struct Prepared {
    pub(super) name: String,
    pub(super) declarations: Vec<Declaration>,
    /// One identifier per declaration.
    pub(super) arrays: Vec<String>,
    /// One per named extent.
    pub(super) dimensions: Vec<String>,
    /// Names not taken by any of these.
    pub(super) names: Names,
    pub(super) kernels: Kernels,
}

/// Names of buffers and of what functions have of their own.
const RESERVED: &[&str] = &[
    "value",
    "gradient",
    "hessian",
    "direction",
    "directions",
    "product",
    "products",
    "vectors",
    "diagonal",
    "derivatives",
    "matrix",
    "values",
    "rows",
    "columns",
    "from_row",
    "to_row",
    "workspace",
    "row",
    "column",
    "entry",
    "at",
];

impl Prepared {
    /// The kernels as `arrange` leaves them, and identifiers that are none of `reserved`.
    pub(super) fn new(unit: &Unit<'_>, arrange: fn(&Kernel) -> Kernel, reserved: &[&str]) -> Prepared {
        let mut names = Names::without(RESERVED.iter().chain(reserved).copied());
        let inputs = unit.graph.arrays().filter(|(_, d)| !matches!(d.role, Role::Direction(_)));
        let declarations: Vec<Declaration> = inputs.map(|(_, d)| d.clone()).collect();
        let arrays = declarations.iter().map(|d| names.claim(&d.name)).collect();
        let dimensions = unit.graph.dimensions().iter().map(|name| names.claim(name)).collect();
        let kernels = Kernels::new(unit.graph, unit.error, unit.outputs, arrange);
        Prepared { name: spelled(unit.name), declarations, arrays, dimensions, names, kernels }
    }

    /// Parameters and data in order, with their names.
    pub(super) fn inputs(&self) -> impl Iterator<Item = (&Declaration, &str)> {
        self.declarations.iter().zip(self.arrays.iter().map(String::as_str))
    }

    /// The names of all dimensions of a kernel: those that come with it are last.
    pub(super) fn dimensions_of(&self, kernel: &Kernel) -> Vec<String> {
        let own = own_dimensions(kernel.request).iter().map(|&name| name.to_owned());
        self.dimensions.iter().cloned().chain(own).collect()
    }

    /// The name of an array of a kernel; directions share one.
    pub(super) fn array(&self, array: Array) -> &str {
        self.arrays.get(array.0 as usize).map_or("direction", String::as_str)
    }

    /// The extents of a declared array, as text.
    pub(super) fn extents(&self, declaration: &Declaration) -> Vec<String> {
        let text = |extent: &Extent| match extent {
            Extent::Fixed(size) => size.to_string(),
            Extent::Named(dimension) => self.dimensions[dimension.0 as usize].clone(),
        };
        declaration.shape.iter().map(text).collect()
    }
}

/// The dimensions that come with a kernel: the number of vectors of a block, the bounds of some rows.
pub(super) fn own_dimensions(request: Request) -> &'static [&'static str] {
    match request {
        Request { block: true, .. } => &["vectors"],
        Request { rows: true, .. } => &["from_row", "to_row"],
        _ => &[],
    }
}

/// The buffer that statements about first derivatives add to.
pub(super) fn target(request: Request) -> &'static str {
    match request {
        Request { product: true, block: true, .. } => "products",
        Request { product: true, .. } => "product",
        Request { diagonal: true, .. } => "diagonal",
        Request { directional: true, .. } => "derivatives",
        _ => "gradient",
    }
}

/// The name of the function of an output, without what Rust adds to it for buffers.
pub(super) fn function(output: Output) -> &'static str {
    output.function().trim_end_matches("_into")
}

/// What a function computes, in a sentence.
pub(super) fn describe(output: Output) -> &'static str {
    match output {
        Output::Value => "E.",
        Output::Gradient => "E and its gradient.",
        Output::Hessian => "E, its gradient and its Hessian.",
        Output::HessianVector => "The product of the Hessian with `direction`.",
        Output::SparseHessian => {
            "E, its gradient, and the values of the sparse Hessian in the order of its pattern."
        }
        Output::HessianVectors => {
            "The products of the Hessian with several vectors; the numbers of one parameter for all vectors are side by \
             side."
        }
        Output::HessianDiagonal => "The diagonal of the Hessian.",
        Output::Directional => "E(w + t direction) at t = 0, and its first three derivatives by t.",
        Output::GaussNewton => "The sum of squares and its Gauss-Newton matrix.",
        Output::ValueOfRows => "E of the rows from `from_row` to `to_row`, without that one.",
        Output::GradientOfRows => {
            "E and its gradient of the rows from `from_row` to `to_row`, without that one."
        }
        Output::HessianOfRows => {
            "E, its gradient and its Hessian of the rows from `from_row` to `to_row`, without that one."
        }
        Output::HessianVectorOfRows => {
            "The product with `direction` of the Hessian of the rows from `from_row` to `to_row`, without that one."
        }
    }
}
