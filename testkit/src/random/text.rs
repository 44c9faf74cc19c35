//! A random formula as formula text.

use std::fmt::Write;

use super::Problem;
use super::term::{
    Array, Comparison, Condition, Definition, Exponent, Extent, Index, Range, Reduction, Subscript, Term,
};

/// The names of indices, by depth.
pub(super) const INDICES: &[&str] = &["i", "j", "k", "l", "o"];
/// The names of arguments.
pub(super) const ARGUMENTS: &[&str] = &["p", "q"];

impl Problem {
    /// Declarations, definitions and error function, a line each.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (keyword, parameters) in [("param", true), ("data", false)] {
            let declared: Vec<String> = self
                .arrays
                .iter()
                .filter(|(array, _)| array.is_parameter() == parameters)
                .map(|(array, _)| self.declaration(*array))
                .collect();
            if !declared.is_empty() {
                let _ = writeln!(text, "{keyword} {}", declared.join(", "));
            }
        }
        for (at, definition) in self.definitions() {
            let head = match definition {
                Definition::Shared(_) => format!("s{at}"),
                Definition::Indexed(_) => format!("g{at}[i]"),
                Definition::Function(count, _) => format!("f{at}({})", ARGUMENTS[..*count].join(", ")),
            };
            let _ = writeln!(text, "{head} = {}", self.term(definition.body()));
        }
        let _ = writeln!(text, "E = {}", self.term(&self.error));
        text
    }

    fn declaration(&self, array: Array) -> String {
        let shape: Vec<String> = array.shape().iter().map(|&e| self.size(e)).collect();
        if shape.is_empty() {
            array.name().to_owned()
        } else {
            format!("{}[{}]", array.name(), shape.join(", "))
        }
    }

    /// A size as the formula writes it.
    fn size(&self, extent: Extent) -> String {
        let layout = &self.layout;
        match extent {
            Extent::Rows if !layout.fixed_rows => self.rows_name().to_owned(),
            Extent::Columns if !layout.fixed_columns => "h".to_owned(),
            _ => layout.size(extent).to_string(),
        }
    }

    /// The customary letter: that of parameters where an array of parameters has one per row.
    pub(super) fn rows_name(&self) -> &'static str {
        if self.arrays.iter().any(|a| a.0 == Array::U) { "d" } else { "n" }
    }

    fn term(&self, term: &Term) -> String {
        let list = |terms: &[Term]| terms.iter().map(|t| self.term(t)).collect::<Vec<_>>().join(", ");
        match term {
            Term::Number(value) => value.to_string(),
            Term::Element(array, subscripts) => self.element(array.name(), subscripts),
            Term::Index(index) => INDICES[*index].to_owned(),
            Term::Size(extent) => self.size(*extent),
            Term::Sum(terms) => {
                let mut text = String::new();
                for (at, (subtracted, term)) in terms.iter().enumerate() {
                    text.push_str(match (at, subtracted) {
                        (0, _) => "",
                        (_, true) => " - ",
                        (_, false) => " + ",
                    });
                    text.push_str(&self.operand(term, matches!(term, Term::Sum(_) | Term::Negative(_))));
                }
                text
            }
            Term::Product(factors) => {
                let mut text = String::new();
                for (at, (divided, factor)) in factors.iter().enumerate() {
                    text.push_str(match (at, divided) {
                        (0, _) => "",
                        (_, true) => "/",
                        (_, false) => "*",
                    });
                    let group = matches!(factor, Term::Sum(_) | Term::Product(_) | Term::Negative(_));
                    text.push_str(&self.operand(factor, group));
                }
                text
            }
            Term::Negative(term) => {
                format!(
                    "-{}",
                    self.operand(term, matches!(**term, Term::Sum(_) | Term::Product(_) | Term::Negative(_)))
                )
            }
            Term::Power(base, Exponent::Halves(1)) => format!("sqrt({})", self.term(base)),
            Term::Power(base, exponent) => {
                let group = matches!(
                    **base,
                    Term::Sum(_) | Term::Product(_) | Term::Negative(_) | Term::Power(..) | Term::Apply(..)
                );
                format!("{}^{}", self.operand(base, group), exponent_text(*exponent))
            }
            Term::Apply(function, args) => format!("{}({})", function.name(), list(args)),
            Term::LogSumExp(args) => format!("logsumexp({})", list(args)),
            Term::Select(condition, a, b) => {
                format!("if({}, {}, {})", self.condition(condition), self.term(a), self.term(b))
            }
            Term::Reduce(reduction, index, range, inferred, body) => {
                let name = match reduction {
                    Reduction::Sum => "sum",
                    Reduction::Product => "prod",
                    Reduction::Max => "max",
                    Reduction::Min => "min",
                    Reduction::Mean => "mean",
                    Reduction::LogSumExp => "logsumexp",
                    Reduction::Norm => "norm",
                };
                let range = if *inferred { String::new() } else { format!(" in {}", self.range(*range)) };
                format!("{name}({}{range}, {})", INDICES[*index], self.term(body))
            }
            Term::Shared(at) => format!("s{at}"),
            Term::Indexed(at, subscript) => self.element(&format!("g{at}"), std::slice::from_ref(subscript)),
            Term::Call(at, args) => format!("f{at}({})", list(args)),
            Term::Argument(at) => ARGUMENTS[*at].to_owned(),
        }
    }

    fn operand(&self, term: &Term, group: bool) -> String {
        if group { format!("({})", self.term(term)) } else { self.term(term) }
    }

    fn element(&self, name: &str, subscripts: &[Subscript]) -> String {
        if subscripts.is_empty() {
            return name.to_owned();
        }
        let subscripts: Vec<String> = subscripts.iter().map(|s| self.subscript(s)).collect();
        format!("{name}[{}]", subscripts.join(", "))
    }

    fn subscript(&self, subscript: &Subscript) -> String {
        match subscript {
            Subscript::Fixed(at) => at.to_string(),
            Subscript::Shifted(index, 0) => INDICES[*index].to_owned(),
            Subscript::Shifted(index, shift) => format!("{}{shift:+}", INDICES[*index]),
            Subscript::Double(index) => format!("2*{}", INDICES[*index]),
            Subscript::Reversed(extent, index) => format!("{}-1-{}", self.size(*extent), INDICES[*index]),
            Subscript::Lookup(inner) => format!("c[{}]", self.subscript(inner)),
        }
    }

    fn range(&self, range: Range) -> String {
        let name = |index: Index| INDICES[index];
        match range {
            Range::All(extent) => format!("0..{}", self.size(extent)),
            Range::ButLast(extent) => format!("0..{}-1", self.size(extent)),
            Range::ButFirst(extent) => format!("1..{}", self.size(extent)),
            Range::Below(index) => format!("0..{}", name(index)),
            Range::Above(index, extent) => format!("{}+1..{}", name(index), self.size(extent)),
            Range::Two => "0..2".to_owned(),
        }
    }

    fn condition(&self, condition: &Condition) -> String {
        let group = |c: &Condition| match c {
            Condition::Compare(..) => self.condition(c),
            _ => format!("({})", self.condition(c)),
        };
        match condition {
            Condition::Compare(comparison, a, b) => {
                format!("{} {} {}", self.term(a), sign(*comparison), self.term(b))
            }
            Condition::And(a, b) => format!("{} and {}", group(a), group(b)),
            Condition::Or(a, b) => format!("{} or {}", group(a), group(b)),
            Condition::Not(a) => format!("not ({})", self.condition(a)),
        }
    }
}

pub(super) fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    }
}

fn exponent_text(exponent: Exponent) -> String {
    match exponent {
        Exponent::Integer(n) => n.to_string(),
        Exponent::Halves(n) => (f64::from(n) / 2.0).to_string(),
        Exponent::Real(p) => p.to_string(),
    }
}
