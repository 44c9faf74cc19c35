//! Names, roles, shapes, extents and ranges: from the syntax tree to terms without names.
//!
//! Resolving is evaluation over symbolic values: a definition is evaluated for the arguments it is used with
//! (once for equal ones), so that each use sees the positions it stands for. Ranges and extents that follow from
//! use are settled at the end, when all uses are known.

mod arrays;
mod branches;
mod calls;
mod expressions;
pub(crate) mod form;
mod integers;
mod local_arrays;
mod loops;
mod matrices;
mod names;
mod order;
mod ranges;
mod reached;
mod records;
mod sizes;
mod statements;
mod substitute;
mod tables;
pub(crate) mod term;
mod value;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::builtins::{builtin, reduction};
use crate::diagnostic::{Diagnostic, Problem};
use crate::formula::Columns;
use crate::syntax::{Axis, Dialect, Node, NodeId, Pattern, Program, Role, SpanId};
use arrays::{Access, ArrayInfo, BinderInfo, DimensionInfo};
use form::{BinderId, Form};
use names::Global;
#[cfg(feature = "rust")]
pub(crate) use names::is_constant_name;
use term::{Extent, Resolved, ResolvedArray, Term, TermId, Terms};
use value::{Binding, Frame, FunctionId, FunctionValue, LocalArray, Value};

/// The deepest nesting of expressions, the definitions they use included: what the 2 MB stack of a thread
/// holds in a build without optimization.
const MAX_DEPTH: usize = 320;
/// The deepest nesting of reductions and loops.
const MAX_LOOPS: usize = 64;
/// The largest number of distinct terms definitions may expand to.
const MAX_TERMS: usize = 1 << 20;

/// Settles every name, role, shape and range, or says all that is wrong.
pub(crate) fn resolve(program: &Program, columns: &Columns) -> Result<Resolved, Vec<Diagnostic<SpanId>>> {
    let mut resolver = Resolver {
        program,
        columns,
        diagnostics: Vec::new(),
        terms: Terms::default(),
        dimensions: Vec::new(),
        arrays: Vec::new(),
        globals: HashMap::new(),
        column_dimensions: HashMap::new(),
        subscript_counts: HashMap::new(),
        index_names: HashSet::new(),
        functions: Vec::new(),
        memo: HashMap::new(),
        binders: Vec::new(),
        accesses: Vec::new(),
        locals: Vec::new(),
        substitutions: HashMap::new(),
        unrolled: 0,
        carried: Vec::new(),
        scope: Vec::new(),
        frames: Vec::new(),
        row: None,
        isolated: false,
        depth: 0,
        loops: 0,
        exhausted: false,
    };
    resolver.declare();
    let Some(error) = resolver.evaluate() else { return Err(resolver.diagnostics) };
    resolver.check_index_names();
    resolver.settle();
    resolver.check_sizes();
    resolver.check_columns();
    if !resolver.diagnostics.is_empty() {
        return Err(resolver.diagnostics);
    }
    Ok(resolver.finish(error))
}

struct Resolver<'a> {
    program: &'a Program,
    columns: &'a Columns,
    diagnostics: Vec<Diagnostic<SpanId>>,
    terms: Terms,
    dimensions: Vec<DimensionInfo>,
    arrays: Vec<ArrayInfo>,
    globals: HashMap<Rc<str>, Global>,
    /// What the dimensions of the data set are called in the program.
    column_dimensions: HashMap<Rc<str>, Rc<str>>,
    /// How many subscripts a name has where it has any.
    subscript_counts: HashMap<Rc<str>, usize>,
    index_names: HashSet<Rc<str>>,
    functions: Vec<FunctionValue>,
    memo: HashMap<(FunctionId, Vec<Value>, Option<BinderId>), Value>,
    binders: Vec<BinderInfo>,
    accesses: Vec<Access>,
    /// Arrays of the function, one for every state they were in.
    locals: Vec<LocalArray>,
    substitutions: HashMap<(TermId, Vec<(BinderId, Form)>), TermId>,
    /// The iterations written out so far.
    unrolled: usize,
    /// Names that one iteration hands to the next, as far as complained about.
    carried: Vec<(Rc<str>, SpanId)>,
    scope: Vec<(Rc<str>, Binding)>,
    frames: Vec<Frame>,
    /// The index of an elementwise reduction, which whole arrays are subscripted with.
    row: Option<BinderId>,
    /// Whether the arguments of the error function are out of sight.
    isolated: bool,
    depth: usize,
    loops: usize,
    exhausted: bool,
}

impl Resolver<'_> {
    fn declare(&mut self) {
        let program = self.program;
        for declaration in &program.declarations {
            let shape = declaration
                .shape
                .iter()
                .map(|axis| Some(self.extent(axis, &declaration.name.text)))
                .collect();
            let array = self.new_array(ArrayInfo {
                name: declaration.name.text.clone(),
                role: declaration.role,
                shape,
                declared: true,
                first: declaration.name.span,
            });
            self.global(&declaration.name, Global::Array(array));
        }
        for definition in &program.definitions {
            let function = FunctionId(self.functions.len() as u32);
            self.functions.push(FunctionValue {
                name: definition.name.text.clone(),
                kind: definition.kind,
                patterns: definition.parameters.iter().cloned().map(Pattern::Name).collect(),
                body: definition.body,
                table: None,
                scope: Vec::new(),
            });
            self.global(&definition.name, Global::Function(function, definition.name.span));
            self.check_parameters(definition);
        }
        self.count_subscripts();
    }

    fn extent(&mut self, axis: &Axis, array: &Rc<str>) -> Extent {
        match axis {
            Axis::Fixed(size) => Extent::Fixed(*size),
            Axis::Named(name) => Extent::Dimension(self.declared_dimension(name)),
            Axis::Anonymous => Extent::Dimension(self.new_dimension(array.clone(), true)),
        }
    }

    /// Evaluates E, then what E does not need, for its complaints.
    fn evaluate(&mut self) -> Option<TermId> {
        let order = self.definition_order()?;
        for &function in &order {
            let function = FunctionId(function as u32);
            if self.functions[function.0 as usize].patterns.is_empty() {
                self.instantiate(function, Vec::new());
            }
        }
        let error = self.program.error;
        let value = match self.functions.iter().position(|f| f.body == error) {
            Some(at) => self.instantiate(FunctionId(at as u32), Vec::new()),
            None => self.value(error),
        };
        let error = self.number(value, error);
        self.check_unused();
        Some(error)
    }

    /// A definition with arguments that nothing uses has no values to be evaluated for: its calls are looked up.
    fn check_unused(&mut self) {
        let program = self.program;
        let used: HashSet<FunctionId> = self.memo.keys().map(|key| key.0).collect();
        for (at, definition) in program.definitions.iter().enumerate() {
            if used.contains(&FunctionId(at as u32)) {
                continue;
            }
            let mut pending = vec![definition.body];
            while let Some(node) = pending.pop() {
                if let Node::Call(name, args) = program.tree.node(node) {
                    let known = builtin(&name.text).is_some() || reduction(&name.text).is_some();
                    if !known && !matches!(self.globals.get(&name.text), Some(Global::Function(..))) {
                        self.unknown_function(name, args.first().map(|&a| self.span(a)));
                    }
                }
                program.tree.for_each_child(node, &mut |child| pending.push(child));
            }
        }
    }

    fn finish(self, error: TermId) -> Resolved {
        let mut needed = vec![false; self.terms.len()];
        needed[error.0 as usize] = true;
        let mut used = HashSet::new();
        for at in (0..needed.len()).rev() {
            if needed[at] {
                let term = self.terms.get(TermId(at as u32));
                term.for_each_operand(&mut |operand| needed[operand.0 as usize] = true);
                if let Term::Leaf(array, positions) = term {
                    used.insert(*array);
                    arrays::visit_lookups(positions, &mut |array| {
                        used.insert(array);
                    });
                }
            }
        }
        let mut order: Vec<_> = (0..self.arrays.len() as u32)
            .map(term::ArrayId)
            .filter(|id| self.arrays[id.0 as usize].declared || used.contains(id))
            .collect();
        order.sort_by_key(|id| {
            let array = &self.arrays[id.0 as usize];
            (!array.declared, if array.declared { SpanId(id.0) } else { array.first })
        });
        let representatives =
            (0..self.dimensions.len() as u32).map(|at| self.representative(form::DimensionId(at))).collect();
        Resolved {
            arrays: order
                .into_iter()
                .map(|id| {
                    let array = &self.arrays[id.0 as usize];
                    // Settling complains about every axis it leaves open.
                    let shape = array.shape.iter().map(|e| e.clone().unwrap_or(Extent::Fixed(0))).collect();
                    (id, ResolvedArray { name: array.name.clone(), role: array.role, shape })
                })
                .collect(),
            dimensions: self.dimension_names(),
            representatives,
            ranges: self
                .binders
                .iter()
                .map(|b| b.range.clone().unwrap_or((form::Form::constant(0), form::Form::constant(0))))
                .collect(),
            needed,
            terms: self.terms,
            error,
        }
    }

    fn is_rust(&self) -> bool {
        self.program.dialect == Dialect::Rust
    }

    fn span(&self, node: NodeId) -> SpanId {
        self.program.tree.span(node)
    }

    fn complain(&mut self, problem: Problem, span: SpanId) -> Value {
        self.report(Diagnostic::new(problem, span))
    }

    fn report(&mut self, diagnostic: Diagnostic<SpanId>) -> Value {
        self.diagnostics.push(diagnostic);
        Value::Missing
    }

    fn term(&mut self, term: Term) -> TermId {
        let id = self.terms.intern(term);
        if self.terms.len() > MAX_TERMS && !self.exhausted {
            self.exhausted = true;
            self.complain(Problem::TooManyTerms { limit: MAX_TERMS }, self.span(self.program.error));
        }
        id
    }

    fn integer(&mut self, value: i64) -> TermId {
        self.term(Term::Index(form::Form::constant(value)))
    }

    /// Whether data was declared with this role.
    fn is_data(role: Role) -> bool {
        matches!(role, Role::Data | Role::Lookup)
    }
}
