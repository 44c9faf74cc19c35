//! The `derive_hessian` attribute: an error function written as a Rust function gains its derivatives; and `formula!`,
//! which takes it as a formula.

mod expand;
mod formula;
mod layout;
mod options;

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

/// Derivatives of an error function that is written as a formula, in the language of `.hes` files.
///
/// With `mod name;` in front it makes that module, the one that `hesse generate` and `hesse-build` write: `value`,
/// `gradient`, `hessian` and their kin, and `error_function`, which binds the data.
///
/// ```
/// use hesse::formula;
///
/// formula! {
///     /// Exponential decay.
///     pub mod decay;
///     param a, b;
///     data x[n], y[n];
///     E = sum(i, (y[i] - a*exp(-b*x[i]))^2)
/// }
///
/// let (x, y) = ([0.0, 1.0], [2.0, 1.0]);
/// assert_eq!(decay::value(2.0, 0.0, &x, &y), 1.0);
/// assert_eq!(decay::gradient(2.0, 0.0, &x, &y), [2.0, -4.0]);
/// ```
///
/// Without it, it is an expression: the error function itself, bound to the variables in scope that are called like its
/// data (and like its sizes, where no data tells them).
///
/// ```
/// use hesse::{ErrorFunction, formula};
///
/// let (x, y) = (vec![0.0, 1.0], vec![2.0, 1.0]);
/// let surface = formula! { param a, b; data x[n], y[n]; E = sum(i, (y[i] - a*exp(-b*x[i]))^2) };
/// assert_eq!(surface.value(&[2.0, 0.0]), 1.0);
///
/// let valley = formula!((1 - x)^2 + 100*(y - x^2)^2);          // undeclared names are parameters
/// assert_eq!(valley.value(&[1.0, 1.0]), 0.0);
/// ```
///
/// Statements end at `;` or at the end of a line, as in `.hes` files; comments are those of Rust. What is not Rust's
/// alphabet (`x²`, `w₀`) goes into quotes, longer formulas into files, whose paths are relative to the folder of
/// `Cargo.toml`:
///
/// ```
/// use hesse::formula;
///
/// formula! { mod bowl; "E = x² + 3y²" }
/// assert_eq!(bowl::hessian(0.0, 0.0), [[2.0, 0.0], [0.0, 6.0]]);
///
/// # const _: &str = stringify! {
/// formula! { pub mod loss; file = "models/loss.hes" }
/// # };
/// ```
///
/// `#[hesse(only(gradient, hessian_vector))]`, `#[hesse(sparse)]` and `#[hesse(parallel)]` in front choose what is
/// generated, as they do for [`derive_hessian`](macro@derive_hessian); all other attributes go to the module.
///
/// ```
/// use hesse::{SparseErrorFunction, formula};
///
/// let n = 1000;
/// let chain = formula! {
///     #[hesse(sparse)]
///     param w[n];
///     E = sum(i in 0..n-1, 100*(w[i+1] - w[i]^2)^2 + (1 - w[i])^2)
/// };
/// assert_eq!(chain.entries(), 1999);
/// ```
///
/// Mistakes are shown at their tokens; those in quotes and in files as excerpts.
///
/// ```compile_fail
/// let surface = hesse::formula!(x^2 + sqr(y));
/// ```
#[proc_macro]
pub fn formula(input: TokenStream) -> TokenStream {
    let locate = |span: proc_macro2::Span| {
        let span = span.unwrap();
        let [start, end] = [span.start(), span.end()].map(|at| (at.line(), at.column()));
        Some([start, end])
    };
    formula::expand(input.into(), &locate).into()
}
