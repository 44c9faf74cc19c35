//! An error function known at run time.

use hesse_runtime::ErrorFunction;

use super::{BindError, Bindings, Outputs, Program};
use crate::graph::{Expr, Extent, Graph, Role};
use crate::schedule::{Request, schedule};

/// A formula bound to data, evaluated through its kernels.
#[derive(Clone, Debug)]
pub struct Surface {
    value: Program,
    gradient: Program,
    hessian: Program,
    product: Program,
    names: Vec<String>,
}

impl Surface {
    /// Derives the kernels of `error` and binds them to data.
    ///
    /// # Errors
    /// Where the data does not fit the declarations.
    pub fn new(graph: &Graph, error: Expr, bindings: &Bindings) -> Result<Surface, BindError> {
        let program = |request| {
            let kernel = schedule(&mut graph.clone(), error, request);
            let program = Program::new(&kernel, bindings)?;
            Ok((program, kernel))
        };
        let (value, kernel) = program(Request::VALUE)?;
        let sizes = bindings.dimensions(&kernel)?;
        let mut names = Vec::with_capacity(value.dimension());
        for (_, declaration) in graph.arrays().filter(|(_, d)| d.role == Role::Parameter) {
            let shape: Vec<usize> = declaration
                .shape
                .iter()
                .map(|extent| match extent {
                    Extent::Fixed(size) => *size,
                    Extent::Named(dimension) => sizes[dimension.0 as usize],
                })
                .collect();
            names.extend(element_names(&declaration.name, &shape));
        }
        Ok(Surface {
            value,
            gradient: program(Request::VALUE_GRADIENT)?.0,
            hessian: program(Request::VALUE_GRADIENT_HESSIAN)?.0,
            product: program(Request::HESSIAN_VECTOR)?.0,
            names,
        })
    }

    /// The names of all parameters in order: scalars by name, arrays row by row as `w[0]`, `w[1]`, ….
    pub fn parameter_names(&self) -> &[String] {
        &self.names
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
        let mut value = 0.0;
        self.gradient.run(w, &[], &mut Outputs { value: &mut value, gradient, hessian: &mut [] });
        value
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let mut value = 0.0;
        self.hessian.run(w, &[], &mut Outputs { value: &mut value, gradient, hessian });
        value
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        let mut value = 0.0;
        self.product.run(w, v, &mut Outputs { value: &mut value, gradient: product, hessian: &mut [] });
    }

    fn parameter_name(&self, index: usize, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        match self.names.get(index) {
            Some(name) => out.write_str(name),
            None => write!(out, "w[{index}]"),
        }
    }
}
