//! What can be generated, by name.

use std::collections::BTreeSet;

use crate::schedule::Request;

/// One member of the family of functions that a [`Module`](super::Module) can have.
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
}

impl Output {
    /// All of them.
    pub const ALL: [Output; 9] = [
        Output::Value,
        Output::Gradient,
        Output::Hessian,
        Output::HessianVector,
        Output::SparseHessian,
        Output::HessianVectors,
        Output::HessianDiagonal,
        Output::Directional,
        Output::GaussNewton,
    ];

    /// What a module has unless told otherwise: value, gradient, Hessian and Hessian-vector product.
    pub fn usual() -> BTreeSet<Output> {
        [Output::Value, Output::Gradient, Output::Hessian, Output::HessianVector].into()
    }

    /// Those in `only`, or the usual ones; `sparse` takes the sparse Hessian in place of the dense one.
    pub fn selection(only: Option<BTreeSet<Output>>, sparse: bool) -> BTreeSet<Output> {
        let mut outputs = only.unwrap_or_else(Output::usual);
        if sparse {
            outputs.remove(&Output::Hessian);
            outputs.insert(Output::SparseHessian);
        }
        outputs
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

    pub(super) fn request(self) -> Request {
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
        }
    }

    /// The name of the function that writes to buffers.
    pub(super) fn function(self) -> &'static str {
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
        }
    }
}
