//! Elementary functions in Python: those of NumPy by name, others as small functions of the module itself.

use crate::functions::Function;

/// A function of the module: its name and its definition.
pub(super) type Own = (&'static str, &'static str);

/// How Python has an elementary function.
#[derive(Clone, Copy)]
pub(super) enum Support {
    /// In NumPy.
    Library(&'static str),
    /// In the module.
    Module(Own),
}

/// What every module has.
pub(super) const ARRAY: Own = (
    "_array",
    r#"def _array(name, values, shape, dtype=float):
    values = np.asarray(values, dtype=dtype)
    if values.shape != shape:
        raise ValueError(f"`{name}` has the shape {values.shape}, but {shape} was expected")
    return values
"#,
);

/// Look-ups: NumPy would count negative ones from the end.
pub(super) const LOOKUP: Own = (
    "_lookup",
    r#"def _lookup(name, values, shape):
    values = np.asarray(values)
    if values.size and (not np.issubdtype(values.dtype, np.integer) or values.min() < 0):
        raise ValueError(f"`{name}` must hold positions: whole numbers that are not negative")
    return _array(name, values, shape, dtype=np.intp)
"#,
);

/// Sums over rows.
pub(super) const TOTAL: Own = (
    "_total",
    "def _total(values, rows):
    return np.sum(np.broadcast_to(values, rows.shape))
",
);

/// Additions to places that may be the same for several rows.
pub(super) const ADD: Own = (
    "_add",
    "def _add(target, at, values, rows):
    np.add.at(target, np.broadcast_to(at, rows.shape), values)
",
);

/// The place of a pair in a packed triangle.
pub(super) const PACKED: Own = (
    "_packed",
    "def _packed(row, column):
    high, low = np.maximum(row, column), np.minimum(row, column)
    return high * (high + 1) // 2 + low
",
);

/// The same without the diagonal.
pub(super) const STRICT: Own = (
    "_packed_strictly",
    "def _packed_strictly(row, column):
    high, low = np.maximum(row, column), np.minimum(row, column)
    return high * (high - 1) // 2 + low
",
);

/// A packed triangle as a matrix.
pub(super) const SYMMETRIC: Own = (
    "_symmetric",
    "def _symmetric(packed, size):
    matrix = np.empty((size, size))
    lower = np.tril_indices(size)
    matrix[lower] = packed
    matrix.T[lower] = packed
    return matrix
",
);

/// The spelling of a function; nothing where Python has none.
pub(super) fn support(function: Function) -> Option<Support> {
    use Support::{Library, Module};
    Some(match function {
        Function::Exp => Library("np.exp"),
        Function::Exp2 => Library("np.exp2"),
        Function::ExpM1 => Library("np.expm1"),
        Function::Ln => Library("np.log"),
        Function::Ln1p => Library("np.log1p"),
        Function::Log2 => Library("np.log2"),
        Function::Log10 => Library("np.log10"),
        Function::Cbrt => Library("np.cbrt"),
        Function::Sin => Library("np.sin"),
        Function::Cos => Library("np.cos"),
        Function::Tan => Library("np.tan"),
        Function::Asin => Library("np.arcsin"),
        Function::Acos => Library("np.arccos"),
        Function::Atan => Library("np.arctan"),
        Function::Sinh => Library("np.sinh"),
        Function::Cosh => Library("np.cosh"),
        Function::Tanh => Library("np.tanh"),
        Function::Asinh => Library("np.arcsinh"),
        Function::Acosh => Library("np.arccosh"),
        Function::Atanh => Library("np.arctanh"),
        Function::Abs => Library("np.abs"),
        Function::Sign => Library("np.sign"),
        Function::Floor => Library("np.floor"),
        Function::Ceil => Library("np.ceil"),
        Function::Trunc => Library("np.trunc"),
        Function::Pow => Library("np.power"),
        Function::Atan2 => Library("np.arctan2"),
        Function::Hypot => Library("np.hypot"),
        Function::Min => Library("np.minimum"),
        Function::Max => Library("np.maximum"),
        Function::Erf => {
            Module(("_erf", "def _erf(x):\n    return np.vectorize(math.erf, otypes=[float])(x)[()]\n"))
        }
        Function::Erfc => {
            Module(("_erfc", "def _erfc(x):\n    return np.vectorize(math.erfc, otypes=[float])(x)[()]\n"))
        }
        Function::Relu => Module(("_relu", "def _relu(x):\n    return np.where(x < 0.0, 0.0, x)\n")),
        Function::Round => Module((
            "_round",
            "def _round(x):
    whole = np.trunc(x)
    return np.where(np.abs(x - whole) >= 0.5, whole + np.copysign(1.0, x), whole)
",
        )),
        Function::Sech => Module((
            "_sech",
            "def _sech(x):
    e = np.exp(-np.abs(x))
    return 2.0 * e / (1.0 + e * e)
",
        )),
        Function::Sigmoid => Module((
            "_sigmoid",
            "def _sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x < 0.0, e, 1.0) / (1.0 + e)
",
        )),
        Function::Softplus => Module((
            "_softplus",
            "def _softplus(x):
    return np.where(x < 0.0, 0.0, x) + np.log1p(np.exp(-np.abs(x)))
",
        )),
        Function::LogAddExp => Library("np.logaddexp"),
        Function::Quotient => Library("np.divide"),
        Function::Gamma => Module((
            "_gamma",
            "def _gamma(x):
    def gamma(x):
        try:
            return math.gamma(x)
        except OverflowError:
            return np.inf
        except ValueError:
            return np.nan
    return np.vectorize(gamma, otypes=[float])(x)[()]
",
        )),
        Function::LnGamma => Module((
            "_ln_gamma",
            "def _ln_gamma(x):
    def ln_gamma(x):
        try:
            return math.lgamma(x)
        except ValueError:
            return np.inf
    return np.vectorize(ln_gamma, otypes=[float])(x)[()]
",
        )),
        Function::HypotM1 => {
            Module(("_hypot_m1", "def _hypot_m1(x):\n    return x * (x / (1.0 + np.hypot(1.0, x)))\n"))
        }
        Function::OneMinusSquare => {
            Module(("_one_minus_square", "def _one_minus_square(x):\n    return (1.0 - x) * (1.0 + x)\n"))
        }
        Function::Direction => {
            Module(("_direction", "def _direction(x, y):\n    return x / np.hypot(x, y)\n"))
        }
        Function::XLogY => Module((
            "_xlogy",
            "def _xlogy(x, y):\n    return np.where((x == 0.0) & ~np.isnan(y), 0.0, x * np.log(y))\n",
        )),
        Function::SigmoidSlope => Module((
            "_sigmoid_slope",
            "def _sigmoid_slope(x):
    e = np.exp(-np.abs(x))
    return e / ((1.0 + e) * (1.0 + e))
",
        )),
        Function::LnCosh => Module((
            "_ln_cosh",
            "def _ln_cosh(x):
    size = np.abs(x)
    near = 0.5 * np.log1p(np.sinh(np.minimum(size, 1.0)) ** 2)
    return np.where(size < 1.0, near, size + np.log1p(np.exp(-2.0 * size)) - 0.6931471805599453)
",
        )),
        Function::NormalPdf => Module((
            "_normal_pdf",
            "def _normal_pdf(x):\n    return 0.3989422804014327 * np.exp(-0.5 * x * x)\n",
        )),
        Function::NormalCdf => Module((
            "_normal_cdf",
            "def _normal_cdf(x):
    return np.vectorize(lambda x: 0.5 * math.erfc(-0.7071067811865476 * x), otypes=[float])(x)[()]
",
        )),
        Function::LnNormalCdf => Module((
            "_ln_normal_cdf",
            "def _ln_normal_cdf(x):
    def ln_normal_cdf(x):
        if x > 0.0:
            return math.log1p(-0.5 * math.erfc(0.7071067811865476 * x))
        if x > -5.0:
            return math.log(0.5 * math.erfc(-0.7071067811865476 * x))
        rest = 0.0
        for k in range(100, 0, -1):
            rest = k / (rest - x)
        return -0.5 * x * x - 0.9189385332046727 - math.log(rest - x)
    return np.vectorize(ln_normal_cdf, otypes=[float])(x)[()]
",
        )),
        Function::NormalHazard => Module((
            "_normal_hazard",
            "def _normal_hazard(x):
    def normal_hazard(x):
        if x > -5.0:
            return 0.7978845608028654 * math.exp(-0.5 * x * x) / math.erfc(-0.7071067811865476 * x)
        rest = 0.0
        for k in range(100, 0, -1):
            rest = k / (rest - x)
        return rest - x
    return np.vectorize(normal_hazard, otypes=[float])(x)[()]
",
        )),
        Function::NormalExcess => Module((
            "_normal_excess",
            "def _normal_excess(x):
    def normal_excess(x):
        if x > -5.0:
            return x + 0.7978845608028654 * math.exp(-0.5 * x * x) / math.erfc(-0.7071067811865476 * x)
        rest = 0.0
        for k in range(100, 0, -1):
            rest = k / (rest - x)
        return rest
    return np.vectorize(normal_excess, otypes=[float])(x)[()]
",
        )),
        Function::SphericalBessel => Module((
            "_spherical_bessel",
            "def _spherical_bessel(n, x):
    def spherical_bessel(n, x):
        if not 0 <= n <= 20:
            return np.nan
        if n > 0 and abs(x) < n + 1.0:
            term = total = 1.0
            for k in range(1, 60):
                term *= -0.5 * x * x / (k * (2 * n + 2 * k + 1))
                total += term
            for k in range(1, int(n) + 1):
                total *= x / (2 * k + 1)
            return total
        if x == 0.0:
            return 1.0
        here = np.sin(x) / x
        following = (here - np.cos(x)) / x
        for k in range(1, int(n) + 1):
            here, following = following, (2 * k + 1) / x * following - here
        return here
    return np.vectorize(spherical_bessel, otypes=[float])(n, x)[()]
",
        )),
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

/// Names that must not be those of arguments: keywords, and what the module calls.
pub(super) const RESERVED: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "np",
    "math", "max", "range", "len", "float", "self",
];
