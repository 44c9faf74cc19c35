"""Writes true values of special functions, for special.rs: python3 points.py > points.txt, with mpmath.

Each line: the function, its arguments, the f64 nearest to the value at these arguments exactly, and on which side of it the value lies
(-1, 0 or 1), decided to fifty digits.
"""

import random

from mpmath import besselj, digamma, e, exp, gamma, lambertw, loggamma, mp, mpf, polygamma, psi, sqrt, pi

mp.dps = 60
rng = random.Random(5)


def spherical(n, x):
    return sqrt(pi / (2 * x)) * besselj(n + mpf(1) / 2, x)


def lnbeta(x, y):
    return loggamma(x) + loggamma(y) - loggamma(x + y)


def positive():
    return rng.choice([10 ** rng.uniform(-8, 3), rng.uniform(0, 3), rng.uniform(0, 30)])


def show(name, function, *arguments):
    value = function(*[mpf(x) for x in arguments])
    nearest = float(value)
    if nearest in (0.0, float("inf"), float("-inf")):
        return
    side = (value > mpf(nearest)) - (value < mpf(nearest))
    print(name, *[repr(float(x)) for x in arguments], repr(nearest), side)


for _ in range(120):
    x, y = positive(), positive()
    show("gamma", gamma, min(x, 170.0))
    show("ln_gamma", loggamma, x)
    show("ln_beta", lnbeta, x, y)
    show("digamma_rise", lambda x, y: digamma(x + y) - digamma(x), x, y)
    show("trigamma_fall", lambda x, y: psi(1, x) - psi(1, x + y), x, y)
    for n in [0, 1, 2, 3, 7, 12]:
        show("polygamma", lambda n, x: polygamma(int(n), x), n, x)
    show("lambert_w", lambda x: lambertw(x).real, rng.choice([x, -0.36 * rng.random(), 10 ** rng.uniform(3, 300)]))
    near = float(-exp(-1)) * (1 - 10 ** rng.uniform(-14, -1))
    show("lambert_w", lambda x: lambertw(x).real, near)
    show("lambert_ratio", lambda x: lambertw(x).real / x, near)
    show("lambert_ratio", lambda x: lambertw(x).real / x, x)
    z = rng.choice([1, -1]) * min(x, 900.0)
    for n in [0, 1, 2, 5, -3, 40]:
        show("bessel_j", lambda n, x: besselj(int(n), x), n, z)
    for n in [0, 1, 2, 4, 9]:
        show("spherical_bessel", lambda n, x: (-1) ** int(n) * spherical(n, -x) if x < 0 else spherical(n, x), n, z)
