//! Statements whose order matters: the value of the untouched function, and its central differences.

#![allow(unused_variables, reason = "all functions have the same arguments")]
#![allow(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    clippy::assign_op_pattern,
    reason = "loops as people write them"
)]

use hesse::ErrorFunction;
use hesse_testkit::close::assert_close;

type Written = fn(&[f64; 4], &[f64], &[[f64; 4]], &[usize]) -> f64;

const X: [f64; 5] = [0.3, -0.8, 1.7, 2.2, -0.1];
const ROWS: [[f64; 4]; 5] = [
    [0.1, 0.2, -0.3, 0.4],
    [1.0, -1.0, 0.5, 0.25],
    [0.7, 0.6, -0.5, 0.4],
    [0.0, 1.0, 2.0, -3.0],
    [0.3, 0.3, 0.2, 0.1],
];
const CLASSES: [usize; 5] = [0, 1, 2, 3, 1];
const STEP: f64 = 1e-5;

fn check(name: &str, surface: &dyn ErrorFunction, written: Written) {
    let own = |w: &[f64; 4]| written(w, &X, &ROWS, &CLASSES);
    for w in [[0.5, -0.7, 1.2, 0.9], [-0.2, 0.4, 0.3, -1.1]] {
        let mut gradient = [0.0; 4];
        let value = surface.value_gradient(&w, &mut gradient);
        assert_close(name, &[value], &[own(&w)], 1e-13);
        let differences: [f64; 4] = std::array::from_fn(|j| {
            let [mut above, mut below] = [w, w];
            above[j] += STEP;
            below[j] -= STEP;
            (own(&above) - own(&below)) / (2.0 * STEP)
        });
        // The square of the step, and rounding over the step.
        assert_close(name, &gradient, &differences, 1e-8);
    }
}

macro_rules! checks {
    ($($name:ident)*) => {
        $(mod $name {
            #[test]
            fn agrees() {
                let surface = super::functions::$name::error_function(&super::X, &super::ROWS, &super::CLASSES);
                super::check(stringify!($name), &surface, super::functions::$name);
            }
        })*
    };
}

checks! {
    element_added_then_replaced elements_summed_then_mirrored elements_skipped_in_rows
    carried_past_a_skip names_shadowed_in_blocks matrix_summed_over_rows neighbors_smoothed
    nearest_row classes_with_guards symmetric_polynomials elements_changed_in_branches
    closure_that_returns_early binding_that_skips pair_carried arrays_collected_twice
    indices_shadowed triangular_solve copy_of_a_summed_array counted_and_summed columns_of_a_matrix
    parity_backwards
}

mod functions {
    use hesse::derive_hessian;

    #[derive_hessian]
    pub(super) fn element_added_then_replaced(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut z = [0.0; 4];
        for j in 0..4 {
            z[j] += w[j];
            if w[j] > 0.0 {
                z[j] *= 2.0;
            } else {
                z[j] = 1.0;
                z[j] += w[j] * w[j];
            }
        }
        z.iter().sum()
    }

    #[derive_hessian]
    pub(super) fn elements_summed_then_mirrored(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut z = [1.0; 4];
        for row in m {
            for j in 0..4 {
                z[j] += row[j] * w[j];
            }
        }
        let mut e = 0.0;
        for j in 0..4 {
            z[j] = z[j] * z[3 - j];
            e += z[j];
        }
        e
    }

    #[derive_hessian]
    pub(super) fn elements_skipped_in_rows(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut e = 0.0;
        for (i, row) in m.iter().enumerate() {
            let mut z = [0.0; 4];
            for j in 0..4 {
                if row[j] < 0.0 {
                    continue;
                }
                z[j] = row[j] * w[j];
            }
            for j in 0..3 {
                z[j + 1] += z[j];
            }
            e += z[3] * x[i];
        }
        e
    }

    #[derive_hessian]
    pub(super) fn carried_past_a_skip(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut a = 1.0;
        let mut e = 0.0;
        for j in 0..4 {
            a = a * w[j] + 1.0;
            if a > 1.0 {
                e += a;
                continue;
            }
            e -= a;
        }
        e * a
    }

    #[derive_hessian]
    pub(super) fn names_shadowed_in_blocks(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut e = 0.0;
        for i in 0..x.len() {
            let mut s = 0.0;
            for j in 0..4 {
                s += w[j] * m[i][j];
            }
            let t = {
                let e = s * s;
                e + 1.0
            };
            if t > 1.2 {
                e += t;
                let t = 3.0;
                e += t * s;
            } else {
                e -= t;
            }
            e += t;
        }
        e
    }

    #[derive_hessian]
    pub(super) fn matrix_summed_over_rows(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut h = [[0.0; 4]; 4];
        for row in m {
            for a in 0..4 {
                for b in 0..4 {
                    h[a][b] += row[a] * row[b] * w[a];
                }
            }
        }
        let mut e = 0.0;
        for a in 0..4 {
            for b in 0..=a {
                e += h[a][b] * h[b][a];
            }
        }
        e
    }

    #[derive_hessian]
    pub(super) fn neighbors_smoothed(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut z = *w;
        for _ in 0..3 {
            for j in 1..4 {
                z[j] = 0.5 * (z[j] + z[j - 1]).sin();
            }
        }
        z[3]
    }

    #[derive_hessian]
    pub(super) fn nearest_row(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut best = f64::INFINITY;
        for row in m {
            let d: f64 = row.iter().zip(w).map(|(a, b)| (a - b).powi(2)).sum();
            best = best.min(d);
        }
        best
    }

    #[derive_hessian]
    pub(super) fn classes_with_guards(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut e = 0.0;
        for (i, &c) in k.iter().enumerate() {
            match c {
                0 => {
                    e += w[0] * x[i];
                }
                1 | 2 if x[i] > 0.0 => e += w[c] * x[i],
                n => {
                    if n == 3 {
                        continue;
                    }
                    e -= w[n];
                }
            }
            e += 0.1 * w[c] * w[c];
        }
        e
    }

    #[derive_hessian]
    pub(super) fn symmetric_polynomials(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut p = [0.0; 5];
        p[0] = 1.0;
        for j in 0..4 {
            for i in (0..=j).rev() {
                p[i + 1] += w[j] * p[i];
            }
        }
        p[1] + 2.0 * p[2] + p[4]
    }

    #[derive_hessian]
    pub(super) fn elements_changed_in_branches(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut z = [0.0; 4];
        if w[0] > 0.0 {
            for j in 0..4 {
                z[j] = w[j];
            }
            z[1] = 5.0 * w[2];
        } else {
            z[2] = w[1];
            for j in 0..2 {
                z[j] -= w[j];
            }
        }
        z[0] + 2.0 * z[1] + 3.0 * z[2] * z[3] + z[1] * z[2]
    }

    #[derive_hessian]
    pub(super) fn closure_that_returns_early(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let f = |v: &[f64; 4], s: f64| {
            let mut t = s;
            for u in v {
                t += u * s;
            }
            if t < 0.0 {
                return -t;
            }
            t
        };
        m.iter().map(|r| f(r, w[1])).sum::<f64>() * f(w, 0.5)
    }

    #[derive_hessian]
    pub(super) fn binding_that_skips(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut e = 1.0;
        for j in 0..4 {
            let keep = match j {
                2 => continue,
                3 => {
                    e *= 2.0;
                    w[3]
                }
                j => w[j] * j as f64,
            };
            e += keep;
        }
        e
    }

    #[derive_hessian]
    pub(super) fn pair_carried(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut s = (w[0], w[1]);
        for &v in w {
            s = (s.1, s.0 * v + s.1);
        }
        s.0 - s.1
    }

    #[derive_hessian]
    pub(super) fn arrays_collected_twice(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let s: Vec<f64> = m.iter().map(|r| r[0] * w[0] + r[1] * w[1]).collect();
        let t: Vec<f64> = s.iter().zip(x).map(|(s, x)| (s - x).tanh()).collect();
        (1..t.len()).map(|i| t[i] * t[i - 1]).sum::<f64>() + s[2]
    }

    #[derive_hessian]
    pub(super) fn indices_shadowed(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut e = 0.0;
        for i in 0..x.len() {
            let i2 = i;
            for j in 0..4 {
                let i = j;
                e += w[i] * m[i2][j];
            }
            e += x[i] * w[0];
        }
        e
    }

    #[derive_hessian]
    pub(super) fn triangular_solve(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut z = [0.0; 4];
        for j in 0..4 {
            let mut acc = w[j];
            for i in 0..j {
                acc -= z[i] * 0.5;
            }
            z[j] = acc;
        }
        z[3] * z[2]
    }

    #[derive_hessian]
    pub(super) fn copy_of_a_summed_array(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut z = [0.0; 4];
        for row in m {
            for j in 0..4 {
                if row[j] > 0.0 {
                    z[j] += row[j] * w[j];
                } else {
                    z[j] -= w[j];
                }
            }
        }
        let mut u = z;
        u[2] *= 3.0;
        u[0] + z[1] * u[2] + z[2]
    }

    #[derive_hessian]
    pub(super) fn counted_and_summed(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut e = 0.0;
        let mut c = 0.0;
        for v in x {
            if *v > 0.0 {
                c += 1.0;
                e += v * w[1];
            }
        }
        e / c
    }

    #[derive_hessian]
    pub(super) fn columns_of_a_matrix(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut z = [[0.0; 2]; 3];
        for a in 0..3 {
            for b in 0..2 {
                z[a][b] = w[a] * w[b + 1];
            }
        }
        for a in 0..3 {
            z[a][1] += z[a][0];
        }
        z[2][1] * z[0][0] + z[1][1]
    }

    #[derive_hessian]
    pub(super) fn parity_backwards(w: &[f64; 4], x: &[f64], m: &[[f64; 4]], k: &[usize]) -> f64 {
        let mut t = 0.0;
        for i in (0..x.len()).rev() {
            t += (if i % 2 == 0 { w[0] } else { w[1] }) * x[i];
        }
        t
    }
}
