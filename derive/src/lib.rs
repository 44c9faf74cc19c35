//! The `derive_hessian` attribute: an error function written as a Rust function gains its derivatives.

mod expand;
mod stubs;

use proc_macro::TokenStream;

/// Derives gradient and Hessian of an error function.
///
/// The function stays as it is. A module of the same name beside it holds `value`, `gradient`, `value_gradient`,
/// `hessian`, `value_gradient_hessian` and `hessian_vector`, which take the same arguments, their `…_into` forms
/// that write to buffers, and `error_function`, which binds the data and implements `hesse::ErrorFunction`.
///
/// Numbers and arrays of fixed size are parameters, slices are data; `#[derive_hessian(wrt(w, b))]` makes exactly
/// these arguments parameters, `#[derive_hessian(data(x, t))]` makes these data. Gradient and Hessian are laid
/// out in the order of the parameter arguments, arrays row by row.
///
/// `#[derive_hessian(only(gradient, hessian_vector))]` generates these alone; the names are those of
/// `hesse_symbolic::emit::Output`. `#[derive_hessian(sparse)]` takes the sparse Hessian in place of the dense one:
/// `hessian_pattern` and `value_gradient_sparse_hessian_into`, and `hesse::SparseErrorFunction` for the bound error
/// function. `#[derive_hessian(parallel)]` adds functions that take a range of rows, and `hesse::RowErrorFunction`,
/// for error functions that are sums over rows of data.
///
/// A name in capitals that is neither an argument nor local is a constant of the module around, read there as a number.
///
/// What cannot be differentiated is refused at its token, all of it at once, with what to write instead.
///
/// ```
/// use hesse::derive_hessian;
///
/// #[derive_hessian]
/// fn rosenbrock(w: &[f64; 2]) -> f64 {
///     let [x, y] = *w;
///     (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
/// }
///
/// let w = [1.0, 1.0];
/// assert_eq!(rosenbrock(&w), 0.0);
/// assert_eq!(rosenbrock::gradient(&w), [0.0, 0.0]);
/// assert_eq!(rosenbrock::hessian(&w), [[802.0, -400.0], [-400.0, 200.0]]);
/// ```
#[proc_macro_attribute]
pub fn derive_hessian(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::expand(attribute.into(), item.into()).into()
}
