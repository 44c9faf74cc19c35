//! Statements: declarations, definitions and the error function.

use super::Parser;
use super::expressions::{Failed, LOWEST};
use super::tokens::{Kind, begins_statement};
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{Axis, Declaration, Definition, DefinitionKind, Name, NodeId, Role};

/// The statements of a formula text.
#[derive(Default)]
pub(super) struct Statements {
    pub(super) declarations: Vec<Declaration>,
    pub(super) definitions: Vec<Definition>,
    /// Expressions that are statements of their own.
    pub(super) expressions: Vec<NodeId>,
}

impl Statements {
    fn is_empty(&self) -> bool {
        self.declarations.is_empty() && self.definitions.is_empty() && self.expressions.is_empty()
    }
}

impl Parser<'_> {
    /// Parses statement after statement; a statement that cannot be read is skipped.
    pub(super) fn statements(&mut self) -> Statements {
        let mut statements = Statements::default();
        loop {
            match self.kind() {
                Kind::End => return statements,
                Kind::Break => self.at += 1,
                _ => {
                    self.depth = 0;
                    if self.statement(&mut statements).and_then(|()| self.end_of_statement()).is_err() {
                        while !matches!(self.kind(), Kind::Break | Kind::End) {
                            self.at += 1;
                        }
                    }
                }
            }
        }
    }

    fn statement(&mut self, statements: &mut Statements) -> Result<(), Failed> {
        if begins_statement(self.source, &self.tokens[self.at..]) {
            return match (self.text(), &self.tokens[self.at + 1].kind) {
                ("param", Kind::Name) => self.declarations(Role::Parameter, statements),
                ("data", Kind::Name) => self.declarations(Role::Data, statements),
                _ => self.definition(statements),
            };
        }
        let first = statements.is_empty();
        if let Kind::Symbol(symbol @ ("+" | "*" | "/" | "^" | "==" | "<" | ">" | "<=" | ">=" | "!=")) =
            *self.kind()
            && !(first && symbol == "+")
        {
            return self.fail_here(Problem::LeadingOperator { operator: symbol.to_owned() });
        }
        let expression = self.expression(LOWEST)?;
        statements.expressions.push(expression);
        Ok(())
    }

    fn end_of_statement(&mut self) -> Result<(), Failed> {
        match *self.kind() {
            Kind::Break | Kind::End => Ok(()),
            Kind::Symbol("=") => self.fail_here(Problem::MisplacedAssignment),
            Kind::Symbol(symbol @ (")" | "]")) => {
                self.fail_here(Problem::UnmatchedClosing { bracket: symbol.to_owned() })
            }
            _ => self.fail_expected("an operator or the end of the line"),
        }
    }

    fn declarations(&mut self, role: Role, statements: &mut Statements) -> Result<(), Failed> {
        self.at += 1;
        loop {
            let name = self.name()?;
            let mut shape = Vec::new();
            if self.is_symbol("[") {
                let open = self.here();
                self.at += 1;
                shape.push(self.axis()?);
                while self.is_symbol(",") {
                    self.at += 1;
                    shape.push(self.axis()?);
                }
                self.close("]", open)?;
            }
            statements.declarations.push(Declaration { name, role, shape, by_columns: false });
            if !self.is_symbol(",") {
                return Ok(());
            }
            self.at += 1;
        }
    }

    fn axis(&mut self) -> Result<Axis, Failed> {
        let span = self.here();
        match *self.kind() {
            Kind::Number => match self.text().replace('_', "").parse::<usize>() {
                Ok(size) if (1..=super::MAX_EXTENT).contains(&size) => {
                    self.at += 1;
                    Ok(Axis::Fixed(size))
                }
                _ => self.fail(Problem::InvalidExtent { limit: super::MAX_EXTENT }, span),
            },
            Kind::Name => Ok(Axis::Named(self.name()?)),
            _ => self.fail_expected("a size: a number or a name"),
        }
    }

    fn definition(&mut self, statements: &mut Statements) -> Result<(), Failed> {
        let name = self.name()?;
        let kind = match *self.kind() {
            Kind::Symbol("[") => DefinitionKind::Indexed,
            Kind::Symbol("(") => DefinitionKind::Function,
            _ => DefinitionKind::Plain,
        };
        let mut parameters: Vec<Name> = Vec::new();
        if kind != DefinitionKind::Plain {
            loop {
                self.at += 1;
                if !matches!(self.kind(), Kind::Name) {
                    return self.fail_here(Problem::DefinitionHead { name: name.text.to_string() });
                }
                let parameter = self.name()?;
                if let Some(first) = parameters.iter().find(|p| p.text == parameter.text) {
                    let first = self.range(first.span);
                    let again = self.range(parameter.span);
                    let problem = Problem::DefinedTwice { name: parameter.text.to_string() };
                    self.diagnostics.push(Diagnostic::new(problem, again).note(first, "first here"));
                }
                parameters.push(parameter);
                if !self.is_symbol(",") {
                    break;
                }
            }
            if !self.is_symbol(")") && !self.is_symbol("]") {
                return self.fail_here(Problem::DefinitionHead { name: name.text.to_string() });
            }
            self.at += 1;
        }
        self.at += 1;
        let body = self.expression(LOWEST);
        // A definition that cannot be read still defines its name, so that its uses are not complained about.
        let node = match &body {
            Ok(node) => *node,
            Err(Failed) => self.tree.push(crate::syntax::Node::Error, name.span),
        };
        statements.definitions.push(Definition { name, kind, parameters, body: node });
        body.map(|_| ())
    }
}
