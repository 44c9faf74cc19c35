"""CasADi: each term with gradient and Hessian as C, compiled by gcc -O3 and summed over the rows by driver.c."""

import ctypes
import subprocess
import sys
from pathlib import Path

import casadi
import numpy as np

from workload import Workload, take_turns


class Symbols:
    exp, log, sqrt, sin, cos, fabs, tanh = (
        getattr(casadi, name) for name in ["exp", "log", "sqrt", "sin", "cos", "fabs", "tanh"]
    )
    dot = staticmethod(casadi.dot)
    sum = staticmethod(casadi.sum1)

    @staticmethod
    def vector(numbers):
        return casadi.vertcat(*numbers)

    @staticmethod
    def matrix(vector, rows, columns):
        return casadi.reshape(vector, columns, rows).T

    @staticmethod
    def ahead(vector, places):
        return casadi.vertcat(vector[places:], vector[:places])

    @staticmethod
    def softplus(x):
        return casadi.fmax(x, 0) + casadi.log1p(casadi.exp(-casadi.fabs(x)))


class Part(ctypes.Structure):
    _fields_ = [("term", ctypes.c_void_p)]
    _fields_ += [(name, ctypes.c_longlong) for name in ["rows", "columns", "locals", "entries"]]
    _fields_ += [(name, ctypes.c_void_p) for name in ["data", "places", "slots"]]


def address(array):
    return None if array is None else array.ctypes.data


def main(name, folder, build):
    workload = Workload(name, Path(folder))
    build = Path(build)
    build.mkdir(parents=True, exist_ok=True)
    functions, pairs = [], []
    for at, part in enumerate(workload.parts):
        w = casadi.SX.sym("w", workload.n if part.places is None else part.places.shape[1])
        row = casadi.SX.sym("row", part.rows.shape[1])
        error = part.term(Symbols, w, row)
        hessian, gradient = casadi.hessian(error, w)
        lower = casadi.tril(hessian)
        i, j = lower.sparsity().get_triplet()
        pairs.append((np.array(i, dtype=int), np.array(j, dtype=int)))
        entries = casadi.vertcat(*lower.nonzeros())
        function = casadi.Function(f"term{at}", [w, row], [error, casadi.densify(gradient), casadi.densify(entries)])
        functions.append(function)
    generator = casadi.CodeGenerator("terms.c")
    for function in functions:
        generator.add(function)
    generator.generate(f"{build}/")
    library = build / "terms.so"
    sources = [str(build / "terms.c"), str(Path(__file__).parent / "driver.c")]
    subprocess.run(
        ["gcc", "-O3", "-march=native", "-fPIC", "-shared", "-o", str(library), *sources, "-lm"], check=True
    )
    compiled = ctypes.CDLL(str(library))
    compiled.run.restype = ctypes.c_double

    tables, (rows, columns) = workload.slots(pairs)
    structures = []
    for at, (part, function, (i, _), table) in enumerate(zip(workload.parts, functions, pairs, tables)):
        term = ctypes.cast(getattr(compiled, f"term{at}"), ctypes.c_void_p)
        size = (*part.rows.shape, function.size1_in(0), len(i))
        structures.append(Part(term, *size, address(part.rows), address(part.places), address(table)))
    parts = (Part * len(structures))(*structures)
    most = lambda of: max(of(function) for function in functions)
    arg, res = (ctypes.c_void_p * most(lambda f: f.sz_arg()))(), (ctypes.c_void_p * most(lambda f: f.sz_res()))()
    iw = np.zeros(most(lambda f: f.sz_iw()) + 1, dtype=np.int64)
    room = most(lambda f: f.sz_w() + f.size1_in(0) + f.size1_out(2))
    work, value, gradient, hessian = np.zeros(room), np.zeros(1), np.zeros(workload.n), np.zeros(len(rows))

    def run(calls):
        return compiled.run(
            ctypes.c_longlong(calls),
            parts,
            ctypes.c_longlong(len(parts)),
            ctypes.c_void_p(address(workload.point)),
            arg,
            res,
            *(ctypes.c_void_p(address(array)) for array in [iw, work, value, gradient]),
            ctypes.c_longlong(workload.n),
            ctypes.c_void_p(address(hessian)),
            ctypes.c_longlong(len(hessian)),
        )

    run(1)
    workload.check(value[0], gradient, rows, columns, hessian)
    take_turns(run)


main(*sys.argv[1:])
