//! The `derive_hessian` attribute: an error function written as a Rust function gains its derivatives; and `formula!`,
//! which takes it as a formula.

mod complaints;
mod expand;
mod formula;
mod given;
mod layout;
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
/// Numbers and arrays of fixed size are parameters, what has a length of run time is data, and so are integers and
/// conditions; `#[derive_hessian(wrt(w, b))]` makes exactly these arguments parameters, and `#[data]` before an argument
/// makes it data. Gradient and Hessian are laid out in the order of the parameter arguments, arrays row by row,
/// matrices of nalgebra column by column; the documentation of the module lists the parameters.
///
/// | argument | by value or by reference | gradient and Hessian |
/// |---|---|---|
/// | `f64`, `[f64; N]`, `[[f64; D]; N]`, … | both | `[f64; P]`, `[[f64; P]; P]` |
/// | `&[f64]`, `&[[f64; D]]`, `&Vec<f64>`, … | reference | into buffers alone |
/// | `SVector<f64, N>`, `SMatrix<f64, R, C>` and names such as `Vector3<f64>` | both | `SVector<f64, P>`, `SMatrix<f64, P, P>` |
/// | `DVector<f64>`, `DMatrix<f64>` | reference | `DVector<f64>`, `DMatrix<f64>` |
/// | `DVectorView<f64>` | both | `DVector<f64>`, `DMatrix<f64>` |
/// | slices and arrays of `SVector<f64, D>` | as slices and arrays | `SVector`, `SMatrix` |
/// | a structure with [`Parameters`](macro@Parameters) | both | itself where it is the only parameter, `[[f64; P]; P]` |
/// | `i32`, `usize`, `bool`, … and arrays of them | as above | data: `k[i] as f64`, `w[k[i] as usize]`, `if b[i]` |
///
/// Vectors of nalgebra need the feature `std`. With P parameters in all; one argument of nalgebra is enough for its kind of vectors. Sizes may be generic,
/// `fn f<const N: usize>(w: &[f64; N], x: &[[f64; N]]) -> f64`, and then those of the generated functions are; where P
/// would be a sum or product of generic sizes, which has no type, the functions that return derivatives are left out.
/// Arguments may be `f32` as well, except parameters of run-time length. Everything is computed in `f64`; where the
/// function returns `f32`, values and derivatives are rounded to it once, at the end, while the functions that write to
/// buffers and the bound error function stay with `f64`.
///
/// On an `impl` block of a structure of parameters, each method is an error function that returns a number, takes `self`
/// and is not called by another; where some methods have the mark `#[derive_hessian(…)]` themselves, these alone. The
/// module of a method has its name and stands beside the block.
///
/// `#[derive_hessian(only(gradient, hessian_vector))]` generates these alone; the names are those of
/// `hesse_symbolic::emit::Output`. `#[derive_hessian(sparse)]` takes the sparse Hessian in place of the dense one:
/// `hessian_pattern` and `value_gradient_sparse_hessian_into`, and `hesse::SparseErrorFunction` for the bound error
/// function. `#[derive_hessian(parallel)]` adds functions that take a range of rows, and `hesse::RowErrorFunction`,
/// for error functions that are sums over rows of data.
///
/// A name in capitals that is neither an argument nor local is a constant of the module around, read there as a number.
/// `#[derive_hessian(uses(Model, residual))]` names what the function uses from outside: structures with
/// [`Parameters`](macro@Parameters) as types of arguments, and functions with [`macro@differentiable`].
///
/// `#[derive_hessian(strict)]` leaves forms as they are written: without it, what overflows or cancels somewhere is
/// rewritten before it is differentiated, such as `(1.0 + x.exp()).ln()` to a softplus. `#[derive_hessian(fast)]` rewrites
/// what becomes cheaper, and what stays right at about the same cost. Where the domain grows (`x.sin() / x` at zero), the documentation of the module says so.
///
/// ```
/// use hesse::derive_hessian;
///
/// #[derive_hessian]
/// fn stable(x: f64) -> f64 {
///     (1.0 + x.exp()).ln()
/// }
///
/// #[derive_hessian(strict)]
/// fn as_written(x: f64) -> f64 {
///     (1.0 + x.exp()).ln()
/// }
///
/// assert_eq!(stable::value(800.0), 800.0);
/// assert_eq!(as_written::value(800.0), f64::INFINITY);
/// ```
///
/// Loops over data run eight rows at a time, in vectors of eight numbers where the processor has them. `lanes = 2` and
/// `lanes = 4` take fewer, for processors with narrow registers and for data of few rows; `#[derive_hessian(lanes = 1)]` leaves
/// loops as they are, one row at a time: less code, for short data.
///
/// `#[derive_hessian(test)]` adds a `#[test]` that holds the function against its generated value, and gradient and
/// Hessian against differentiation by dual numbers, at ordinary points, at the origin and at large, small and mixed
/// parameters; data is made up, 70 rows of it. Points where E is not finite or stands on a kink are left out. It needs
/// the feature `std`, and the function has to stand in a module, not in another function.
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

/// Lets error functions call a function, in the same crate or another. Functions under
/// [`derive_hessian`](macro@derive_hessian) need no such mark.
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

/// Gives a function its derivatives by hand, so that error functions can call it whatever is inside.
///
/// `#[derivatives(slope, curvature)]` names the functions of the first and of the second derivative, by the paths by which
/// they are called here; they take and give an `f64` like the function itself. Nothing looks into the three: a table, an
/// approximation or a call of another library will do, as long as they agree with each other. Error functions name it
/// in `uses(…)`. Their derivatives of third order do not exist. The function has to stand in a module, not in another
/// function.
///
/// ```
/// mod probit {
///     use hesse::{derivatives, derive_hessian};
///
///     /// The probability that a standard normal variable is below x, from a library.
///     #[derivatives(density, density_slope)]
///     fn below(x: f64) -> f64 {
///         0.5 * hesse::math::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
///     }
///
///     pub fn density(x: f64) -> f64 {
///         (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
///     }
///
///     fn density_slope(x: f64) -> f64 {
///         -x * density(x)
///     }
///
///     #[derive_hessian(uses(below))]
///     pub fn misfit(a: f64, x: &[f64], t: &[f64]) -> f64 {
///         x.iter().zip(t).map(|(x, t)| (below(a * x) - t).powi(2)).sum()
///     }
/// }
///
/// let (value, gradient, hessian) = probit::misfit::value_gradient_hessian(0.0, &[1.0], &[0.0]);
/// let slope = probit::density(0.0);
/// assert!((value - 0.25).abs() < 1e-15 && (gradient[0] - slope).abs() < 1e-15);
/// assert!((hessian[0][0] - 2.0 * slope * slope).abs() < 1e-15);
/// ```
#[proc_macro_attribute]
pub fn derivatives(attribute: TokenStream, item: TokenStream) -> TokenStream {
    given::derivatives(attribute.into(), item.into()).into()
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
/// `#[hesse(only(gradient, hessian_vector))]`, `#[hesse(sparse)]`, `#[hesse(parallel)]`, `#[hesse(strict)]`,
/// `#[hesse(robust)]`, `#[hesse(fast)]` and `#[hesse(lanes = 4)]` in front choose what is generated, as they do for [`derive_hessian`](macro@derive_hessian); all other attributes go to the module.
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
