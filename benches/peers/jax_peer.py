"""JAX: value, gradient and Hessian in one jitted function, in double precision on one thread."""

import os
import sys
from pathlib import Path

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

from workload import Workload, clocked, take_turns

jax.config.update("jax_enable_x64", True)


class Arrays:
    exp, log, sqrt, sin, cos, fabs, tanh, dot, sum = (
        getattr(jnp, name) for name in ["exp", "log", "sqrt", "sin", "cos", "fabs", "tanh", "dot", "sum"]
    )
    vector = jnp.stack
    softplus = staticmethod(jax.nn.softplus)

    @staticmethod
    def ahead(vector, places):
        return jnp.roll(vector, -places)

    @staticmethod
    def matrix(vector, rows, columns):
        return vector.reshape(rows, columns)


def dense(workload):
    """Every row sees all parameters: the Hessian of the sum."""

    def error(w):
        terms = (jax.vmap(lambda row: part.term(Arrays, w, row))(part.rows) for part in workload.parts)
        return sum(term.sum() for term in terms)

    def outputs(w):
        value, gradient = jax.value_and_grad(error)(w)
        return value, gradient, jax.hessian(error)(w)[rows, columns]

    rows, columns = np.tril_indices(workload.n)
    return outputs, rows, columns


def sparse(workload):
    """The Hessian of every term by its own few parameters, its entries added to their slots."""
    pairs = [np.tril_indices(part.places.shape[1]) for part in workload.parts]
    tables, (rows, columns) = workload.slots(pairs)

    def outputs(w):
        value, gradient, hessian = 0.0, jnp.zeros(workload.n), jnp.zeros(len(rows))
        for part, (i, j), table in zip(workload.parts, pairs, tables):
            term = lambda w, row: part.term(Arrays, w, row)
            local = w[part.places]
            values, gradients = jax.vmap(jax.value_and_grad(term))(local, part.rows)
            value += values.sum()
            gradient = gradient.at[part.places].add(gradients)
            hessian = hessian.at[table].add(jax.vmap(jax.hessian(term))(local, part.rows)[:, i, j])
        return value, gradient, hessian

    return outputs, rows, columns


def main(name, folder):
    workload = Workload(name, Path(folder))
    outputs, rows, columns = (dense if workload.parts[0].places is None else sparse)(workload)
    compiled = jax.jit(outputs)
    w = jnp.asarray(workload.point)
    value, gradient, hessian = (np.asarray(output) for output in compiled(w))
    workload.check(value, gradient, rows, columns, hessian)
    take_turns(clocked(lambda: jax.block_until_ready(compiled(w))))


main(*sys.argv[1:])
