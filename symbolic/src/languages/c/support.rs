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
        Function::Gamma => Library("tgamma"),
        Function::LnGamma => Library("lgamma"),
        Function::HypotM1 => Own(
            "hesse_hypot_m1",
            "/* sqrt(1 + x^2) - 1, which does not cancel near zero. */
static double hesse_hypot_m1(double x)
{
    return x * (x / (1.0 + hypot(1.0, x)));
}
",
        ),
        Function::OneMinusSquare => Own(
            "hesse_one_minus_square",
            "static double hesse_one_minus_square(double x)
{
    return (1.0 - x) * (1.0 + x);
}
",
        ),
        Function::Direction => Own(
            "hesse_direction",
            "/* The cosine of the angle of the point (x, y). */
static double hesse_direction(double x, double y)
{
    return x / hypot(x, y);
}
",
        ),
        Function::Quotient => Own(
            "hesse_quotient",
            "static double hesse_quotient(double x, double y)
{
    return x / y;
}
",
        ),
        Function::XLogY => Own(
            "hesse_xlogy",
            "/* 0 where x is 0, whatever y is. */
static double hesse_xlogy(double x, double y)
{
    return x == 0.0 && y == y ? 0.0 : x * log(y);
}
",
        ),
        Function::SigmoidSlope => Own(
            "hesse_sigmoid_slope",
            "static double hesse_sigmoid_slope(double x)
{
    const double e = exp(-fabs(x));
    return e / ((1.0 + e) * (1.0 + e));
}
",
        ),
        Function::LogAddExp => Own(
            "hesse_log_add_exp",
            "/* log(exp(x) + exp(y)), which does not overflow. */
static double hesse_log_add_exp(double x, double y)
{
    const double high = x >= y || x != x ? x : y;
    return x == y ? x + 0.6931471805599453 : high + log1p(exp(-fabs(x - y)));
}
",
        ),
        Function::LnCosh => Own(
            "hesse_ln_cosh",
            "/* log(cosh(x)), which neither overflows nor cancels near zero. */
static double hesse_ln_cosh(double x)
{
    const double size = fabs(x), s = sinh(size < 1.0 ? size : 1.0);
    return size < 1.0 ? 0.5 * log1p(s * s) : size + log1p(exp(-2.0 * size)) - 0.6931471805599453;
}
",
        ),
        Function::NormalPdf => Own(
            "hesse_normal_pdf",
            "static double hesse_normal_pdf(double x)
{
    return 0.3989422804014327 * exp(-0.5 * x * x);
}
",
        ),
        Function::NormalCdf => Own(
            "hesse_normal_cdf",
            "static double hesse_normal_cdf(double x)
{
    return 0.5 * erfc(-0.7071067811865476 * x);
}
",
        ),
        Function::LnNormalCdf => Own(
            "hesse_ln_normal_cdf",
            "/* The logarithm of the normal distribution function; by a continued fraction far out on the left. */
static double hesse_ln_normal_cdf(double x)
{
    double rest = 0.0;
    if (x > -5.0) return x > 0.0 ? log1p(-0.5 * erfc(0.7071067811865476 * x)) : log(0.5 * erfc(-0.7071067811865476 * x));
    for (int k = 100; k > 0; --k) rest = k / (rest - x);
    return -0.5 * x * x - 0.9189385332046727 - log(rest - x);
}
",
        ),
        Function::NormalHazard => Own(
            "hesse_normal_hazard",
            "/* Density over distribution function of the normal distribution. */
static double hesse_normal_hazard(double x)
{
    double rest = 0.0;
    if (x > -5.0) return 0.7978845608028654 * exp(-0.5 * x * x) / erfc(-0.7071067811865476 * x);
    for (int k = 100; k > 0; --k) rest = k / (rest - x);
    return rest - x;
}
",
        ),
        Function::NormalExcess => Own(
            "hesse_normal_excess",
            "/* x plus density over distribution function of the normal distribution. */
static double hesse_normal_excess(double x)
{
    double rest = 0.0;
    if (x > -5.0) return x + 0.7978845608028654 * exp(-0.5 * x * x) / erfc(-0.7071067811865476 * x);
    for (int k = 100; k > 0; --k) rest = k / (rest - x);
    return rest;
}
",
        ),
        Function::SphericalBessel => Own(
            "hesse_spherical_bessel",
            "/* Of order n: by its power series where that is short, else from order to order. */
static double hesse_spherical_bessel(double n, double x)
{
    if (!(n >= 0.0 && n <= 20.0)) return NAN;
    const int order = (int)n;
    if (order > 0 && fabs(x) < n + 1.0) {
        double term = 1.0, total = 1.0;
        for (int k = 1; k < 60 && fabs(term) >= 1e-17; ++k) {
            term *= -0.5 * x * x / ((double)k * (2 * order + 2 * k + 1));
            total += term;
        }
        for (int k = 1; k <= order; ++k) total *= x / (2 * k + 1);
        return total;
    }
    if (x == 0.0) return 1.0;
    double here = sin(x) / x, next = (here - cos(x)) / x;
    for (int k = 1; k <= order; ++k) {
        const double after = (2 * k + 1) / x * next - here;
        here = next;
        next = after;
    }
    return here;
}
",
        ),
        Function::LnBeta
        | Function::LambertW
        | Function::LambertRatio
        | Function::Polygamma
        | Function::DigammaRise
        | Function::TrigammaFall
        | Function::BesselJ
        | Function::Outer(..) => return None,
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
    "tgamma",
    "lgamma",
];
