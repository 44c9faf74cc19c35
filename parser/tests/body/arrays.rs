//! Arrays of the function whose elements change.

use super::{agree, body};

#[test]
fn elements_are_sums() {
    let network = |hidden: &str| {
        agree(
            "",
            &format!(
                "fn network(u: &[[f64; 2]; 3], b: &[f64; 3], v: &[f64; 3], x: &[[f64; 2]], t: &[f64]) -> f64 {{
                    let mut e = 0.0;
                    for i in 0..t.len() {{
                        {hidden}
                        let mut y = 0.0;
                        for j in 0..z.len() {{ y += v[j] * z[j]; }}
                        e += (t[i] - y).powi(2);
                    }}
                    e
                }}"
            ),
            "param u[3, 2], b[3], v[3]; data x[n, 2], t[n]
             z(i, j) = tanh(b[j] + sum(k, u[j, k] * x[i, k]))
             E = sum(i, (t[i] - sum(j, v[j] * z(i, j)))^2)",
        );
    };
    network(
        "let mut z = *b; for j in 0..3 { for k in 0..2 { z[j] += u[j][k] * x[i][k]; } z[j] = z[j].tanh(); }",
    );
    network(
        "let mut z = *b; for k in 0..2 { for j in 0..3 { z[j] += u[j][k] * x[i][k]; } } for j in 0..3 { z[j] = z[j].tanh(); }",
    );
    network(
        "let mut z = [0.0; 3]; for j in 0..3 { z[j] = b[j]; for k in 0..2 { z[j] += u[j][k] * x[i][k]; } z[j] = z[j].tanh(); }",
    );
    network(
        "let mut z = vec![0.0; 3]; for (j, row) in u.iter().enumerate() { z[j] = b[j]; for (u, x) in row.iter().zip(&x[i]) { z[j] += u * x; } z[j] = z[j].tanh(); }",
    );
}

#[test]
fn rows_of_data_add_to_elements() {
    agree(
        "",
        "fn f(w: &[f64; 3], x: &[[f64; 3]]) -> f64 {
            let mut mean = [0.0; 3];
            for x in x { for j in 0..3 { mean[j] += w[j] * x[j]; } }
            mean.iter().map(|m| m * m).sum::<f64>() / x.len() as f64
        }",
        "param w[3]; data x[n, 3]; m[j] = w[j]*sum(i, x[i, j]); sum(j, m[j]*m[j])/n",
    );
    agree(
        "",
        "fn f(w: &[f64; 3], x: &[[f64; 3]]) -> f64 {
            let mut c = [[0.0; 3]; 3];
            for x in x { for j in 0..3 { for k in 0..=j { c[j][k] += w[j] * x[j] * x[k]; } } }
            (0..3).map(|j| (0..=j).map(|k| c[j][k].powi(2)).sum::<f64>()).sum()
        }",
        "param w[3]; data x[n, 3]
         sum(j in 0..3, sum(k in 0..j+1, sum(i, if(k < j+1, w[j]*x[i, j]*x[i, k], 0))^2))",
    );
}

#[test]
fn rows_are_chosen_from() {
    body(
        "let m = [[a, 1.0], [2.0, b]]; m.iter().flatten().product()",
        "prod(i in 0..2, prod(j in 0..2, if(j == 0, if(i == 0, a, 2), if(i == 0, 1, b))))",
    );
}

#[test]
fn single_elements() {
    body("let mut z = [0.0; 3]; z[0] = a; z[1] += b; z[2] = z[0] * z[1]; z[2] + z[0]", "a*b + a");
    body("let mut z = *w; z[1] *= a; z[1] - z[2]", "w[1]*a - w[2]");
    body("let mut z = (a, b); z.0 += 1.0; z.0 * z.1", "(a + 1)*b");
    body("let mut z = [[0.0; 2]; 2]; z[0][1] = a; z[1][0] -= b; z[0][1] * z[1][0] + z[1][1]", "a*(-b)");
    body(
        "let mut z = [a; 3]; if b > 0.0 { z[0] = b; z[1] += 1.0; } z[0] * z[1]",
        "if(b > 0, b, a)*if(b > 0, a + 1, a)",
    );
    body("let mut z = [0.0; 4]; for i in 1..3 { z[i] += w[i]; } z[0] + z[1]", "w[1]");
    body("let mut z = [0.0; 4]; for i in 0..3 { z[i + 1] = w[i]; } z[3] * z[1]", "w[2]*w[0]");
    body(
        "let mut z = [0.0; 4]; for i in 1..3 { z[i] = w[i]; } z.iter().map(|z| z * z).sum()",
        "sum(i in 0..4, if(i >= 1 and i < 3, w[i], 0)^2)",
    );
    body(
        "let mut e = 0.0; for i in 0..x.len() { let mut z = [a, b]; z[0] *= x[i]; z[1] -= y[i]; e += z[0] * z[1]; } e",
        "sum(i, a*x[i]*(b - y[i]))",
    );
    body(
        "let mut z = [0.0; 4]; for i in 0..4 { if w[i] > 0.0 { z[i] = w[i]; } else { z[i] = a; } } z[2]",
        "if(w[2] > 0, w[2], a)",
    );
}
