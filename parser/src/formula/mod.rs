//! Formula text to the syntax tree, and on to the graph.

mod columns;
mod expressions;
mod lookalikes;
mod statements;
mod tokens;

use std::rc::Rc;

pub use columns::{Columns, Size};

use hesse_symbolic::rules::Mode;

use crate::Model;
use crate::diagnostic::{ByteRange, Diagnostic, Problem};
use crate::syntax::{Definition, DefinitionKind, Dialect, Name, NodeId, Program, SpanId, Tree};
use expressions::Failed;
use statements::Statements;
use tokens::{Kind, Token};

/// The deepest nesting of brackets, signs and powers that is read.
pub const MAX_DEPTH: usize = 256;
/// The longest text that is read, in bytes.
pub const MAX_SIZE: usize = 4 << 20;
/// The largest number that may declare an extent.
pub const MAX_EXTENT: usize = 1 << 31;
/// The most elements of parameters whose number is written: generated code has a name for each.
pub const MAX_PARAMETERS: usize = 1 << 20;
/// Complaints beyond this many are dropped: they rarely say anything new.
pub(crate) const MAX_DIAGNOSTICS: usize = 100;
const KEYWORDS: &[&str] = &["and", "or", "not", "in"];

/// Reads an error function from formula text.
///
/// Names that are not declared are parameters, or data where `columns` has them. The graph holds declared
/// arrays in order of declaration, then undeclared ones in order of first appearance, as far as E needs them.
///
/// # Errors
/// Everything that is wrong with the text, in order of position.
///
/// ```
/// use hesse_parser::formula::{Columns, parse};
///
/// let model = parse("(1 - x)^2 + 100 (y - x^2)^2", &Columns::none())?;
/// let names: Vec<_> = model.graph.arrays().map(|(_, a)| a.name.as_str()).collect();
/// assert_eq!(names, ["x", "y"]);
///
/// let diagnostics = parse("E = cos(x) + 1/2y", &Columns::none()).unwrap_err();
/// assert_eq!(diagnostics[0].message, "`1/2y` is ambiguous");
/// # Ok::<(), Vec<hesse_parser::diagnostic::Diagnostic>>(())
/// ```
pub fn parse(source: &str, columns: &Columns) -> Result<Model, Vec<Diagnostic>> {
    parse_in(source, columns, Mode::default())
}

/// Reads an error function as [`parse`] does, and applies the rewriting rules of a mode.
///
/// # Errors
/// As of [`parse`].
///
/// ```
/// use hesse_parser::formula::{Columns, parse_in};
/// use hesse_symbolic::rules::Mode;
///
/// let rules = |mode| {
///     let model = parse_in("ln(1 + exp(x))", &Columns::none(), mode)?;
///     Ok::<_, Vec<hesse_parser::diagnostic::Diagnostic>>(model.applied.len())
/// };
/// assert_eq!(rules(Mode::Robust)?, 1);
/// assert_eq!(rules(Mode::Strict)?, 0);
/// # Ok::<(), Vec<hesse_parser::diagnostic::Diagnostic>>(())
/// ```
pub fn parse_in(source: &str, columns: &Columns, mode: Mode) -> Result<Model, Vec<Diagnostic>> {
    let (program, spans) = read(source).map_err(|list| observed(source, columns, list))?;
    let range = |span: SpanId| spans.get(span.0 as usize).cloned().unwrap_or(0..0);
    let resolved = crate::resolve::resolve(&program, columns)
        .map_err(|list| sorted(list.into_iter().map(|d| d.map_spans(range)).collect()))?;
    crate::lower::lower(&resolved, mode)
        .map_err(|problem| vec![Diagnostic::new(problem, range(program.tree.span(program.error)))])
}

/// Says of a text without an error function that what it defines last is a column of the data, where it is.
fn observed(source: &str, columns: &Columns, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        if diagnostic.code == Problem::NoErrorFunction.code()
            && let Some(fix) = &diagnostic.fix
            && let Some(name) = source.get(fix.span.clone()).filter(|name| columns.shape(name).is_some())
        {
            let problem = Problem::ObservedDefined { name: name.to_owned() };
            *diagnostic = Diagnostic::new(problem, fix.span.clone());
        }
    }
    diagnostics
}

/// Reads formula text into the syntax tree alone; the second value is what its span ids stand for.
///
/// # Errors
/// Everything that is wrong with the grammar of the text.
pub fn read(source: &str) -> Result<(Program, Vec<ByteRange>), Vec<Diagnostic>> {
    if source.len() > MAX_SIZE {
        return Err(vec![Diagnostic::new(Problem::InputTooLong { limit: MAX_SIZE }, 0..0)]);
    }
    let (tokens, mut diagnostics) = tokens::tokens(source);
    diagnostics.extend(lookalikes::lookalikes(source, &tokens));
    let mut parser =
        Parser { source, tokens, at: 0, depth: 0, spans: Vec::new(), tree: Tree::default(), diagnostics };
    let mut statements = parser.statements();
    let error = parser.error_function(&mut statements);
    match error {
        Some(error) if parser.diagnostics.is_empty() => {
            let Statements { declarations, definitions, .. } = statements;
            let tree = parser.tree;
            Ok((Program { dialect: Dialect::Formula, tree, declarations, definitions, error }, parser.spans))
        }
        _ => Err(sorted(parser.diagnostics)),
    }
}

/// By position, without repetitions.
fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|d| (d.primary.span.start, d.primary.span.end, d.code));
    diagnostics.dedup_by(|a, b| a.primary.span == b.primary.span && a.code == b.code);
    diagnostics.truncate(MAX_DIAGNOSTICS);
    diagnostics
}

/// Tokens, a position among them, and what was made of them so far.
struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    spans: Vec<ByteRange>,
    tree: Tree,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    /// The definition of `E`, or the only expression.
    fn error_function(&mut self, statements: &mut Statements) -> Option<NodeId> {
        let named = statements.definitions.iter().find(|d| &*d.name.text == "E");
        match (named, &statements.expressions[..]) {
            (Some(definition), []) if definition.kind == DefinitionKind::Plain => Some(definition.body),
            (Some(Definition { name, .. }), []) => {
                self.complain(Problem::ErrorFunctionWithArguments, name.span, None)
            }
            (None, [only]) => {
                let (body, span) = (*only, self.tree.span(*only));
                let name = Name { text: "E".into(), span };
                statements.definitions.push(Definition {
                    name,
                    kind: DefinitionKind::Plain,
                    parameters: Vec::new(),
                    body,
                });
                Some(body)
            }
            (None, []) if self.diagnostics.is_empty() => {
                let fix = match &statements.definitions[..] {
                    [.., last] if last.kind == DefinitionKind::Plain => Some((last.name.span, "E")),
                    _ => None,
                };
                let span = fix.map_or_else(|| self.span(self.source.len()..self.source.len()), |f| f.0);
                self.complain(Problem::NoErrorFunction, span, fix)
            }
            (None, []) => None,
            (Some(definition), [first, ..]) => {
                let other = self.range(definition.name.span);
                let range = self.range(self.tree.span(*first));
                self.diagnostics
                    .push(Diagnostic::new(Problem::SecondErrorFunction, range).note(other, "the first"));
                None
            }
            (None, [first, second, ..]) => {
                let (first, second) =
                    (self.range(self.tree.span(*first)), self.range(self.tree.span(*second)));
                self.diagnostics
                    .push(Diagnostic::new(Problem::SecondErrorFunction, second).note(first, "the first"));
                None
            }
        }
    }

    fn complain<T>(&mut self, problem: Problem, span: SpanId, fix: Option<(SpanId, &str)>) -> Option<T> {
        let _: Result<T, Failed> = self.fail_with(problem, span, fix);
        None
    }

    fn kind(&self) -> &Kind {
        self.tokens.get(self.at).map_or(&Kind::End, |token| &token.kind)
    }

    fn text(&self) -> &'a str {
        self.text_at(self.at)
    }

    fn text_at(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.source[token.range.clone()])
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.kind(), Kind::Symbol(found) if *found == symbol)
    }

    fn span(&mut self, range: ByteRange) -> SpanId {
        self.spans.push(range);
        SpanId((self.spans.len() - 1) as u32)
    }

    fn range(&self, span: SpanId) -> ByteRange {
        self.spans.get(span.0 as usize).cloned().unwrap_or(0..0)
    }

    /// The place of the token ahead.
    fn here(&mut self) -> SpanId {
        let range =
            self.tokens.get(self.at).map_or(self.source.len()..self.source.len(), |t| t.range.clone());
        self.span(range)
    }

    /// The place of the token just passed.
    fn previous(&mut self) -> SpanId {
        let range =
            self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0..0, |t| t.range.clone());
        self.span(range)
    }

    fn join_spans(&mut self, left: SpanId, right: SpanId) -> SpanId {
        let range = self.range(left).start..self.range(right).end;
        self.span(range)
    }

    /// Lets the place of `node` end where that of `last` ends.
    fn extend_span(&mut self, node: NodeId, last: NodeId) {
        let end = self.range(self.tree.span(last)).end;
        if let Some(range) = self.spans.get_mut(self.tree.span(node).0 as usize) {
            range.end = end;
        }
    }

    fn name(&mut self) -> Result<Name, Failed> {
        if !matches!(self.kind(), Kind::Name) || KEYWORDS.contains(&self.text()) {
            return self.fail_expected("a name");
        }
        // The micro sign and the Greek letter look alike.
        let text: Rc<str> = self.text().replace('µ', "μ").into();
        let span = self.here();
        self.at += 1;
        Ok(Name { text, span })
    }

    fn enter(&mut self) -> Result<(), Failed> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let span = self.here();
            return self.fail(Problem::TooDeep { limit: MAX_DEPTH }, span);
        }
        Ok(())
    }

    fn close(&mut self, closing: &'static str, open: SpanId) -> Result<(), Failed> {
        if self.is_symbol(closing) {
            self.at += 1;
            return Ok(());
        }
        let found = self.found();
        let here = self.here();
        let here = self.range(here);
        let open = self.range(open);
        let problem = match self.kind() {
            Kind::Symbol("=") => Problem::MisplacedAssignment,
            Kind::End | Kind::Break => Problem::UnclosedBracket { closing: closing.to_owned() },
            _ => Problem::Expected { expected: format!("`{closing}` or an operator"), found },
        };
        if self.at_stray() {
            return Err(Failed);
        }
        let unclosed = matches!(problem, Problem::UnclosedBracket { .. });
        let mut diagnostic = Diagnostic::new(problem, here.clone()).note(open, "opened here");
        if unclosed {
            diagnostic = diagnostic.fix(here.start..here.start, closing);
        }
        self.diagnostics.push(diagnostic);
        Err(Failed)
    }

    /// Whether the tokenizer complained about this place already.
    fn at_stray(&self) -> bool {
        let stray = |at: usize| self.tokens.get(at).is_some_and(|t| t.kind == Kind::Stray);
        stray(self.at) || self.at.checked_sub(1).is_some_and(stray)
    }

    /// The token ahead in words.
    fn found(&self) -> String {
        match self.kind() {
            Kind::End => "the end of the text".to_owned(),
            Kind::Break if self.text() == ";" => "`;`".to_owned(),
            Kind::Break => "the end of the line".to_owned(),
            _ => format!("`{}`", self.text()),
        }
    }

    fn fail_expected<T>(&mut self, expected: &str) -> Result<T, Failed> {
        let problem = Problem::Expected { expected: expected.to_owned(), found: self.found() };
        let span = self.here();
        self.fail(problem, span)
    }

    fn fail_here<T>(&mut self, problem: Problem) -> Result<T, Failed> {
        let span = self.here();
        self.fail(problem, span)
    }

    fn fail<T>(&mut self, problem: Problem, span: SpanId) -> Result<T, Failed> {
        self.fail_with(problem, span, None)
    }

    fn fail_with<T>(
        &mut self,
        problem: Problem,
        span: SpanId,
        fix: Option<(SpanId, &str)>,
    ) -> Result<T, Failed> {
        if self.at_stray() {
            return Err(Failed);
        }
        let mut diagnostic = Diagnostic::new(problem, self.range(span));
        if let Some((place, replacement)) = fix {
            diagnostic = diagnostic.fix(self.range(place), replacement);
        }
        self.diagnostics.push(diagnostic);
        Err(Failed)
    }
}
