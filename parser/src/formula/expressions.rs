//! Expressions by binding power.
//!
//! | power | operators |
//! |--:|---|
//! | 1 | `or` |
//! | 2 | `and` |
//! | 3 | `not` (prefix) |
//! | 4 | `< <= == != >= >` (one per expression) |
//! | 5 | `+ -` |
//! | 6 | `* /` and numbers or brackets that touch what follows (`2x`, `3(x+1)`) |
//! | 7 | `-` (prefix) |
//! | 8 | `^ **` (to the right), superscripts |

use super::Parser;
use super::tokens::Kind;
use crate::diagnostic::Problem;
use crate::syntax::{Binder, Comparison, Name, Node, NodeId, Operand, Positions, SpanId};

pub(super) const LOWEST: u8 = 1;
const NOT: u8 = 3;
const RANGE: u8 = 5;
const UNARY: u8 = 7;
const POWER: u8 = 8;

/// A complaint was recorded; the statement is skipped.
pub(super) struct Failed;

#[derive(Clone, Copy, PartialEq)]
enum Infix {
    Or,
    And,
    Compare(Comparison),
    Sum { inverted: bool },
    Product { inverted: bool, implicit: bool },
    Power,
    Superscript,
}

impl Infix {
    fn power(self) -> u8 {
        match self {
            Infix::Or => 1,
            Infix::And => 2,
            Infix::Compare(_) => 4,
            Infix::Sum { .. } => 5,
            Infix::Product { .. } => 6,
            Infix::Power | Infix::Superscript => POWER,
        }
    }
}

impl Parser<'_> {
    /// An expression whose operators bind at least as tightly as `min`.
    pub(super) fn expression(&mut self, min: u8) -> Result<NodeId, Failed> {
        self.enter()?;
        let result = self.operators(min);
        self.depth -= 1;
        result
    }

    fn operators(&mut self, min: u8) -> Result<NodeId, Failed> {
        let mut left = self.prefix()?;
        // The node this loop is extending: a bracketed group of the same kind is not it.
        let mut chain = None;
        let mut last = None;
        while let Some(infix) = self.infix()?
            && infix.power() >= min
        {
            if let (Some(Infix::Compare(_)), Infix::Compare(_)) = (last, infix) {
                return self.fail_here(Problem::ChainedComparison);
            }
            if let (Some(Infix::Superscript), Infix::Superscript | Infix::Power) = (last, infix) {
                return self.fail_here(Problem::StackedPower);
            }
            left = self.infix_operand(infix, left, &mut chain)?;
            last = Some(infix);
        }
        Ok(left)
    }

    fn infix_operand(
        &mut self,
        infix: Infix,
        left: NodeId,
        chain: &mut Option<NodeId>,
    ) -> Result<NodeId, Failed> {
        if let Infix::Product { implicit: true, .. } = infix {
            self.refuse_ambiguous_quotient(left, *chain)?;
        } else if infix != Infix::Superscript {
            self.at += 1;
        }
        let right = match infix {
            Infix::Superscript => self.superscript(),
            Infix::Power => self.expression(POWER)?,
            _ => self.expression(infix.power() + 1)?,
        };
        let (operand, extends) = match infix {
            Infix::Sum { inverted } | Infix::Product { inverted, .. } => {
                (Operand { inverted, node: right }, true)
            }
            Infix::And | Infix::Or => (Operand { inverted: false, node: right }, true),
            _ => (Operand { inverted: false, node: right }, false),
        };
        if extends && *chain == Some(left) {
            let extended = match (self.tree.node_mut(left), infix) {
                (Node::Sum(operands), Infix::Sum { .. })
                | (Node::Product(operands), Infix::Product { .. }) => {
                    operands.push(operand);
                    true
                }
                (Node::And(operands), Infix::And) | (Node::Or(operands), Infix::Or) => {
                    operands.push(right);
                    true
                }
                _ => false,
            };
            if extended {
                self.extend_span(left, right);
                return Ok(left);
            }
        }
        let first = Operand { inverted: false, node: left };
        let node = match infix {
            Infix::Or => Node::Or(vec![left, right]),
            Infix::And => Node::And(vec![left, right]),
            Infix::Compare(comparison) => Node::Compare(comparison, left, right),
            Infix::Sum { .. } => Node::Sum(vec![first, operand]),
            Infix::Product { .. } => Node::Product(vec![first, operand]),
            Infix::Power | Infix::Superscript => Node::Power(left, right),
        };
        let span = self.join(left, right);
        let joined = self.tree.push(node, span);
        *chain = Some(joined);
        Ok(joined)
    }

    /// `1/2x` could be (1/2)·x or 1/(2x).
    fn refuse_ambiguous_quotient(&mut self, left: NodeId, chain: Option<NodeId>) -> Result<(), Failed> {
        let Some(Operand { inverted: true, node: divisor }) = (match self.tree.node(left) {
            Node::Product(operands) if chain == Some(left) => operands.last().copied(),
            _ => None,
        }) else {
            return Ok(());
        };
        let start = self.range(self.tree.span(left)).start;
        let divisor = self.range(self.tree.span(divisor));
        let next = self.tokens[self.at].range.clone();
        let numerator = self.source[start..divisor.start].trim_end().trim_end_matches(['/', '÷']).trim_end();
        let divisor = &self.source[divisor];
        let factor = if self.is_symbol("(") { "(…)" } else { &self.source[next.clone()] };
        let problem = Problem::AmbiguousQuotient {
            text: format!("{}{factor}", &self.source[start..next.start]),
            below: format!("{numerator}/({divisor} * {factor})"),
            beside: format!("{numerator}/{divisor} * {factor}"),
        };
        let span = self.span(start..next.end);
        self.fail(problem, span)
    }

    fn prefix(&mut self) -> Result<NodeId, Failed> {
        let start = self.here();
        match self.kind() {
            Kind::Symbol("-") => {
                self.at += 1;
                let operand = self.expression(UNARY)?;
                let span = self.join_spans(start, self.tree.span(operand));
                Ok(self.tree.push(Node::Negate(operand), span))
            }
            Kind::Symbol("+") => {
                self.at += 1;
                self.expression(UNARY)
            }
            Kind::Name if self.text() == "not" => {
                self.at += 1;
                let operand = self.expression(NOT)?;
                let span = self.join_spans(start, self.tree.span(operand));
                Ok(self.tree.push(Node::Not(operand), span))
            }
            _ => self.primary(),
        }
    }

    fn primary(&mut self) -> Result<NodeId, Failed> {
        let span = self.here();
        match *self.kind() {
            Kind::Number => {
                let text = self.text();
                if !text.replace('_', "").parse::<f64>().is_ok_and(f64::is_finite) {
                    return self.fail(Problem::NumberTooLarge, span);
                }
                let node = Node::Number(text.into());
                self.at += 1;
                Ok(self.tree.push(node, span))
            }
            Kind::Name if !super::KEYWORDS.contains(&self.text()) => {
                let name = self.name()?;
                match self.kind() {
                    Kind::Symbol("(") => {
                        let args = self.arguments(")")?;
                        let end = self.previous();
                        let whole = self.join_spans(span, end);
                        Ok(self.tree.push(Node::Call(name, args), whole))
                    }
                    Kind::Symbol("[") => {
                        let base = self.tree.push(Node::Name(name.text), span);
                        let mut subscripts = Vec::new();
                        while self.is_symbol("[") {
                            subscripts.append(&mut self.arguments("]")?);
                        }
                        let end = self.previous();
                        let whole = self.join_spans(span, end);
                        Ok(self.tree.push(Node::Subscript(base, subscripts), whole))
                    }
                    _ => {
                        self.refuse_power_of_function(&name)?;
                        Ok(self.tree.push(Node::Name(name.text), span))
                    }
                }
            }
            Kind::Symbol("(") => {
                self.at += 1;
                let inner = self.expression(LOWEST)?;
                if self.is_symbol(",") {
                    return self.fail_here(Problem::CommaInGroup);
                }
                self.close(")", span)?;
                Ok(inner)
            }
            _ => self.fail_expected("an expression"),
        }
    }

    /// A bracketed list of expressions and `i in lo..hi`.
    fn arguments(&mut self, closing: &'static str) -> Result<Vec<NodeId>, Failed> {
        let open = self.here();
        self.at += 1;
        let mut args = Vec::new();
        if self.is_symbol(closing) {
            if closing == "]" {
                return self.fail_expected("a subscript");
            }
            self.at += 1;
            return Ok(args);
        }
        loop {
            let named = matches!(self.kind(), Kind::Name) && self.text_at(self.at + 1) == "in";
            args.push(if named && closing == ")" { self.binder()? } else { self.expression(LOWEST)? });
            if !self.is_symbol(",") {
                break;
            }
            self.at += 1;
        }
        self.close(closing, open)?;
        Ok(args)
    }

    fn binder(&mut self) -> Result<NodeId, Failed> {
        let name = self.name()?;
        self.at += 1;
        let lo = self.expression(RANGE)?;
        if self.is_symbol("..=") {
            return self.fail_here(Problem::InclusiveRange);
        }
        if !self.is_symbol("..") {
            return self.fail_expected("`..`");
        }
        self.at += 1;
        let hi = self.expression(RANGE)?;
        let span = self.join_spans(name.span, self.tree.span(hi));
        Ok(self.tree.push(
            Node::Binder(Binder { name, positions: Positions::Between(lo, hi), reversed: false }),
            span,
        ))
    }

    fn superscript(&mut self) -> NodeId {
        let span = self.here();
        let text = match self.kind() {
            Kind::Superscript(text) => text.clone(),
            _ => String::new(),
        };
        self.at += 1;
        let digits = text.trim_start_matches('-');
        let number = self.tree.push(Node::Number(digits.into()), span);
        if text.starts_with('-') { self.tree.push(Node::Negate(number), span) } else { number }
    }

    /// The operator ahead, if an expression can go on there.
    fn infix(&mut self) -> Result<Option<Infix>, Failed> {
        let infix = match self.kind() {
            Kind::Symbol("+") => Infix::Sum { inverted: false },
            Kind::Symbol("-") => Infix::Sum { inverted: true },
            Kind::Symbol("*") => Infix::Product { inverted: false, implicit: false },
            Kind::Symbol("/") => Infix::Product { inverted: true, implicit: false },
            Kind::Symbol("^") => Infix::Power,
            Kind::Symbol("<") => Infix::Compare(Comparison::Less),
            Kind::Symbol("<=") => Infix::Compare(Comparison::LessEqual),
            Kind::Symbol("==") => Infix::Compare(Comparison::Equal),
            Kind::Symbol("!=") => Infix::Compare(Comparison::NotEqual),
            Kind::Symbol(">") => Infix::Compare(Comparison::Greater),
            Kind::Symbol(">=") => Infix::Compare(Comparison::GreaterEqual),
            Kind::Superscript(_) => Infix::Superscript,
            Kind::Name if self.text() == "and" => Infix::And,
            Kind::Name if self.text() == "or" => Infix::Or,
            Kind::Name if super::KEYWORDS.contains(&self.text()) => return Ok(None),
            Kind::Number | Kind::Name | Kind::Symbol("(") => return self.implicit_product().map(Some),
            _ => return Ok(None),
        };
        Ok(Some(infix))
    }

    /// Two operands side by side multiply, unless the first is a name or the second a number.
    fn implicit_product(&mut self) -> Result<Infix, Failed> {
        let after_name = self.at > 0 && matches!(self.tokens[self.at - 1].kind, Kind::Name);
        let refused = after_name || matches!(self.kind(), Kind::Number);
        if !refused {
            self.refuse_other_base()?;
            return Ok(Infix::Product { inverted: false, implicit: true });
        }
        let (left, right) = (self.previous(), self.here());
        let (left_text, right_text) = (operand_text(self.text_at(self.at - 1)), self.text().to_owned());
        let gap = self.range(left).end..self.range(right).start;
        let problem = match foreign(&left_text) {
            Some(advice) if after_name => Problem::ForeignWord { word: left_text, advice: advice.to_owned() },
            _ if after_name && crate::builtins::builtin(&left_text).is_some() => {
                Problem::FunctionWithoutBrackets { name: left_text, argument: right_text }
            }
            _ => Problem::MissingOperator { left: left_text, right: right_text },
        };
        let fix = match problem {
            Problem::MissingOperator { .. } => Some((self.span(gap), " * ")),
            _ => None,
        };
        self.fail_with(problem, right, fix)
    }

    /// `sin^2(x)` is written where a power of the value is meant.
    fn refuse_power_of_function(&mut self, name: &Name) -> Result<(), Failed> {
        let (power, next) = match self.kind() {
            Kind::Superscript(digits) => (digits.clone(), self.at + 1),
            Kind::Symbol("^") => (self.text_at(self.at + 1).to_owned(), self.at + 2),
            _ => return Ok(()),
        };
        let is_called = self.tokens.get(next).is_some_and(|token| token.kind == Kind::Symbol("("));
        if !is_called || crate::builtins::builtin(&name.text).is_none() || power.parse::<i64>().is_err() {
            return Ok(());
        }
        let power = if power.starts_with('-') { format!("({power})") } else { power };
        self.fail(Problem::PowerOfFunction { name: name.text.to_string(), power }, name.span)
    }

    /// `0x1F` could be 31 or 0·x1F.
    fn refuse_other_base(&mut self) -> Result<(), Failed> {
        let [before, here] = [self.at.saturating_sub(1), self.at].map(|at| self.tokens[at].range.clone());
        let (zero, name) = (self.text_at(self.at.saturating_sub(1)), self.text());
        let Some(value) = in_other_base(name).filter(|_| zero == "0" && before.end == here.start) else {
            return Ok(());
        };
        let text = format!("{zero}{name}");
        let problem =
            Problem::OtherBase { text, value: value.to_string(), other: format!("{zero} * {name}") };
        let span = self.span(before.start..here.end);
        self.fail(problem, span)
    }

    /// The span from the beginning of one node to the end of another.
    fn join(&mut self, left: NodeId, right: NodeId) -> SpanId {
        self.join_spans(self.tree.span(left), self.tree.span(right))
    }
}

/// The number other languages read where a name such as `x1F`, `o17` or `b101` follows a zero.
fn in_other_base(name: &str) -> Option<u128> {
    let mut letters = name.chars();
    let base = match letters.next()? {
        'x' | 'X' => 16,
        'o' | 'O' => 8,
        'b' | 'B' => 2,
        _ => return None,
    };
    u128::from_str_radix(&letters.as_str().replace('_', ""), base).ok()
}

/// What to write for words of other languages.
fn foreign(word: &str) -> Option<&'static str> {
    Some(match word {
        "let" | "var" | "const" | "set" => "write `name = …` alone",
        "def" | "fn" | "function" | "lambda" => "write `f(x) = …` on a line of its own",
        "params" | "parameter" | "parameters" | "Param" | "PARAM" => "write `param`",
        "Data" | "DATA" | "input" => "write `data`",
        "return" | "minimize" | "min" => "write `E = …`",
        _ => return None,
    })
}

/// The end of an operand, in words short enough for a proposal.
fn operand_text(last_token: &str) -> String {
    match last_token {
        ")" => "(…)".to_owned(),
        "]" => "…[…]".to_owned(),
        text => text.to_owned(),
    }
}
