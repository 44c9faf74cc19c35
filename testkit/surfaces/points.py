"""Stationary points of the classic surfaces, worked out without Hesse: writes points.csv.

    pip install numpy sympy mpmath
    python points.py

Derivatives come from sympy. Newton's method, damped on |gradient|^2, starts from many points drawn at random in and
around the box; what it finds is polished to 40 digits by mpmath. This is done from two unrelated sets of starts, which
must agree. In two dimensions the sum of the signs of det H over all points must be the winding number of the
gradient along the border of the box, which is counted on its own.
"""

import csv
import pathlib
import sys

import mpmath
import numpy
import sympy

HERE = pathlib.Path(__file__).parent
STARTS = {2: 12_000, 3: 30_000, 4: 30_000}
mpmath.mp.dps = 50


def read():
    for line in (HERE / "surfaces.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, box, formula = (part.strip() for part in line.split("|"))
            sides = [side.split("=") for side in box.split(",")]
            names = [side[0] for side in sides]
            bounds = [tuple(map(float, side[1].split(".."))) for side in sides]
            yield name, names, numpy.array(bounds), formula


def derivatives(names, formula):
    symbols = sympy.symbols(names)
    exact = sympy.sympify(formula.replace("^", "**"), locals=dict(zip(names, symbols)), rational=True)
    gradient = [sympy.diff(exact, s) for s in symbols]
    hessian = [[sympy.diff(g, s) for s in symbols] for g in gradient]
    return symbols, exact, gradient, hessian


def search(functions, bounds, seed, count):
    """Roots of the gradient in the box, by damped Newton steps from many starts at once."""
    gradient, hessian = functions
    n = len(bounds)
    size = bounds[:, 1] - bounds[:, 0]
    random = numpy.random.default_rng(seed)
    # Starts lie a little beyond the box too, so that points near its border have a neighborhood.
    w = bounds[:, :1] - 0.02 * size[:, None] + 1.04 * size[:, None] * random.random((n, count))

    def at(w):
        shape = w.shape[1:]
        g = numpy.array([numpy.broadcast_to(f(*w), shape) for f in gradient])
        return g

    def curved(w):
        shape = w.shape[1:]
        return numpy.array([[numpy.broadcast_to(f(*w), shape) for f in row] for row in hessian]).transpose(2, 0, 1)

    with numpy.errstate(all="ignore"):
        g = at(w)
        for _ in range(80):
            h = curved(w)
            good = numpy.isfinite(h).all(axis=(1, 2)) & numpy.isfinite(g).all(axis=0)
            h[~good] = numpy.eye(n)
            scale = numpy.abs(h).max(axis=(1, 2))
            h = h + (1e-13 * scale + 1e-300)[:, None, None] * numpy.eye(n)
            step = numpy.linalg.solve(h, g.T[:, :, None])[:, :, 0].T
            # No step longer than a tenth of the box.
            length = numpy.abs(step / size[:, None]).max(axis=0)
            step = step / numpy.maximum(1.0, length / 0.1)
            norm = (g**2).sum(axis=0)
            best, best_g, best_norm = w.copy(), g.copy(), norm.copy()
            factor = numpy.ones(w.shape[1])
            moved = numpy.zeros(w.shape[1], bool)
            for _ in range(12):
                trial = w - factor * step
                trial_g = at(trial)
                trial_norm = (trial_g**2).sum(axis=0)
                better = ~moved & (trial_norm < norm) & good
                best[:, better], best_g[:, better], best_norm[better] = (
                    trial[:, better], trial_g[:, better], trial_norm[better])
                moved |= better
                factor = numpy.where(moved, factor, factor / 2)
            w, g = best, best_g
            inside = ((w > bounds[:, :1] - 0.5 * size[:, None]) & (w < bounds[:, 1:] + 0.5 * size[:, None])).all(axis=0)
            w, g = w[:, inside], g[:, inside]
        h = curved(w)
        ok = numpy.isfinite(h).all(axis=(1, 2))
        w, g, h = w[:, ok], g[:, ok], h[ok]
        regular = numpy.abs(numpy.linalg.det(h)) > 0
        w, g, h = w[:, regular], g[:, regular], h[regular]
        step = numpy.linalg.solve(h, g.T[:, :, None])[:, :, 0].T
        done = numpy.abs(step / size[:, None]).max(axis=0) < 1e-9
    # One of all that are close.
    w = w[:, done]
    _, first = numpy.unique(numpy.round(w / size[:, None] * 1e6), axis=1, return_index=True)
    return w[:, first]


def polish(symbols, gradient, hessian, candidates, bounds):
    g = [sympy.lambdify(symbols, f, "mpmath") for f in gradient]
    h = [[sympy.lambdify(symbols, f, "mpmath") for f in row] for row in hessian]
    n = len(symbols)
    points = []
    for candidate in candidates.T:
        w = mpmath.matrix([mpmath.mpf(float(c)) for c in candidate])
        for _ in range(30):
            try:
                matrix = mpmath.matrix([[f(*w) for f in row] for row in h])
                step = mpmath.lu_solve(matrix, mpmath.matrix([f(*w) for f in g]))
            except ZeroDivisionError:
                step = None
                break
            w -= step
            if mpmath.norm(step) < mpmath.mpf(10) ** -42:
                break
        if step is None or mpmath.norm(step) > mpmath.mpf(10) ** -35:
            continue
        if any(w[i] < bounds[i][0] or w[i] > bounds[i][1] for i in range(n)):
            continue
        if all(mpmath.norm(w - other) > mpmath.mpf(10) ** -20 for other, _ in points):
            eigenvalues = mpmath.eigsy(mpmath.matrix([[f(*w) for f in row] for row in h]), eigvals_only=True)
            points.append((w, sorted(eigenvalues)))
    return points


def winding(symbols, gradient, bounds):
    f = [sympy.lambdify(symbols, g, "numpy") for g in gradient]
    (a, b), (c, d) = bounds
    t = numpy.linspace(0.0, 1.0, 400_001)
    corners = [(a, c), (b, c), (b, d), (a, d), (a, c)]
    turns = 0.0
    for (x0, y0), (x1, y1) in zip(corners, corners[1:]):
        x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
        u, v = (numpy.broadcast_to(g(x, y), t.shape) for g in f)
        angle = numpy.unwrap(numpy.arctan2(v, u))
        turns += angle[-1] - angle[0]
    return round(turns / (2 * numpy.pi))


def main():
    wanted = sys.argv[1:]
    rows = []
    for name, names, bounds, formula in read():
        if wanted and name not in wanted:
            continue
        symbols, exact, gradient, hessian = derivatives(names, formula)
        functions = (
            [sympy.lambdify(symbols, f, "numpy") for f in gradient],
            [[sympy.lambdify(symbols, f, "numpy") for f in row] for row in hessian],
        )
        found = []
        for seed in (1, 2):
            candidates = search(functions, bounds, seed, STARTS[len(names)])
            found.append(polish(symbols, gradient, hessian, candidates, bounds))
        value = sympy.lambdify(symbols, exact, "mpmath")
        counts = [len(points) for points in found]
        note = ""
        if counts[0] != counts[1]:
            note = "  THE TWO SEARCHES DISAGREE"
        if len(names) == 2:
            signs = sum(1 if sum(e < 0 for e in eigenvalues) % 2 == 0 else -1 for _, eigenvalues in found[0])
            turns = winding(symbols, gradient, bounds)
            if signs != turns:
                note += f"  THE GRADIENT TURNS {turns} TIMES, NOT {signs}"
        points = sorted(found[0], key=lambda point: (value(*point[0]), [float(c) for c in point[0]]))
        print(name, counts, note, flush=True)
        for w, eigenvalues in points:
            index = sum(e < 0 for e in eigenvalues)
            cells = [name, index, mpmath.nstr(value(*w), 20)]
            rows.append(cells + [mpmath.nstr(c, 20) for c in w])
    out = HERE / ("points.csv" if not wanted else "some.csv")
    with open(out, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["surface", "index", "value", "coordinates"])
        writer.writerows(rows)


main()
