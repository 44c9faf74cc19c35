//! The `derive_hessian` attribute: an error function written as a Rust function gains its derivatives.

mod expand;
mod methods;
mod parameters;
mod task;

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
/// `#[derive_hessian(uses(Model, residual))]` names what the function uses from outside: structures with
/// [`Parameters`](macro@Parameters) as types of arguments, and functions with [`macro@differentiable`].
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
    expand::derive_hessian(attribute.into(), item.into()).into()
}

/// Lets error functions call a function, in the same crate or another.
///
/// The function stays as it is. Beside it stands a macro of the same name that hands its tokens on to the attribute of
/// the error function that calls it, `#[derive_hessian(uses(path::of::function))]`. What it uses itself it names in the
/// same way: `#[differentiable(uses(…))]`. Its arguments and its value may be anything an error function can compute
/// with: numbers, arrays, tuples, structures.
///
/// ```
/// use hesse::{derive_hessian, differentiable};
///
/// #[differentiable]
/// fn decay(rate: f64, x: f64) -> f64 {
///     (-rate * x).exp()
/// }
///
/// #[derive_hessian(uses(decay))]
/// fn misfit(a: f64, rate: f64, x: &[f64], y: &[f64]) -> f64 {
///     x.iter().zip(y).map(|(x, y)| (y - a * decay(rate, *x)).powi(2)).sum()
/// }
///
/// assert_eq!(misfit::gradient(1.0, 0.0, &[1.0, 2.0], &[1.0, 1.0]), [0.0, 0.0]);
/// ```
#[proc_macro_attribute]
pub fn differentiable(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::differentiable(attribute.into(), item.into()).into()
}

/// Makes a structure of numbers, arrays and such structures an argument of error functions.
///
/// It implements `hesse::Parameters`: the numbers of the first field come first, arrays row by row, matrices of nalgebra
/// column by column. Names are kept: `a`, `w[0]`, `inner.k`. Where a structure is the only parameter, gradients come as
/// the same structure.
///
/// ```
/// mod model {
///     use hesse::{Parameters, derive_hessian};
///
///     #[derive(Parameters, Clone, PartialEq, Debug)]
///     pub struct Line {
///         pub slope: f64,
///         pub offset: f64,
///     }
///
///     #[derive_hessian(uses(Line))]
///     pub fn misfit(line: &Line, x: &[f64], y: &[f64]) -> f64 {
///         x.iter().zip(y).map(|(x, y)| (y - line.slope * x - line.offset).powi(2)).sum()
///     }
/// }
///
/// let line = model::Line { slope: 1.0, offset: 0.0 };
/// let gradient = model::misfit::gradient(&line, &[1.0, 2.0], &[2.0, 3.0]);
/// assert_eq!(gradient, model::Line { slope: -6.0, offset: -4.0 });
/// ```
#[proc_macro_derive(Parameters)]
pub fn parameters(input: TokenStream) -> TokenStream {
    parameters::derive(input.into()).into()
}

/// What macros of items hand their definitions on to; not for people.
#[doc(hidden)]
#[proc_macro]
pub fn resume(input: TokenStream) -> TokenStream {
    match syn::parse::<task::Task>(input) {
        Ok(task) => task.proceed(expand::finish).into(),
        Err(error) => error.to_compile_error().into(),
    }
}
