"""The functions, over truncated Taylor series, and the points where they are measured."""

import math

from mpmath import mp, mpf

from jets import compose, cos, exp, from_slope, log, power, sin, sqrt

INF, NAN = math.inf, math.nan
TINY = [5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-200, 1e-160, 1e-154, 1e-100, 1e-77, 1e-30, 1e-20, 1e-16, 1e-12, 1e-8]
HUGE = [1e8, 1e12, 1e16, 1e20, 1e30, 1e77, 1e100, 1e150, 1e154, 1e200, 1e300, 1.7e308]
BOTH = (-1, 1)


class Function:
    """A function: its jet, the range of ordinary points, and special ones."""

    def __init__(self, name, jet, spread=(1e-6, 1e3), signs=BOTH, special=(), tiny=True, huge=True, given=(),
                 inside=lambda *x: True, count=100, precision=2600, pairs=None):
        self.name, self.jet, self.spread, self.signs = name, jet, spread, signs
        self.special, self.inside, self.count, self.precision = special, inside, count, precision
        self.given = [((x,) if isinstance(x, float) else x, v) for x, v in given]
        self.common = (TINY if tiny else []) + (HUGE if huge else [])
        self.pairs = pairs

    def points(self, dice):
        if self.pairs:
            points = list(self.pairs(dice))
        else:
            xs = [s * x for x in self.common for s in self.signs] + list(self.special)
            lo, hi = map(math.log, self.spread)
            for at in range(self.count):
                xs.append(self.signs[at % len(self.signs)] * math.exp(dice.uniform(lo, hi)))
            points = [(x,) for x in xs]
        given = {point for point, _ in self.given}
        kept = []
        for point in points:
            if point not in given and point not in kept and self.inside(*point):
                kept.append(point)
        return sorted(kept)


def around(*xs):
    """Each x with its neighbors and what is a little off."""
    out = []
    for x in xs:
        out += [x, math.nextafter(x, INF), math.nextafter(x, -INF), x * (1 + 1e-10), x * (1 - 1e-10), x * (1 + 1e-4), x * (1 - 1e-4)]
    return out


def nexts(x):
    return [math.nextafter(x, INF), math.nextafter(x, -INF)]


def spread_pairs(lo, hi, signs=(BOTH, BOTH), extra=(), count=90):
    def pairs(dice):
        out = list(extra)
        a, b = math.log(lo), math.log(hi)
        for at in range(count):
            x = dice.choice(signs[0]) * math.exp(dice.uniform(a, b))
            y = dice.choice(signs[1]) * math.exp(dice.uniform(a, b))
            out.append((x, y))
        return out
    return pairs


# Building blocks.

def sech(u):
    e = exp(u)
    return 2 * e / (1 + e * e)


def tanh(u):
    e = exp(u + u)
    return (e - 1) / (e + 1) if abs(u.value) < 1e10 else from_slope(u, mp.tanh(u.value), lambda t: 1 / power(cosh(t), 2))


def cosh(u):
    return (exp(u) + exp(-u)) * 0.5


def sinh(u):
    return (exp(u) - exp(-u)) * 0.5


def sigmoid(u):
    return 1 / (1 + exp(-u)) if u.value < 0 else 1 - 1 / (1 + exp(u))


def softplus(u):
    return from_slope(u, mp.log1p(mp.exp(u.value)) if u.value < 0 else u.value + mp.log1p(mp.exp(-u.value)), sigmoid)


def pdf(u):
    return exp(u * u * mpf(-0.5)) / mp.sqrt(2 * mp.pi)


def cdf(u):
    return from_slope(u, mp.erfc(-u.value / mp.sqrt(2)) / 2, pdf)


def gauss(u):
    return exp(-(u * u)) * (2 / mp.sqrt(mp.pi))


def gamma(u):
    x = u.value
    g, a, b, c = mp.gamma(x), mp.psi(0, x), mp.psi(1, x), mp.psi(2, x)
    return compose(u, [g, g * a, g * (a**2 + b), g * (a**3 + 3 * a * b + c)])


def ln_gamma(u):
    x = u.value
    value = mp.loggamma(x).real if x > 0 else mp.log(abs(mp.gamma(x)))
    return compose(u, [value, mp.psi(0, x), mp.psi(1, x), mp.psi(2, x)])


def polygamma(n):
    return lambda u: compose(u, [mp.psi(n + k, u.value) for k in range(4)])


def bessel(n):
    def jet(u):
        def j(k):
            return mp.besselj(k, u.value)
        d1 = (j(n - 1) - j(n + 1)) / 2
        d2 = (j(n - 2) - 2 * j(n) + j(n + 2)) / 4
        d3 = (j(n - 3) - 3 * j(n - 1) + 3 * j(n + 1) - j(n + 3)) / 8
        return compose(u, [j(n), d1, d2, d3])
    return jet


def sinc(u):
    x = u.value
    if abs(x) > 1e-6:
        return sin(u) / u
    # Σ (−1)ᵏ x²ᵏ/(2k+1)!, differentiated term by term; 250 terms are far more than enough.
    ds = []
    for order in range(4):
        total = mpf(0)
        for k in range(60):
            n = 2 * k
            if n >= order:
                total += (-1) ** k * mp.factorial(n) / mp.factorial(n - order) * x ** (n - order) / mp.factorial(n + 1)
        ds.append(total)
    return compose(u, ds)


def lambert(u):
    w = mp.lambertw(u.value).real
    a = mp.exp(-w)
    d1 = a / (1 + w)
    d2 = -a * a * (w + 2) / (1 + w) ** 3
    d3 = a**3 * (2 * w * w + 8 * w + 9) / (1 + w) ** 5
    return compose(u, [w, d1, d2, d3])


def select(condition, a, b):
    """Evaluates the branch taken alone."""
    return a() if condition else b()


def step(value):
    return lambda u: compose(u, [mpf(value(u.value)), mpf(0), mpf(0), mpf(0)])


def hypot(x, y):
    return sqrt(x * x + y * y)


def logaddexp(a, b):
    return a + softplus(b - a) if a.value > b.value else b + softplus(a - b)


def ln_beta(a, b):
    return ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)


ALPHA, SCALE = mpf("1.6732632423543772848170429916717"), mpf("1.0507009873554804934193349852946")
OVER = [709.0, 709.7, 709.78, 709.79, 710.0, 745.0, 745.13, 745.2, 746.0, 708.3, 708.5]
EXPS = [s * x for x in OVER for s in BOTH]
SATURATE = EXPS + [s * x for x in (19.0, 19.1, 20.0, 36.0, 36.7, 37.43, 38.0, 40.0, 354.0, 355.0, 372.0, 373.0, 0.5, 1.0, 2.0) for s in BOTH]
HALF_PI = [k * math.pi / 2 for k in range(-8, 9) if k] + [1e6 * math.pi, 1.6e6, 1.7e6, 1e22]
UNIT = [s * x for x in (0.5, 0.9, 0.99, 1 - 1e-6, 1 - 1e-10, 1 - 1e-14) for s in BOTH] + [1 - 2**-53, -1 + 2**-53]
NORMAL = [s * x for x in (1.0, math.sqrt(2), 2.0, 5.0, 8.0, 8.3, 20.0, 26.0, 37.0, 37.5, 38.0, 38.4, 38.6, 39.0, 100.0, 0.67448975, 0.75179) for s in BOTH]

positive = dict(signs=(1,))
PI = mp.pi

FUNCTIONS = [
    Function("exp", exp, special=EXPS + [0.0]),
    Function("exp2", lambda u: exp(u * mp.log(2)), special=[1023.0, 1024.0, -1022.0, -1074.0, -1075.0, -1076.0, 0.0]),
    Function("exp_m1", lambda u: exp(u) - 1, special=EXPS + [0.0, -36.7, -37.0, -38.0]),
    Function("ln", log, special=around(1.0) + [0.5, 2.0, math.e], spread=(1e-9, 1e9), **positive,
             given=[(0.0, (-INF, INF, -INF))]),
    Function("ln_1p", lambda u: log(1 + u), special=UNIT + [0.0], inside=lambda x: x > -1,
             given=[(-1.0, (-INF, INF, -INF))]),
    Function("log2", lambda u: log(u) / mp.log(2), special=around(1.0) + [2.0, 8.0, 0.125], spread=(1e-9, 1e9), **positive),
    Function("log10", lambda u: log(u) / mp.log(10), special=around(1.0) + [10.0, 1000.0, 0.01], spread=(1e-9, 1e9), **positive),
    Function("log_3", lambda u: log(u) / mp.log(3), special=around(1.0) + [3.0, 9.0, 1 / 3], spread=(1e-9, 1e9), **positive),
    Function("sqrt", sqrt, spread=(1e-9, 1e9), **positive, given=[(0.0, (0.0, INF, -INF))]),
    Function("cbrt", lambda u: power(u, mpf(1) / 3) if u.value > 0 else -power(-u, mpf(1) / 3), spread=(1e-9, 1e9),
             given=[(0.0, (0.0, INF, NAN))]),
    Function("recip", lambda u: 1 / u, spread=(1e-9, 1e9)),
    Function("cube", lambda u: u * u * u, spread=(1e-9, 1e9), special=[0.0]),
    Function("power_minus_2", lambda u: power(u, -2), spread=(1e-9, 1e9)),
    Function("power_5_halves", lambda u: power(u, mpf(5) / 2), spread=(1e-9, 1e9), **positive),
    Function("power_real", lambda u: power(u, mpf(2.375)), spread=(1e-9, 1e9), **positive),
    Function("sin", sin, special=HALF_PI + [0.0]),
    Function("cos", cos, special=HALF_PI + [0.0]),
    Function("tan", lambda u: sin(u) / cos(u), special=HALF_PI + [0.0]),
    Function("asin", lambda u: from_slope(u, mp.asin(u.value), lambda t: power(1 - t * t, -0.5)), spread=(1e-6, 1), special=UNIT + [0.0],
             inside=lambda x: abs(x) < 1, given=[(1.0, (math.pi / 2, INF, INF)), (-1.0, (-math.pi / 2, INF, -INF))]),
    Function("acos", lambda u: from_slope(u, mp.acos(u.value), lambda t: -power(1 - t * t, -0.5)), spread=(1e-6, 1), special=UNIT + [0.0],
             inside=lambda x: abs(x) < 1, given=[(1.0, (0.0, -INF, -INF)), (-1.0, (math.pi, -INF, INF))]),
    Function("atan", lambda u: from_slope(u, mp.atan(u.value), lambda t: 1 / (1 + t * t)), special=[0.0, 1.0, -1.0]),
    Function("sinh", sinh, special=EXPS + [0.0, 710.4, 710.5, -710.4]),
    Function("cosh", cosh, special=EXPS + [0.0, 710.4, 710.5, -710.4]),
    Function("tanh", tanh, special=SATURATE + [0.0]),
    Function("sech", sech, special=SATURATE + [0.0]),
    Function("asinh", lambda u: from_slope(u, mp.asinh(u.value), lambda t: power(1 + t * t, -0.5)), special=[0.0, 1.0, -1.0]),
    Function("acosh", lambda u: from_slope(u, mp.acosh(u.value), lambda t: power(t * t - 1, -0.5)), special=[1 + 2**-52, 1 + 1e-12, 1 + 1e-8, 1.0001, 1.5],
             inside=lambda x: x > 1, spread=(1, 1e3), **positive, given=[(1.0, (0.0, INF, -INF))]),
    Function("atanh", lambda u: from_slope(u, mp.atanh(u.value), lambda t: 1 / (1 - t * t)), spread=(1e-6, 1), special=UNIT + [0.0],
             inside=lambda x: abs(x) < 1, given=[(1.0, (INF, INF, INF)), (-1.0, (-INF, INF, -INF))]),
    Function("sinc", sinc, special=HALF_PI + [0.0, 1.0, 2.0, 3.0, 4.5]),
    Function("abs", lambda u: u if u.value > 0 else -u, count=20, given=[(0.0, (0.0, 0.0, 0.0))]),
    Function("sign", step(mp.sign), count=20, special=[0.0]),
    Function("floor", step(mp.floor), count=20, special=around(1.0, -3.0) + [0.0, 0.5, -0.5], huge=False),
    Function("ceil", step(mp.ceil), count=20, special=around(1.0, -3.0) + [0.0, 0.5, -0.5], huge=False),
    Function("round", step(lambda x: mp.sign(x) * mp.floor(abs(x) + 0.5)), count=20, special=around(1.5, -3.5) + [0.0, 0.5, -0.5], huge=False),
    Function("trunc", step(lambda x: mp.sign(x) * mp.floor(abs(x))), count=20, special=around(1.0, -3.0) + [0.0, 0.5, -0.5], huge=False),
    Function("fract", lambda u: u - mp.sign(u.value) * mp.floor(abs(u.value)), count=20, special=around(1.0, -3.0) + [0.0, 0.5, -0.5], huge=False),
    Function("clamp", lambda u: select(abs(u.value) <= 1, lambda: u, lambda: step(mp.sign)(u)), count=20, special=[0.0] + around(1.0, -1.0)),
    Function("sigmoid", sigmoid, special=SATURATE + [0.0]),
    Function("log_sigmoid", lambda u: -softplus(-u), special=SATURATE + [0.0]),
    Function("softplus", softplus, special=SATURATE + [0.0]),
    Function("relu", lambda u: u if u.value > 0 else u * 0, count=20, special=[0.0]),
    Function("leaky_relu", lambda u: u if u.value > 0 else u * (mpf(1) / 100), count=20, special=[0.0]),
    Function("elu", lambda u: u if u.value > 0 else exp(u) - 1, special=EXPS + [0.0]),
    Function("selu", lambda u: SCALE * u if u.value > 0 else SCALE * ALPHA * (exp(u) - 1), special=EXPS + [0.0]),
    Function("gelu", lambda u: u * cdf(u), special=NORMAL + [0.0]),
    Function("silu", lambda u: u * sigmoid(u), special=SATURATE + [0.0, -1.2784645]),
    Function("mish", lambda u: u * tanh(softplus(u)), special=SATURATE + [0.0, -1.1924]),
    Function("ln_cosh", lambda u: from_slope(u, abs(u.value) + mp.log1p(mp.exp(-2 * abs(u.value))) - mp.log(2), tanh), special=SATURATE + [0.0]),
    Function("huber", lambda u: select(abs(u.value) <= 1, lambda: u * u * 0.5, lambda: u * mp.sign(u.value) - 0.5), special=[0.0] + around(1.0, -1.0), count=30),
    Function("pseudo_huber", lambda u: from_slope(u, mp.sqrt(1 + u.value**2) - 1, lambda t: t * power(1 + t * t, -0.5)), special=[0.0]),
    Function("erf", lambda u: from_slope(u, mp.erf(u.value), gauss), special=NORMAL + [0.0, 26.5, 27.3, -26.5]),
    Function("erfc", lambda u: from_slope(u, mp.erfc(u.value), lambda t: -gauss(t)), special=NORMAL + [0.0, 26.5, 27.3, -26.5]),
    Function("normal_pdf", pdf, special=NORMAL + [0.0]),
    Function("normal_cdf", cdf, special=NORMAL + [0.0]),
    Function("ln_normal_pdf", lambda u: u * u * mpf(-0.5) - mp.log(2 * PI) / 2, special=NORMAL + [0.0]),
    Function("ln_normal_cdf", lambda u: log(cdf(u)), special=NORMAL + [0.0], inside=lambda x: abs(x) < 1e155),
    Function("gamma", gamma, special=[1.0, 2.0, 0.5, 1.4616321449683622, 171.0, 171.6, 171.7, 172.0, -0.5, -1.5, -0.999999, -2.5, -10.3, -100.25, -170.5, -200.3],
             spread=(1e-6, 150), inside=lambda x: x > 0 or x != int(x), huge=False, precision=700),
    Function("ln_gamma", ln_gamma, special=around(1.0, 2.0) + [0.5, 1.4616321449683622, 170.0, 3.0, 8.0, 7.5, 15.0], spread=(1e-6, 1e4), signs=(1,), precision=1500),
    Function("digamma", polygamma(0), special=around(1.4616321449683622) + [1.0, 2.0, 0.5, 9.9, 10.0, 12.0], spread=(1e-6, 1e4), signs=(1,), precision=1500),
    Function("trigamma", polygamma(1), special=[1.0, 2.0, 0.5, 9.9, 10.0, 12.0], spread=(1e-6, 1e4), signs=(1,), precision=1500),
    Function("bessel_j0", bessel(0), special=[0.0, 2.404825557695773, 5.520078110286311, 1.0, 2.0, 8.0], huge=False, precision=1500),
    Function("bessel_j1", bessel(1), special=[0.0, 3.8317059702075125, 1.8411837813406593, 1.0, 2.0, 8.0], huge=False, precision=1500),
    Function("lambert_w", lambert, special=[0.0, 1.0, math.e, 0.5, 10.0] + [-math.exp(-1) * (1 - 10.0**-k) for k in range(1, 15)],
             inside=lambda x: x > -math.exp(-1), precision=1500, spread=(1e-6, 1e6)),
    Function("xlogx", lambda u: u * log(u), special=around(1.0) + [math.exp(-1)], spread=(1e-9, 1e9), **positive, given=[(0.0, (0.0, -INF, INF))]),
    Function("pow", lambda x, y: exp(y * log(x)), pairs=spread_pairs(1e-3, 30.0, ((1,), BOTH), extra=[
        (1e-300, 0.5), (1e300, 0.5), (1e300, -0.5), (0.5, 1000.0), (2.0, 1023.0), (1.0, 1e10), (1 + 1e-10, 1e10), (2.0, 1e-300), (2.0, 0.0), (1.0, 1.0), (3.0, 2.0), (5e-324, 1.5)]),
        given=[((0.0, 3.0), (0.0, 0.0, 0.0, 0.0, 0.0, 0.0))]),
    Function("atan2", lambda y, x: compose2_atan2(y, x), pairs=spread_pairs(1e-3, 1e3, extra=[
        (1e200, 1e200), (1e-200, 1e-200), (1.0, 1e-200), (1e-200, 1.0), (-1e-10, -1.0), (1e-10, -1.0), (3.0, 3.0), (1e300, -1e300), (1e155, 1.0), (0.0, 1.0), (1.0, 0.0), (0.0, -1.0)])),
    Function("hypot", hypot, pairs=spread_pairs(1e-3, 1e3, extra=[
        (1e200, 1e200), (1e-200, 1e-200), (1.0, 1e-200), (1e-10, 1.0), (1e-160, 1e-170), (1e300, -1e300), (1e155, 1e150), (1.0, 1e-10), (1.0, 1e-8), (3.0, 4.0), (0.0, 2.0), (2.0, 0.0), (5e-324, 5e-324), (1.7e308, 1e307)])),
    Function("log_add_exp", logaddexp, pairs=spread_pairs(1e-3, 1e3, extra=[
        (0.0, 0.0), (1000.0, 1000.0), (1000.0, 999.0), (-1000.0, -1000.0), (-1000.0, 1.0), (1.0, -1e17), (-1e17, 1.0), (710.0, 0.0), (0.0, 745.0), (0.0, 37.43), (-37.43, 0.0), (800.0, 1.0), (1e-10, 2e-10), (1e300, 1.0), (0.0, -720.0)])),
    Function("xlogy", lambda x, y: x * log(y), pairs=spread_pairs(1e-3, 1e3, (BOTH, (1,)), extra=[(1.0, 1e-300), (1e-300, 1e-300), (0.0, 2.0), (2.0, 1.0)]),
             given=[((0.0, 0.0), (0.0, -INF, NAN, 0.0, INF, NAN))]),
    Function("ln_beta", ln_beta, pairs=spread_pairs(1e-2, 1e2, ((1,), (1,)), extra=[(1.0, 1.0), (0.5, 0.5), (1e5, 1e5), (1e-5, 1e5), (1e-10, 1e-10), (1e6, 1.5), (2.0, 3.0)]), precision=1500),
    Function("beta", lambda a, b: exp(ln_beta(a, b)), pairs=spread_pairs(1e-2, 1e2, ((1,), (1,)), extra=[(1.0, 1.0), (0.5, 0.5), (300.0, 300.0), (1e-5, 1e5), (1e-10, 1e-10), (1e6, 1.5), (2.0, 3.0)]), precision=1500),
    Function("min", lambda x, y: x if x.value <= y.value else y, pairs=spread_pairs(1e-3, 1e3, extra=[(0.0, 0.0), (1.0, 1.0), (1e300, -1e300)], count=20)),
    Function("max", lambda x, y: x if x.value >= y.value else y, pairs=spread_pairs(1e-3, 1e3, extra=[(0.0, 0.0), (1.0, 1.0), (1e300, -1e300)], count=20)),
]


def compose2_atan2(y, x):
    # The angle is that of the point turned close to the axis, whose arc tangent is well-conditioned.
    angle = mp.atan2(y.value, x.value)
    c, s = mp.cos(angle), mp.sin(angle)
    along, across = x * c + y * s, y * c - x * s
    u = across / along
    return angle + from_slope(u, mp.atan(u.value), lambda t: 1 / (1 + t * t)) - mp.atan(u.value)
