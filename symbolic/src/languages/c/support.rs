//! Elementary functions in C: those of `math.h` by name, others as small functions of the file itself.

use crate::functions::Function;

/// How C has an elementary function.
#[derive(Clone, Copy)]
pub(super) enum Support {
    /// In `math.h`.
    Library(&'static str),
    /// As a function of the file, named and defined here.
    Own(&'static str, &'static str),
}

/// The larger argument, for reductions too.
pub(super) const MAX: (&str, &str) = (
    "hesse_max",
    "/* The first on a tie, NaN where either is. */
static double hesse_max(double x, double y)
{
    return x >= y || x != x ? x : y;
}
",
);

/// The place of a pair in a packed triangle.
pub(super) const PACKED: (&str, &str) = (
    "hesse_packed",
    "/* Where the entry of a symmetric matrix is in its lower triangle, packed by rows. */
static size_t hesse_packed(size_t row, size_t column)
{
    return row >= column ? row * (row + 1) / 2 + column : column * (column + 1) / 2 + row;
}
",
);

/// The same without the diagonal.
pub(super) const STRICT: (&str, &str) = (
    "hesse_packed_strictly",
    "/* Where a pair is among those of a triangle without its diagonal, packed by rows. */
static size_t hesse_packed_strictly(size_t row, size_t column)
{
    return row >= column ? row * (row - 1) / 2 + column : column * (column - 1) / 2 + row;
}
",
);

/// The spelling of a function; nothing where C has none.
pub(super) fn support(function: Function) -> Option<Support> {
    use Support::{Library, Own};
    Some(match function {
        Function::Exp => Library("exp"),
        Function::Exp2 => Library("exp2"),
        Function::ExpM1 => Library("expm1"),
        Function::Ln => Library("log"),
        Function::Ln1p => Library("log1p"),
        Function::Log2 => Library("log2"),
        Function::Log10 => Library("log10"),
        Function::Cbrt => Library("cbrt"),
        Function::Sin => Library("sin"),
        Function::Cos => Library("cos"),
        Function::Tan => Library("tan"),
        Function::Asin => Library("asin"),
        Function::Acos => Library("acos"),
        Function::Atan => Library("atan"),
        Function::Sinh => Library("sinh"),
        Function::Cosh => Library("cosh"),
        Function::Tanh => Library("tanh"),
        Function::Asinh => Library("asinh"),
        Function::Acosh => Library("acosh"),
        Function::Atanh => Library("atanh"),
        Function::Abs => Library("fabs"),
        Function::Floor => Library("floor"),
        Function::Ceil => Library("ceil"),
        Function::Round => Library("round"),
        Function::Trunc => Library("trunc"),
        Function::Erf => Library("erf"),
        Function::Erfc => Library("erfc"),
        Function::Pow => Library("pow"),
        Function::Atan2 => Library("atan2"),
        Function::Hypot => Library("hypot"),
        Function::Max => Own(MAX.0, MAX.1),
        Function::Min => Own(
            "hesse_min",
            "/* The first on a tie, NaN where either is. */
static double hesse_min(double x, double y)
{
    return x <= y || x != x ? x : y;
}
",
        ),
        Function::Sign => Own(
            "hesse_sign",
            "/* 0 at 0, NaN at NaN. */
static double hesse_sign(double x)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x == 0.0 ? 0.0 : x;
}
",
        ),
        Function::Relu => Own(
            "hesse_relu",
            "static double hesse_relu(double x)
{
    return x < 0.0 ? 0.0 : x;
}
",
        ),
        Function::Sech => Own(
            "hesse_sech",
            "/* 1/cosh x, which neither overflows nor loses its accuracy far out. */
static double hesse_sech(double x)
{
    const double e = exp(-fabs(x));
    return 2.0 * e / (1.0 + e * e);
}
",
        ),
        Function::Sigmoid => Own(
            "hesse_sigmoid",
            "/* 1/(1 + exp(-x)), which neither overflows nor loses its accuracy on either side. */
static double hesse_sigmoid(double x)
{
    const double e = exp(-fabs(x));
    return x < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
}
",
        ),
        Function::Softplus => Own(
            "hesse_softplus",
            "/* log(1 + exp(x)), which does not overflow. */
static double hesse_softplus(double x)
{
    return (x < 0.0 ? 0.0 : x) + log1p(exp(-fabs(x)));
}
",
        ),
        #[allow(unreachable_patterns, reason = "the table of functions may grow")]
        _ => return None,
    })
}

/// Names that must not be those of arguments: keywords, and what the file calls.
pub(super) const RESERVED: &[&str] = &[
    "auto",
    "break",
    "case",
    "char",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "float",
    "for",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "register",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "typedef",
    "union",
    "unsigned",
    "void",
    "volatile",
    "while",
    // In C++, which may include the header.
    "and",
    "asm",
    "bool",
    "catch",
    "class",
    "delete",
    "explicit",
    "export",
    "false",
    "friend",
    "mutable",
    "namespace",
    "new",
    "not",
    "operator",
    "or",
    "private",
    "protected",
    "public",
    "template",
    "this",
    "throw",
    "true",
    "try",
    "typename",
    "using",
    "virtual",
    "xor",
    // Macros and types of the headers, and of compilers.
    "size_t",
    "NULL",
    "NAN",
    "INFINITY",
    "HUGE_VAL",
    "offsetof",
    "linux",
    "unix",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "fabs",
    "floor",
    "ceil",
    "round",
    "trunc",
    "erf",
    "erfc",
    "pow",
    "atan2",
    "hypot",
    "sqrt",
];
