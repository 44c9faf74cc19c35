"""Formula text to a Python function over MPFR numbers, by the parser of Python itself."""

import ast
import re

import gmpy2
from gmpy2 import mpfr

REDUCTIONS = ("sum", "prod", "max", "min", "mean", "logsumexp", "norm")
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">="}


def lambert_w(x):
    w = gmpy2.log1p(x)
    for _ in range(200):
        e = gmpy2.exp(w)
        step = (w * e - x) / (e * (w + 1))
        w -= step
        if abs(step) < abs(w) * mpfr(2) ** (8 - gmpy2.get_context().precision) or step == 0:
            break
    return w


def normal_cdf(x):
    return gmpy2.erfc(-x / gmpy2.sqrt(mpfr(2))) / 2


def normal_pdf(x):
    return gmpy2.exp(-x * x / 2) / gmpy2.sqrt(2 * gmpy2.const_pi())


def ln_gamma(x):
    return gmpy2.lgamma(x)[0]


FUNCTIONS = {name: getattr(gmpy2, name) for name in (
    "exp exp2 log2 log10 cbrt sin cos tan asin acos atan sinh cosh tanh sech asinh acosh atanh "
    "floor ceil trunc erf erfc atan2 hypot gamma sqrt").split()} | {
    "exp_m1": gmpy2.expm1, "ln": gmpy2.log, "ln_1p": gmpy2.log1p, "abs": abs, "round": gmpy2.rint_round,
    "sign": lambda x: mpfr(gmpy2.sign(x)),
    "sigmoid": lambda x: 1 / (1 + gmpy2.exp(-x)),
    "softplus": lambda x: gmpy2.log1p(gmpy2.exp(x)),
    "relu": lambda x: x if x > 0 else mpfr(0),
    "pow": lambda x, y: x ** y,
    "min": lambda x, y: x if x < y else y,
    "max": lambda x, y: x if x > y else y,
    "hypot_m1": lambda x: gmpy2.sqrt(1 + x * x) - 1,
    "xlogy": lambda x, y: x * gmpy2.log(y),
    "ln_cosh": lambda x: gmpy2.log(gmpy2.cosh(x)),
    "log_add_exp": lambda x, y: gmpy2.log(gmpy2.exp(x) + gmpy2.exp(y)),
    "normal_pdf": normal_pdf, "normal_cdf": normal_cdf,
    "ln_normal_cdf": lambda x: gmpy2.log(normal_cdf(x)),
    "ln_gamma": ln_gamma, "ln_beta": lambda x, y: ln_gamma(x) + ln_gamma(y) - ln_gamma(x + y),
    "lambert_w": lambert_w,
    "logsumexp": lambda *xs: gmpy2.log(sum(map(gmpy2.exp, xs))),
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
        space |= {"mpfr": mpfr, "K": self.constants, "reduced": reduced} | self.data
        exec("\n".join(lines), space)
        return space["f"]

    def value(self, node, scope):
        of = lambda child: self.value(child, scope)
        match node:
            case ast.Constant(value):
                self.constants.append(mpfr(repr(value)))
                return f"K[{len(self.constants) - 1}]"
            case ast.Name(name):
                return f"mpfr({self.integer(node)})" if name in scope or name in self.sizes else name
            case ast.UnaryOp(ast.USub(), operand):
                return f"(-{of(operand)})"
            case ast.BinOp(left, ast.Pow(), ast.Constant(int(k))):
                return f"({of(left)}**{k}*off())"
            case ast.BinOp(left, operator, right):
                return f"(({of(left)}{OPERATORS[type(operator)]}{of(right)})*off())"
            case ast.Subscript(ast.Name(name), _) if self.definitions.get(name):
                return f"{name}({self.integer(node.slice)})"
            case ast.Subscript():
                text = self.integer(node)
                return f"mpfr({text})" if node.value.id == "c" else text
            case ast.Call(ast.Name("if_"), [condition, a, b]):
                return f"({of(a)} if {self.condition(condition, scope)} else {of(b)})"
            case ast.Call(ast.Name(name), args) if name in self.definitions:
                return f"{name}({', '.join(map(of, args))})"
            case ast.Call(ast.Name(name), [first, body]) if name in REDUCTIONS and self.binder(first, scope):
                index, lo, hi = self.range(first, body)
                inner = self.value(body, scope | {index})
                return f"reduced({name!r}, ({inner} for {index} in range({lo}, {hi})), off)"
            case ast.Call(ast.Name(name), args):
                return f"(F_{name}({', '.join(map(of, args))})*off())"
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
                return f"({self.value(left, scope)}{COMPARISONS[type(operator)]}{self.value(right, scope)})"
            case ast.BoolOp(operator, parts):
                word = " and " if isinstance(operator, ast.And) else " or "
                return "(" + word.join(self.condition(part, scope) for part in parts) + ")"
            case ast.UnaryOp(ast.Not(), operand):
                return f"(not {self.condition(operand, scope)})"
        raise ValueError(ast.dump(node))


def reduced(kind, values, off):
    if kind in ("max", "min"):
        return (max if kind == "max" else min)(values)
    if kind == "prod":
        product = mpfr(1)
        for value in values:
            product = product * value * off()
        return product
    total, count = mpfr(0), 0
    for value in values:
        if kind == "logsumexp":
            value = gmpy2.exp(value) * off()
        elif kind == "norm":
            value = value * value * off()
        total = (total + value) * off()
        count += 1
    finish = {"sum": lambda: total, "mean": lambda: total / count, "logsumexp": lambda: gmpy2.log(total),
              "norm": lambda: gmpy2.sqrt(total)}
    return finish[kind]() * off()
