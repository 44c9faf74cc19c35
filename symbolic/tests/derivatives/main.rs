//! Gradient, Hessian and Hessian-vector product of indexed graphs against hyper-dual numbers.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod counting;

use hesse_runtime::{ErrorFunction, SparseErrorFunction};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::functions::Function;
use hesse_symbolic::graph::{
    Affine, Array, Expr, Extent, Graph, Index, Number, Range, ReduceKind, Role, Subscript,
};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

/// Numbers without pattern in (−1, 1), the same in every run.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let step = |_| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 11) as f64 / (1u64 << 52) as f64) - 1.0
    };
    (0..count).map(step).collect()
}

#[track_caller]
fn check(graph: &Graph, error: Expr, bindings: &Bindings, w: &[f64], truth: impl Fn(&[Dual]) -> Dual) {
    let surface = Surface::new(graph, error, bindings).unwrap();
    let n = w.len();
    assert_eq!(surface.dimension(), n);
    let (value, gradient, hessian) = hyper_dual(truth, w);
    let mut g = vec![f64::NAN; n];
    let mut h = vec![f64::NAN; n * (n + 1) / 2];
    assert_close("value alone", &[surface.value(w)], &[value], 1e-12);
    assert_close("value with gradient", &[surface.value_gradient(w, &mut g)], &[value], 1e-12);
    assert_close("gradient", &g, &gradient, 1e-12);
    let with_all = surface.value_gradient_hessian(w, &mut g, &mut h);
    assert_close("value with Hessian", &[with_all], &[value], 1e-12);
    assert_close("gradient with Hessian", &g, &gradient, 1e-12);
    assert_close("Hessian", &h, &hessian, 1e-12);
    let v = numbers(n, 99);
    let mut product = vec![f64::NAN; n];
    surface.hessian_vector(w, &v, &mut product);
    let entry = |i: usize, j: usize| hessian[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)];
    let expected: Vec<f64> = (0..n).map(|i| (0..n).map(|j| entry(i, j) * v[j]).sum()).collect();
    assert_close("Hessian-vector product", &product, &expected, 1e-12);
    let mut diagonal = vec![f64::NAN; n];
    surface.hessian_diagonal(w, &mut diagonal);
    let expected_diagonal: Vec<f64> = (0..n).map(|i| entry(i, i)).collect();
    assert_close("diagonal", &diagonal, &expected_diagonal, 1e-12);
    let along = surface.directional(w, &v);
    let slope: f64 = gradient.iter().zip(&v).map(|(g, v)| g * v).sum();
    let curvature: f64 = expected.iter().zip(&v).map(|(h, v)| h * v).sum();
    assert_close("directional derivatives", &along[..3], &[value, slope, curvature], 1e-12);
    let (directions, mut products) = (numbers(2 * n, 98), vec![f64::NAN; 2 * n]);
    surface.hessian_vectors(w, 2, &directions, &mut products);
    let expected: Vec<f64> =
        (0..2 * n).map(|at| (0..n).map(|j| entry(at / 2, j) * directions[2 * j + at % 2]).sum()).collect();
    assert_close("products with two vectors", &products, &expected, 1e-12);
    let entries = surface.entries();
    let (mut rows, mut columns) = (vec![usize::MAX; entries], vec![usize::MAX; entries]);
    surface.pattern(&mut rows, &mut columns);
    let mut values = vec![f64::NAN; entries];
    let with_values = surface.value_gradient_sparse_hessian(w, &mut g, &mut values);
    assert_close("value with sparse Hessian", &[with_values], &[value], 1e-12);
    assert_close("gradient with sparse Hessian", &g, &gradient, 1e-12);
    let mut sum = vec![0.0; hessian.len()];
    for ((&row, &column), value) in rows.iter().zip(&columns).zip(&values) {
        assert!(column <= row && row < n, "{row}, {column}");
        sum[row * (row + 1) / 2 + column] += value;
    }
    assert_close("sparse Hessian", &sum, &hessian, 1e-12);
}

fn at(index: Index) -> Subscript {
    Subscript::index(index)
}

fn sum(g: &mut Graph, range: Range, body: impl FnOnce(&mut Graph, Index) -> Expr) -> Expr {
    reduce(g, ReduceKind::Sum, range, body)
}

fn reduce(
    g: &mut Graph,
    kind: ReduceKind,
    range: Range,
    body: impl FnOnce(&mut Graph, Index) -> Expr,
) -> Expr {
    let index = g.index(range);
    let body = body(g, index);
    g.reduce(kind, index, body)
}

fn all(size: usize) -> Range {
    Range::all(Extent::Fixed(size))
}

#[test]
fn rosenbrock_for_several_constants() {
    for (a, b) in [(1.0, 100.0), (3.0, 7.0), (-0.5, 0.25)] {
        let mut g = Graph::new();
        let x = g.array("x", Role::Parameter, &[]);
        let y = g.array("y", Role::Parameter, &[]);
        let (x, y) = (g.leaf(x, &[]), g.leaf(y, &[]));
        let a_ = g.number(Number::float(a));
        let first = g.sub(a_, x);
        let first = g.power(first, Number::integer(2));
        let square = g.power(x, Number::integer(2));
        let second = g.sub(y, square);
        let second = g.power(second, Number::integer(2));
        let error = g.sum(&[(Number::ONE, first), (Number::float(b), second)]);
        for w in [[-1.2, 1.0], [0.3, -0.2], [1.0, 1.0]] {
            check(&g, error, &Bindings::new(), &w, |w| {
                (-w[0] + a).powi(2) + (w[1] - w[0] * w[0]).powi(2) * b
            });
        }
    }
}

fn logistic(g: &mut Graph, n: Extent, d: Extent) -> Expr {
    let w = g.array("w", Role::Parameter, &[d]);
    let b = g.array("b", Role::Parameter, &[]);
    let x = g.array("x", Role::Data, &[n, d]);
    let t = g.array("t", Role::Data, &[n]);
    let loss = sum(g, Range::all(n), |g, i| {
        let dot = sum(g, Range::all(d), |g, j| {
            let (wj, xij) = (g.leaf(w, &[at(j)]), g.leaf(x, &[at(i), at(j)]));
            g.mul(wj, xij)
        });
        let b = g.leaf(b, &[]);
        let a = g.add(dot, b);
        let t = g.leaf(t, &[at(i)]);
        let (ta, soft) = (g.mul(t, a), g.apply(Function::Softplus, &[a]));
        g.sub(soft, ta)
    });
    let penalty = sum(g, Range::all(d), |g, j| {
        let wj = g.leaf(w, &[at(j)]);
        g.power(wj, Number::integer(2))
    });
    g.sum(&[(Number::ONE, loss), (Number::rational(1, 2000), penalty)])
}

#[test]
fn logistic_regression_with_fixed_and_named_extents() {
    let (rows, columns) = (9, 4);
    let x = numbers(rows * columns, 1);
    let t: Vec<f64> = (0..rows).map(|i| f64::from(i % 3 == 0)).collect();
    let mut bindings = Bindings::new();
    bindings.insert("x", &[rows, columns], x.clone()).unwrap();
    bindings.insert("t", &[rows], t.clone()).unwrap();
    for named in [false, true] {
        let mut g = Graph::new();
        let n = Extent::Named(g.dimension("n"));
        let d = if named { Extent::Named(g.dimension("d")) } else { Extent::Fixed(columns) };
        let error = logistic(&mut g, n, d);
        check(&g, error, &bindings, &numbers(columns + 1, 2), |w| {
            let mut total = Dual::from(0.0);
            for i in 0..rows {
                let a = (0..columns).fold(w[columns], |a, j| a + w[j] * x[i * columns + j]);
                total += (a.exp() + 1.0).ln() - a * t[i];
            }
            (0..columns).fold(total, |total, j| total + w[j] * w[j] * 5e-4)
        });
    }
}

#[test]
fn softmax_network_with_nested_sums() {
    for (rows, inputs, hidden, classes) in [(3, 2, 3, 2), (2, 4, 3, 3)] {
        let mut g = Graph::new();
        let n = Extent::Named(g.dimension("n"));
        let [d, h, k] = [inputs, hidden, classes].map(Extent::Fixed);
        let u = g.array("U", Role::Parameter, &[h, d]);
        let b = g.array("b", Role::Parameter, &[h]);
        let v = g.array("V", Role::Parameter, &[k, h]);
        let c = g.array("c", Role::Parameter, &[k]);
        let x = g.array("x", Role::Data, &[n, d]);
        let t = g.array("t", Role::Data, &[n, k]);
        let output = |g: &mut Graph, i: Index, k: Index| {
            let inner = sum(g, Range::all(h), |g, j| {
                let dot = sum(g, Range::all(d), |g, l| {
                    let (a, b) = (g.leaf(u, &[at(j), at(l)]), g.leaf(x, &[at(i), at(l)]));
                    g.mul(a, b)
                });
                let bias = g.leaf(b, &[at(j)]);
                let a = g.add(dot, bias);
                let z = g.apply(Function::Tanh, &[a]);
                let v = g.leaf(v, &[at(k), at(j)]);
                g.mul(v, z)
            });
            let bias = g.leaf(c, &[at(k)]);
            g.add(inner, bias)
        };
        let error = sum(&mut g, Range::all(n), |g, i| {
            let total = reduce(g, ReduceKind::LogSumExp, Range::all(k), |g, k| output(g, i, k));
            let chosen = sum(g, Range::all(k), |g, k| {
                let (t, y) = (g.leaf(t, &[at(i), at(k)]), output(g, i, k));
                g.mul(t, y)
            });
            g.sub(total, chosen)
        });
        let (xs, classes_of) = (numbers(rows * inputs, 3), [0, 1, 1]);
        let ts: Vec<f64> =
            (0..rows * classes).map(|at| f64::from(classes_of[at / classes] == at % classes)).collect();
        let mut bindings = Bindings::new();
        bindings.insert("x", &[rows, inputs], xs.clone()).unwrap();
        bindings.insert("t", &[rows, classes], ts.clone()).unwrap();
        let count = hidden * inputs + hidden + classes * hidden + classes;
        check(&g, error, &bindings, &numbers(count, 4), |w| {
            let (u, w) = w.split_at(hidden * inputs);
            let (b, w) = w.split_at(hidden);
            let (v, c) = w.split_at(classes * hidden);
            let mut total = Dual::from(0.0);
            for i in 0..rows {
                let z: Vec<Dual> = (0..hidden)
                    .map(|j| (0..inputs).fold(b[j], |a, l| a + u[j * inputs + l] * xs[i * inputs + l]).tanh())
                    .collect();
                let y: Vec<Dual> = (0..classes)
                    .map(|k| (0..hidden).fold(c[k], |a, j| a + v[k * hidden + j] * z[j]))
                    .collect();
                let s = y.iter().fold(Dual::from(0.0), |s, y| s + y.exp()).ln();
                total += y.iter().enumerate().fold(s, |e, (k, y)| e - *y * ts[i * classes + k]);
            }
            total
        });
    }
}

#[test]
fn a_function_of_a_sum_over_data() {
    // ln Σᵢ exp(Σⱼ wⱼ xᵢⱼ) and √(1 + Σᵢ (Σⱼ wⱼ xᵢⱼ − yᵢ)²)
    let (rows, columns) = (6, 3);
    let mut g = Graph::new();
    let n = Extent::Named(g.dimension("n"));
    let d = Extent::Fixed(columns);
    let w = g.array("w", Role::Parameter, &[d]);
    let x = g.array("x", Role::Data, &[n, d]);
    let y = g.array("y", Role::Data, &[n]);
    let dot = |g: &mut Graph, i: Index| {
        sum(g, Range::all(d), |g, j| {
            let (wj, xij) = (g.leaf(w, &[at(j)]), g.leaf(x, &[at(i), at(j)]));
            g.mul(wj, xij)
        })
    };
    let total = sum(&mut g, Range::all(n), |g, i| {
        let a = dot(g, i);
        g.apply(Function::Exp, &[a])
    });
    let first = g.apply(Function::Ln, &[total]);
    let squares = sum(&mut g, Range::all(n), |g, i| {
        let (a, y) = (dot(g, i), g.leaf(y, &[at(i)]));
        let r = g.sub(a, y);
        g.power(r, Number::integer(2))
    });
    let one = g.one();
    let shifted = g.add(one, squares);
    let second = g.sqrt(shifted);
    let error = g.add(first, second);
    let (xs, ys) = (numbers(rows * columns, 5), numbers(rows, 6));
    let mut bindings = Bindings::new();
    bindings.insert("x", &[rows, columns], xs.clone()).unwrap();
    bindings.insert("y", &[rows], ys.clone()).unwrap();
    check(&g, error, &bindings, &numbers(columns, 7), |w| {
        let a = |i: usize| (0..columns).fold(Dual::from(0.0), |a, j| a + w[j] * xs[i * columns + j]);
        let s = (0..rows).fold(Dual::from(0.0), |s, i| s + a(i).exp());
        let q = (0..rows).fold(Dual::from(1.0), |s, i| s + (a(i) - ys[i]).powi(2));
        s.ln() + q.sqrt()
    });
}

#[test]
fn colliding_sums_over_one_array() {
    // (Σ wⱼ)(Σ wⱼ³) + Σⱼ exp(wⱼ Σₖ wₖ²)
    let size = 4;
    let mut g = Graph::new();
    let w = g.array("w", Role::Parameter, &[Extent::Fixed(size)]);
    let leaf = |g: &mut Graph, i: Index| g.leaf(w, &[at(i)]);
    let power = |g: &mut Graph, k: i64| {
        sum(g, all(size), |g, j| {
            let w = leaf(g, j);
            g.power(w, Number::integer(k))
        })
    };
    let (one, two, three) = (power(&mut g, 1), power(&mut g, 2), power(&mut g, 3));
    let first = g.mul(one, three);
    let second = sum(&mut g, all(size), |g, j| {
        let w = leaf(g, j);
        let a = g.mul(w, two);
        g.apply(Function::Exp, &[a])
    });
    let error = g.add(first, second);
    check(&g, error, &Bindings::new(), &numbers(size, 8), |w| {
        let s = |k: i32| w.iter().fold(Dual::from(0.0), |s, w| s + w.powi(k));
        w.iter().fold(s(1) * s(3), |e, w| e + (*w * s(2)).exp())
    });
}

#[test]
fn chains_and_ragged_pairs() {
    // Σ 100 (w[i+1] − w[i]²)² + (1 − w[i])² and Σᵢ Σ_{j<i} (wᵢ − wⱼ)² exp(wᵢ wⱼ)
    let size = 5;
    let mut g = Graph::new();
    let n = g.dimension("n");
    let w = g.array("w", Role::Parameter, &[Extent::Named(n)]);
    let one = g.one();
    let shorter = Range { lo: Affine::constant(0), hi: Affine::dimension(n).sub(&Affine::constant(1)) };
    let chain = sum(&mut g, shorter, |g, i| {
        let next = Affine::index(i).add(&Affine::constant(1));
        let (here, next) = (g.leaf(w, &[at(i)]), g.leaf(w, &[Subscript::Affine(next)]));
        let square = g.power(here, Number::integer(2));
        let (a, b) = (g.sub(next, square), g.sub(one, here));
        let (a, b) = (g.power(a, Number::integer(2)), g.power(b, Number::integer(2)));
        g.sum(&[(Number::integer(100), a), (Number::ONE, b)])
    });
    let pairs = sum(&mut g, Range::all(Extent::Named(n)), |g, i| {
        let below = Range { lo: Affine::constant(0), hi: Affine::index(i) };
        sum(g, below, |g, j| {
            let (a, b) = (g.leaf(w, &[at(i)]), g.leaf(w, &[at(j)]));
            let difference = g.sub(a, b);
            let product = g.mul(a, b);
            let (square, exp) = (g.power(difference, Number::integer(2)), g.apply(Function::Exp, &[product]));
            g.mul(square, exp)
        })
    });
    let error = g.add(chain, pairs);
    let mut bindings = Bindings::new();
    bindings.set_dimension("n", size);
    check(&g, error, &bindings, &numbers(size, 9), |w| {
        let mut total = Dual::from(0.0);
        for i in 0..size {
            if i + 1 < size {
                total += (w[i + 1] - w[i] * w[i]).powi(2) * 100.0 + (-w[i] + 1.0).powi(2);
            }
            for j in 0..i {
                total += (w[i] - w[j]).powi(2) * (w[i] * w[j]).exp();
            }
        }
        total
    });
}

fn gathers(g: &mut Graph) -> (Array, Array, Expr) {
    let n = Extent::Named(g.dimension("n"));
    let w = g.array("w", Role::Parameter, &[Extent::Fixed(3)]);
    let a = g.array("a", Role::Lookup, &[n]);
    let b = g.array("b", Role::Lookup, &[n]);
    let error = sum(g, Range::all(n), |g, k| {
        let wa = g.leaf(w, &[Subscript::Lookup(a, vec![at(k)])]);
        let wb = g.leaf(w, &[Subscript::Lookup(b, vec![at(k)])]);
        let square = g.power(wb, Number::integer(2));
        let product = g.mul(wa, square);
        g.apply(Function::Sin, &[product])
    });
    (a, b, error)
}

#[test]
fn gathers_whose_indices_coincide() {
    let mut g = Graph::new();
    let (_, _, error) = gathers(&mut g);
    let (a, b) = ([0usize, 1, 2, 1, 0], [1usize, 1, 0, 2, 0]);
    let mut bindings = Bindings::new();
    bindings.insert("a", &[5], a.map(|i| i as f64).to_vec()).unwrap();
    bindings.insert("b", &[5], b.map(|i| i as f64).to_vec()).unwrap();
    check(&g, error, &bindings, &[0.4, -0.7, 1.1], |w| {
        (0..5).fold(Dual::from(0.0), |e, k| e + (w[a[k]] * w[b[k]].powi(2)).sin())
    });
    bindings.insert("b", &[5], vec![0.0, 1.0, 3.0, 1.0, 2.0]).unwrap();
    let refused = Surface::new(&g, error, &bindings).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "value 2 of `b` is 3, which is no position among the 3 of the axis it selects"
    );
}

#[test]
fn products_and_maxima_over_an_index() {
    // Πᵢ (wᵢ − i/2) with a zero factor, and maxᵢ wᵢ² with its kink avoided
    let size = 4;
    let mut g = Graph::new();
    let w = g.array("w", Role::Parameter, &[Extent::Fixed(size)]);
    let product = reduce(&mut g, ReduceKind::Product, all(size), |g, i| {
        let (w, i) = (g.leaf(w, &[at(i)]), g.index_value(&Affine::index(i)));
        g.sum(&[(Number::ONE, w), (Number::rational(-1, 2), i)])
    });
    let largest = reduce(&mut g, ReduceKind::Max, all(size), |g, i| {
        let w = g.leaf(w, &[at(i)]);
        g.power(w, Number::integer(2))
    });
    let both = g.mul(product, largest);
    let error = g.add(both, product);
    for w in [[0.3, 0.5, -0.8, 0.1], [0.3, 0.7, 2.8, 0.1]] {
        check(&g, error, &Bindings::new(), &w, |w| {
            let product = (0..size).fold(Dual::from(1.0), |p, i| p * (w[i] - 0.5 * i as f64));
            let largest = w.iter().map(|w| *w * *w).reduce(|a, b| if b.re > a.re { b } else { a }).unwrap();
            product * largest + product
        });
    }
}

#[test]
fn an_untaken_branch_never_leaks() {
    // if x > 0 then x ln x else 0, at x = 0 and below
    let mut g = Graph::new();
    let x = g.array("x", Role::Parameter, &[]);
    let x = g.leaf(x, &[]);
    let zero = g.zero();
    let positive = g.compare(hesse_symbolic::graph::Comparison::Greater, x, zero);
    let ln = g.apply(Function::Ln, &[x]);
    let product = g.mul(x, ln);
    let error = g.select(positive, product, zero);
    for at in [0.0, -1.0] {
        check(&g, error, &Bindings::new(), &[at], |_| Dual::from(0.0));
    }
    check(&g, error, &Bindings::new(), &[0.3], |w| w[0] * w[0].ln());
}

#[test]
fn gauss_newton_of_weighted_and_halved_squares() {
    use hesse_runtime::SumOfSquares;
    // ½ Σᵢ (yᵢ − a exp(−Σⱼ wⱼ xᵢⱼ))², and the same with a weight on each square
    let (rows, columns) = (7, 3);
    for weighted in [false, true] {
        let mut g = Graph::new();
        let n = Extent::Named(g.dimension("n"));
        let d = Extent::Fixed(columns);
        let w = g.array("w", Role::Parameter, &[d]);
        let a = g.array("a", Role::Parameter, &[]);
        let x = g.array("x", Role::Data, &[n, d]);
        let y = g.array("y", Role::Data, &[n]);
        let total = sum(&mut g, Range::all(n), |g, i| {
            let dot = sum(g, Range::all(d), |g, j| {
                let (wj, xij) = (g.leaf(w, &[at(j)]), g.leaf(x, &[at(i), at(j)]));
                g.mul(wj, xij)
            });
            let negative = g.neg(dot);
            let (exp, a) = (g.apply(Function::Exp, &[negative]), g.leaf(a, &[]));
            let (model, y) = (g.mul(a, exp), g.leaf(y, &[at(i)]));
            let r = g.sub(y, model);
            let square = g.power(r, Number::integer(2));
            if weighted {
                let weight = g.power(y, Number::integer(2));
                g.mul(weight, square)
            } else {
                square
            }
        });
        let error = g.scale(Number::HALF, total);
        let (xs, ys) = (numbers(rows * columns, 10), numbers(rows, 11));
        let mut bindings = Bindings::new();
        bindings.insert("x", &[rows, columns], xs.clone()).unwrap();
        bindings.insert("y", &[rows], ys.clone()).unwrap();
        let surface = Surface::new(&g, error, &bindings).unwrap();
        let squares = surface.least_squares().unwrap();
        assert_eq!((squares.scale(), squares.residual_count()), (0.5, rows));
        let at_w = numbers(columns + 1, 12);
        let mut matrix = vec![f64::NAN; 10];
        let rss = squares.gauss_newton(&at_w, &mut matrix);
        let (mut expected_rss, mut expected) = (0.0, vec![0.0; 10]);
        for i in 0..rows {
            let residual = |w: &[Dual]| {
                let dot = (0..columns).fold(Dual::from(0.0), |s, j| s + w[j] * xs[i * columns + j]);
                let r = (-dot).exp() * -w[columns] + ys[i];
                if weighted { r * ys[i].abs() } else { r }
            };
            let (r, slope, _) = hyper_dual(residual, &at_w);
            expected_rss += r * r;
            for row in 0..4 {
                for column in 0..=row {
                    expected[row * (row + 1) / 2 + column] += slope[row] * slope[column];
                }
            }
        }
        assert_close("residual sum of squares", &[rss], &[expected_rss], 1e-13);
        assert_close("Gauss–Newton matrix", &matrix, &expected, 1e-13);
    }
}

#[test]
fn squares_that_share_a_loop_and_its_weight() {
    use hesse_runtime::SumOfSquares;
    // ½ Σᵢ yᵢ ((a yᵢ − 1)² + Σⱼ (b yⱼ − yᵢ)²)
    let rows = 4;
    let mut g = Graph::new();
    let n = Extent::Named(g.dimension("n"));
    let [a, b] = ["a", "b"].map(|name| g.array(name, Role::Parameter, &[]));
    let (a, b) = (g.leaf(a, &[]), g.leaf(b, &[]));
    let y = g.array("y", Role::Data, &[n]);
    let square = |g: &mut Graph, slope, at, target| {
        let line = g.mul(slope, at);
        let residual = g.sub(line, target);
        g.power(residual, Number::integer(2))
    };
    let total = sum(&mut g, Range::all(n), |g, i| {
        let (yi, one) = (g.leaf(y, &[at(i)]), g.one());
        let first = square(g, a, yi, one);
        let second = sum(g, Range::all(n), |g, j| {
            let yj = g.leaf(y, &[at(j)]);
            square(g, b, yj, yi)
        });
        let both = g.add(first, second);
        g.mul(yi, both)
    });
    let error = g.scale(Number::HALF, total);
    let ys = [0.5, 1.5, 0.25, 2.0];
    let mut bindings = Bindings::new();
    bindings.insert("y", &[rows], ys.to_vec()).unwrap();
    let surface = Surface::new(&g, error, &bindings).unwrap();
    let squares = surface.least_squares().unwrap();
    assert_eq!((squares.scale(), squares.residual_count()), (0.5, rows + rows * rows));
    let mut matrix = [f64::NAN; 3];
    let found = squares.gauss_newton(&[0.7, -0.3], &mut matrix);
    assert_close("residual sum of squares", &[found], &[2.0 * surface.value(&[0.7, -0.3])], 1e-14);
    let moment = |power| ys.iter().map(|y| y.powi(power)).sum::<f64>();
    assert_close("Gauss–Newton matrix", &matrix, &[moment(3), 0.0, moment(1) * moment(2)], 1e-14);
}

#[test]
fn what_is_no_sum_of_squares_is_not_taken_for_one() {
    let mut g = Graph::new();
    let x = g.array("x", Role::Parameter, &[]);
    let x = g.leaf(x, &[]);
    let square = g.power(x, Number::integer(2));
    let quartic = g.power(x, Number::integer(4));
    let cubic = g.power(x, Number::integer(3));
    let mixed = g.sum(&[(Number::ONE, square), (Number::integer(2), quartic)]);
    // What has no parameters is no square, and does not matter.
    let one = g.one();
    let apart = g.sub(mixed, one);
    let tilted = g.add(mixed, x);
    let difference = sum(&mut g, Range::all(Extent::Fixed(3)), |g, _| g.sub(square, quartic));
    let negative = g.neg(square);
    // A factor of data is not looked into, but its sign is seen.
    let factor = g.array("λ", Role::Data, &[]);
    let factor = g.leaf(factor, &[]);
    let weighted = g.mul(factor, square);
    let lowered = g.neg(weighted);
    let lowered_inside = sum(&mut g, Range::all(Extent::Fixed(3)), |g, i| {
        let i = g.index_value(&hesse_symbolic::graph::Affine::index(i));
        let product = g.mul(i, weighted);
        g.neg(product)
    });
    for (error, expected) in [
        (square, true),
        (quartic, true),
        (cubic, false),
        (x, false),
        (mixed, true),
        (apart, true),
        (tilted, false),
        (difference, false),
        (negative, false),
        (weighted, true),
        (lowered, false),
        (lowered_inside, false),
    ] {
        assert_eq!(hesse_symbolic::differentiate::squares(&mut g, error).is_some(), expected);
    }
}
