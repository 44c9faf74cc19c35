//! How large errors may be, and where they may be larger.

/// What is demanded of a function.
pub(crate) struct Row {
    /// The name of its table.
    pub(crate) name: &'static str,
    /// The function of x, or of x and y, as people write it.
    pub(crate) formula: &'static str,
    /// Where the limits do not hold.
    pub(crate) exceptions: &'static [Exception],
}

/// A reason why an error may be larger.
#[derive(Clone, Copy)]
pub(crate) struct Exception {
    /// Of which orders of derivatives.
    pub(crate) orders: &'static [usize],
    pub(crate) kind: Kind,
    pub(crate) reason: &'static str,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// The limit is this one, in ulp.
    Limit(f64),
    /// Nothing is demanded where this holds of the arguments and the truth.
    Beyond(fn(&[f64], f64) -> bool),
}

/// The largest error of value, first and second derivatives, in ulp.
pub(crate) const LIMITS: [f64; 3] = [4.0, 16.0, 16.0];

const NONE: &[Exception] = &[];

const OVERFLOW: &[Exception] = &[Exception {
    orders: &[1, 2],
    kind: Kind::Beyond(|x, _| x[0] >= 1024.0),
    reason: "its value, of which they are multiples, is infinite from x = 1024 on",
}];

const SUBNORMAL_ROOT: &[Exception] = &[Exception {
    orders: &[1, 2],
    kind: Kind::Beyond(|x, _| x[0] < 5.6e-309),
    reason: "the reciprocal of a subnormal argument is infinite",
}];

const SQUARED_SQUARE: &[Exception] = &[Exception {
    orders: &[2],
    kind: Kind::Beyond(|x, _| x[0].abs() > 1e77),
    reason: "(1 + x²)² overflows beyond |x| = 1e77; the curvature, below 1e-230, becomes 0",
}];

const SUBNORMAL_FACTOR: Exception = Exception {
    orders: &[0, 1, 2],
    kind: Kind::Beyond(|_, truth| truth.abs() < 1e-305),
    reason: "results below 1e-305 have a factor that is subnormal",
};

const SQUARE: Exception = Exception {
    orders: &[1, 2],
    kind: Kind::Beyond(|x, _| x[0].abs() > 1e154),
    reason: "x² is infinite beyond |x| = 1e154, and NaN after multiplication with 0",
};

const BESSEL: &[Exception] = &[Exception {
    orders: &[0],
    kind: Kind::Beyond(|x, truth| truth.abs() * x[0].abs().max(1.0).sqrt() < 0.1 || x[0].abs() > 100.0),
    reason: "near zeros, and far out, the error is below 1e-15 of the amplitude √(2/πx), not of the value",
}];

const SUBNORMAL_RADIUS: &[Exception] = &[Exception {
    orders: &[1, 2],
    kind: Kind::Beyond(|x, _| x.iter().all(|x| x.abs() < 1e-300)),
    reason: "a radius that is subnormal has lost digits",
}];

const SMALL_RADIUS: &[Exception] = &[Exception {
    orders: &[2],
    kind: Kind::Beyond(|x, _| x.iter().all(|x| x.abs() < 1e-154)),
    reason: "its terms, of size 1/r², are infinite",
}];

const XLOGY: &[Exception] =
    &[Exception {
        orders: &[2], kind: Kind::Beyond(|x, _| x[1].abs() < 1e-154), reason: "1/y² is infinite"
    }];

const LN_BETA: &[Exception] = &[
    Exception {
        orders: &[0],
        kind: Kind::Beyond(|_, truth| truth.abs() < 0.1),
        reason: "near zeros the error is below 1e-15, not of the value",
    },
    Exception {
        orders: &[0],
        kind: Kind::Limit(16.0),
        reason: "three gamma functions, of some ulp each, make one logarithm",
    },
];

const BETA: &[Exception] = &[
    Exception {
        orders: &[0, 1, 2],
        kind: Kind::Limit(256.0),
        reason: "the exponential magnifies the rounding of its logarithm, by up to 700",
    },
    Exception {
        orders: &[2],
        kind: Kind::Beyond(|x, _| x[0] < 1.0 || x[1] < 1.0),
        reason: "near the poles it is 1/x plus terms of y alone, and the mixed curvature cancels",
    },
];

/// Every function.
pub(crate) const ROWS: &[Row] = &[
    Row { name: "exp", formula: "exp(x)", exceptions: NONE },
    Row { name: "exp2", formula: "exp2(x)", exceptions: OVERFLOW },
    Row { name: "exp_m1", formula: "exp_m1(x)", exceptions: NONE },
    Row { name: "ln", formula: "ln(x)", exceptions: NONE },
    Row { name: "ln_1p", formula: "ln_1p(x)", exceptions: NONE },
    Row { name: "log2", formula: "log2(x)", exceptions: NONE },
    Row { name: "log10", formula: "log10(x)", exceptions: NONE },
    Row { name: "log_3", formula: "log(x, 3)", exceptions: NONE },
    Row { name: "recip", formula: "recip(x)", exceptions: NONE },
    Row { name: "cube", formula: "x^3", exceptions: NONE },
    Row { name: "power_minus_2", formula: "x^(-2)", exceptions: NONE },
    Row { name: "power_5_halves", formula: "x^2.5", exceptions: NONE },
    Row { name: "power_real", formula: "x^2.375", exceptions: NONE },
    Row { name: "pow", formula: "pow(x, y)", exceptions: NONE },
    Row { name: "sqrt", formula: "sqrt(x)", exceptions: SUBNORMAL_ROOT },
    Row { name: "cbrt", formula: "cbrt(x)", exceptions: NONE },
    Row { name: "hypot", formula: "hypot(x, y)", exceptions: SUBNORMAL_RADIUS },
    Row { name: "sin", formula: "sin(x)", exceptions: NONE },
    Row { name: "cos", formula: "cos(x)", exceptions: NONE },
    Row { name: "tan", formula: "tan(x)", exceptions: NONE },
    Row { name: "asin", formula: "asin(x)", exceptions: NONE },
    Row { name: "acos", formula: "acos(x)", exceptions: NONE },
    Row { name: "atan", formula: "atan(x)", exceptions: SQUARED_SQUARE },
    Row { name: "atan2", formula: "atan2(x, y)", exceptions: SMALL_RADIUS },
    Row { name: "sinh", formula: "sinh(x)", exceptions: NONE },
    Row { name: "cosh", formula: "cosh(x)", exceptions: NONE },
    Row { name: "tanh", formula: "tanh(x)", exceptions: NONE },
    Row { name: "sech", formula: "sech(x)", exceptions: NONE },
    Row { name: "asinh", formula: "asinh(x)", exceptions: NONE },
    Row { name: "acosh", formula: "acosh(x)", exceptions: NONE },
    Row { name: "atanh", formula: "atanh(x)", exceptions: NONE },
    Row { name: "ln_cosh", formula: "ln_cosh(x)", exceptions: NONE },
    Row { name: "sinc", formula: "sinc(x)", exceptions: NONE },
    Row { name: "abs", formula: "abs(x)", exceptions: NONE },
    Row { name: "sign", formula: "sign(x)", exceptions: NONE },
    Row { name: "min", formula: "min(x, y)", exceptions: NONE },
    Row { name: "max", formula: "max(x, y)", exceptions: NONE },
    Row { name: "clamp", formula: "clamp(x, -1, 1)", exceptions: NONE },
    Row { name: "floor", formula: "floor(x)", exceptions: NONE },
    Row { name: "ceil", formula: "ceil(x)", exceptions: NONE },
    Row { name: "round", formula: "round(x)", exceptions: NONE },
    Row { name: "trunc", formula: "trunc(x)", exceptions: NONE },
    Row { name: "fract", formula: "fract(x)", exceptions: NONE },
    Row { name: "xlogx", formula: "xlogx(x)", exceptions: NONE },
    Row { name: "xlogy", formula: "xlogy(x, y)", exceptions: XLOGY },
    Row { name: "sigmoid", formula: "sigmoid(x)", exceptions: NONE },
    Row { name: "log_sigmoid", formula: "log_sigmoid(x)", exceptions: NONE },
    Row { name: "softplus", formula: "softplus(x)", exceptions: NONE },
    Row { name: "log_add_exp", formula: "logsumexp(x, y)", exceptions: NONE },
    Row { name: "relu", formula: "relu(x)", exceptions: NONE },
    Row { name: "leaky_relu", formula: "leaky_relu(x)", exceptions: NONE },
    Row { name: "elu", formula: "elu(x)", exceptions: NONE },
    Row { name: "selu", formula: "selu(x)", exceptions: NONE },
    Row { name: "gelu", formula: "gelu(x)", exceptions: &[SUBNORMAL_FACTOR, SQUARE] },
    Row { name: "silu", formula: "silu(x)", exceptions: &[SUBNORMAL_FACTOR] },
    Row { name: "mish", formula: "mish(x)", exceptions: &[SUBNORMAL_FACTOR, SQUARE] },
    Row { name: "huber", formula: "huber(x)", exceptions: NONE },
    Row { name: "pseudo_huber", formula: "pseudo_huber(x)", exceptions: NONE },
    Row { name: "erf", formula: "erf(x)", exceptions: NONE },
    Row { name: "erfc", formula: "erfc(x)", exceptions: NONE },
    Row { name: "normal_pdf", formula: "normal_pdf(x)", exceptions: &[SQUARE] },
    Row { name: "normal_cdf", formula: "normal_cdf(x)", exceptions: NONE },
    Row { name: "ln_normal_pdf", formula: "ln_normal_pdf(x)", exceptions: NONE },
    Row { name: "ln_normal_cdf", formula: "ln_normal_cdf(x)", exceptions: NONE },
    Row { name: "gamma", formula: "gamma(x)", exceptions: NONE },
    Row { name: "ln_gamma", formula: "ln_gamma(x)", exceptions: NONE },
    Row { name: "digamma", formula: "digamma(x)", exceptions: NONE },
    Row { name: "trigamma", formula: "trigamma(x)", exceptions: NONE },
    Row { name: "beta", formula: "beta(x, y)", exceptions: BETA },
    Row { name: "ln_beta", formula: "ln_beta(x, y)", exceptions: LN_BETA },
    Row { name: "bessel_j0", formula: "bessel_j0(x)", exceptions: BESSEL },
    Row { name: "bessel_j1", formula: "bessel_j1(x)", exceptions: BESSEL },
    Row { name: "lambert_w", formula: "lambert_w(x)", exceptions: NONE },
];
