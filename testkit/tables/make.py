#!/usr/bin/env python3
"""Writes the tables of true values that the functions of Hesse are measured against.

    pip install mpmath
    python3 testkit/tables/make.py [NAME]...

A table has a line per point: the arguments; the value; its first derivatives, by x and by y; its second
derivatives, by xx, xy, yy. Arguments are the bits of an f64, without the zeros at their end. A result is the bits of the nearest f64, then what is
missing to the truth in 256ths of an ulp (`+5`), then the power of two that bounds its condition number (`^3`); both
are left out where they are 0. Everything comes from truncated Taylor series over numbers of 2600 bits, which have
nothing in common with the engine.
"""

import math
import random
import struct
import sys
from pathlib import Path

from mpmath import mp, mpf

from functions import FUNCTIONS
from jets import Jet

mp.prec = 2600


def bits(x):
    return struct.pack(">d", x).hex().rstrip("0") or "0"


def nearest(x):
    """The f64 nearest to x; mpmath does not round to subnormal numbers by itself."""
    if mp.isnan(x) or mp.isinf(x):
        return float(x)
    if x == 0:
        return 0.0
    man, exp = mp.frexp(x)
    ulp = max(exp - 53, -1074)
    whole = mp.nint(mp.ldexp(x, -ulp))  # ties to even
    if abs(whole) * mpf(2) ** ulp >= mpf(2) ** 1024:
        return math.copysign(math.inf, x)
    return math.ldexp(int(whole), ulp)


def ulp_of(f):
    return mpf(math.ulp(f))


def result(x, condition):
    f = nearest(x)
    text = bits(f)
    if math.isfinite(f):
        missing = int(mp.nint((mpf(x) - mpf(f)) / ulp_of(f) * 256))
        if missing:
            text += f"{missing:+d}"
    if not mp.isnan(condition) and condition > 1:
        text += f"^{min(int(mp.ceil(mp.log(condition, 2))), 1000)}"
    return text


def line(point, derivatives):
    return " ".join([bits(x) for x in point] + derivatives)


def row(function, point):
    """The line of one point."""
    xs = [mpf(x) for x in point]
    jet = function.jet(*[Jet.variable(x, axis) for axis, x in enumerate(xs)])
    one = len(point) == 1
    wanted = [(0, 0), (1, 0), (2, 0)] if one else [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    results = []
    for i, j in wanted:
        d = jet.derivative(i, j)
        condition = mpf(0)
        if d != 0 and not mp.isinf(d) and i + j < 3:
            moved = abs(xs[0] * jet.derivative(i + 1, j))
            if not one:
                moved += abs(xs[1] * jet.derivative(i, j + 1))
            condition = moved / abs(d)
        results.append(result(d, condition))
    return line(point, results)


def table(function):
    dice = random.Random(function.name)
    lines = []
    for point, values in function.given:
        lines.append(line(point, [bits(v) for v in values]))
    for point in function.points(dice):
        lines.append(row(function, point))
    return lines


def main():
    folder = Path(__file__).parent
    for function in FUNCTIONS:
        if len(sys.argv) > 1 and function.name not in sys.argv[1:]:
            continue
        mp.prec = function.precision
        lines = table(function)
        (folder / f"{function.name}.txt").write_text("\n".join(lines) + "\n")
        print(function.name, len(lines), flush=True)


if __name__ == "__main__":
    main()
