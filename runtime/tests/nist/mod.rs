//! Six nonlinear regression problems of the NIST StRD, read from the published files, with derivatives by
//! dual numbers.

use crate::surface::{Formula, Surface};
use hesse_runtime::{SumOfSquares, packed};
use nalgebra::DVector;
use num_dual::DualNum;

pub(crate) struct Problem {
    pub(crate) name: &'static str,
    pub(crate) starts: [Vec<f64>; 2],
    pub(crate) certified: Vec<f64>,
    pub(crate) deviations: Vec<f64>,
    pub(crate) residual_sum_of_squares: f64,
    pub(crate) residual_deviation: f64,
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    /// The factor s in E = s·RSS.
    pub(crate) scale: f64,
}

pub(crate) const NAMES: [&str; 6] = ["Misra1a", "Gauss1", "Thurber", "MGH09", "Eckerle4", "BoxBOD"];

pub(crate) fn problem(name: &'static str) -> Surface<Problem> {
    let path = format!("{}/../testkit/nist/{name}.dat", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let last_number = |key: &str| {
        let line = lines.iter().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().last().unwrap().parse::<f64>().unwrap()
    };
    let table: Vec<Vec<f64>> = lines
        .iter()
        .filter_map(|line| line.trim_start().strip_prefix('b')?.split_once(" ="))
        .filter(|(index, _)| index.parse::<usize>().is_ok())
        .map(|(_, numbers)| numbers.split_whitespace().map(|number| number.parse().unwrap()).collect())
        .collect();
    let column = |k: usize| table.iter().map(|row| row[k]).collect::<Vec<f64>>();
    let data: Vec<Vec<f64>> = lines[60..]
        .iter()
        .map(|line| line.split_whitespace().map(|number| number.parse().unwrap()).collect())
        .filter(|row: &Vec<f64>| !row.is_empty())
        .collect();
    assert_eq!(data.len(), last_number("Number of Observations") as usize);
    Surface(Problem {
        name,
        starts: [column(0), column(1)],
        certified: column(2),
        deviations: column(3),
        residual_sum_of_squares: last_number("Residual Sum of Squares"),
        residual_deviation: last_number("Residual Standard Deviation"),
        x: data.iter().map(|row| row[1]).collect(),
        y: data.iter().map(|row| row[0]).collect(),
        scale: 1.0,
    })
}

impl Problem {
    fn model<D: DualNum<Primitive = f64>>(&self, b: &[D], x: f64) -> D {
        let c = |k: usize| b[k].clone();
        let gauss = |a: D, m: D, s: D| a * (-((m - x) / s).powi(2)).exp();
        match self.name {
            "Misra1a" | "BoxBOD" => c(0) * -((-c(1) * x).exp_m1()),
            "Gauss1" => c(0) * (-c(1) * x).exp() + gauss(c(2), c(3), c(4)) + gauss(c(5), c(6), c(7)),
            "Thurber" => {
                (((c(3) * x + c(2)) * x + c(1)) * x + c(0)) / (((c(6) * x + c(5)) * x + c(4)) * x + 1.0)
            }
            "MGH09" => c(0) * (c(1) * x + x * x) / (c(2) * x + c(3) + x * x),
            "Eckerle4" => c(0) / c(1) * (((c(2) - x) / c(1)).powi(2) * -0.5).exp(),
            name => panic!("no model for {name}"),
        }
    }
}

impl Formula for Problem {
    fn dimension(&self) -> usize {
        self.certified.len()
    }

    fn error<D: DualNum<Primitive = f64>>(&self, b: &[D]) -> D {
        let mut sum = D::from(0.0);
        for (&x, &y) in self.x.iter().zip(&self.y) {
            let residual = self.model(b, x) - y;
            sum += residual.clone() * residual;
        }
        sum * self.scale
    }
}

impl SumOfSquares for Surface<Problem> {
    fn scale(&self) -> f64 {
        self.scale
    }

    fn residual_count(&self) -> usize {
        self.x.len()
    }

    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        let at = DVector::from_column_slice(w);
        matrix.fill(0.0);
        let mut sum = 0.0;
        for (&x, &y) in self.x.iter().zip(&self.y) {
            let (prediction, row) = num_dual::gradient(|w: DVector<_>| self.model(w.as_slice(), x), &at);
            sum += (prediction - y).powi(2);
            for i in 0..w.len() {
                for j in 0..=i {
                    matrix[packed::position(i, j)] += row[i] * row[j];
                }
            }
        }
        sum
    }
}

/// The number of correct digits, −log₁₀ of the relative error, 11 for all that the certificate has.
pub(crate) fn digits(found: f64, certified: f64) -> f64 {
    (-((found - certified) / certified).abs().log10()).min(11.0)
}
