"""True gradients and Hessians of random formulas, to fifty digits, by MPFR and differences of its values.

    cargo run -p hesse-testkit --example problems -- 0 10000 4 > problems.txt
    python3 testkit/digits/make.py problems.txt > digits.txt
    HESSE_DIGITS=digits.txt cargo test -p hesse-testkit --test digits -- --nocapture

Every entry comes with its condition: how much it moves, in units of a relative change, when every operation of the
formula as written is off by some such change of its own. Needs gmpy2.
"""

import random
import sys
from multiprocessing import Pool

import gmpy2
from gmpy2 import mpfr

from formula import Formula

PRECISION = 448
# Central differences are right to its square, and their rounding errors are 2^-448 by its square.
STEP = -88
# The size of changes: so small that conditions are first derivatives.
CHANGE = -60
SAMPLES = 2
# What is smaller is zero: differences are off by so much.
LEAST = mpfr("1e-75")
# Problems with more parameters are derived by so many of them.
LARGEST = 6


def main():
    problems = read(open(sys.argv[1]))
    with Pool(int(sys.argv[2]) if len(sys.argv) > 2 else None) as pool:
        for text in pool.imap(solved, problems, chunksize=8):
            sys.stdout.write(text)


def read(lines):
    """Problems as lists of lines."""
    problem = []
    for line in lines:
        if line.startswith("problem ") and problem:
            yield problem
            problem = []
        problem.append(line.rstrip("\n"))
    if problem:
        yield problem


def solved(lines):
    gmpy2.get_context().precision = PRECISION
    text, dimensions, data, shapes, out = [], {}, {}, {}, []
    seed = int(lines[0].split()[1])
    function = None
    for line in lines:
        keyword, _, rest = line.partition(" ")
        if keyword == "point":
            if function is None:
                function = Formula("\n".join(text), dimensions, data).function()
            w = [mpfr(number) for number in rest.split()]
            dice = random.Random(f"{seed} {rest}")
            chosen = sorted(dice.sample(range(len(w)), min(LARGEST, len(w))))
            out += [line, "chosen " + " ".join(map(str, chosen))]
            for name, numbers in zip(("true", "condition"), entries(function, shapes, w, chosen, seed)):
                out.append(f"{name} " + " ".join(f"{number:.17g}" for number in numbers))
            continue
        out.append(line)
        if keyword == "|":
            text.append(rest)
        elif keyword == "dimension":
            name, size = rest.split()
            dimensions[name] = int(size)
        elif keyword in ("param", "data"):
            head, _, numbers = rest.partition(":")
            name, *shape = head.split()
            shape = list(map(int, shape))
            if keyword == "param":
                shapes[name] = shape
            else:
                numbers = [int(float(n)) if name == "c" else mpfr(n) for n in numbers.split()]
                data[name] = nested(numbers, shape)
    return "\n".join(out) + "\n"


def entries(function, shapes, w, chosen, seed):
    """E, its gradient and the lower triangle of its Hessian by the chosen parameters, and the conditions of all."""
    true = derived(function, shapes, w, chosen, lambda: (lambda: 1))
    condition = [mpfr(0)] * len(true)
    for sample in range(SAMPLES):
        dice = random.Random(f"{seed} {sample}")
        factors = []

        def off():
            at = [0]

            def factor():
                if at[0] == len(factors):
                    factors.append(1 + mpfr(dice.uniform(-1, 1)) * mpfr(2) ** CHANGE)
                at[0] += 1
                return factors[at[0] - 1]

            return factor

        moved = derived(function, shapes, w, chosen, off)
        changes = [abs(a - b) * mpfr(2) ** -CHANGE for a, b in zip(moved, true)]
        condition = [max(a, b) for a, b in zip(condition, changes)]
    return [[float(x) if abs(x) > LEAST else 0.0 for x in numbers] for numbers in (true, condition)]


def derived(function, shapes, w, chosen, off):
    h = mpfr(2) ** STEP

    def at(*steps):
        moved = list(w)
        for parameter, step in steps:
            moved[parameter] += step
        return function(named(shapes, moved), off())

    value = at()
    gradient, second = [], []
    for row, i in enumerate(chosen):
        ahead, behind = at((i, h)), at((i, -h))
        gradient.append((ahead - behind) / (2 * h))
        for j in chosen[:row]:
            corners = at((i, h), (j, h)) - at((i, h), (j, -h)) - at((i, -h), (j, h)) + at((i, -h), (j, -h))
            second.append(corners / (4 * h * h))
        second.append((ahead - 2 * value + behind) / (h * h))
    return [value, *gradient, *second]


def named(shapes, w):
    """The parameters by name."""
    arrays, at = {}, 0
    for name, shape in shapes.items():
        count = 1
        for size in shape:
            count *= size
        arrays[name] = nested(w[at:at + count], shape)
        at += count
    return arrays


def nested(numbers, shape):
    if not shape:
        return numbers[0]
    if len(shape) == 1:
        return numbers
    step = len(numbers) // shape[0]
    return [nested(numbers[k * step:(k + 1) * step], shape[1:]) for k in range(shape[0])]


if __name__ == "__main__":
    main()
