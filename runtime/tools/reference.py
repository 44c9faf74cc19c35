#!/usr/bin/env python3
"""Writes `tests/lanes/reference.txt`: points and correctly rounded values of the elementary functions.

Needs mpmath. A line holds the bits of x, the bits of the f64 nearest to f(x), and what is left of
f(x), in thousandths of an ulp of that number. Lines of a function follow its name.
"""

import math
import random
import struct
from pathlib import Path

import mpmath
from mpmath import mp, mpf

COUNT = 56  # points of each distribution
random.seed(20)
uniform = random.uniform


def scale(low, high):
    """A number of random size, 2^low to 2^high, above zero."""
    return 2.0 ** uniform(low, high)


def either(x):
    return random.choice((x, -x))


def quarter_turn():
    """A number next to a multiple of π/2 that is still reduced without branches."""
    n = random.randrange(1, 2 ** random.randrange(1, 21))
    return either(float(n * mp.pi / 2) * (1 + random.choice((0, 0, 1, -1, 2, -3, 2**20)) * 2.0**-52))


def neighbors(*points):
    return [y for x in points for y in (math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf))]


TINY = [5e-324, -5e-324, 1e-310, 2.0**-1022, 2.0**-54, -(2.0**-54), 2.0**-53, -(2.0**-53), 2.0**-27]
HALF_LN_2 = math.log(2) / 2
FUNCTIONS = {
    "exp": (
        mpmath.exp,
        [lambda: uniform(-1, 1), lambda: uniform(-40, 40), lambda: uniform(-708, 709.7), lambda: uniform(-745.1, -708)],
        TINY + neighbors(709.782712893384, -708.3964185322641, -745.1332191019411, HALF_LN_2, -HALF_LN_2, 3 * HALF_LN_2),
    ),
    "exp2": (
        lambda x: mpf(2) ** x,
        [lambda: uniform(-1, 1), lambda: uniform(-1022, 1024), lambda: uniform(-1075, -1022)],
        TINY + neighbors(0.5, -0.5, 1.0, -1022.0, -1074.0, 1023.0),
    ),
    "exp_m1": (
        mpmath.expm1,
        [lambda: uniform(-1, 1), lambda: uniform(-40, 40), lambda: either(scale(-1074, -2)), lambda: uniform(0, 709)],
        TINY + neighbors(709.782712893384, HALF_LN_2, -HALF_LN_2, 3 * HALF_LN_2, -37.42994775023704, -50.0),
    ),
    "ln": (
        mpmath.log,
        [lambda: uniform(0.5, 2), lambda: scale(-1022, 1024), lambda: scale(-1074, -1022), lambda: 1 + either(scale(-52, -2))],
        [5e-324, 1e-310, 1.7976931348623157e308] + neighbors(2.0**-1022, 1.0, math.sqrt(0.5), math.sqrt(2), 2.0),
    ),
    "ln_1p": (
        mpmath.log1p,
        [lambda: uniform(0, 1), lambda: either(scale(-1074, -1)), lambda: -1 + scale(-53, -1), lambda: scale(0, 1024)],
        TINY + [1.7976931348623157e308, -1 + 2.0**-53] + neighbors(1.0, math.sqrt(2) - 1, math.sqrt(0.5) - 1, 2.0**53),
    ),
    "log2": (
        lambda x: mpmath.log(x) / mpmath.log(2),
        [lambda: uniform(0.5, 2), lambda: scale(-1074, 1024), lambda: 1 + either(scale(-52, -2))],
        [5e-324, 8.0] + neighbors(2.0**-1022, 1.0, math.sqrt(0.5), math.sqrt(2)),
    ),
    "log10": (
        mpmath.log10,
        [lambda: uniform(0.5, 2), lambda: scale(-1074, 1024), lambda: 1 + either(scale(-52, -2))],
        [5e-324, 10.0, 1e22] + neighbors(2.0**-1022, 1.0, math.sqrt(0.5), math.sqrt(2)),
    ),
    "tanh": (
        mpmath.tanh,
        [lambda: uniform(-1, 1), lambda: uniform(-20, 20), lambda: either(scale(-1074, -2)), lambda: uniform(18, 19.5)],
        TINY + neighbors(HALF_LN_2 / 2, HALF_LN_2, 18.36840028483855, 19.061547465398498, 19.1, 400.0),
    ),
    "sin": (
        mpmath.sin,
        [lambda: uniform(-10, 10), lambda: uniform(-1.6e6, 1.6e6), quarter_turn, quarter_turn, lambda: scale(-1074, 1024)],
        TINY + neighbors(math.pi / 4, math.pi / 2, math.pi, 1.6e6, 1e22) + [6381956970095103.0 * 2.0**797],
    ),
    "cos": (
        mpmath.cos,
        [lambda: uniform(-10, 10), lambda: uniform(-1.6e6, 1.6e6), quarter_turn, quarter_turn, lambda: scale(-30, 1024)],
        TINY + neighbors(math.pi / 4, math.pi / 2, math.pi, 1.6e6, 1e22) + [6381956970095103.0 * 2.0**797],
    ),
    "erf": (
        mpmath.erf,
        [lambda: uniform(-1, 1), lambda: uniform(-6, 6), lambda: either(scale(-1074, 0))],
        TINY + neighbors(0.8, 5.9, 28.0),
    ),
    "erfc": (
        mpmath.erfc,
        [lambda: uniform(-1, 1), lambda: uniform(-6, 26), lambda: uniform(26, 27.2)],
        TINY + neighbors(0.8, -0.8, 26.5, 27.226, -6.0),
    ),
    "sech": (
        mpmath.sech,
        [lambda: uniform(-1, 1), lambda: uniform(-40, 40), lambda: uniform(-745, 745), lambda: uniform(700, 745)],
        TINY + neighbors(HALF_LN_2, 18.36840028483855, 354.9, 708.3964185322641, 709.0895657128241),
    ),
}


def bits(x):
    return struct.pack(">d", x).hex()


def line(function, x):
    # Enough for what cancels: the size of x itself.
    mp.prec = 1200 + 2 * abs(math.frexp(x)[1])
    y = function(mpf(x))
    nearest = float(y)
    mp.prec = 120
    if math.isinf(nearest):
        return f"{bits(x)} {bits(nearest)} 0"
    return f"{bits(x)} {bits(nearest)} {round(float((y - mpf(nearest)) / mpf(math.ulp(nearest)) * 1000))}"


def main():
    lines = []
    for name, (function, distributions, special) in FUNCTIONS.items():
        lines.append(name)
        points = special + [draw() for draw in distributions for _ in range(COUNT)]
        lines += [line(function, x) for x in points if x != 0 and not (name == "ln_1p" and x <= -1)]
    path = Path(__file__).parent.parent / "tests" / "lanes" / "reference.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
