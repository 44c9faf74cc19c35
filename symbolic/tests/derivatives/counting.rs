//! Every position counts, once: loops a value does not mention, ragged ranges, maxima, fused passes.

use super::*;

#[test]
fn reductions_whose_body_is_free_of_the_index() {
    // ln Σ_{i<3} exp(a²) = a² + ln 3, Π_{i<3} a, maxᵢ a, Σᵢ a over named and fixed ranges
    for kind in [ReduceKind::LogSumExp, ReduceKind::Product, ReduceKind::Max, ReduceKind::Sum] {
        for named in [false, true] {
            let mut g = Graph::new();
            let a = g.array("a", Role::Parameter, &[]);
            let a = g.leaf(a, &[]);
            let extent = if named { Extent::Named(g.dimension("n")) } else { Extent::Fixed(3) };
            let square = g.power(a, Number::integer(2));
            let error = reduce(&mut g, kind, Range::all(extent), |_, _| square);
            let mut bindings = Bindings::new();
            bindings.set_dimension("n", 3);
            check(&g, error, &bindings, &[0.7], |w| match kind {
                ReduceKind::LogSumExp => w[0] * w[0] + 3f64.ln(),
                ReduceKind::Product => (w[0] * w[0]).powi(3),
                ReduceKind::Max => w[0] * w[0],
                ReduceKind::Sum => w[0] * w[0] * 3.0,
            });
        }
    }
}

#[test]
fn products_over_ragged_ranges_of_a_body_free_of_the_index() {
    // (Σ_{i<4} Π_{k<i} a)²: the loop over k ends with the loop over i that its range mentions
    let mut g = Graph::new();
    let a = g.array("a", Role::Parameter, &[]);
    let a = g.leaf(a, &[]);
    let inner = sum(&mut g, all(4), |g, i| {
        let below = Range { lo: Affine::constant(0), hi: Affine::index(i) };
        reduce(g, ReduceKind::Product, below, |_, _| a)
    });
    let error = g.power(inner, Number::integer(2));
    for at in [0.7, -1.3, 0.2] {
        check(&g, error, &Bindings::new(), &[at], |w| {
            let inner = w[0] * w[0] * w[0] + w[0] * w[0] + w[0] + 1.0;
            inner * inner
        });
    }
}

#[test]
fn a_maximum_of_powers_has_a_slope() {
    // maxᵢ (2 + a i)^k: the maximum and the position it is attained at come from different passes
    for k in [-3, -2, -1, 2, 3] {
        let mut g = Graph::new();
        let a = g.array("a", Role::Parameter, &[]);
        let a = g.leaf(a, &[]);
        let error = reduce(&mut g, ReduceKind::Max, all(4), |g, i| {
            let i = g.index_value(&Affine::index(i));
            let product = g.mul(a, i);
            let two = g.integer(2);
            let sum = g.add(two, product);
            g.power(sum, Number::integer(k))
        });
        for at in [0.3, -0.37, 0.71] {
            check(&g, error, &Bindings::new(), &[at], |w| {
                let values = (0..4).map(|i| (w[0] * f64::from(i) + 2.0).powi(k as i32));
                values.reduce(|a, b| if b.re > a.re { b } else { a }).unwrap()
            });
        }
    }
}

#[test]
fn terms_that_lack_a_loop_of_their_neighbors_are_counted() {
    // (Σ_{i<3} (i + b) + (i + b)³)²
    let mut g = Graph::new();
    let b = g.array("b", Role::Parameter, &[]);
    let b = g.leaf(b, &[]);
    let inner = sum(&mut g, all(3), |g, i| {
        let i = g.index_value(&Affine::index(i));
        let u = g.add(i, b);
        let cube = g.power(u, Number::integer(3));
        g.add(u, cube)
    });
    let error = g.power(inner, Number::integer(2));
    check(&g, error, &Bindings::new(), &[0.4], |w| {
        let s = (0..3).fold(Dual::from(0.0), |s, i| {
            let u = w[0] + f64::from(i);
            s + u + u.powi(3)
        });
        s * s
    });
}

/// Second derivatives that no row of the data shows in still count once per row.
#[test]
fn constant_second_derivatives_are_summed_over_the_rows() {
    use hesse_runtime::SumOfSquares;
    // Σᵢ (yᵢ − a − b xᵢ)² and Σᵢ Σ_{j<i} (yⱼ − a − b xᵢ)², whose inner range depends on the outer index
    let rows = 5;
    for triangular in [false, true] {
        let mut g = Graph::new();
        let n = Extent::Named(g.dimension("n"));
        let [a, b] = ["a", "b"].map(|name| g.array(name, Role::Parameter, &[]));
        let [x, y] = ["x", "y"].map(|name| g.array(name, Role::Data, &[n]));
        let square = |g: &mut Graph, i: Index, j: Index| {
            let (a, b) = (g.leaf(a, &[]), g.leaf(b, &[]));
            let (xi, yj) = (g.leaf(x, &[at(i)]), g.leaf(y, &[at(j)]));
            let slope = g.mul(b, xi);
            let line = g.add(a, slope);
            let residual = g.sub(yj, line);
            g.power(residual, Number::integer(2))
        };
        let error = sum(&mut g, Range::all(n), |g, i| {
            if !triangular {
                return square(g, i, i);
            }
            let before = Range { lo: Affine::constant(0), hi: Affine::index(i) };
            sum(g, before, |g, j| square(g, i, j))
        });
        let (xs, ys) = (numbers(rows, 21), numbers(rows, 22));
        let mut bindings = Bindings::new();
        bindings.insert("x", &[rows], xs.clone()).unwrap();
        bindings.insert("y", &[rows], ys.clone()).unwrap();
        let pairs: Vec<(usize, usize)> = (0..rows)
            .flat_map(|i| if triangular { (0..i).map(|j| (i, j)).collect() } else { vec![(i, i)] })
            .collect();
        for w in [[0.3, -0.8], [2.0, 5.0]] {
            check(&g, error, &bindings, &w, |w| {
                pairs.iter().fold(Dual::from(0.0), |sum, &(i, j)| {
                    let residual = w[0] + w[1] * xs[i] - ys[j];
                    sum + residual * residual
                })
            });
            let surface = Surface::new(&g, error, &bindings).unwrap();
            let mut matrix = [f64::NAN; 3];
            surface.least_squares().unwrap().gauss_newton(&w, &mut matrix);
            let moment = |power| pairs.iter().map(|&(i, _)| xs[i].powi(power)).sum::<f64>();
            assert_close("Gauss–Newton matrix", &matrix, &[moment(0), moment(1), moment(2)], 1e-13);
        }
    }
}

#[test]
fn ragged_ranges_under_a_nonlinear_function() {
    // Σᵢ (Σ_{j<i} sin(wⱼ wᵢ + j a))² and (Σᵢ Σ_{j<i} wⱼ²)³, both with every loop renamed on the way
    let size = 4;
    let mut g = Graph::new();
    let w = g.array("w", Role::Parameter, &[Extent::Fixed(size)]);
    let a = g.array("a", Role::Parameter, &[]);
    let a = g.leaf(a, &[]);
    let below = |i: Index| Range { lo: Affine::constant(0), hi: Affine::index(i) };
    let first = sum(&mut g, all(size), |g, i| {
        let inner = sum(g, below(i), |g, j| {
            let (wi, wj, j) = (g.leaf(w, &[at(i)]), g.leaf(w, &[at(j)]), g.index_value(&Affine::index(j)));
            let (product, shift) = (g.mul(wi, wj), g.mul(j, a));
            let argument = g.add(product, shift);
            g.apply(Function::Sin, &[argument])
        });
        g.power(inner, Number::integer(2))
    });
    let second = sum(&mut g, all(size), |g, i| {
        sum(g, below(i), |g, j| {
            let wj = g.leaf(w, &[at(j)]);
            g.power(wj, Number::integer(2))
        })
    });
    let second = g.power(second, Number::integer(3));
    let error = g.add(first, second);
    check(&g, error, &Bindings::new(), &numbers(size + 1, 31), |w| {
        let mut total = Dual::from(0.0);
        let mut squares = Dual::from(0.0);
        for i in 0..size {
            let mut inner = Dual::from(0.0);
            for j in 0..i {
                inner += (w[i] * w[j] + w[size] * j as f64).sin();
                squares += w[j] * w[j];
            }
            total += inner * inner;
        }
        total + squares.powi(3)
    });
}

#[test]
fn ragged_loops_follow_when_passes_fuse() {
    // Σ_{i<3} (Σ_{j<i} min(min(j + 3, a), 3a)²)²: several passes over i, each with its own loop over 0..i
    let mut g = Graph::new();
    let a = g.array("a", Role::Parameter, &[]);
    let a = g.leaf(a, &[]);
    let error = sum(&mut g, all(3), |g, i| {
        let below = Range { lo: Affine::constant(0), hi: Affine::index(i) };
        let inner = sum(g, below, |g, j| {
            let j = g.index_value(&Affine::index(j).add(&Affine::constant(3)));
            let triple = g.scale(Number::integer(3), a);
            let lower = g.apply(Function::Min, &[j, a]);
            let least = g.apply(Function::Min, &[lower, triple]);
            g.power(least, Number::integer(2))
        });
        g.power(inner, Number::integer(2))
    });
    for at in [-0.7, 0.4, 3.5, 9.0] {
        check(&g, error, &Bindings::new(), &[at], |w| {
            let least = |a: Dual, b: Dual| if a.re <= b.re { a } else { b };
            let term = |j: i32| least(least(Dual::from(f64::from(j + 3)), w[0]), w[0] * 3.0).powi(2);
            (0..3).fold(Dual::from(0.0), |e, i| e + (0..i).fold(Dual::from(0.0), |s, j| s + term(j)).powi(2))
        });
    }
}
