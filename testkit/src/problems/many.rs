//! Problems of any number of parameters, in the sizes for which the paper gives minima.

use super::{Problem, n, problem};

pub(super) fn problems() -> Vec<Problem> {
    let mut all = penalties();
    all.extend(systems());
    all.extend(linear());
    all
}

fn joined(terms: impl Iterator<Item = String>) -> String {
    terms.collect::<Vec<_>>().join(" + ")
}

fn penalties() -> Vec<Problem> {
    let watson = (1..=29).map(|i| {
        let t = f64::from(i) / 29.0;
        let slope = joined((2..=6).map(|j| format!("{}*x{j}", n(f64::from(j - 1) * t.powi(j - 2)))));
        let value = joined((1..=6).map(|j| format!("{}*x{j}", n(t.powi(j - 1)))));
        format!("{slope} - ({value})^2 - 1")
    });
    let watson = watson.chain(["x1".to_owned(), "x2 - x1^2 - 1".to_owned()]);
    let small = 1e-5_f64.sqrt();
    let first = (1..=4).map(|i| format!("{}*(x{i} - 1)", n(small)));
    let first = first.chain([format!("{} - 0.25", joined((1..=4).map(|i| format!("x{i}^2"))))]);
    let level = |i: i32| f64::from(i) / 10.0;
    let second = std::iter::once("x1 - 0.2".to_owned())
        .chain((2..=4).map(|i| {
            let y = n(level(i).exp() + level(i - 1).exp());
            format!("{}*(exp(x{i}/10) + exp(x{}/10) - {y})", n(small), i - 1)
        }))
        .chain((2..=4).map(|i| format!("{}*(exp(x{i}/10) - {})", n(small), n((-0.1_f64).exp()))))
        .chain([format!("{} - 1", joined((1..=4).map(|j| format!("{}*x{j}^2", 5 - j))))]);
    let weighted = joined((1..=10).map(|j| format!("{j}*(x{j} - 1)")));
    let variably = (1..=10).map(|i| format!("x{i} - 1"));
    let variably = variably.chain([weighted.clone(), format!("({weighted})^2")]);
    vec![
        problem(20, "Watson", &[0.0; 6], &[2.287_67e-3], watson),
        problem(23, "Penalty I", &[1.0, 2.0, 3.0, 4.0], &[2.249_97e-5], first),
        problem(24, "Penalty II", &[0.5; 4], &[9.376_29e-6], second),
        problem(25, "Variably dimensioned", &spread(10, |j| 1.0 - j / 10.0), &[0.0], variably),
    ]
}

fn systems() -> Vec<Problem> {
    let rosenbrock = (1..=5).flat_map(|i| {
        let (odd, even) = (2 * i - 1, 2 * i);
        [format!("10*(x{even} - x{odd}^2)"), format!("1 - x{odd}")]
    });
    let singular = (1..=3).flat_map(|i| {
        let [a, b, c, d] = [4 * i - 3, 4 * i - 2, 4 * i - 1, 4 * i];
        [
            format!("x{a} + 10*x{b}"),
            format!("sqrt(5)*(x{c} - x{d})"),
            format!("(x{b} - 2*x{c})^2"),
            format!("sqrt(10)*(x{a} - x{d})^2"),
        ]
    });
    let cosines = joined((1..=10).map(|j| format!("cos(x{j})")));
    let trigonometric = (1..=10).map(|i| format!("10 - ({cosines}) + {i}*(1 - cos(x{i})) - sin(x{i})"));
    let sum = joined((1..=10).map(|j| format!("x{j}")));
    let product = (1..=10).map(|j| format!("x{j}")).collect::<Vec<_>>().join("*");
    let almost = (1..=9).map(|i| format!("x{i} + {sum} - 11")).chain([format!("{product} - 1")]);
    // x₀ and x₁₁ are zero.
    let element = |i: i32| if (1..=10).contains(&i) { format!("x{i}") } else { "0".to_owned() };
    let h = 1.0 / 11.0_f64;
    let boundary = (1..=10).map(|i| {
        let t = n(f64::from(i) * h + 1.0);
        let (before, after) = (element(i - 1), element(i + 1));
        format!("2*x{i} - {before} - {after} + {}*(x{i} + {t})^3", n(h * h / 2.0))
    });
    let integral = (1..=10).map(|i| {
        let t = f64::from(i) * h;
        let terms = (1..=10).map(|j| {
            let s = f64::from(j) * h;
            let weight = if j <= i { (1.0 - t) * s } else { t * (1.0 - s) };
            format!("{}*(x{j} + {})^3", n(h / 2.0 * weight), n(s + 1.0))
        });
        format!("x{i} + {}", joined(terms))
    });
    let tridiagonal =
        (1..=10).map(|i| format!("(3 - 2*x{i})*x{i} - {} - 2*{} + 1", element(i - 1), element(i + 1)));
    let banded = (1..=10).map(|i: i32| {
        let near = (i - 5).max(1)..=(i + 1).min(10);
        let others = joined(near.filter(|&j| j != i).map(|j| format!("x{j}*(1 + x{j})")));
        format!("x{i}*(2 + 5*x{i}^2) + 1 - ({others})")
    });
    let wave = spread(10, |j| j / 11.0 * (j / 11.0 - 1.0));
    let far = [-1.2, 1.0].repeat(5);
    let four = [3.0, -1.0, 0.0, 1.0].repeat(3);
    vec![
        problem(21, "Extended Rosenbrock", &far, &[0.0], rosenbrock),
        problem(22, "Extended Powell singular", &four, &[0.0], singular),
        problem(26, "Trigonometric", &[0.1; 10], &[0.0, 2.795_06e-5], trigonometric),
        problem(27, "Brown almost-linear", &[0.5; 10], &[0.0, 1.0], almost),
        problem(28, "Discrete boundary value", &wave, &[0.0], boundary),
        problem(29, "Discrete integral equation", &wave, &[0.0], integral),
        problem(30, "Broyden tridiagonal", &[-1.0; 10], &[0.0], tridiagonal),
        problem(31, "Broyden banded", &[-1.0; 10], &[0.0], banded),
        problem(35, "Chebyquad", &spread(8, |j| j / 9.0), &[3.516_87e-3], chebyquad()),
    ]
}

fn linear() -> Vec<Problem> {
    let sum = joined((1..=5).map(|j| format!("x{j}")));
    let weighted = joined((1..=5).map(|j| format!("{j}*x{j}")));
    let inner = joined((2..=4).map(|j| format!("{j}*x{j}")));
    let full = (1..=10).map(|i| {
        let own = if i <= 5 { format!("x{i} ") } else { String::new() };
        format!("{own}- 0.2*({sum}) - 1")
    });
    let one = (1..=10).map(|i| format!("{i}*({weighted}) - 1"));
    let zeros = (2..=9).map(|i| format!("{}*({inner}) - 1", i - 1));
    // The first and the last parameter of the third do not occur in it: the paper's columns of zeros.
    let zeros = zeros.chain(["-1 + 0*x1".to_owned(), "-1 + 0*x5".to_owned()]);
    vec![
        problem(32, "Linear, full rank", &[1.0; 5], &[5.0], full),
        problem(33, "Linear, rank 1", &[1.0; 5], &[15.0 / 7.0], one),
        problem(34, "Linear, rank 1 with zero columns and rows", &[1.0; 5], &[62.0 / 17.0], zeros),
    ]
}

/// Means of shifted Chebyshev polynomials over eight points, less their integrals.
fn chebyquad() -> Vec<String> {
    // Coefficients of T₀ and T₁ of 2x − 1, ascending.
    let (mut before, mut current) = (vec![1.0], vec![-1.0, 2.0]);
    let mut residuals = Vec::new();
    for i in 1..=8 {
        let horner = |x: String| {
            let mut terms = current.iter().rev().map(|&c| n(c));
            let first = terms.next().unwrap_or_default();
            terms.fold(first, |text, c| format!("({text}*{x} + {c})"))
        };
        let mean = joined((1..=8).map(|j| horner(format!("x{j}"))));
        let integral = if i % 2 == 0 { -1.0 / f64::from(i * i - 1) } else { 0.0 };
        residuals.push(format!("({mean})/8 - {}", n(integral)));
        // T(i+1) = 2(2x − 1)T(i) − T(i−1)
        let mut next = vec![0.0; current.len() + 1];
        for (at, c) in current.iter().enumerate() {
            next[at + 1] += 4.0 * c;
            next[at] -= 2.0 * c;
        }
        for (next, c) in next.iter_mut().zip(&before) {
            *next -= c;
        }
        before = std::mem::replace(&mut current, next);
    }
    residuals
}

fn spread(count: usize, at: impl Fn(f64) -> f64) -> Vec<f64> {
    (1..=count).map(|j| at(j as f64)).collect()
}
