"""A workload as the benchmarks wrote it, where its second derivatives go, and the loop that takes turns."""

import sys
import time

import numpy as np

from models import WORKLOADS


class Workload:
    def __init__(self, name, folder):
        read = lambda path: np.loadtxt(path, ndmin=1)
        outputs = {"point", "value", "gradient", "hessian"}
        data = {path.stem: read(path) for path in folder.glob("*.txt") if path.stem not in outputs}
        self.point = read(folder / "point.txt")
        self.value = read(folder / "value.txt")[0]
        self.gradient = read(folder / "gradient.txt")
        self.hessian = np.loadtxt(folder / "hessian.txt", ndmin=2)
        self.n = len(self.point)
        self.parts = WORKLOADS[name][1](data, self.n)

    def slots(self, pairs):
        """For each part with local pairs (i, j) of second derivatives: where each entry of each row goes.

        Gives these tables, None where every row has the same places, and the global (row, column) of every slot.
        """
        keys = []
        for part, (i, j) in zip(self.parts, pairs):
            places = np.arange(self.n)[None, :] if part.places is None else part.places
            row, column = places[:, i], places[:, j]
            keys.append(np.maximum(row, column) * self.n + np.minimum(row, column))
        slots, inverse = np.unique(np.concatenate([key.ravel() for key in keys]), return_inverse=True)
        tables, at = [], 0
        for key in keys:
            tables.append(np.ascontiguousarray(inverse[at : at + key.size].reshape(key.shape), dtype=np.int64))
            at += key.size
        return tables, (slots // self.n, slots % self.n)

    def check(self, value, gradient, rows, columns, entries):
        """Stops where a result differs from Hesse's: 1e-9 of an entry plus 1e-12 of the largest."""
        hessian = {}
        theirs = zip(*self.hessian.T)
        for side, triplets in enumerate([zip(rows, columns, entries), theirs]):
            for row, column, entry in triplets:
                hessian.setdefault((int(row), int(column)), [0.0, 0.0])[side] += float(entry)
        ours, expected = np.array(list(hessian.values())).T
        for what, found, wanted in [
            ("value", np.array([value]), np.array([self.value])),
            ("gradient", np.asarray(gradient), self.gradient),
            ("Hessian", ours, expected),
        ]:
            error = np.abs(found - wanted) - 1e-9 * np.abs(wanted) - 1e-12 * np.abs(wanted).max()
            if not (error <= 0).all():
                at = int(np.argmax(error))
                sys.exit(f"{what}, entry {at}: {found[at]} for {wanted[at]}")


def take_turns(run, least=5e-3):
    """Answers every line of standard input with the seconds per call; `run(calls)` gives the seconds of so many."""
    calls = 1
    while (elapsed := run(calls)) < least:
        calls = int(calls * min(max(least / max(elapsed, 1e-9), 2), 100))
    print("ready", flush=True)
    for _ in sys.stdin:
        print(run(calls) / calls, flush=True)


def clocked(call):
    """`run` for `take_turns` out of a function without arguments."""

    def run(calls):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        return time.perf_counter() - start

    return run
