"""True gradients and Hessians of random formulas, to fifty digits, by the power series of FLINT over balls.

    cargo run -p hesse-testkit --example problems -- 0 10000 4 > problems.txt
    python3 testkit/digits/make.py problems.txt > digits.txt
    HESSE_DIGITS=digits.txt cargo test -p hesse-testkit --test digits -- --nocapture

Every entry comes with its condition: how much it moves, in units of a relative change, when every operation of the
formula as written is off by some such change of its own. Every number
is proved to fifty digits by the radius of its ball. Needs python-flint.
"""

import random
import sys
from multiprocessing import Pool

from flint import arb, arb_series, ctx

from formula import Formula, Undecided

# Bits at first, and at most.
PRECISION = 320
MOST = 1 << 12
# The size of changes: so small that conditions are first derivatives.
CHANGE = -60
SAMPLES = 2
# Numbers are right to so much of themselves; what is smaller than the second is zero.
RELATIVE = arb("1e-50")
LEAST = arb("1e-75")
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
    text, dimensions, data, shapes, out = [], {}, {}, {}, []
    seed = int(lines[0].split()[1])
    for line in lines:
        keyword, _, rest = line.partition(" ")
        if keyword == "point":
            numbers = rest.split()
            dice = random.Random(f"{seed} {rest}")
            chosen = sorted(dice.sample(range(len(numbers)), min(LARGEST, len(numbers))))
            problem = "\n".join(text), dimensions, data
            try:
                both = entries(problem, shapes, numbers, chosen, seed)
            except Undecided:
                print(f"problem {seed} at {rest}: on a kink or at a pole, left out", file=sys.stderr)
                continue
            out += [line, "chosen " + " ".join(map(str, chosen))]
            for name, found in zip(("true", "condition"), both):
                out.append(f"{name} " + " ".join(f"{number:.17g}" for number in found))
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
                data[name] = numbers.split(), shape
    return "\n".join(out) + "\n"


def entries(problem, shapes, numbers, chosen, seed):
    """E, its gradient and the lower triangle of its Hessian by the chosen parameters, and the conditions of all."""
    bits = PRECISION
    while True:
        try:
            return measured(problem, shapes, numbers, chosen, seed, bits)
        except (Undecided, ValueError) as error:
            # FLINT's own errors are of balls that zero is in, too.
            bits *= 2
            if bits > MOST:
                raise Undecided from error


def measured(problem, shapes, numbers, chosen, seed, bits):
    ctx.prec, ctx.cap = bits, 3
    text, dimensions, columns = problem
    data = {name: nested([int(float(n)) if name == "c" else arb(n) for n in column], shape)
            for name, (column, shape) in columns.items()}
    function = Formula(text, dimensions, data).function()
    w = [arb(number) for number in numbers]
    true = derived(function, shapes, w, chosen, lambda: (lambda: 1))
    for x in true:
        if not (x.rad() < RELATIVE * abs(x.mid()) or abs(x) < LEAST):
            raise Undecided
    condition = [0.0] * len(true)
    for sample in range(SAMPLES):
        dice = random.Random(f"{seed} {sample}")
        factors = []

        def off():
            at = [0]

            def factor():
                if at[0] == len(factors):
                    factors.append(1 + arb(dice.uniform(-1, 1)) * arb(2) ** CHANGE)
                at[0] += 1
                return factors[at[0] - 1]

            return factor

        moved = derived(function, shapes, w, chosen, off)
        changes = [float(abs(a.mid() - b.mid()) * arb(2) ** -CHANGE) for a, b in zip(moved, true)]
        condition = [max(a, b) for a, b in zip(condition, changes)]
    return [float(x.mid()) if not abs(x) < LEAST else 0.0 for x in true], condition


def derived(function, shapes, w, chosen, off):
    """E, its gradient and its second derivatives, by the coefficients of E(w + t·d) for steps d along one and two axes."""
    def along(*axes):
        moved = [arb_series([x, 1]) if k in axes else x for k, x in enumerate(w)]
        e = function(named(shapes, moved), off())
        return [e[k] for k in range(3)] if isinstance(e, arb_series) else [e, arb(0), arb(0)]

    alone = {i: along(i) for i in chosen}
    second = []
    for row, i in enumerate(chosen):
        second += [along(i, j)[2] - alone[i][2] - alone[j][2] for j in chosen[:row]]
        second.append(2 * alone[i][2])
    return [alone[chosen[0]][0], *(alone[i][1] for i in chosen), *second]


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
