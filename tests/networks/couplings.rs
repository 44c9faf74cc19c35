//! Parameters that meet some others only: factors, pairs, bands, grids, observations by look-up, recurrences.

use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual};
use hesse_testkit::random::Numbers;

use super::problem::{Problem, numbers, sum, zero};

/// A matrix as a product of two thin ones with biases, on observations that may come twice.
pub(crate) fn factorization(observations: usize, [m, rank]: [usize; 2], seed: u64) -> Problem {
    let text = "param u[m, f], v[p, f], a[m], b[p], c\ndata user[n], item[n], r[n]\n\
        e[k] = c + a[user[k]] + b[item[k]] + sum(g in 0..f, u[user[k], g]*v[item[k], g]) - r[k]\n\
        E = 1/2*sum(k, e[k]^2) + 0.05*(sum(i, g, u[i, g]^2) + sum(j, g, v[j, g]^2))";
    let p = 5;
    let mut random = Numbers::new(seed);
    let [user, item] = [m, p].map(|below| (0..observations).map(|_| random.below(below)).collect::<Vec<_>>());
    let r = numbers(&mut random, observations, 1.0);
    let point = numbers(&mut random, (m + p) * (rank + 1) + 1, 1.0);
    Problem::new(text.to_owned(), point)
        .lookup("user", user.clone())
        .lookup("item", item.clone())
        .data("r", &[observations], r.clone())
        .dimension("m", m)
        .dimension("p", p)
        .dimension("f", rank)
        .squares(0.5, move |w| {
            let (factors, biases) = w.split_at((m + p) * rank);
            let (u, v) = factors.split_at(m * rank);
            let error = |k: usize| {
                let (i, j) = (user[k], item[k]);
                biases[m + p] + biases[i] + biases[m + j] + sum(rank, |g| u[i * rank + g] * v[j * rank + g])
                    - r[k]
            };
            // The ridge counts in the units of the errors: 0.05 is half of 0.1.
            let ridge = factors.iter().map(|w| *w * 0.1_f64.sqrt());
            (0..observations).map(error).chain(ridge).collect()
        })
}

/// Charges and a short-range repulsion between all pairs of points in space.
pub(crate) fn pairs(rows: usize, _: [usize; 2], seed: u64) -> Problem {
    // The oracle asks for every entry of the Hessian anew.
    let points = rows.min(16);
    let text = "param x[n, 3]\ndata q[n]\nr2[i, j] = sum(a, (x[i, a] - x[j, a])^2)\n\
        E = sum(i in 0..n, sum(j in 0..i, q[i]*q[j]/sqrt(r2[i, j]) + 0.1*r2[i, j]^-3))";
    let mut random = Numbers::new(seed);
    let q = numbers(&mut random, points, 1.0);
    // On a spiral no two of them come close.
    let place = |at: usize| [(at as f64).cos() * 2.0, (at as f64).sin() * 2.0, at as f64 * 0.7];
    let noise = numbers(&mut random, points * 3, 0.2);
    let point = (0..points).flat_map(place).zip(noise).map(|(x, noise)| x + noise).collect();
    Problem::new(text.to_owned(), point).data("q", &[points], q.clone()).truth(move |x| {
        sum(points, |i| {
            sum(i, |j| {
                let r2 = sum(3, |a| (x[3 * i + a] - x[3 * j + a]).powi(2));
                r2.sqrt().recip() * q[i] * q[j] + r2.powi(-3) * 0.1
            })
        })
    })
}

/// Neighbors, second differences, and wraps at neither end.
pub(crate) fn bands(length: usize, _: [usize; 2], seed: u64) -> Problem {
    let text = "param w[n]\ndata t[n]\n\
        E = sum(i in 0..n-1, 100*(w[i+1] - w[i]^2)^2 + (1 - w[i])^2)\
          + sum(i in 1..n-1, (w[i+1] - 2*w[i] + w[i-1])^2*exp(w[i]))\
          + sum(i in 0..n, sqrt(1 + (w[i] - t[i])^2))";
    let mut random = Numbers::new(seed);
    let t = numbers(&mut random, length, 1.0);
    let point = numbers(&mut random, length, 1.0);
    Problem::new(text.to_owned(), point).data("t", &[length], t.clone()).truth(move |w| {
        let links = w
            .windows(2)
            .fold(zero(), |e, w| e + (w[1] - w[0] * w[0]).powi(2) * 100.0 + (-w[0] + 1.0).powi(2));
        let bends = w.windows(3).fold(zero(), |e, w| e + (w[2] - w[1] * 2.0 + w[0]).powi(2) * w[1].exp());
        links + bends + sum(length, |i| ((w[i] - t[i]).powi(2) + 1.0).sqrt())
    })
}

/// The area of a surface over a grid.
pub(crate) fn grid(rows: usize, [columns, _]: [usize; 2], seed: u64) -> Problem {
    let rows = rows.min(20);
    let text = "param h[m, n]\n\
        E = sum(i in 0..m-1, sum(j in 0..n-1, sqrt(1 + (h[i+1, j] - h[i, j])^2 + (h[i, j+1] - h[i, j])^2)))";
    let point = numbers(&mut Numbers::new(seed), rows * columns, 1.0);
    Problem::new(text.to_owned(), point).dimension("m", rows).dimension("n", columns).truth(move |h| {
        let at = |i: usize, j: usize| h[i * columns + j];
        sum(rows - 1, |i| {
            sum(columns - 1, |j| {
                let (down, right) = (at(i + 1, j) - at(i, j), at(i, j + 1) - at(i, j));
                (down * down + right * right + 1.0).sqrt()
            })
        })
    })
}

/// Poses in the plane that see points, every observation with a weight; poses and points come up many times.
pub(crate) fn poses(observations: usize, [poses, points]: [usize; 2], seed: u64) -> Problem {
    let text = "param pose[c, 3], point[p, 2]\ndata camera[k], seen[k], z[k, 2], v[k]\n\
        co[i] = cos(pose[camera[i], 2])\nsi[i] = sin(pose[camera[i], 2])\n\
        dx[i] = point[seen[i], 0] - pose[camera[i], 0]\ndy[i] = point[seen[i], 1] - pose[camera[i], 1]\n\
        E = sum(i, v[i]*((co[i]*dx[i] + si[i]*dy[i] - z[i, 0])^2 + (co[i]*dy[i] - si[i]*dx[i] - z[i, 1])^2))";
    let mut random = Numbers::new(seed);
    let [camera, seen] =
        [poses, points].map(|below| (0..observations).map(|_| random.below(below)).collect::<Vec<_>>());
    let z = numbers(&mut random, observations * 2, 1.0);
    let v: Vec<f64> = (0..observations).map(|_| random.within(0.5, 2.0)).collect();
    let parameters = numbers(&mut random, poses * 3 + points * 2, 1.0);
    Problem::new(text.to_owned(), parameters)
        .lookup("camera", camera.clone())
        .lookup("seen", seen.clone())
        .data("z", &[observations, 2], z.clone())
        .data("v", &[observations], v.clone())
        .dimension("c", poses)
        .dimension("p", points)
        .squares(1.0, move |w| {
            let (pose, point) = w.split_at(poses * 3);
            let row = |k: usize| {
                let (pose, point) = (&pose[camera[k] * 3..], &point[seen[k] * 2..]);
                let (dx, dy) = (point[0] - pose[0], point[1] - pose[1]);
                let (c, s) = (pose[2].cos(), pose[2].sin());
                [c * dx + s * dy - z[2 * k], c * dy - s * dx - z[2 * k + 1]].map(|r| r * v[k].sqrt())
            };
            (0..observations).flat_map(row).collect()
        })
}

/// Poses that see each other: the two look-ups may name the same one. A look-up in a look-up tells the scale of its team.
pub(crate) fn loops(observations: usize, [poses, _]: [usize; 2], seed: u64) -> Problem {
    let text = "param pose[c, 2], scale[g]\ndata from[k], to[k], team[c], z[k]\n\
        s[i] = scale[team[from[i]]]\n\
        E = sum(i, (s[i]*pose[from[i], 0]*pose[to[i], 1] - pose[to[i], 0]*exp(pose[from[i], 1]) - z[i])^2)";
    const TEAMS: usize = 2;
    let mut random = Numbers::new(seed);
    let mut places = |count: usize, below| (0..count).map(|_| random.below(below)).collect::<Vec<usize>>();
    let (from, to) = (places(observations, poses), places(observations, poses));
    let team = places(poses, TEAMS);
    let z = numbers(&mut random, observations, 1.0);
    let parameters = numbers(&mut random, poses * 2 + TEAMS, 1.0);
    Problem::new(text.to_owned(), parameters)
        .lookup("from", from.clone())
        .lookup("to", to.clone())
        .lookup("team", team.clone())
        .data("z", &[observations], z.clone())
        .dimension("g", TEAMS)
        .squares(1.0, move |w| {
            let (pose, scale) = w.split_at(poses * 2);
            let row = |k: usize| {
                let (a, b) = (&pose[from[k] * 2..], &pose[to[k] * 2..]);
                scale[team[from[k]]] * a[0] * b[1] - b[0] * a[1].exp() - z[k]
            };
            (0..observations).map(row).collect()
        })
}

/// y ← sin(y)·y′ + y″² around a ring, several times; the sum of the squares of what comes out.
pub(crate) fn swell(times: usize, seed: u64) -> Problem {
    const RING: usize = 5;
    let name = |time: usize, i: usize| if time == 0 { format!("x[{i}]") } else { format!("y{time}_{i}") };
    let mut text = format!("param x[{RING}]\n");
    for time in 0..times {
        for i in 0..RING {
            let [a, b, c] = [0, 1, 2].map(|ahead| name(time, (i + ahead) % RING));
            text += &format!("{} = sin({a})*{b} + {c}^2\n", name(time + 1, i));
        }
    }
    let squares: Vec<_> = (0..RING).map(|i| format!("{}^2", name(times, i))).collect();
    text += &format!("E = {}", squares.join(" + "));
    let point = numbers(&mut Numbers::new(seed), RING, 0.6);
    Problem::new(text, point).squares(1.0, move |x| {
        (0..times).fold(x.to_vec(), |y, _| {
            let at = |i: usize| y[i % RING];
            (0..RING).map(|i| at(i).sin() * at(i + 1) + at(i + 2).powi(2)).collect()
        })
    })
}

/// Prey and predators stepped by Euler's rule from the start each row gives, against what the row saw last.
pub(crate) fn steps(rows: usize, _: [usize; 2], seed: u64) -> Problem {
    const TIMES: usize = 6;
    let mut text = "param a, b, c, d\ndata x[n], y[n], u[n], v[n]\nx0[i] = x[i]\ny0[i] = y[i]\n".to_owned();
    for t in 0..TIMES {
        let next = t + 1;
        text += &format!("x{next}[i] = x{t}[i] + 0.1*x{t}[i]*(a - b*y{t}[i])\n");
        text += &format!("y{next}[i] = y{t}[i] + 0.1*y{t}[i]*(c*x{t}[i] - d)\n");
    }
    text += &format!("E = sum(i, (x{TIMES}[i] - u[i])^2 + (y{TIMES}[i] - v[i])^2)");
    let mut random = Numbers::new(seed);
    let mut problem = Problem::new(text, numbers(&mut random, 4, 1.0));
    let columns = [(); 4].map(|()| numbers(&mut random, rows, 1.0));
    for (name, column) in ["x", "y", "u", "v"].into_iter().zip(&columns) {
        problem = problem.data(name, &[rows], column.clone());
    }
    problem.squares(1.0, move |w| {
        let row = |i: usize| {
            let [mut x, mut y, u, v] = columns.each_ref().map(|column| Dual::from(column[i]));
            for _ in 0..TIMES {
                let (dx, dy) = (x * (w[0] - w[1] * y), y * (w[2] * x - w[3]));
                (x, y) = (x + dx * 0.1, y + dy * 0.1);
            }
            [x - u, y - v]
        };
        (0..rows).flat_map(row).collect()
    })
}

/// Triangles that begin beside the diagonal, ranges that may be empty, and arrays named like what is generated.
pub(crate) fn triangles(rows: usize, [m, _]: [usize; 2], seed: u64) -> Problem {
    let text = "param W[9, 9], w0[m, 2], t0[m]\ndata x[n, 9], a[n]\n\
        corner[r] = sum(i in 0..9, j in 3..i+1, W[i, j]*x[r, j])\n\
        E = sum(r in 0..n, tanh(corner[r]) + (w0[a[r], 0]*w0[a[r], 1] - 1)^2 \
        + softplus(sum(j in 0..m-1, t0[j]*t0[j+1])*x[r, 0]))";
    let mut random = Numbers::new(seed);
    let x = numbers(&mut random, rows * 9, 1.0);
    let a: Vec<usize> = (0..rows).map(|_| random.below(m)).collect();
    let point = numbers(&mut random, 81 + 3 * m, 0.5);
    Problem::new(text.to_owned(), point)
        .data("x", &[rows, 9], x.clone())
        .lookup("a", a.clone())
        .dimension("m", m)
        .truth(move |w| {
            let (triangle, rest) = w.split_at(81);
            let (w0, t0) = rest.split_at(2 * m);
            sum(rows, |r| {
                let x = &x[9 * r..][..9];
                let corner =
                    sum(9, |i| (3..i + 1).fold(zero(), |s, j| s + triangle[9 * i + j] * x[j])).tanh();
                let chain = sum(m - 1, |j| t0[j] * t0[j + 1]) * x[0];
                let product = w0[2 * a[r]] * w0[2 * a[r] + 1] - 1.0;
                corner + product * product + (chain.exp() + 1.0).ln()
            })
        })
}
