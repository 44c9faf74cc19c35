"""Formula text to a Python function over power series of balls, by the parser of Python itself."""

import ast
import re

from flint import arb, arb_series

REDUCTIONS = ("sum", "prod", "max", "min", "mean", "logsumexp", "norm")
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">="}


def value(x):
    """The number that a series begins with."""
    return x[0] if isinstance(x, arb_series) else x


def less(x, y):
    """Whether a number is less, which has to be plain."""
    x, y = arb(value(x)), arb(value(y))
    # The same number in the same ball came about in the same way.
    same = x.mid() == y.mid() and x.rad() == y.rad()
    if x.overlaps(y) and not same and not (x.is_exact() and y.is_exact()):
        raise Undecided
    return not same and x < y


class Undecided(Exception):
    """More bits are needed."""


def hyperbolic(x):
    e = x.exp()
    return (e - 1 / e) / 2, (e + 1 / e) / 2


def tanh(x):
    sinh, cosh = hyperbolic(x)
    return sinh / cosh


def asinh(x):
    return -asinh(-x) if less(x, arb(0)) else (x + (x * x + 1).sqrt()).log()


def cbrt(x):
    return -cbrt(-x) if less(x, arb(0)) else (x.log() / 3).exp()


def absolute(x):
    return -x if less(x, arb(0)) else x


def atan2(y, x):
    if less(absolute(y), absolute(x)):
        turn = 0 if less(arb(0), x) else arb.pi() if less(arb(0), y) else -arb.pi()
        return (y / x).atan() + turn
    return (arb.pi() if less(arb(0), y) else -arb.pi()) / 2 - (x / y).atan()


def step(name):
    """A function of pieces that are constant."""
    def constant(x):
        at = getattr(value(x), name)().unique_fmpz()
        if at is None:
            raise Undecided
        return arb_series([at])
    return constant


def round_half_away(x):
    nearest = step("floor")(absolute(x) + arb(1) / 2)
    return -nearest if less(x, arb(0)) else nearest


def power(x, y):
    if isinstance(y, arb) and y.is_exact() and y.is_integer():
        return x ** int(y.unique_fmpz())
    return (series(x).log() * y).exp()


def normal_cdf(x):
    return (-x / arb(2).sqrt()).erfc() / 2


def normal_pdf(x):
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


def ln_gamma(x):
    return x.lgamma() if less(arb(0), x) else absolute(x.gamma()).log()


def series(x):
    return x if isinstance(x, arb_series) else arb_series([x])


FUNCTIONS = {name: getattr(arb_series, name) for name in
             "exp sin cos tan asin acos atan erf erfc gamma sqrt".split()} | {
    "ln": arb_series.log, "lambert_w": arb_series.lambertw,
    "exp2": lambda x: (x * arb(2).log()).exp(), "exp_m1": lambda x: x.exp() - 1, "ln_1p": lambda x: (1 + x).log(),
    "log2": lambda x: x.log() / arb(2).log(), "log10": lambda x: x.log() / arb(10).log(),
    "cbrt": cbrt, "hypot": lambda x, y: (x * x + y * y).sqrt(), "hypot_m1": lambda x: (1 + x * x).sqrt() - 1,
    "sinh": lambda x: hyperbolic(x)[0], "cosh": lambda x: hyperbolic(x)[1], "tanh": tanh,
    "sech": lambda x: 1 / hyperbolic(x)[1], "asinh": asinh, "acosh": lambda x: (x + (x * x - 1).sqrt()).log(),
    "atanh": lambda x: ((1 + x).log() - (1 - x).log()) / 2, "atan2": atan2,
    "floor": step("floor"), "ceil": step("ceil"), "round": round_half_away,
    "trunc": lambda x: step("ceil" if less(x, arb(0)) else "floor")(x),
    "abs": absolute, "sign": lambda x: arb_series([value(x).sgn()]),
    "min": lambda x, y: x if less(x, y) else y, "max": lambda x, y: y if less(x, y) else x,
    "relu": lambda x: x if less(arb(0), x) else arb_series([0]),
    "sigmoid": lambda x: 1 / (1 + (-x).exp()), "softplus": lambda x: (1 + x.exp()).log(),
    "pow": power, "xlogy": lambda x, y: x * y.log(), "ln_cosh": lambda x: hyperbolic(x)[1].log(),
    "log_add_exp": lambda x, y: (x.exp() + y.exp()).log(),
    "logsumexp": lambda *xs: sum(x.exp() for x in xs).log(),
    "normal_pdf": normal_pdf, "normal_cdf": normal_cdf, "ln_normal_cdf": lambda x: normal_cdf(x).log(),
    "ln_gamma": ln_gamma, "ln_beta": lambda x, y: ln_gamma(x) + ln_gamma(y) - ln_gamma(x + y),
}


class Formula:
    """A formula whose operations can each be off by a factor of their own."""

    def __init__(self, text, dimensions, data):
        self.sizes, self.data = dict(dimensions), data
        self.shapes, self.parameters, self.definitions = {}, [], {}
        self.constants = []
        for line in text.splitlines():
            keyword, _, rest = line.partition(" ")
            if keyword in ("param", "data"):
                for name, shape in re.findall(r"(\w+)(?:\[([^\]]*)\])?", rest):
                    self.shapes[name] = [part.strip() for part in shape.split(",")] if shape else []
                    if keyword == "param":
                        self.parameters.append(name)
            else:
                head, body = line.split(" = ", 1)
                name, arguments = re.match(r"(\w+)[\[(]?([^\])]*)", head).groups()
                kind = "[" if "[" in head else "(" if "(" in head else ""
                names = [a.strip() for a in arguments.split(",")] if arguments else []
                self.definitions[name] = (kind, names, self.read(body))

    @staticmethod
    def read(text):
        text = re.sub(r"\bif\(", "if_(", text).replace("^", "**").replace("..", "|")
        return ast.parse(text, mode="eval").body

    def size(self, extent):
        return int(extent) if extent.isdigit() else self.sizes[extent]

    def function(self):
        """`f(at, off)`: E at parameters by name, with `off()` the factor of the operation at hand."""
        lines = ["def f(at, off):"]
        for name in self.parameters:
            lines.append(f"  {name} = at[{name!r}]")
        for name, (kind, names, body) in self.definitions.items():
            if kind == "":
                lines.append(f"  {name} = {self.value(body, set())}")
            else:
                scope = set(names) if kind == "[" else set()
                lines.append(f"  def {name}({', '.join(names)}): return {self.value(body, scope)}")
        lines.append("  return E")
        space = {f"F_{name}": function for name, function in FUNCTIONS.items()}
        space |= {"arb": arb, "series": series, "power": power, "compared": compared, "K": self.constants, "reduced": reduced}
        space |= self.data
        exec("\n".join(lines), space)
        return space["f"]

    def value(self, node, scope):
        of = lambda child: self.value(child, scope)
        match node:
            case ast.Constant(value):
                self.constants.append(arb(repr(value)))
                return f"K[{len(self.constants) - 1}]"
            case ast.Name(name):
                return f"arb({self.integer(node)})" if name in scope or name in self.sizes else name
            case ast.UnaryOp(ast.USub(), operand):
                return f"(-{of(operand)})"
            case ast.BinOp(left, ast.Pow(), ast.Constant(int(k))):
                return f"({of(left)}**{k}*off())"
            case ast.BinOp(left, ast.Pow(), right):
                return f"(power({of(left)}, {of(right)})*off())"
            case ast.BinOp(left, operator, right):
                return f"(({of(left)}{OPERATORS[type(operator)]}{of(right)})*off())"
            case ast.Subscript(ast.Name(name), _) if self.definitions.get(name):
                return f"{name}({self.integer(node.slice)})"
            case ast.Subscript():
                text = self.integer(node)
                return f"arb({text})" if node.value.id == "c" else text
            case ast.Call(ast.Name("if_"), [condition, a, b]):
                return f"({of(a)} if {self.condition(condition, scope)} else {of(b)})"
            case ast.Call(ast.Name(name), args) if name in self.definitions:
                return f"{name}({', '.join(map(of, args))})"
            case ast.Call(ast.Name(name), [first, body]) if name in REDUCTIONS and self.binder(first, scope):
                index, lo, hi = self.range(first, body)
                inner = self.value(body, scope | {index})
                return f"reduced({name!r}, ({inner} for {index} in range({lo}, {hi})), off)"
            case ast.Call(ast.Name(name), args):
                return f"(F_{name}({', '.join(f'series({of(arg)})' for arg in args)})*off())"
        raise ValueError(ast.dump(node))

    def binder(self, node, scope):
        """Whether the first argument of a reduction is an index rather than a number."""
        if isinstance(node, ast.Compare):
            return isinstance(node.ops[0], ast.In)
        return isinstance(node, ast.Name) and node.id in "ijklo" and node.id not in scope

    def range(self, node, body):
        if isinstance(node, ast.Compare):
            between = node.comparators[0]
            return node.left.id, self.integer(between.left), self.integer(between.right)
        lo, hi = self.positions(node.id, body)
        return node.id, str(lo), str(hi)

    def positions(self, index, body):
        """The positions of an index at which all elements exist that it is a subscript of."""
        lo, hi = 0, None
        for part in ast.walk(body):
            if not isinstance(part, ast.Subscript):
                continue
            parts = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
            for at, subscript in enumerate(parts):
                shift = self.shift(index, subscript)
                if shift is None:
                    continue
                if part.value.id in self.shapes:
                    first, end = 0, self.size(self.shapes[part.value.id][at])
                else:
                    _, names, inner = self.definitions[part.value.id]
                    inside = self.positions(names[0], inner)
                    if inside is None:
                        continue
                    first, end = inside
                lo = max(lo, first - shift)
                hi = end - shift if hi is None else min(hi, end - shift)
        return None if hi is None else (lo, hi)

    @staticmethod
    def shift(index, subscript):
        """k where a subscript is the index plus k."""
        match subscript:
            case ast.Name(name) if name == index:
                return 0
            case ast.BinOp(ast.Name(name), ast.Add(), ast.Constant(k)) if name == index:
                return k
            case ast.BinOp(ast.Name(name), ast.Sub(), ast.Constant(k)) if name == index:
                return -k
        return None

    def integer(self, node):
        match node:
            case ast.Constant(value):
                return str(value)
            case ast.Name(name):
                return str(self.sizes.get(name, name))
            case ast.BinOp(left, operator, right):
                return f"({self.integer(left)}{OPERATORS[type(operator)]}{self.integer(right)})"
            case ast.Subscript(ast.Name(name), subscripts):
                parts = subscripts.elts if isinstance(subscripts, ast.Tuple) else [subscripts]
                return name + "".join(f"[{self.integer(part)}]" for part in parts)
        raise ValueError(ast.dump(node))

    def condition(self, node, scope):
        match node:
            case ast.Compare(left, [operator], [right]):
                left, right = self.value(left, scope), self.value(right, scope)
                return f"compared({left}, {COMPARISONS[type(operator)]!r}, {right})"
            case ast.BoolOp(operator, parts):
                word = " and " if isinstance(operator, ast.And) else " or "
                return "(" + word.join(self.condition(part, scope) for part in parts) + ")"
            case ast.UnaryOp(ast.Not(), operand):
                return f"(not {self.condition(operand, scope)})"
        raise ValueError(ast.dump(node))


def compared(x, operator, y):
    return {"<": lambda: less(x, y), ">": lambda: less(y, x), "<=": lambda: not less(y, x),
            ">=": lambda: not less(x, y), "==": lambda: not (less(x, y) or less(y, x)),
            "!=": lambda: less(x, y) or less(y, x)}[operator]()


def reduced(kind, values, off):
    if kind in ("max", "min"):
        best = None
        for each in values:
            if best is None or (less(best, each) if kind == "max" else less(each, best)):
                best = each
        return best
    if kind == "prod":
        product = arb(1)
        for each in values:
            product = product * each * off()
        return product
    total, count = arb(0), 0
    for each in values:
        if kind == "logsumexp":
            each = series(each).exp() * off()
        elif kind == "norm":
            each = each * each * off()
        total = (total + each) * off()
        count += 1
    finish = {"sum": lambda: total, "mean": lambda: total / count, "logsumexp": lambda: series(total).log(),
              "norm": lambda: series(total).sqrt()}
    return finish[kind]() * off()
