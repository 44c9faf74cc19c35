"""The error functions, as sums of terms, for any library of symbols or arrays.

A term is a function of some parameters and a row of data. Libraries differ in names alone; `m` brings exp, log, sqrt,
sin, cos, fabs, tanh, softplus, dot, sum, vector (of numbers), matrix (of a vector, by rows) and ahead (a vector turned
by some places).
"""

import numpy as np


class Part:
    """The sum of `term(m, w, row)` over rows of data.

    `places` says which parameters each row sees, a line of positions per row; None stands for all of them.
    """

    def __init__(self, term, rows, places=None):
        self.term = term
        self.rows = np.ascontiguousarray(rows, dtype=np.float64)
        self.places = None if places is None else np.ascontiguousarray(places, dtype=np.int64)


def once(term, places=None):
    return Part(term, np.zeros((1, 0)), None if places is None else [places])


def rosenbrock2(_, n):
    return [once(lambda m, w, row: (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2)]


def logreg(data, n):
    def term(m, w, row):
        a = w[10] + m.dot(w[:10], row[:10])
        return m.softplus(a) - row[10] * a

    ridge = once(lambda m, w, row: 0.5e-3 * m.dot(w[:10], w[:10]))
    return [Part(term, np.column_stack([data["x"], data["t"]])), ridge]


def gauss3(data, n):
    def term(m, b, row):
        x, y = row[0], row[1]
        decay = b[0] * m.exp(-b[1] * x)
        first = b[2] * m.exp(-((x - b[3]) ** 2) / b[4] ** 2)
        second = b[5] * m.exp(-((x - b[6]) ** 2) / b[7] ** 2)
        return 0.5 * (y - decay - first - second) ** 2

    return [Part(term, np.column_stack([data["x"], data["y"]]))]


def network(inputs, hidden, classes):
    def parts(data, n):
        def term(m, w, row):
            end = hidden * inputs
            u, c, w = m.matrix(w[:end], hidden, inputs), w[end : end + hidden], w[end + hidden :]
            v, d = m.matrix(w[: classes * hidden], classes, hidden), w[classes * hidden :]
            a = d + v @ m.tanh(c + u @ row[:inputs])
            return m.log(m.sum(m.exp(a))) - m.dot(a, row[inputs:])

        chosen = np.eye(classes)[data["class"].astype(int)]
        return [Part(term, np.column_stack([data["x"], chosen]))]

    return parts


def gmm(data, n):
    def term(m, w, x):
        s = []
        for k in range(5):
            alpha, mu0, mu1, q0, q1, l = (w[at] for at in [k, 5 + 2 * k, 6 + 2 * k, 15 + 2 * k, 16 + 2 * k, 25 + k])
            u0 = m.exp(q0) * (x[0] - mu0)
            u1 = l * (x[0] - mu0) + m.exp(q1) * (x[1] - mu1)
            s.append(alpha + q0 + q1 - 0.5 * (u0**2 + u1**2))
        return -m.log(m.sum(m.exp(m.vector(s))))

    rows = data["x"]
    weights = once(lambda m, w, row: len(rows) * m.log(m.sum(m.exp(w[:5]))))
    return [Part(term, rows), weights]


def arm7(_, n):
    # cos α, sin α, a and d of joints 5 to 0.
    joints = [
        (0.040785011241591035, 0.999167945271476, 0.081, 0.014),
        (-0.03919363177298771, -0.9992316344213905, -0.013, 0.39),
        (0.03079145908246612, -0.9995258306054791, 0.022, -0.011),
        (-0.029199522301288815, 0.9995736030415051, 0.015, 0.4),
        (0.020794827803092428, 0.999783764189357, -0.018, 0.012),
        (0.05077448493357918, -0.998710143975583, 0.021, 0.34),
    ]

    def term(m, w, row):
        x, y, z = m.cos(w[6]) * 0.033, m.sin(w[6]) * 0.033, 0.126
        for joint, (c, s, a, d) in zip(range(5, -1, -1), joints):
            u, v, z = x + a, c * y - s * z, s * y + c * z + d
            x, y = m.cos(w[joint]) * u - m.sin(w[joint]) * v, m.sin(w[joint]) * u + m.cos(w[joint]) * v
        return (x - 0.42) ** 2 + (y + 0.31) ** 2 + (z - 0.65) ** 2

    return [once(term)]


def cluster13(_, n):
    def term(m, p, row):
        r2 = (p[0] - p[3]) ** 2 + (p[1] - p[4]) ** 2 + (p[2] - p[5]) ** 2
        inverse = 1 / (r2 * r2 * r2)
        return 4 * (inverse * inverse - inverse)

    places = [[3 * i, 3 * i + 1, 3 * i + 2, 3 * j, 3 * j + 1, 3 * j + 2] for i in range(13) for j in range(i)]
    return [Part(term, np.zeros((len(places), 0)), places)]


def swell(_, n):
    def term(m, x, row):
        y = x
        for _ in range(12):
            y = m.sin(y) * m.ahead(y, 1) + m.ahead(y, 2) ** 2
        return m.dot(y, y)

    return [once(term)]


def poisson(data, n):
    def term(m, w, row):
        a = m.dot(w, row[:20])
        return m.exp(a) - row[20] * a

    return [Part(term, np.column_stack([data["x"], data["t"]]))]


def chain(_, n):
    term = lambda m, x, row: 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
    at = np.arange(n - 1)
    return [Part(term, np.zeros((n - 1, 0)), np.column_stack([at, at + 1]))]


def bundle(data, n):
    def term(m, w, z):
        r, t, x = [w[0], w[1], w[2]], [w[3], w[4], w[5]], [w[9], w[10], w[11]]
        theta2 = r[0] ** 2 + r[1] ** 2 + r[2] ** 2
        theta = m.sqrt(theta2)
        c, s = m.cos(theta), m.sin(theta) / theta
        lean = (1 - c) / theta2 * (r[0] * x[0] + r[1] * x[1] + r[2] * x[2])
        cross = [r[1] * x[2] - r[2] * x[1], r[2] * x[0] - r[0] * x[2], r[0] * x[1] - r[1] * x[0]]
        q = [c * x[a] + s * cross[a] + lean * r[a] + t[a] for a in range(3)]
        s0, s1 = -q[0] / q[2], -q[1] / q[2]
        r2 = s0**2 + s1**2
        zoom = w[6] * (1 + w[7] * r2 + w[8] * r2**2)
        return m.sqrt(1 + (zoom * s0 - z[0]) ** 2 + (zoom * s1 - z[1]) ** 2) - 1

    view, seen = data["view"].astype(int), data["seen"].astype(int)
    cameras = view.max() + 1
    camera = 9 * view[:, None] + np.arange(9)
    point = 9 * cameras + 3 * seen[:, None] + np.arange(3)
    return [Part(term, data["z"], np.column_stack([camera, point]))]


def factorisation(data, n):
    def term(m, w, row):
        return 0.5 * (row[0] - m.dot(w[:5], w[5:])) ** 2

    row, column = data["row"].astype(int), data["column"].astype(int)
    u = 5 * row[:, None] + np.arange(5)
    v = 5 * 200 + 5 * column[:, None] + np.arange(5)
    ridge = Part(lambda m, w, row: 0.025 * w[0] ** 2, np.zeros((n, 0)), np.arange(n)[:, None])
    return [Part(term, data["r"][:, None], np.column_stack([u, v])), ridge]


# The name of a benchmark's run, its name in tables, and its parts.
WORKLOADS = {
    "rosenbrock2": ("rosenbrock2", rosenbrock2),
    "logreg": ("logreg, 10000 rows", logreg),
    "gauss3": ("gauss3", gauss3),
    "mlp": ("mlp", network(4, 8, 3)),
    "mlp_big": ("mlp_big", network(10, 20, 5)),
    "gmm": ("gmm", gmm),
    "arm7": ("arm7", arm7),
    "cluster13": ("cluster13", cluster13),
    "swell": ("swell", swell),
    "poisson": ("poisson", poisson),
    "chain": ("chain, 10000", chain),
    "bundle": ("bundle", bundle),
    "factorisation": ("factorisation", factorisation),
}
