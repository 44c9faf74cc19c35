//! Calls: definitions, closures, built-in functions, reductions.

use hesse_symbolic::functions::Function;

use super::Resolver;
use super::expressions::is_integer;
use super::form::{BinderId, Form};
use super::term::{Kind, Term, TermId};
use super::value::{Binding, Frame, FunctionId, Value};
use crate::builtins::{self, Builtin, Reduction};
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{Binder, DefinitionKind, Name, Node, NodeId, Positions, SpanId};

impl Resolver<'_> {
    /// `name(args)`
    pub(super) fn call(&mut self, name: &Name, args: &[NodeId], span: SpanId) -> Value {
        // A function from outside is called by its name and a mark.
        let plain = name.text.split('#').next().unwrap_or_default();
        let local = self.scope.iter().rev().find(|(known, _)| **known == *plain).map(|s| s.1.clone());
        let function = match (local, self.globals.get(&name.text)) {
            (Some(Binding::Value(Value::Function(function))), _) => Some(function),
            (Some(Binding::Value(Value::Missing)), _) => return Value::Missing,
            (Some(_), _) => {
                return self.complain(Problem::NotAFunction { name: name.text.to_string() }, name.span);
            }
            (None, Some(&super::Global::Function(function, _))) => Some(function),
            (None, _) => None,
        };
        if let Some(function) = function {
            return self.call_function(function, name, args, span);
        }
        if self.is_rust() {
            return self.unknown_function(name, None);
        }
        if let Some(kind) = builtins::reduction(&name.text)
            && let Some((binders, body)) = self.reduction_arguments(kind, args)
        {
            return self.reduce(kind, &binders, body);
        }
        if let Some(&binder) = args.iter().find(|&&a| matches!(self.program.tree.node(a), Node::Binder(_))) {
            return self.complain(Problem::MisplacedBinder, self.span(binder));
        }
        match (builtins::builtin(&name.text), builtins::reduction(&name.text)) {
            (Some(builtin), _) if !(args.len() == 1 && builtin.arity().0 == 2 && builtin.arity().1 > 2) => {
                self.check_arity(&name.text, builtin.arity(), args.len(), span)
                    .unwrap_or_else(|| self.apply(builtin, args, span))
            }
            (_, Some(kind)) if args.len() == 1 => self.apply(Builtin::Elements(kind), args, span),
            (_, Some(_)) => self.complain(Problem::ReductionArguments { name: name.text.to_string() }, span),
            (_, None) => self.unknown_function(name, args.first().map(|&a| self.span(a))),
        }
    }

    fn call_function(&mut self, function: FunctionId, name: &Name, args: &[NodeId], span: SpanId) -> Value {
        let info = &self.functions[function.0 as usize];
        let (kind, count) = (info.kind, info.patterns.len());
        let name = name.text.split('#').next().unwrap_or_default().to_owned();
        match kind {
            DefinitionKind::Plain => return self.complain(Problem::NotAFunction { name }, span),
            DefinitionKind::Indexed => return self.complain(Problem::ParenthesesForIndexed { name }, span),
            DefinitionKind::Function => {}
        }
        if let Some(missing) = self.check_arity(&name, (count, count), args.len(), span) {
            return missing;
        }
        let values: Vec<Value> = args.iter().map(|&a| self.value(a)).collect();
        self.instantiate(function, values)
    }

    fn check_arity(
        &mut self,
        name: &str,
        (least, most): (usize, usize),
        found: usize,
        span: SpanId,
    ) -> Option<Value> {
        if (least..=most).contains(&found) {
            return None;
        }
        let expected = match (least, most) {
            (a, b) if a == b => format!("{a} argument{}", if a == 1 { "" } else { "s" }),
            (a, usize::MAX) => format!("at least {a} arguments"),
            (a, b) => format!("{a} or {b} arguments"),
        };
        let plural = if found == 1 { "" } else { "s" };
        let problem = Problem::ArgumentCount {
            name: name.to_owned(),
            expected,
            found: format!("{found} argument{plural}"),
        };
        Some(self.complain(problem, span))
    }

    /// The value of a function for these arguments; evaluated once for equal ones.
    pub(super) fn instantiate(&mut self, function: FunctionId, args: Vec<Value>) -> Value {
        let key = (function, args, self.row);
        if let Some(value) = self.memo.get(&key) {
            return value.clone();
        }
        let info = self.functions[function.0 as usize].clone();
        let scope = std::mem::replace(&mut self.scope, info.scope);
        let barrier = self.scope.len();
        let frames = std::mem::replace(
            &mut self.frames,
            vec![Frame { barrier, closed: true, index: None, changes: Vec::new(), reads: Vec::new() }],
        );
        // A function from outside sees none of the arguments of the one that calls it.
        let is_outside = self.is_rust() && (function.0 as usize) < self.program.definitions.len();
        let outer = self.isolated;
        self.isolated |= is_outside;
        for (pattern, value) in info.patterns.iter().zip(&key.1) {
            self.bind(pattern, value.clone());
        }
        let value = self.value(info.body);
        self.isolated = outer;
        self.scope = scope;
        self.frames = frames;
        self.memo.insert(key, value.clone());
        value
    }

    /// The indices and the body, where the arguments of `name` are those of a reduction.
    ///
    /// `max(i, f[i])` is one where `i` means nothing else and subscripts something in the last argument.
    fn reduction_arguments(&self, kind: Reduction, args: &[NodeId]) -> Option<(Vec<Binder>, NodeId)> {
        let tree = &self.program.tree;
        let (&body, heads) = args.split_last()?;
        let mut binders = Vec::new();
        let mut ranged = false;
        for &head in heads {
            match tree.node(head) {
                Node::Binder(binder) => {
                    ranged = true;
                    binders.push(binder.clone());
                }
                Node::Name(text) => {
                    let name = Name { text: text.clone(), span: tree.span(head) };
                    binders.push(Binder { name, positions: Positions::Inferred, reversed: false });
                }
                _ => return None,
            }
        }
        let reducing = match kind {
            Reduction::Max | Reduction::Min | Reduction::LogSumExp => {
                ranged
                    || binders
                        .iter()
                        .all(|b| self.is_unknown(&b.name.text) && self.subscripts(&b.name.text, body))
            }
            _ => true,
        };
        (reducing && !binders.is_empty()).then_some((binders, body))
    }

    fn is_unknown(&self, name: &str) -> bool {
        !self.globals.contains_key(name) && self.scope.iter().all(|(known, _)| &**known != name)
    }

    /// Whether `index` occurs in a subscript inside `body`.
    fn subscripts(&self, index: &str, body: NodeId) -> bool {
        let tree = &self.program.tree;
        let mut pending = vec![(body, false)];
        while let Some((node, inside)) = pending.pop() {
            match tree.node(node) {
                Node::Name(text) if inside && &**text == index => return true,
                Node::Subscript(base, subscripts) => {
                    pending.push((*base, inside));
                    pending.extend(subscripts.iter().map(|&s| (s, true)));
                }
                _ => tree.for_each_child(node, &mut |child| pending.push((child, inside))),
            }
        }
        false
    }

    /// A reduction over named indices, the first outermost.
    pub(super) fn reduce(&mut self, kind: Reduction, binders: &[Binder], body: NodeId) -> Value {
        self.loops += binders.len();
        let value = match self.loops > super::MAX_LOOPS {
            true => self.complain(Problem::TooManyLoops { limit: super::MAX_LOOPS }, self.span(body)),
            false => self.reduce_over(kind, binders, body),
        };
        self.loops -= binders.len();
        value
    }

    fn reduce_over(&mut self, kind: Reduction, binders: &[Binder], body: NodeId) -> Value {
        let outer = self.scope.len();
        let mut indices = Vec::with_capacity(binders.len());
        for binder in binders {
            let Some(index) = self.bind_index(binder) else {
                self.scope.truncate(outer);
                return Value::Missing;
            };
            indices.push(index);
        }
        let row = self.row.take();
        let barrier = self.scope.len();
        let (changes, reads) = (Vec::new(), Vec::new());
        self.frames.push(Frame { barrier, closed: true, index: None, changes, reads });
        let value = self.value(body);
        let whole = is_integer(&value);
        let mut term = self.number(value, body);
        self.frames.pop();
        self.row = row;
        self.scope.truncate(outer);
        for (at, &index) in indices.iter().enumerate().rev() {
            let (innermost, outermost) = (at + 1 == indices.len(), at == 0);
            term = self.reduced(kind, index, term, innermost, outermost);
        }
        Value::computed(term, whole)
    }

    /// Makes an index and brings its name into scope.
    pub(super) fn bind_index(&mut self, binder: &Binder) -> Option<BinderId> {
        let rust = self.is_rust();
        if !rust {
            self.index_names.insert(binder.name.text.clone());
            if !self.check_index(&binder.name) {
                return None;
            }
        }
        let range = match &binder.positions {
            Positions::Inferred => None,
            Positions::Between(lo, hi) => {
                let (lo, hi) = (self.form(*lo), self.form(*hi));
                Some((lo?, hi?))
            }
            Positions::Common(lengths) => {
                Some((Form::constant(0), self.common_length(lengths, binder.name.span)?))
            }
        };
        let index = self.new_binder(binder.name.text.clone(), binder.name.span, range);
        let value = Value::Integer { form: Form::binder(index), strict: rust };
        self.scope.push((binder.name.text.clone(), Binding::Value(value)));
        Some(index)
    }

    /// One reduction of `body`; what happens to the body first and to the result last depends on the kind.
    fn reduced(
        &mut self,
        kind: Reduction,
        index: BinderId,
        body: TermId,
        innermost: bool,
        outermost: bool,
    ) -> TermId {
        let two = self.integer(2);
        let body = match kind {
            Reduction::Norm if innermost => self.term(Term::Power(body, two)),
            Reduction::Min if innermost => self.negated(body),
            _ => body,
        };
        let reducing = match kind {
            Reduction::Sum | Reduction::Mean | Reduction::Norm => Kind::Sum,
            Reduction::Product => Kind::Product,
            Reduction::Max | Reduction::Min => Kind::Max,
            Reduction::LogSumExp => Kind::LogSumExp,
        };
        let reduced = self.term(Term::Reduce(reducing, index, body));
        match kind {
            Reduction::Norm if outermost => self.term(Term::Sqrt(reduced)),
            Reduction::Min if outermost => self.negated(reduced),
            Reduction::Mean => {
                let length = self.term(Term::Length(index));
                self.term(Term::Product(vec![(false, reduced), (true, length)]))
            }
            _ => reduced,
        }
    }

    /// A built-in function of unevaluated arguments.
    pub(super) fn apply(&mut self, builtin: Builtin, args: &[NodeId], span: SpanId) -> Value {
        match (builtin, args) {
            (Builtin::If, &[c, a, b]) => return self.choice(c, a, b),
            (Builtin::Dot | Builtin::Elements(_), _) => return self.elementwise(builtin, args, span),
            _ => {}
        }
        let values: Vec<Value> = args.iter().map(|&a| self.value(a)).collect();
        let whole = builtin.keeps_integers() && values.iter().all(is_integer);
        if let Some(known) = self.largest_of_integers(builtin, &values).filter(|_| whole) {
            return known;
        }
        let terms: Vec<TermId> = args.iter().zip(values).map(|(&a, value)| self.number(value, a)).collect();
        let term = match (builtin, &terms[..]) {
            (Builtin::Elementary(function), &[x]) => match self.rounded_quotient(function, x) {
                Some(rounded) => return Value::computed(rounded, whole),
                None => Term::Apply(function, terms),
            },
            (Builtin::Elementary(function), _) => Term::Apply(function, terms),
            (Builtin::Composite(composite), _) => Term::Composite(composite, terms),
            (Builtin::Sqrt, &[x]) => Term::Sqrt(x),
            (Builtin::Power, &[x, y]) => Term::Power(x, y),
            (Builtin::Log, &[x]) => Term::Apply(Function::Ln, vec![x]),
            (Builtin::Log, &[x, base]) => {
                let (x, base) = (
                    self.term(Term::Apply(Function::Ln, vec![x])),
                    self.term(Term::Apply(Function::Ln, vec![base])),
                );
                Term::Product(vec![(false, x), (true, base)])
            }
            (Builtin::Signum, &[x]) => {
                let (zero, one, minus_one) = (self.integer(0), self.integer(1), self.integer(-1));
                let negative = self.term(Term::Compare(crate::syntax::Comparison::Less, x, zero));
                Term::Select(negative, minus_one, one)
            }
            (Builtin::Delta, &[x, y]) => {
                let (zero, one) = (self.integer(0), self.integer(1));
                let equal = self.term(Term::Compare(crate::syntax::Comparison::Equal, x, y));
                Term::Select(equal, one, zero)
            }
            (Builtin::Max, [first, rest @ ..]) => {
                let all = self.folded(*first, rest, |_, a, b| Term::Apply(Function::Max, vec![a, b]));
                return Value::computed(all, whole);
            }
            (Builtin::Min, [first, rest @ ..]) => {
                let all = self.folded(*first, rest, |_, a, b| Term::Apply(Function::Min, vec![a, b]));
                return Value::computed(all, whole);
            }
            (Builtin::LogSumExp, [first, rest @ ..]) => {
                let fold = |_: &mut Self, a, b| Term::Apply(Function::LogAddExp, vec![a, b]);
                return Value::Number(self.folded(*first, rest, fold));
            }
            _ => return Value::Missing,
        };
        Value::computed(self.term(term), whole)
    }

    fn folded(
        &mut self,
        first: TermId,
        rest: &[TermId],
        join: fn(&mut Self, TermId, TermId) -> Term,
    ) -> TermId {
        rest.iter().fold(first, |all, &next| {
            let term = join(self, all, next);
            self.term(term)
        })
    }

    /// A reduction over the elements of all arrays that appear without a subscript.
    fn elementwise(&mut self, builtin: Builtin, args: &[NodeId], span: SpanId) -> Value {
        let index = self.new_binder("its elements".into(), span, None);
        let outer = self.row.replace(index);
        let terms: Vec<TermId> = args.iter().map(|&a| self.scalar(a)).collect();
        self.row = outer;
        if !terms.iter().any(|&t| self.mentions(t, index)) {
            let problem = match builtin {
                Builtin::Elements(kind) => Problem::NothingToReduce { name: reduction_name(kind).to_owned() },
                _ => Problem::NothingToReduce { name: "dot".to_owned() },
            };
            self.binders[index.0 as usize].range = Some((Form::constant(0), Form::constant(0)));
            if self.diagnostics.is_empty() {
                return self.report(Diagnostic::new(problem, span));
            }
            return Value::Missing;
        }
        let (kind, body) = match (builtin, &terms[..]) {
            (Builtin::Elements(kind), &[body]) => (kind, body),
            (_, &[a, b]) => (Reduction::Sum, self.term(Term::Product(vec![(false, a), (false, b)]))),
            _ => return Value::Missing,
        };
        Value::Number(self.reduced(kind, index, body, true, true))
    }

    /// Whether `term` has leaves subscripted with `index`, seen through definitions evaluated before.
    fn mentions(&self, term: TermId, index: BinderId) -> bool {
        let mut pending = vec![term];
        let mut seen = std::collections::HashSet::new();
        while let Some(term) = pending.pop() {
            if !seen.insert(term) {
                continue;
            }
            if let Term::Leaf(_, positions) = self.terms.get(term)
                && positions
                    .iter()
                    .any(|p| matches!(p, super::term::Position::Form(f) if f.binders().any(|b| b == index)))
            {
                return true;
            }
            self.terms.get(term).for_each_operand(&mut |operand| pending.push(operand));
        }
        false
    }
}

fn reduction_name(kind: Reduction) -> &'static str {
    match kind {
        Reduction::Sum => "sum",
        Reduction::Product => "prod",
        Reduction::Max => "max",
        Reduction::Min => "min",
        Reduction::Mean => "mean",
        Reduction::LogSumExp => "logsumexp",
        Reduction::Norm => "norm",
    }
}
