//! The functions both grammars know, and the names formulas use for them.

use hesse_symbolic::functions::Function;

/// How a reduction combines the values of its body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reduction {
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
pub enum Builtin {
    /// An entry of the table of elementary functions, with its own number of arguments.
    Elementary(Function),
    /// `sqrt(x)`
    Sqrt,
    /// `log(x)` is natural, `log(x, base)` is not.
    Log,
    /// `pow(x, y)`
    Power,
    /// `log_sigmoid(x)`, stable at both ends.
    LogSigmoid,
    /// 1 below zero for −1, else 1: the sign of Rust, which has no zero.
    Signum,
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
    pub fn arity(self) -> (usize, usize) {
        match self {
            Builtin::Elementary(function) => (function.arity(), function.arity()),
            Builtin::Sqrt | Builtin::LogSigmoid | Builtin::Signum | Builtin::Elements(_) => (1, 1),
            Builtin::Log => (1, 2),
            Builtin::Power | Builtin::Dot => (2, 2),
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
pub fn builtin(name: &str) -> Option<Builtin> {
    let elementary = |name| Function::from_name(name).map(Builtin::Elementary);
    match name {
        "sqrt" => Some(Builtin::Sqrt),
        "log" | "ln" => Some(Builtin::Log),
        "pow" => Some(Builtin::Power),
        "log_sigmoid" | "logsigmoid" => Some(Builtin::LogSigmoid),
        "max" => Some(Builtin::Max),
        "min" => Some(Builtin::Min),
        "logsumexp" => Some(Builtin::LogSumExp),
        "dot" => Some(Builtin::Dot),
        "if" => Some(Builtin::If),
        _ => ALIASES
            .iter()
            .find(|(alias, _)| *alias == name)
            .map_or_else(|| elementary(name), |a| elementary(a.1)),
    }
}

/// The reduction formulas call `name`.
pub fn reduction(name: &str) -> Option<Reduction> {
    REDUCTIONS.iter().find(|(known, _)| *known == name).map(|r| r.1)
}

/// Every name formulas may call, for proposals.
pub fn names() -> impl Iterator<Item = &'static str> {
    let own = ["sqrt", "log", "ln", "pow", "log_sigmoid", "dot", "if"];
    own.into_iter()
        .chain(ALIASES.iter().map(|a| a.0))
        .chain(REDUCTIONS.iter().map(|r| r.0))
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
];
