//! The table of rules.

use super::mode::{Mode, Soundness};
use super::{Rule, exact, logarithms, powers, products, sums};
use Soundness::{Domain, Ieee, Reals};

const EVERY: &[Mode] = &[Mode::Strict, Mode::Robust, Mode::Fast];
/// Not in strict mode.
const BOTH: &[Mode] = &[Mode::Robust, Mode::Fast];
/// Where the new form costs more than the written one.
const ROBUST: &[Mode] = &[Mode::Robust];
/// Where the written form is right more often than the new one.
const FAST: &[Mode] = &[Mode::Fast];

/// What the graph does itself when it collects factors; strict graphs do not.
pub const EXTENSION: &Rule = &Rule {
    name: "cancellation",
    written: "u/u or sqrt(u)*sqrt(u)",
    becomes: "1 or u",
    guard: "u may be zero or negative",
    soundness: Domain,
    modes: BOTH,
    apply: |_, _| None,
};

/// What the graph does itself when it collects terms; strict graphs do not.
pub const SQUARES: &Rule = &Rule {
    name: "sine and cosine",
    written: "sin(x)^2 + cos(x)^2",
    becomes: "1",
    guard: "with the same factor in front",
    soundness: Reals,
    modes: BOTH,
    apply: |_, _| None,
};

macro_rules! rules {
    ($($name:literal, $written:literal => $becomes:literal, $guard:literal, $soundness:ident, $modes:ident, $apply:expr;)*) => {
        /// All rules but those of the graph itself; where several apply to an expression, the first is taken.
        pub static RULES: &[Rule] = &[$(Rule {
            name: $name,
            written: $written,
            becomes: $becomes,
            guard: $guard,
            soundness: $soundness,
            modes: $modes,
            apply: $apply,
        },)*];
    };
}

rules! {
    "size of a size", "abs(u) or relu(u)" => "u", "u is never negative", Ieee, EVERY, exact::size_of_size;
    "even power of a size", "abs(x)^2" => "x^2", "the exponent is even", Ieee, EVERY, exact::even_power_of_size;
    "rounding of what is rounded", "floor(round(x))" => "round(x)", "", Ieee, EVERY, exact::rounding_of_rounded;
    "larger of the same", "max(x, x) or min(x, x)" => "x", "", Ieee, EVERY, exact::larger_of_same;

    "logarithm of an exponential", "ln(c*exp(x))" => "ln(c) + x", "c > 0", Reals, BOTH, logarithms::of_exponential;
    "exponential of a logarithm", "exp(ln(u))" => "u", "u > 0", Reals, BOTH, logarithms::exponential_of;
    "exponential of any logarithm", "exp(ln(x))" => "x", "x may be zero or negative", Domain, FAST, logarithms::exponential_of_any;
    "softplus", "ln(c + c*exp(x)) or ln_1p(exp(x))" => "ln(c) + softplus(x)", "c > 0", Reals, BOTH, logarithms::softplus;
    "log-add-exp", "ln(exp(x) + exp(y))" => "log_add_exp(x, y)", "up to eight terms, with positive factors", Reals, ROBUST, logarithms::of_some_exponentials;
    "log-sum-exp", "ln(sum(i, exp(a[i])))" => "logsumexp(i, a[i])", "", Reals, ROBUST, logarithms::of_exponentials;
    "log-sigmoid", "ln(c*sigmoid(x))" => "ln(c) - softplus(-x)", "c > 0", Reals, BOTH, logarithms::of_sigmoid;
    "log of the normal distribution", "ln(c*normal_cdf(x))" => "ln(c) + ln_normal_cdf(x)", "c > 0", Reals, BOTH, logarithms::of_normal;
    "log of erfc", "ln(c*erfc(x))" => "ln(2*c) + ln_normal_cdf(-sqrt(2)*x)", "c > 0", Reals, BOTH, logarithms::of_erfc;
    "log-gamma", "ln(c*gamma(x))" => "ln(c) + ln_gamma(x)", "c > 0; ln_gamma is that of the size of gamma", Domain, BOTH, logarithms::of_gamma;
    "log-cosh", "ln(c*cosh(x))" => "ln(c) + ln_cosh(x)", "c > 0", Reals, BOTH, logarithms::of_cosh;
    "log1p", "ln(1 + x)" => "ln_1p(x)", "", Reals, ROBUST, logarithms::of_one_more;

    "expm1", "c*exp(x) - c" => "c*exp_m1(x)", "", Reals, ROBUST, sums::exponential;
    "one minus cosine", "1 - cos(x)" => "2*sin(x/2)^2", "x is no root", Reals, BOTH, sums::cosine;
    "cosh minus one", "cosh(x) - 1" => "2*sinh(x/2)^2", "", Reals, BOTH, sums::hyperbolic_cosine;
    "one minus erf", "1 - erf(x)" => "erfc(x)", "", Reals, BOTH, sums::error_function;
    "one minus a distribution", "1 - sigmoid(x) or 1 - normal_cdf(x)" => "sigmoid(-x) or normal_cdf(-x)", "", Reals, BOTH, sums::distribution;
    "one minus tanh squared", "1 - tanh(x)^2" => "sech(x)^2", "", Reals, BOTH, sums::hyperbolic_tangent;
    "radius minus one", "hypot(1, x) - 1" => "hypot_m1(x)", "", Reals, ROBUST, sums::radius;

    "x ln x", "x*ln(x)" => "xlogx(x)", "", Domain, ROBUST, products::with_its_logarithm;
    "sinc", "sin(c*x)/x" => "c*sinc(c*x)", "x is no root", Domain, ROBUST, products::sine_over_argument;
    "softmax", "exp(x)/(exp(x) + exp(y)) or exp(a[j])/sum(i, exp(a[i]))" => "sigmoid(x - y) or exp(a[j] - logsumexp(i, a[i]))", "up to eight terms; 1 is exp(0)", Reals, ROBUST, products::over_total;

    "sigmoid", "1/(1 + exp(-x))" => "sigmoid(x)", "", Reals, BOTH, powers::over_one_plus_exponential;
    "power of an exponential", "2^x or pow(exp(x), y)" => "exp2(x) or exp(x*y)", "the base e is exp(1), too", Reals, BOTH, powers::of_exponential;
    "radius", "sqrt(x^2 + y^2)" => "hypot(x, y)", "an exponent of 1/2 or a negative one", Reals, ROBUST, powers::root_of_squares;
    "root of a square", "sqrt(x^2)" => "abs(x)", "", Reals, BOTH, powers::root_of_square;
    "root of a square number", "sqrt(4/9)" => "2/3", "both roots are whole numbers", Reals, BOTH, powers::root_of_number;
    "one minus a square", "1/(1 - x^2) or sqrt(1 - x^2)" => "1/((1 - x)*(1 + x)) or sqrt((1 - x)*(1 + x))", "a negative or half exponent", Reals, BOTH, powers::one_minus_square;
    "plain radius", "hypot(x, y)" => "sqrt(x^2 + y^2)", "", Reals, FAST, powers::plain_radius;
}
