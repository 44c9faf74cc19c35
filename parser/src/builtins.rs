//! The functions both grammars know, and the names formulas use for them.

use hesse_symbolic::functions::{Composite, Function};

/// How a reduction combines the values of its body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Reduction {
    /// Σ
    Sum,
    /// Π
    Product,
    /// The largest value.
    Max,
    /// The smallest value.
    Min,
    /// Σ over the number of positions.
    Mean,
    /// ln Σ exp
    LogSumExp,
    /// √Σ squares
    Norm,
}

/// A function that needs no definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Builtin {
    /// An entry of the table of elementary functions, with its own number of arguments.
    Elementary(Function),
    /// A function made of entries of that table.
    Composite(Composite),
    /// `sqrt(x)`
    Sqrt,
    /// `log(x)` is natural, `log(x, base)` is not.
    Log,
    /// `pow(x, y)`
    Power,
    /// 1 below zero for −1, else 1: the sign of Rust, which has no zero.
    Signum,
    /// 1 where both arguments are equal, else 0: the delta of Kronecker.
    Delta,
    /// The largest argument.
    Max,
    /// The smallest argument.
    Min,
    /// ln Σ exp of the arguments.
    LogSumExp,
    /// Σ of products of the elements of two arrays.
    Dot,
    /// A reduction over the elements of the arrays in its one argument.
    Elements(Reduction),
    /// `if(c, a, b)`
    If,
}

impl Builtin {
    /// The least and the greatest number of arguments.
    pub(crate) fn arity(self) -> (usize, usize) {
        match self {
            Builtin::Elementary(function) => (function.arity(), function.arity()),
            Builtin::Composite(composite) => composite.arity(),
            Builtin::Sqrt | Builtin::Signum | Builtin::Elements(_) => (1, 1),
            Builtin::Log => (1, 2),
            Builtin::Power | Builtin::Delta | Builtin::Dot => (2, 2),
            Builtin::Max | Builtin::Min | Builtin::LogSumExp => (2, usize::MAX),
            Builtin::If => (3, 3),
        }
    }

    /// Whether integers of Rust give an integer.
    pub(crate) fn keeps_integers(self) -> bool {
        matches!(self, Builtin::Max | Builtin::Min | Builtin::Power | Builtin::Elementary(Function::Abs))
    }
}

/// The function formulas call `name`.
pub(crate) fn builtin(name: &str) -> Option<Builtin> {
    let elementary = |name| Function::from_name(name).map(Builtin::Elementary);
    let composite = |name| Composite::from_name(name).map(Builtin::Composite);
    let known = |name| composite(name).or_else(|| elementary(name));
    match name {
        "sqrt" => Some(Builtin::Sqrt),
        "log" | "ln" => Some(Builtin::Log),
        "pow" => Some(Builtin::Power),
        "max" => Some(Builtin::Max),
        "min" => Some(Builtin::Min),
        "logsumexp" => Some(Builtin::LogSumExp),
        "delta" => Some(Builtin::Delta),
        "dot" => Some(Builtin::Dot),
        "if" => Some(Builtin::If),
        _ => ALIASES.iter().find(|(alias, _)| *alias == name).map_or_else(|| known(name), |a| known(a.1)),
    }
}

/// What to write for functions under names of other languages.
pub(crate) fn foreign(name: &str) -> Option<&'static str> {
    Some(match name {
        "cot" | "ctg" | "cotan" => "write `1/tan(x)`",
        "sec" => "write `1/cos(x)`",
        "csc" | "cosec" => "write `1/sin(x)`",
        "coth" => "write `1/tanh(x)`",
        "csch" | "cosech" => "write `1/sinh(x)`",
        "acot" | "arccot" => "write `atan2(1, x)`",
        "asec" | "arcsec" => "write `acos(1/x)`",
        "acsc" | "arccsc" => "write `asin(1/x)`",
        "tg" => "write `tan(x)`",
        "sh" => "write `sinh(x)`",
        "ch" => "write `cosh(x)`",
        "th" => "write `tanh(x)`",
        "lg" => "write `log10(x)`, or `log2(x)`",
        "ld" => "write `log2(x)`",
        "square" => "write `x^2`",
        "fabs" | "absolute" => "write `abs(x)`",
        "root" => "write `sqrt(x)`, or `x^(1/n)`",
        "fact" | "factorial" => "write `gamma(n + 1)`",
        "mod" | "fmod" | "rem" => "write `x - y*floor(x/y)`",
        _ => return None,
    })
}

/// The reduction formulas call `name`.
pub(crate) fn reduction(name: &str) -> Option<Reduction> {
    REDUCTIONS.iter().find(|(known, _)| *known == name).map(|r| r.1)
}

/// Every name formulas may call, for proposals.
///
/// ```
/// assert!(hesse_parser::builtins::names().any(|name| name == "logsumexp"));
/// ```
pub fn names() -> impl Iterator<Item = &'static str> {
    let own = ["sqrt", "log", "ln", "pow", "delta", "dot", "if"];
    own.into_iter()
        .chain(ALIASES.iter().map(|a| a.0))
        .chain(REDUCTIONS.iter().map(|r| r.0))
        .chain(Composite::all().map(|c| c.1))
        .chain(Function::ALL.iter().map(|f| f.name()))
}

const REDUCTIONS: &[(&str, Reduction)] = &[
    ("sum", Reduction::Sum),
    ("prod", Reduction::Product),
    ("product", Reduction::Product),
    ("max", Reduction::Max),
    ("min", Reduction::Min),
    ("mean", Reduction::Mean),
    ("logsumexp", Reduction::LogSumExp),
    ("norm", Reduction::Norm),
];

const ALIASES: &[(&str, &str)] = &[
    ("expm1", "exp_m1"),
    ("log1p", "ln_1p"),
    ("ln1p", "ln_1p"),
    ("arcsin", "asin"),
    ("arccos", "acos"),
    ("arctan", "atan"),
    ("arctan2", "atan2"),
    ("arsinh", "asinh"),
    ("arcosh", "acosh"),
    ("artanh", "atanh"),
    ("arcsinh", "asinh"),
    ("arccosh", "acosh"),
    ("arctanh", "atanh"),
    ("sgn", "sign"),
    ("ceiling", "ceil"),
    ("logistic", "sigmoid"),
    ("expit", "sigmoid"),
    ("logsigmoid", "log_sigmoid"),
    ("logaddexp", "log_add_exp"),
    ("logcosh", "ln_cosh"),
    ("log_cosh", "ln_cosh"),
    ("swish", "silu"),
    ("lgamma", "ln_gamma"),
    ("loggamma", "ln_gamma"),
    ("tgamma", "gamma"),
    ("lbeta", "ln_beta"),
    ("psi", "digamma"),
    ("j0", "bessel_j0"),
    ("j1", "bessel_j1"),
    ("lambertw", "lambert_w"),
    ("log_normal_cdf", "ln_normal_cdf"),
    ("log_normal_pdf", "ln_normal_pdf"),
];
