//! A random formula as the Rust function that means the same.

use super::Problem;
use super::term::{Array, Condition, Definition, Exponent, Extent, Range, Reduction, Subscript, Term};
use super::text::{ARGUMENTS, INDICES, sign};

/// Functions that are methods of `f64`.
const METHODS: &[&str] = &[
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log2", "log10", "cbrt", "sin", "cos", "tan", "asin", "acos",
    "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "abs", "floor", "ceil", "round", "trunc",
    "atan2", "hypot", "min", "max",
];

/// What Rust functions do not say in the words of formulas.
struct Inexpressible;

type Written = Result<String, Inexpressible>;

impl Problem {
    /// The options of the attribute and the function `error`, where the formula can be written as one.
    ///
    /// Matrices with rows of unknown length and reductions that Rust has no method for cannot.
    pub fn rust(&self) -> Option<(String, String)> {
        let parameters: Vec<&str> =
            self.arrays.iter().filter(|a| a.0.is_parameter()).map(|a| a.0.name()).collect();
        let signature: Option<Vec<String>> = self
            .arrays
            .iter()
            .map(|(array, _)| Some(format!("{}: {}", array.name(), self.r#type(*array)?)))
            .collect();
        let mut body = String::new();
        // Slices that are walked together are of one length.
        let long: Vec<&str> = self.rows_arrays().iter().map(|array| array.name()).collect();
        if let ([first, others @ ..], false) = (&long[..], self.layout.fixed_rows)
            && !others.is_empty()
        {
            let zipped: String = others.iter().map(|other| format!(".zip({other})")).collect();
            body.push_str(&format!("    let _ = {first}.iter(){zipped}.map(|_| 0.0).sum::<f64>();\n"));
        }
        for (at, definition) in self.definitions() {
            let head = match definition {
                Definition::Shared(_) => format!("s{at} = "),
                Definition::Indexed(_) => format!("g{at} = |i: usize| "),
                Definition::Function(count, _) => {
                    let arguments: Vec<String> =
                        ARGUMENTS[..*count].iter().map(|name| format!("{name}: f64")).collect();
                    format!("f{at} = |{}| ", arguments.join(", "))
                }
            };
            body.push_str(&format!("    let {head}{};\n", self.written(definition.body()).ok()?));
        }
        body.push_str(&format!("    {}\n", self.written(&self.error).ok()?));
        let function = format!("fn error({}) -> f64 {{\n{body}}}\n", signature?.join(", "));
        Some((format!("wrt({})", parameters.join(", ")), function))
    }

    fn rows_arrays(&self) -> Vec<Array> {
        self.arrays.iter().map(|a| a.0).filter(|a| a.shape().first() == Some(&Extent::Rows)).collect()
    }

    fn r#type(&self, array: Array) -> Option<String> {
        let number = if array == Array::C { "usize" } else { "f64" };
        let mut ty = number.to_owned();
        for (axis, &extent) in array.shape().iter().enumerate().rev() {
            ty = match (extent, axis) {
                (Extent::Rows, 0) if !self.layout.fixed_rows => format!("[{ty}]"),
                (Extent::Columns, _) if !self.layout.fixed_columns => return None,
                _ => format!("[{ty}; {}]", self.layout.size(extent)),
            };
        }
        Some(if array.shape().is_empty() { ty } else { format!("&{ty}") })
    }

    /// A size as an expression of type `usize`.
    fn length(&self, extent: Extent) -> Written {
        match extent {
            Extent::Rows if !self.layout.fixed_rows => match self.rows_arrays().first() {
                Some(array) => Ok(format!("{}.len()", array.name())),
                None => Err(Inexpressible),
            },
            _ => Ok(self.layout.size(extent).to_string()),
        }
    }

    fn written(&self, term: &Term) -> Written {
        Ok(match term {
            Term::Number(value) => format!("{value:?}"),
            Term::Element(array, subscripts) => {
                let mut text = array.name().to_owned();
                for subscript in subscripts {
                    text.push_str(&format!("[{}]", self.place(subscript)?));
                }
                text
            }
            Term::Index(index) => format!("({} as f64)", INDICES[*index]),
            Term::Size(Extent::Rows) if !self.layout.fixed_rows => {
                format!("({} as f64)", self.length(Extent::Rows)?)
            }
            Term::Size(extent) => format!("{}.0", self.layout.size(*extent)),
            Term::Sum(terms) => self.chain(terms, " + ", " - ")?,
            Term::Product(factors) => self.chain(factors, " * ", " / ")?,
            Term::Negative(term) => format!("(-{})", self.grouped(term)?),
            Term::Power(base, exponent) => {
                let base = self.grouped(base)?;
                match exponent {
                    Exponent::Integer(n) => format!("{base}.powi({n})"),
                    Exponent::Halves(1) => format!("{base}.sqrt()"),
                    Exponent::Halves(n) => format!("{base}.powf({:?})", f64::from(*n) / 2.0),
                    Exponent::Real(p) => format!("{base}.powf({p:?})"),
                }
            }
            Term::Apply(function, args) => {
                let args: Result<Vec<String>, _> = args.iter().map(|a| self.grouped(a)).collect();
                let args = args?;
                let rest = args[1..].join(", ");
                match function.name() {
                    "pow" => format!("{}.powf({rest})", args[0]),
                    name if METHODS.contains(&name) => format!("{}.{name}({rest})", args[0]),
                    name => format!("hesse::math::{name}({})", args.join(", ")),
                }
            }
            Term::Select(condition, a, b) => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.condition_written(condition)?,
                self.written(a)?,
                self.written(b)?
            ),
            Term::Reduce(reduction, index, range, _, body) => {
                let walk =
                    format!("({}).map(|{}| {})", self.walked(*range)?, INDICES[*index], self.written(body)?);
                match reduction {
                    Reduction::Sum => format!("{walk}.sum::<f64>()"),
                    Reduction::Product => format!("{walk}.product::<f64>()"),
                    Reduction::Max => format!("{walk}.fold(f64::NEG_INFINITY, f64::max)"),
                    Reduction::Min => format!("{walk}.fold(f64::INFINITY, f64::min)"),
                    Reduction::Mean | Reduction::LogSumExp | Reduction::Norm => return Err(Inexpressible),
                }
            }
            Term::LogSumExp(_) => return Err(Inexpressible),
            Term::Shared(at) => format!("s{at}"),
            Term::Indexed(at, subscript) => format!("g{at}({})", self.place(subscript)?),
            Term::Call(at, args) => {
                let args: Result<Vec<String>, _> = args.iter().map(|a| self.written(a)).collect();
                format!("f{at}({})", args?.join(", "))
            }
            Term::Argument(at) => ARGUMENTS[*at].to_owned(),
        })
    }

    fn chain(&self, terms: &[(bool, Term)], plain: &str, inverse: &str) -> Written {
        let mut text = String::new();
        for (at, (inverted, term)) in terms.iter().enumerate() {
            if at > 0 {
                text.push_str(if *inverted { inverse } else { plain });
            }
            text.push_str(&self.grouped(term)?);
        }
        Ok(text)
    }

    /// In parentheses, where it is a chain.
    fn grouped(&self, term: &Term) -> Written {
        let text = self.written(term)?;
        Ok(if matches!(term, Term::Sum(_) | Term::Product(_)) { format!("({text})") } else { text })
    }

    fn place(&self, subscript: &Subscript) -> Written {
        Ok(match subscript {
            Subscript::Fixed(at) => at.to_string(),
            Subscript::Shifted(index, shift) => match *shift {
                0 => INDICES[*index].to_owned(),
                shift if shift > 0 => format!("{} + {shift}", INDICES[*index]),
                shift => format!("{} - {}", INDICES[*index], -shift),
            },
            Subscript::Double(index) => format!("2 * {}", INDICES[*index]),
            Subscript::Reversed(extent, index) => {
                format!("{} - 1 - {}", self.length(*extent)?, INDICES[*index])
            }
            Subscript::Lookup(inner) => format!("c[{}]", self.place(inner)?),
        })
    }

    fn walked(&self, range: Range) -> Written {
        Ok(match range {
            Range::All(extent) => format!("0..{}", self.length(extent)?),
            Range::ButLast(extent) => format!("0..{} - 1", self.length(extent)?),
            Range::ButFirst(extent) => format!("1..{}", self.length(extent)?),
            Range::Below(index) => format!("0..{}", INDICES[index]),
            Range::Above(index, extent) => format!("{} + 1..{}", INDICES[index], self.length(extent)?),
            Range::Two => "0..2".to_owned(),
        })
    }

    fn condition_written(&self, condition: &Condition) -> Written {
        Ok(match condition {
            Condition::Compare(comparison, a, b) => {
                format!("{} {} {}", self.grouped(a)?, sign(*comparison), self.grouped(b)?)
            }
            Condition::And(a, b) => {
                format!("({}) && ({})", self.condition_written(a)?, self.condition_written(b)?)
            }
            Condition::Or(a, b) => {
                format!("({}) || ({})", self.condition_written(a)?, self.condition_written(b)?)
            }
            Condition::Not(a) => format!("!({})", self.condition_written(a)?),
        })
    }
}
