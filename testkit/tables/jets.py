"""Truncated Taylor series in two variables over mpmath numbers: derivatives up to third order."""

from mpmath import mp, mpf

ORDER = 3
TERMS = [(i, j) for total in range(ORDER + 1) for i in range(total, -1, -1) for j in [total - i]]


class Jet:
    """Σ c[i, j] dxⁱ dyʲ for i + j ≤ 3."""

    def __init__(self, c):
        self.c = {t: c.get(t, mpf(0)) for t in TERMS}

    @staticmethod
    def variable(x, axis=0):
        return Jet({(0, 0): mpf(x), (1 - axis, axis): mpf(1)})

    @property
    def value(self):
        return self.c[0, 0]

    def derivative(self, i, j=0):
        """∂ⁱ⁺ʲ by x and y."""
        return self.c[i, j] * mp.factorial(i) * mp.factorial(j)

    def __add__(self, other):
        other = lift(other)
        return Jet({t: self.c[t] + other.c[t] for t in TERMS})

    def __neg__(self):
        return Jet({t: -self.c[t] for t in TERMS})

    def __sub__(self, other):
        return self + -lift(other)

    def __rsub__(self, other):
        return lift(other) - self

    def __mul__(self, other):
        other = lift(other)
        c = {t: mpf(0) for t in TERMS}
        for (i, j), a in self.c.items():
            if a == 0:
                continue
            for (k, l), b in other.c.items():
                if i + j + k + l <= ORDER and b != 0:
                    c[i + k, j + l] += a * b
        return Jet(c)

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other):
        return self * power(lift(other), -1)

    def __rtruediv__(self, other):
        return lift(other) * power(self, -1)


def lift(x):
    return x if isinstance(x, Jet) else Jet({(0, 0): mpf(x)})


def compose(u, derivatives):
    """f(u), given [f, f', f'', f'''] at the value of u."""
    rest = Jet({t: a for t, a in u.c.items() if t != (0, 0)})
    total, factor = lift(derivatives[0]), lift(1)
    for k, d in enumerate(derivatives[1:], 1):
        factor = factor * rest
        total = total + factor * (d / mp.factorial(k))
    return total


def from_slope(u, value, slope):
    """f(u), given f at the value of u and f' as a function of jets."""
    s = slope(Jet.variable(u.value))
    return compose(u, [value] + [s.derivative(k) for k in range(ORDER)])


def power(u, r):
    x, ds, factor = u.value, [], mpf(1)
    for k in range(ORDER + 1):
        ds.append(factor * x ** (r - k) if factor != 0 else mpf(0))
        factor *= r - k
    return compose(u, ds)


def sqrt(u):
    return power(u, mpf(1) / 2)


def exp(u):
    e = mp.exp(u.value)
    return compose(u, [e] * 4)


def log(u):
    x = u.value
    return compose(u, [mp.log(x), 1 / x, -1 / x**2, 2 / x**3])


def sin(u):
    s, c = mp.sin(u.value), mp.cos(u.value)
    return compose(u, [s, c, -s, -c])


def cos(u):
    s, c = mp.sin(u.value), mp.cos(u.value)
    return compose(u, [c, -s, -c, s])
