//! Problems of two to eleven parameters.

use super::data::{BARD, GAUSSIAN, KOWALIK_OSBORNE, MEYER, OSBORNE_1, OSBORNE_2};
use super::{Problem, n, problem};

pub(super) fn problems() -> Vec<Problem> {
    let mut all = of_two();
    all.extend(of_three());
    all.extend(of_four_and_more());
    all
}

fn owned<const N: usize>(residuals: [&str; N]) -> Vec<String> {
    residuals.map(str::to_owned).to_vec()
}

fn of_two() -> Vec<Problem> {
    let beale = (1..=3).zip([1.5, 2.25, 2.625]).map(|(i, y)| format!("{} - x1*(1 - x2^{i})", n(y)));
    let jennrich = (1..=10).map(|i| format!("{} - (exp({i}*x1) + exp({i}*x2))", 2 + 2 * i));
    let roth = ["-13 + x1 + ((5 - x2)*x2 - 2)*x2", "-29 + x1 + ((x2 + 1)*x2 - 14)*x2"];
    vec![
        problem(1, "Rosenbrock", &[-1.2, 1.0], &[0.0], owned(["10*(x2 - x1^2)", "1 - x1"])),
        problem(2, "Freudenstein and Roth", &[0.5, -2.0], &[0.0, 48.9842], owned(roth)),
        problem(
            3,
            "Powell badly scaled",
            &[0.0, 1.0],
            &[0.0],
            owned(["1e4*x1*x2 - 1", "exp(-x1) + exp(-x2) - 1.0001"]),
        ),
        problem(4, "Brown badly scaled", &[1.0, 1.0], &[0.0], owned(["x1 - 1e6", "x2 - 2e-6", "x1*x2 - 2"])),
        problem(5, "Beale", &[1.0, 1.0], &[0.0], beale),
        problem(6, "Jennrich and Sampson", &[0.3, 0.4], &[124.362], jennrich),
    ]
}

fn of_three() -> Vec<Problem> {
    let helix = ["10*(x3 - 10*(atan(x2/x1)/(2*pi) + if(x1 < 0, 0.5, 0)))", "10*(hypot(x1, x2) - 1)", "x3"];
    let bard = (1..=15).zip(BARD).map(|(u, y)| {
        let v = 16 - u;
        format!("{} - (x1 + {u}/({v}*x2 + {}*x3))", n(y), u.min(v))
    });
    let gaussian = (1..=15).zip(GAUSSIAN).map(|(i, y)| {
        let t = n(f64::from(8 - i) / 2.0);
        format!("x1*exp(-x2*({t} - x3)^2/2) - {}", n(y))
    });
    let meyer = (1..=16).zip(MEYER).map(|(i, y)| format!("x1*exp(x2/({} + x3)) - {}", 45 + 5 * i, n(y)));
    let gulf = (1..=99).map(|i| {
        let t = f64::from(i) / 100.0;
        let y = 25.0 + (-50.0 * t.ln()).powf(2.0 / 3.0);
        format!("exp(-abs({} - x2)^x3/x1) - {}", n(y), n(t))
    });
    let case = (1..=10).map(|i| {
        let t = f64::from(i) * 0.1;
        let c = n((-t).exp() - (-10.0 * t).exp());
        format!("exp(-{t:?}*x1) - exp(-{t:?}*x2) - x3*{c}")
    });
    vec![
        problem(7, "Helical valley", &[-1.0, 0.0, 0.0], &[0.0], owned(helix)),
        problem(8, "Bard", &[1.0; 3], &[8.214_87e-3, 17.4286], bard),
        problem(9, "Gaussian", &[0.4, 1.0, 0.0], &[1.127_93e-8], gaussian),
        problem(10, "Meyer", &[0.02, 4000.0, 250.0], &[87.9458], meyer),
        problem(11, "Gulf research and development", &[5.0, 2.5, 0.15], &[0.0], gulf),
        problem(12, "Box three-dimensional", &[0.0, 10.0, 20.0], &[0.0], case),
    ]
}

fn of_four_and_more() -> Vec<Problem> {
    let singular = ["x1 + 10*x2", "sqrt(5)*(x3 - x4)", "(x2 - 2*x3)^2", "sqrt(10)*(x1 - x4)^2"];
    let wood = [
        "10*(x2 - x1^2)",
        "1 - x1",
        "sqrt(90)*(x4 - x3^2)",
        "1 - x3",
        "sqrt(10)*(x2 + x4 - 2)",
        "(x2 - x4)/sqrt(10)",
    ];
    let kowalik = KOWALIK_OSBORNE.map(|(y, u)| {
        let (y, u) = (n(y), n(u));
        format!("{y} - x1*({u}^2 + {u}*x2)/({u}^2 + {u}*x3 + x4)")
    });
    let brown = (1..=20).map(|i| {
        let t = f64::from(i) / 5.0;
        let (exp, sin, cos) = (n(t.exp()), n(t.sin()), n(t.cos()));
        format!("(x1 + {t:?}*x2 - {exp})^2 + (x3 + {sin}*x4 - {cos})^2")
    });
    let first = OSBORNE_1.iter().enumerate().map(|(i, &y)| {
        let t = 10 * i;
        format!("{} - (x1 + x2*exp(-{t}*x4) + x3*exp(-{t}*x5))", n(y))
    });
    let biggs = (1..=13).map(|i| {
        let t = f64::from(i) * 0.1;
        let y = n((-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp());
        format!("x3*exp(-{t:?}*x1) - x4*exp(-{t:?}*x2) + x6*exp(-{t:?}*x5) - {y}")
    });
    let second = OSBORNE_2.iter().enumerate().map(|(i, &y)| {
        let t = n(i as f64 / 10.0);
        let peak = |a: usize, b: usize, c: usize| format!("x{a}*exp(-({t} - x{b})^2*x{c})");
        format!("{} - (x1*exp(-{t}*x5) + {} + {} + {})", n(y), peak(2, 9, 6), peak(3, 10, 7), peak(4, 11, 8))
    });
    let far = [1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5];
    vec![
        problem(13, "Powell singular", &[3.0, -1.0, 0.0, 1.0], &[0.0], owned(singular)),
        problem(14, "Wood", &[-3.0, -1.0, -3.0, -1.0], &[0.0], owned(wood)),
        problem(15, "Kowalik and Osborne", &[0.25, 0.39, 0.415, 0.39], &[3.075_05e-4, 1.027_34e-3], kowalik),
        problem(16, "Brown and Dennis", &[25.0, 5.0, -5.0, -1.0], &[85_822.2], brown),
        problem(17, "Osborne 1", &[0.5, 1.5, -1.0, 0.01, 0.02], &[5.464_89e-5], first),
        problem(18, "Biggs exponential", &[1.0, 2.0, 1.0, 1.0, 1.0, 1.0], &[5.655_65e-3, 0.0], biggs),
        problem(19, "Osborne 2", &far, &[4.013_77e-2], second),
    ]
}
