//! What can be generated, by name.

use std::collections::BTreeSet;

use crate::schedule::Request;

/// One member of the family of functions that a [`Module`](super::Module) can have.
///
/// ```
/// use hesse_symbolic::emit::Output;
///
/// assert!(Output::ALL.iter().all(|&output| Output::named(output.name()) == Some(output)));
/// assert_eq!(Output::Gradient.of_rows(), Some(Output::GradientOfRows));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Output {
    /// E.
    Value,
    /// E and ∇E.
    Gradient,
    /// E, ∇E and the dense Hessian.
    Hessian,
    /// The product of the Hessian with a vector.
    HessianVector,
    /// E, ∇E and the entries of the Hessian that can differ from zero, with their pattern.
    SparseHessian,
    /// The products of the Hessian with a block of vectors.
    HessianVectors,
    /// The diagonal of the Hessian.
    HessianDiagonal,
    /// E along a direction, with its derivatives up to the third.
    Directional,
    /// The Gauss–Newton matrix JᵀJ of a sum of squares; left out where E is none.
    GaussNewton,
    /// E of some rows alone; this and the next three are left out where E is no sum over rows of data.
    ValueOfRows,
    /// E and ∇E of some rows alone.
    GradientOfRows,
    /// E, ∇E and the dense Hessian of some rows alone.
    HessianOfRows,
    /// The product of the Hessian of some rows alone with a vector.
    HessianVectorOfRows,
}

impl Output {
    /// All of them.
    pub const ALL: [Output; 13] = [
        Output::Value,
        Output::Gradient,
        Output::Hessian,
        Output::HessianVector,
        Output::SparseHessian,
        Output::HessianVectors,
        Output::HessianDiagonal,
        Output::Directional,
        Output::GaussNewton,
        Output::ValueOfRows,
        Output::GradientOfRows,
        Output::HessianOfRows,
        Output::HessianVectorOfRows,
    ];

    /// What a module has unless told otherwise: value, gradient, Hessian and Hessian-vector product.
    pub fn usual() -> BTreeSet<Output> {
        [Output::Value, Output::Gradient, Output::Hessian, Output::HessianVector].into()
    }

    /// Those in `only`, or the usual ones; `sparse` takes the sparse Hessian in place of the dense one, `parallel`
    /// adds what the usual ones among them are of some rows alone.
    pub fn selection(only: Option<BTreeSet<Output>>, sparse: bool, parallel: bool) -> BTreeSet<Output> {
        let mut outputs = only.unwrap_or_else(Output::usual);
        if parallel {
            outputs.extend(outputs.clone().into_iter().filter_map(Output::of_rows));
        }
        if sparse {
            outputs.retain(|output| !matches!(output, Output::Hessian | Output::HessianOfRows));
            outputs.insert(Output::SparseHessian);
        }
        outputs
    }

    /// The same of some rows alone, where there is such a function.
    pub fn of_rows(self) -> Option<Output> {
        match self {
            Output::Value => Some(Output::ValueOfRows),
            Output::Gradient => Some(Output::GradientOfRows),
            Output::Hessian => Some(Output::HessianOfRows),
            Output::HessianVector => Some(Output::HessianVectorOfRows),
            _ => None,
        }
    }

    /// Whether a module of these has an `error_function`: it needs the gradient and something of second order.
    ///
    /// ```
    /// use hesse_symbolic::emit::Output;
    ///
    /// assert!(Output::have_error_function(&Output::usual()));
    /// assert!(!Output::have_error_function(&[Output::Value, Output::Gradient].into()));
    /// ```
    pub fn have_error_function(outputs: &BTreeSet<Output>) -> bool {
        let second = [Output::Hessian, Output::SparseHessian, Output::HessianVector];
        outputs.contains(&Output::Gradient) && second.iter().any(|output| outputs.contains(output))
    }

    /// Whether it is of some rows alone.
    pub fn is_of_rows(self) -> bool {
        self.request().rows
    }

    /// The name under which people ask for it.
    pub fn name(self) -> &'static str {
        match self {
            Output::Value => "value",
            Output::Gradient => "gradient",
            Output::Hessian => "hessian",
            Output::HessianVector => "hessian_vector",
            Output::SparseHessian => "sparse_hessian",
            Output::HessianVectors => "hessian_vectors",
            Output::HessianDiagonal => "hessian_diagonal",
            Output::Directional => "directional",
            Output::GaussNewton => "gauss_newton",
            Output::ValueOfRows => "value_of_rows",
            Output::GradientOfRows => "gradient_of_rows",
            Output::HessianOfRows => "hessian_of_rows",
            Output::HessianVectorOfRows => "hessian_vector_of_rows",
        }
    }

    /// The one called `name`.
    ///
    /// ```
    /// use hesse_symbolic::emit::Output;
    ///
    /// assert_eq!(Output::named("hessian_vector"), Some(Output::HessianVector));
    /// assert_eq!(Output::named("jacobian"), None);
    /// ```
    pub fn named(name: &str) -> Option<Output> {
        Output::ALL.into_iter().find(|output| output.name() == name)
    }

    /// What its kernel computes.
    pub fn request(self) -> Request {
        match self {
            Output::Value => Request::VALUE,
            Output::Gradient => Request::VALUE_GRADIENT,
            Output::Hessian => Request::VALUE_GRADIENT_HESSIAN,
            Output::HessianVector => Request::HESSIAN_VECTOR,
            Output::SparseHessian => Request::VALUE_GRADIENT_SPARSE,
            Output::HessianVectors => Request::HESSIAN_VECTORS,
            Output::HessianDiagonal => Request::HESSIAN_DIAGONAL,
            Output::Directional => Request::DIRECTIONAL,
            Output::GaussNewton => Request::GAUSS_NEWTON,
            Output::ValueOfRows => Request::VALUE.of_rows(),
            Output::GradientOfRows => Request::VALUE_GRADIENT.of_rows(),
            Output::HessianOfRows => Request::VALUE_GRADIENT_HESSIAN.of_rows(),
            Output::HessianVectorOfRows => Request::HESSIAN_VECTOR.of_rows(),
        }
    }

    /// The name of the generated function that writes to buffers.
    pub fn function(self) -> &'static str {
        match self {
            Output::Value => "value",
            Output::Gradient => "value_gradient_into",
            Output::Hessian => "value_gradient_hessian_into",
            Output::HessianVector => "hessian_vector_into",
            Output::SparseHessian => "value_gradient_sparse_hessian_into",
            Output::HessianVectors => "hessian_vectors_into",
            Output::HessianDiagonal => "hessian_diagonal_into",
            Output::Directional => "directional",
            Output::GaussNewton => "gauss_newton_into",
            Output::ValueOfRows => "value_of_rows",
            Output::GradientOfRows => "value_gradient_of_rows_into",
            Output::HessianOfRows => "value_gradient_hessian_of_rows_into",
            Output::HessianVectorOfRows => "hessian_vector_of_rows_into",
        }
    }
}
