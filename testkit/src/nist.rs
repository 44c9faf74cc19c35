//! The problems of nonlinear regression of NIST's Statistical Reference Datasets, as formulas with their published
//! files.

use std::path::Path;

/// A model to be fitted to data by least squares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regression {
    /// The name at NIST.
    pub name: &'static str,
    /// The sum of squares, of parameters `b1`, `b2`, … and the columns.
    pub formula: String,
    /// Both published starts.
    pub starts: [Vec<f64>; 2],
    /// The parameters, to eleven significant digits.
    pub certified: Vec<f64>,
    /// Their standard deviations, likewise.
    pub deviations: Vec<f64>,
    /// The sum of the squares of the residuals at these parameters.
    pub residual_sum_of_squares: f64,
    /// The columns by name.
    pub columns: Vec<(&'static str, Vec<f64>)>,
}

/// All 27 problems, in the order of their names.
///
/// # Errors
///
/// What is wrong with a file, where one cannot be read.
///
/// # Examples
///
/// ```
/// let problems = hesse_testkit::nist::regressions()?;
/// assert_eq!(problems.len(), 27);
/// assert_eq!(problems[3].name, "Chwirut2");
/// assert_eq!(problems[3].columns[1].1.len(), 54);
/// # Ok::<(), String>(())
/// ```
pub fn regressions() -> Result<Vec<Regression>, String> {
    MODELS.iter().map(|&(name, model)| published(name, model)).collect()
}

/// The models, of x[i] or of x1[i] and x2[i], as NIST writes them.
const MODELS: [(&str, &str); 27] = [
    ("Bennett5", "b1*(b2 + x[i])^(-1/b3)"),
    ("BoxBOD", "b1*(1 - exp(-b2*x[i]))"),
    ("Chwirut1", "exp(-b1*x[i])/(b2 + b3*x[i])"),
    ("Chwirut2", "exp(-b1*x[i])/(b2 + b3*x[i])"),
    ("DanWood", "b1*x[i]^b2"),
    (
        "ENSO",
        "b1 + b2*cos(2*pi*x[i]/12) + b3*sin(2*pi*x[i]/12) + b5*cos(2*pi*x[i]/b4) + b6*sin(2*pi*x[i]/b4) \
         + b8*cos(2*pi*x[i]/b7) + b9*sin(2*pi*x[i]/b7)",
    ),
    ("Eckerle4", "b1/b2*exp(-((x[i] - b3)/b2)^2/2)"),
    ("Gauss1", TWO_PEAKS),
    ("Gauss2", TWO_PEAKS),
    ("Gauss3", TWO_PEAKS),
    ("Hahn1", CUBICS),
    ("Kirby2", "(b1 + b2*x[i] + b3*x[i]^2)/(1 + b4*x[i] + b5*x[i]^2)"),
    ("Lanczos1", THREE_DECAYS),
    ("Lanczos2", THREE_DECAYS),
    ("Lanczos3", THREE_DECAYS),
    ("MGH09", "b1*(x[i]^2 + x[i]*b2)/(x[i]^2 + x[i]*b3 + b4)"),
    ("MGH10", "b1*exp(b2/(x[i] + b3))"),
    ("MGH17", "b1 + b2*exp(-x[i]*b4) + b3*exp(-x[i]*b5)"),
    ("Misra1a", "b1*(1 - exp(-b2*x[i]))"),
    ("Misra1b", "b1*(1 - (1 + b2*x[i]/2)^(-2))"),
    ("Misra1c", "b1*(1 - (1 + 2*b2*x[i])^(-0.5))"),
    ("Misra1d", "b1*b2*x[i]*(1 + b2*x[i])^(-1)"),
    ("Nelson", "b1 - b2*x1[i]*exp(-b3*x2[i])"),
    ("Rat42", "b1/(1 + exp(b2 - b3*x[i]))"),
    ("Rat43", "b1/(1 + exp(b2 - b3*x[i]))^(1/b4)"),
    ("Roszman1", "b1 - b2*x[i] - atan(b3/(x[i] - b4))/pi"),
    ("Thurber", CUBICS),
];

const TWO_PEAKS: &str = "b1*exp(-b2*x[i]) + b3*exp(-(x[i] - b4)^2/b5^2) + b6*exp(-(x[i] - b7)^2/b8^2)";
const THREE_DECAYS: &str = "b1*exp(-b2*x[i]) + b3*exp(-b4*x[i]) + b5*exp(-b6*x[i])";
const CUBICS: &str = "(b1 + b2*x[i] + b3*x[i]^2 + b4*x[i]^3)/(1 + b5*x[i] + b6*x[i]^2 + b7*x[i]^3)";

/// The data begin behind so many lines, in every file.
const HEADER: usize = 60;

fn published(name: &'static str, model: &str) -> Result<Regression, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("nist").join(name).with_extension("dat");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut problem = Regression { name, ..Regression::default() };
    for line in text.lines().take(HEADER) {
        if let Some(sum) = line.strip_prefix("Residual Sum of Squares:") {
            problem.residual_sum_of_squares = number(name, sum.trim())?;
        }
        let Some((parameter, numbers)) = line.split_once(" =") else { continue };
        let parameter = parameter.trim().strip_prefix('b');
        if parameter.is_some_and(|index| index.parse::<usize>().is_ok()) {
            let [first, second, certified, deviation] = numbers_of(name, numbers)?[..] else {
                return Err(format!("{name}: four numbers are expected in `{line}`"));
            };
            problem.starts[0].push(first);
            problem.starts[1].push(second);
            problem.certified.push(certified);
            problem.deviations.push(deviation);
        }
    }
    // One problem has two predictors, and is fitted to the logarithm.
    let (names, response): (&[_], _) =
        if name == "Nelson" { (&["y", "x1", "x2"], "ln(y[i])") } else { (&["y", "x"], "y[i]") };
    problem.columns = names.iter().map(|&column| (column, Vec::new())).collect();
    for line in text.lines().skip(HEADER).filter(|line| !line.trim().is_empty()) {
        for (column, number) in problem.columns.iter_mut().zip(numbers_of(name, line)?) {
            column.1.push(number);
        }
    }
    let parameters: Vec<String> = (1..=problem.certified.len()).map(|k| format!("b{k}")).collect();
    let data: Vec<String> = names.iter().map(|column| format!("{column}[n]")).collect();
    problem.formula = format!(
        "param {}\ndata {}\nE = sum(i, ({response} - ({model}))^2)",
        parameters.join(", "),
        data.join(", ")
    );
    Ok(problem)
}

fn numbers_of(name: &str, text: &str) -> Result<Vec<f64>, String> {
    text.split_whitespace().map(|word| number(name, word)).collect()
}

fn number(name: &str, word: &str) -> Result<f64, String> {
    word.parse().map_err(|_| format!("{name}: `{word}` is no number"))
}
