//! What names stand for.

use std::rc::Rc;

use super::Resolver;
use super::arrays::ArrayInfo;
use super::form::{DimensionId, Form, Symbol};
use super::term::{ArrayId, Extent, Term};
use super::value::{Binding, FunctionId, Value};
use crate::builtins;
use crate::diagnostic::{Diagnostic, Problem, closest};
use crate::formula::Size;
use crate::syntax::{Definition, DefinitionKind, Name, Node, Role, SpanId};

/// What a name means everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) enum Global {
    Array(ArrayId),
    Dimension(DimensionId, SpanId),
    Function(FunctionId, SpanId),
}

/// Whether a name is written like a constant of Rust.
pub(crate) fn is_constant_name(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

impl Resolver<'_> {
    /// Gives a name its global meaning, once.
    pub(super) fn global(&mut self, name: &Name, global: Global) {
        if let Some(&known) = self.globals.get(&name.text) {
            let first = self.global_span(known);
            let problem = Problem::DefinedTwice { name: name.text.to_string() };
            self.report(Diagnostic::new(problem, name.span).note(first, "first here"));
            return;
        }
        self.globals.insert(name.text.clone(), global);
    }

    fn global_span(&self, global: Global) -> SpanId {
        match global {
            Global::Array(array) => self.arrays[array.0 as usize].first,
            Global::Dimension(_, span) | Global::Function(_, span) => span,
        }
    }

    /// The dimension a declaration names.
    pub(super) fn declared_dimension(&mut self, name: &Name) -> DimensionId {
        if let Some(Global::Dimension(dimension, _)) = self.globals.get(&name.text) {
            return *dimension;
        }
        let dimension = self.new_dimension(name.text.clone(), false);
        self.global(name, Global::Dimension(dimension, name.span));
        dimension
    }

    /// The value of a name.
    pub(super) fn name(&mut self, text: &Rc<str>, span: SpanId) -> Value {
        if let Some(at) = self.scope.iter().rposition(|(name, _)| name == text) {
            return self.local(at, span);
        }
        let global = self.globals.get(text).copied();
        let global = global.filter(|global| !self.isolated || matches!(global, Global::Function(..)));
        match global {
            Some(Global::Array(array)) => self.whole(array, span),
            Some(Global::Dimension(dimension, _)) => {
                let form = Form::symbol(Symbol::Dimension(dimension));
                Value::Integer { form, strict: self.is_rust() }
            }
            Some(Global::Function(function, _)) => match self.functions[function.0 as usize].kind {
                DefinitionKind::Plain => self.instantiate(function, Vec::new()),
                _ => Value::Function(function),
            },
            None if self.is_rust() && !self.isolated && self.is_record(text) => Value::Record(text.clone()),
            None => self.undeclared(text, span),
        }
    }

    fn undeclared(&mut self, text: &Rc<str>, span: SpanId) -> Value {
        if self.is_rust() && is_constant_name(text) {
            if self.isolated {
                return self.complain(Problem::OuterConstant { name: text.to_string() }, span);
            }
            return self.implicit(text, span, Role::Data, Vec::new());
        }
        if self.is_rust() {
            let known = self.scope.iter().map(|s| &*s.0).chain(self.arrays.iter().map(|a| &*a.name));
            let suggestion = closest(text, known).map(str::to_owned);
            let mut diagnostic = Diagnostic::new(Problem::UnknownRustName { name: text.to_string() }, span);
            if let Some(suggestion) = suggestion {
                diagnostic = diagnostic.fix(span, suggestion);
            }
            return self.report(diagnostic);
        }
        if let Some(shape) = self.columns.shape(text) {
            let shape = shape.to_vec();
            let extents = shape.iter().map(|size| Some(self.column_extent(size))).collect();
            return self.implicit(text, span, Role::Data, extents);
        }
        let constant = match &**text {
            "pi" | "π" => Some(std::f64::consts::PI),
            "e" => Some(std::f64::consts::E),
            _ => None,
        };
        if let Some(constant) = constant {
            return Value::Number(self.term(Term::Constant(constant.to_bits())));
        }
        if matches!(&*text.to_lowercase(), "inf" | "infinity" | "nan") {
            return self.complain(Problem::NotFinite { name: text.to_string() }, span);
        }
        // δ is a parameter in many formulas.
        let is_function = builtins::builtin(text).is_some_and(|known| known != builtins::Builtin::Delta);
        if is_function || builtins::reduction(text).is_some() {
            return self.complain(Problem::FunctionAsValue { name: text.to_string() }, span);
        }
        let rank = self.subscript_counts.get(text).copied().unwrap_or(0);
        self.implicit(text, span, Role::Parameter, vec![None; rank])
    }

    /// Declares what the program does not.
    fn implicit(&mut self, text: &Rc<str>, span: SpanId, role: Role, shape: Vec<Option<Extent>>) -> Value {
        let array =
            self.new_array(ArrayInfo { name: text.clone(), role, shape, declared: false, first: span });
        self.globals.insert(text.clone(), Global::Array(array));
        self.whole(array, span)
    }

    /// An array without subscripts.
    pub(super) fn whole(&mut self, array: ArrayId, span: SpanId) -> Value {
        let info = &mut self.arrays[array.0 as usize];
        if !info.declared {
            info.first = info.first.min(span);
        }
        if info.shape.is_empty() {
            return self.leaf(array, Vec::new());
        }
        Value::View { array, prefix: Vec::new() }
    }

    /// The size of an axis of a column; where the program declares an array of the same name, its name counts.
    fn column_extent(&mut self, size: &Size) -> Extent {
        match size {
            Size::Fixed(size) => Extent::Fixed(*size),
            Size::Named(name) => {
                let name: Rc<str> = name.as_str().into();
                let name = self.column_dimensions.get(&name).cloned().unwrap_or(name);
                let known = self.dimensions.iter().position(|d| d.name == name && !d.anonymous);
                Extent::Dimension(match known {
                    Some(at) => DimensionId(at as u32),
                    None => self.new_dimension(name, false),
                })
            }
        }
    }

    /// Notes how many subscripts names have, and what declarations call the dimensions of the data set.
    pub(super) fn count_subscripts(&mut self) {
        let program = self.program;
        let mut pending = vec![program.error];
        pending.extend(program.definitions.iter().map(|d| d.body));
        while let Some(node) = pending.pop() {
            if let Node::Subscript(base, subscripts) = program.tree.node(node)
                && let Node::Name(text) = program.tree.node(*base)
            {
                self.subscript_counts.entry(text.clone()).or_insert(subscripts.len());
            }
            program.tree.for_each_child(node, &mut |child| pending.push(child));
        }
        for declaration in &program.declarations {
            let Some(shape) = self.columns.shape(&declaration.name.text) else { continue };
            for (size, axis) in shape.iter().zip(&declaration.shape) {
                if let (Size::Named(column), crate::syntax::Axis::Named(name)) = (size, axis) {
                    self.column_dimensions.insert(column.as_str().into(), name.text.clone());
                }
            }
        }
    }

    /// A parameter for every row whose name is nearly that of a column is a slip.
    pub(super) fn check_columns(&mut self) {
        for at in 0..self.arrays.len() {
            let ArrayInfo { name, role, shape, declared, first } = &self.arrays[at];
            let by_rows = shape.iter().flatten().any(|extent| match extent {
                Extent::Dimension(dimension) => self.is_of_columns(*dimension),
                Extent::Fixed(_) => false,
            });
            if *declared || *role != Role::Parameter || !by_rows {
                continue;
            }
            let first = *first;
            let same = self.columns.names().find(|column| column.to_lowercase() == name.to_lowercase());
            if let Some(suggestion) = same.or_else(|| closest(name, self.columns.names())) {
                let (name, suggestion) = (name.to_string(), suggestion.to_owned());
                let problem = Problem::MisspelledColumn { name, suggestion: suggestion.clone() };
                self.report(Diagnostic::new(problem, first).fix(first, suggestion));
            }
        }
    }

    /// Whether a size is that of columns of the data.
    fn is_of_columns(&self, dimension: DimensionId) -> bool {
        let name = &self.dimensions[self.representative(dimension).0 as usize].name;
        let own = |size: &str| self.column_dimensions.get(size).map_or(size == &**name, |own| own == name);
        self.columns.names().filter_map(|column| self.columns.shape(column)).flatten().any(
            |size| match size {
                Size::Named(size) => own(size),
                Size::Fixed(_) => false,
            },
        )
    }

    /// Indices of a definition must not hide anything.
    pub(super) fn check_parameters(&mut self, definition: &Definition) {
        if definition.kind == DefinitionKind::Indexed {
            for parameter in &definition.parameters {
                self.index_names.insert(parameter.text.clone());
                self.check_index(parameter);
            }
        }
    }

    /// An index must not hide another name.
    pub(super) fn check_index(&mut self, name: &Name) -> bool {
        let other = match self.globals.get(&name.text) {
            Some(Global::Array(array)) if !self.arrays[array.0 as usize].declared => None,
            Some(&global) => Some(self.global_span(global)),
            None => None,
        };
        let hides_local = self.scope.iter().any(|(local, _)| *local == name.text);
        if other.is_none() && !hides_local {
            return true;
        }
        let mut diagnostic =
            Diagnostic::new(Problem::IndexHidesName { name: name.text.to_string() }, name.span);
        if let Some(other) = other {
            diagnostic = diagnostic.note(other, "the other meaning");
        }
        self.report(diagnostic);
        false
    }

    /// A name that is an index in one place and an undeclared parameter in another is a slip.
    pub(super) fn check_index_names(&mut self) {
        for at in 0..self.arrays.len() {
            let array = &self.arrays[at];
            if !array.declared && self.index_names.contains(&array.name) && array.role == Role::Parameter {
                let problem = Problem::IndexOutside { name: array.name.to_string() };
                let span = array.first;
                self.complain(problem, span);
            }
        }
    }

    /// Complains about a call of something that cannot be called.
    pub(super) fn unknown_function(&mut self, name: &Name, argument: Option<SpanId>) -> Value {
        let text = name.text.to_string();
        if self.is_rust() {
            return self.complain(Problem::UnknownRustFunction { name: text }, name.span);
        }
        if let Some(Global::Array(_) | Global::Dimension(..)) = self.globals.get(&name.text) {
            let product = format!("{text} * ");
            return self.report(
                Diagnostic::new(Problem::NotAFunction { name: text }, name.span).fix(name.span, product),
            );
        }
        if let Some(advice) = builtins::foreign(&text) {
            let problem = Problem::ForeignFunction { name: text, advice: advice.to_owned() };
            return self.complain(problem, name.span);
        }
        let own = self.functions.iter().filter(|f| f.kind == DefinitionKind::Function).map(|f| &*f.name);
        let suggestion = closest(&text, own.chain(builtins::names().map(|n| n as &str))).map(str::to_owned);
        let known_column = self.columns.shape(&text).is_some();
        let diagnostic = match suggestion {
            Some(suggestion) => {
                let problem = Problem::MisspelledFunction { name: text, suggestion: suggestion.clone() };
                Diagnostic::new(problem, name.span).fix(name.span, suggestion)
            }
            None if known_column || argument.is_none() => {
                Diagnostic::new(Problem::NotAFunction { name: text }, name.span)
            }
            None => Diagnostic::new(Problem::UnknownFunction { name: text }, name.span),
        };
        self.report(diagnostic)
    }

    /// The value of a local name.
    fn local(&mut self, at: usize, span: SpanId) -> Value {
        for frame in &mut self.frames {
            if at < frame.barrier {
                frame.note_read(at, None);
            }
        }
        let name = self.scope[at].0.clone();
        if self.frames.iter().any(|f| f.changes.iter().any(|c| c.at == at)) {
            let problem = Problem::ReadWhileAccumulating { name: name.to_string() };
            self.refuse_recurrence(problem, at, span);
            return Value::Missing;
        }
        match self.scope[at].1.clone() {
            Binding::Value(value) => value,
            Binding::Chain(group, operands, whole) => Value::computed(self.chain(group, operands), whole),
        }
    }
}
