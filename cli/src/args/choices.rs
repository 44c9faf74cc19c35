//! Arguments that are one of a few words.

use clap::ValueEnum;

/// The word that says a choice.
pub(crate) fn word(choice: &impl ValueEnum) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For scripts
    Json,
}

/// Formulas have more forms than numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Written {
    /// The formula language
    Text,
    /// Formula text and structure for scripts
    Json,
    /// LaTeX, for amsmath, KaTeX or MathJax
    Latex,
    /// Presentation MathML, for browsers
    Mathml,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Language {
    /// A Rust module
    Rust,
    /// C99, with a header beside the file
    C,
    /// A Python module for NumPy
    Python,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Method {
    /// Newton's method within a ball, each step exact after Moré and Sorensen
    TrustRegion,
    /// The same with the Gauss–Newton matrix, for sums of squares
    LevenbergMarquardt,
    /// Both of these, of which the lower end counts, for sums of squares
    LeastSquares,
    /// Newton's method with a cubic term in the model
    CubicRegularization,
    /// Newton's method within a ball by conjugate gradients, without forming the Hessian
    Steihaug,
    /// Newton's method along lines, with a modified factorization
    Newton,
    /// Newton's method along lines, with negative curvatures turned positive
    SaddleFreeNewton,
    /// L-BFGS: curvature from the last ten gradients
    LimitedMemory,
    /// Nonlinear conjugate gradients after Polak and Ribière
    ConjugateGradients,
    /// Steepest descent, with the curvature along each step
    GradientDescent,
    /// Gradient descent with momentum 0.9
    Momentum,
    /// Accelerated gradient descent after Nesterov, with momentum 0.9
    Nesterov,
    /// Running means of the gradient and of its squares
    Adam,
}

impl Method {
    /// Whether a matrix of all second derivatives is formed on the way.
    pub(crate) fn forms_hessian(self) -> bool {
        match self {
            Method::TrustRegion
            | Method::LevenbergMarquardt
            | Method::LeastSquares
            | Method::CubicRegularization
            | Method::Newton
            | Method::SaddleFreeNewton => true,
            Method::Steihaug
            | Method::LimitedMemory
            | Method::ConjugateGradients
            | Method::GradientDescent
            | Method::Momentum
            | Method::Nesterov
            | Method::Adam => false,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Delimiter {
    Comma,
    Semicolon,
    Tab,
}
