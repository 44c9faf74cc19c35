//! What an error function yields at a point, here and in the programs that run generated code.

use hesse::{SparseErrorFunction, SumOfSquares};

/// Everything a module of generated code computes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outputs {
    pub(crate) value: f64,
    pub(crate) fused: [f64; 2],
    pub(crate) gradient: Vec<f64>,
    /// The gradient of the pass that makes the Hessian too.
    pub(crate) again: Vec<f64>,
    pub(crate) hessian: Vec<f64>,
    pub(crate) product: Vec<f64>,
    /// The entries of the sparse Hessian, added up in the packed triangle.
    pub(crate) sparse: Vec<f64>,
    /// The scale of a sum of squares, the number of residuals, Σ r², and the Gauss–Newton matrix; else nothing.
    pub(crate) squares: Vec<f64>,
}

impl Outputs {
    pub(crate) fn of(surface: &impl SparseErrorFunction, w: &[f64], direction: &[f64]) -> Outputs {
        let n = w.len();
        let (mut gradient, mut again) = (vec![f64::NAN; n], vec![f64::NAN; n]);
        let (mut hessian, mut product) = (vec![f64::NAN; n * (n + 1) / 2], vec![f64::NAN; n]);
        let first = surface.value_gradient(w, &mut gradient);
        let second = surface.value_gradient_hessian(w, &mut again, &mut hessian);
        surface.hessian_vector(w, direction, &mut product);
        let mut sparse = vec![0.0; hessian.len()];
        hesse::sparse::dense(surface, w, &mut again, &mut sparse);
        let fused = [first, second];
        Outputs {
            value: surface.value(w),
            fused,
            gradient,
            again,
            hessian,
            product,
            sparse,
            squares: Vec::new(),
        }
    }

    pub(crate) fn with_squares(mut self, surface: Option<impl SumOfSquares>, w: &[f64]) -> Outputs {
        if let Some(surface) = surface {
            let mut matrix = vec![f64::NAN; self.hessian.len()];
            let sum = surface.gauss_newton(w, &mut matrix);
            self.squares = vec![surface.scale(), surface.residual_count() as f64, sum];
            self.squares.extend(matrix);
        }
        self
    }

    /// Back from [`bits`](Self::bits), for `n` parameters.
    pub(crate) fn from_numbers(n: usize, numbers: &[f64]) -> Outputs {
        let (values, rest) = numbers.split_at(3);
        let (gradient, rest) = rest.split_at(n);
        let (again, rest) = rest.split_at(n);
        let (hessian, rest) = rest.split_at(n * (n + 1) / 2);
        let (product, rest) = rest.split_at(n);
        let (sparse, squares) = rest.split_at(n * (n + 1) / 2);
        Outputs {
            value: values[0],
            fused: [values[1], values[2]],
            gradient: gradient.to_vec(),
            again: again.to_vec(),
            hessian: hessian.to_vec(),
            product: product.to_vec(),
            sparse: sparse.to_vec(),
            squares: squares.to_vec(),
        }
    }

    /// Every output to the last bit.
    pub(crate) fn bits(&self) -> Vec<u64> {
        let parts = [&self.gradient, &self.again, &self.hessian, &self.product, &self.sparse, &self.squares];
        let numbers = [self.value].into_iter().chain(self.fused);
        numbers.chain(parts.into_iter().flatten().copied()).map(f64::to_bits).collect()
    }
}
