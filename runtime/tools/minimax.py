#!/usr/bin/env python3
"""Coefficients of the elementary functions in `src/lanes`, by Remez's exchange at 60 digits.

Needs mpmath. Prints, for each polynomial, the largest weighted error (a power of two) after the
coefficients have been rounded to f64, and the coefficients, lowest order first.
"""

import itertools
import math

from mpmath import mp, mpf, matrix, lu_solve, exp, log, sqrt, pi, cos, nstr

mp.dps = 60
# Beyond, an argument is infinite.
NEARLY_ONE = 1 - mpf(10) ** -9


def minimax(f, weight, low, high, degree):
    """The polynomial p of `degree` that minimizes max |weight·(f − p)| on [low, high]."""
    count = degree + 2
    points = [(low + high) / 2 - (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / count) for i in range(count)]
    grid = [(low + high) / 2 - (high - low) / 2 * cos(pi * (i + mpf(1) / 3) / 800) for i in range(800)]
    values = [(x, f(x), weight(x)) for x in grid]
    for _ in range(30):
        rows = matrix(count, count)
        right = matrix(count, 1)
        for i, x in enumerate(points):
            for j in range(degree + 1):
                rows[i, j] = x**j
            rows[i, degree + 1] = (-1) ** i / weight(x)
            right[i] = f(x)
        solution = lu_solve(rows, right)
        coefficients = [solution[j] for j in range(degree + 1)]
        errors = [(x, w * (y - horner(coefficients, x))) for x, y, w in values]
        extrema = alternation(errors)
        if len(extrema) < count:
            break
        while len(extrema) > count:
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        points = [x for x, _ in extrema]
        sizes = [abs(e) for _, e in extrema]
        if max(sizes) < min(sizes) * mpf("1.001"):
            break
    return coefficients


def alternation(errors):
    """The largest error of each run of equal sign."""
    extrema = [errors[0]]
    for x, e in errors[1:]:
        if e * extrema[-1][1] > 0:
            if abs(e) > abs(extrema[-1][1]):
                extrema[-1] = (x, e)
        else:
            extrema.append((x, e))
    return extrema


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def literal(x):
    """The f64 nearest to `x`, in the shortest digits that name it, as rustfmt and clippy like them."""
    mantissa, _, exponent = repr(float(x)).partition("e")
    whole, _, digits = mantissa.partition(".")
    digits = digits or "0"
    if len(digits) > 5:
        digits = "_".join(digits[i : i + 3] for i in range(0, len(digits), 3))
    return f"{whole}.{digits}" + (f"e{int(exponent)}" if exponent else "")


def rounded(coefficients, f, weight, low, high):
    """The coefficients as f64, the first five to that neighbor which together leaves the smallest error."""
    nearest = [mpf(float(c)) for c in coefficients]
    grid = [low + (high - low) * (i + mpf(1) / 7) / 160 for i in range(160)]
    errors = [float(weight(x) * (horner(nearest, x) - f(x)) * mpf(2) ** 53) for x in grid]
    steps = [[float(weight(x) * x**j * math.ulp(float(c)) * mpf(2) ** 53) for x in grid] for j, c in enumerate(nearest[:5])]
    best = min(
        itertools.product((0, 1, -1), repeat=len(steps)),
        key=lambda move: max(abs(e + sum(m * s[i] for m, s in zip(move, steps))) for i, e in enumerate(errors)),
    )
    return [c + m * mpf(math.ulp(float(c))) for c, m in zip(nearest, best)] + nearest[len(best) :]


def show(name, f, weight, low, high, degree):
    low, high = mpf(low), mpf(high)
    coefficients = rounded(minimax(f, weight, low, high, degree), f, weight, low, high)
    worst = mpf(0)
    for i in range(1001):
        x = mpf(low) + (mpf(high) - mpf(low)) * (i + mpf(1) / 7) / 1002
        worst = max(worst, abs(weight(x) * (f(x) - horner(coefficients, x))))
    print(f"{name}: error 2^{nstr(log(worst, 2), 4)}")
    for c in coefficients:
        print(f"    {literal(c)},")


def split(name, value, *bits):
    """`value` as a sum of numbers of at most `bits` bits each, the last one an f64."""
    rest = value
    print(name)
    for width in bits:
        shift = width - 1 - int(mp.floor(log(abs(rest), 2)))
        part = mp.floor(rest * mpf(2) ** shift) / mpf(2) ** shift
        print(f"    {literal(part)},")
        rest -= part
    print(f"    {literal(rest)},")


def taylor(term, x):
    """Σ term(k)·xᵏ until it no longer changes: the tails below cancel too badly to be computed as differences."""
    total, power, k = mpf(0), mpf(1), 0
    while True:
        step = term(k) * power
        total += step
        if abs(step) < mpf(10) ** -58 or k > 200:
            return total
        power *= x
        k += 1


def main():
    # eʳ = 1 + r + r²·q(r), relative to eʳ and to eʳ − 1.
    r = log(mpf(2)) / 2 * mpf("1.0001")
    tail = lambda x: taylor(lambda k: 1 / mp.factorial(k + 2), x)
    show("exp", tail, lambda x: x * x / exp(x) + mpf(10) ** -30, -r, r, 9)
    show("exp_m1", tail, lambda x: abs(x) + mpf(10) ** -30, -r, r, 10)
    # ln((1+s)/(1−s)) = 2s + s·z·l(z), z = s², relative to the logarithm.
    z = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.0001")
    show("ln", lambda x: taylor(lambda k: mpf(2) / (2 * k + 3), x), lambda x: x / 2 + mpf(10) ** -30, 0, z, 6)
    # sin r = r + r³·s(z), cos r = 1 − z/2 + z²·c(z), z = r².
    z = (pi / 4) ** 2 * mpf("1.0001")
    show("sin", lambda x: taylor(lambda k: (-1) ** (k + 1) / mp.factorial(2 * k + 3), x), lambda x: x + mpf(10) ** -30, 0, z, 5)
    show("cos", lambda x: taylor(lambda k: (-1) ** k / mp.factorial(2 * k + 4), x), lambda x: x * x + mpf(10) ** -30, 0, z, 5)
    # erf x = x + x·e(z), z = x² ≤ 0.64.
    erf_term = lambda k: 2 / sqrt(pi) * (-1) ** k / (mp.factorial(k) * (2 * k + 1)) - (1 if k == 0 else 0)
    show("erf", lambda x: taylor(erf_term, x), lambda x: 1 / (1 + taylor(erf_term, x)), 0, mpf("0.6401"), 11)
    # (x + 4)·exp(x²)·erfc x = g(t), t = (x − 4)/(x + 4), 0.8 ≤ x ≤ 27.3.
    scaled = lambda t: (lambda x: (x + 4) * exp(x * x) * mp.erfc(x))(4 * (1 + t) / (1 - t))
    show("erfc", scaled, lambda t: 1 / scaled(t), mpf("-3.2001") / mpf("4.7999"), mpf("23.3") / mpf("31.3"), 20)
    # (t + 5)·Φ(−t)/φ(t) = g(s), s = (t − 5)/(t + 5), and (t + 3)·(φ(t)/Φ(−t) − t), s = (t − 3)/(t + 3), for all t ≥ 0.
    mills = lambda t: mp.ncdf(-t) / mp.npdf(t)
    at = lambda s, k: k * (1 + s) / (1 - s)
    ratio = lambda s: (lambda t: (t + 5) * mills(t))(at(s, 5))
    show("mills", ratio, lambda s: 1 / ratio(s), -1, NEARLY_ONE, 24)
    excess = lambda s: (lambda t: (t + 3) * (1 / mills(t) - t))(at(s, 3))
    show("excess", excess, lambda s: 1 / excess(s), -1, NEARLY_ONE, 28)
    # ψ(x) = (x − x₀) g(2x − 3) on [1, 2].
    root = mp.findroot(lambda x: mp.psi(0, x), mpf("1.4616"))
    slope = lambda y: (lambda x: mp.psi(0, x) / (x - root))((3 + y) / 2)
    show("digamma", slope, lambda y: 1 / slope(y), -1, 1, 22)
    split("x0", root, 53)
    # W((p²/2 − 1)/e) = −1 + p h(p).
    branch = lambda p: (1 + mp.lambertw((p * p / 2 - 1) / mp.e).real) / p
    show("lambert", branch, lambda p: p / abs(p * branch(p) - 1), mpf(10) ** -6, mpf("0.71"), 15)
    split("ln 2", log(mpf(2)), 41)
    split("π/2", pi / 2, 33, 33, 33)
    split("1/ln 2", 1 / log(mpf(2)), 32)
    split("1/ln 10", 1 / log(mpf(10)), 32)
    split("log10 2", log(mpf(2)) / log(mpf(10)), 41)


if __name__ == "__main__":
    main()
