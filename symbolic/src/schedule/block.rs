//! Building of blocks: loops open and close, scalars are bound where their deepest index lives.

use std::collections::{HashMap, HashSet};

use super::kernel::{Block, Kernel, Operand, Operation, Request, Slot, Statement, Table};
use super::needs::Need;
use super::task::{Action, Pass, Task, place};
use super::tiles::Lanes;
use crate::functions::Function;
use crate::graph::{Affine, Expr, Graph, Index, Node, Number, Subscript};

/// State of the scheduling of one kernel.
pub(super) struct Scheduler<'g> {
    pub(super) graph: &'g mut Graph,
    /// The open blocks, outermost first; the first has no index.
    pub(super) open: Vec<Open>,
    /// How deep each slot is bound.
    depths: Vec<usize>,
    /// How many products divide by each expression: more than one, and its reciprocal is shared.
    pub(super) divisors: HashMap<Expr, usize>,
    tables: Vec<Vec<Affine>>,
    /// Expressions with indices renamed, which are asked for at every level and by every user.
    pub(super) patterns: HashMap<(Expr, Vec<(Index, Index)>), Expr>,
    /// What nodes cost, by position in the arena.
    pub(super) weights: Vec<(u32, bool)>,
}

/// A block being built.
#[derive(Default)]
pub(super) struct Open {
    pub(super) index: Option<Index>,
    statements: Block,
    pub(super) nodes: HashMap<Expr, Operand>,
    operations: HashMap<Operation, Slot>,
    /// Local arrays filled in this block, by the pattern of what they hold.
    pub(super) tables: HashMap<Expr, Table>,
}

impl<'g> Scheduler<'g> {
    pub(super) fn new(graph: &'g mut Graph, tasks: &[Task]) -> Scheduler<'g> {
        let roots: Vec<Expr> = tasks.iter().map(|task| task.action.value()).collect();
        let mut divisors = HashMap::new();
        for expr in graph.reachable(&roots, |_, _| true) {
            if let Node::Product(factors) = graph.node(expr) {
                for (base, _) in factors.iter().filter(|(_, exponent)| exponent.is_negative()) {
                    *divisors.entry(*base).or_insert(0) += 1;
                }
            }
        }
        Scheduler {
            graph,
            open: vec![Open::default()],
            depths: Vec::new(),
            divisors,
            tables: Vec::new(),
            patterns: HashMap::new(),
            weights: Vec::new(),
        }
    }

    pub(super) fn kernel(mut self, tasks: Vec<Task>, request: Request) -> Kernel {
        self.run(tasks);
        let body = self.open.pop().map(|open| open.statements).unwrap_or_default();
        let g = self.graph;
        Kernel {
            request,
            dimensions: g.dimensions().to_vec(),
            arrays: g.arrays().map(|(_, declaration)| declaration.clone()).collect(),
            indices: g.indices().to_vec(),
            tables: self.tables,
            slots: self.depths.len(),
            families: Vec::new(),
            body,
            rows: None,
            obstacles: Vec::new(),
            lanes: Lanes::default(),
            dispatched: false,
        }
    }

    /// Schedules tasks in the innermost open block, what they need first.
    fn run(&mut self, tasks: Vec<Task>) {
        for level in self.plan(tasks) {
            for need in &level.needs {
                self.announce(need);
            }
            for group in self.fuse(level.tasks) {
                match group {
                    (None, tasks) => tasks.into_iter().for_each(|task| self.perform(task.action)),
                    (Some(pass), tasks) => self.nest(pass, tasks),
                }
            }
            for need in level.needs {
                let Some(block) = self.open.last_mut() else { continue };
                match need {
                    Need::Scalar { reduce, slot, .. } => {
                        block.nodes.insert(reduce, Operand::Slot(slot));
                    }
                    Need::Table { pattern, table, .. } => {
                        block.tables.insert(pattern, table);
                    }
                }
            }
        }
    }

    fn announce(&mut self, need: &Need) {
        match *need {
            Need::Scalar { slot, kind, .. } => self.push(Statement::Start(slot, kind)),
            Need::Table { table, accumulated: true, .. } => self.push(Statement::Clear(table)),
            Need::Table { .. } => {}
        }
    }

    /// Schedules tasks in a loop of their own.
    pub(super) fn nest(&mut self, pass: Pass, tasks: Vec<Task>) {
        self.open.push(Open { index: Some(pass.index), ..Open::default() });
        self.run(tasks);
        if let Some(block) = self.open.pop() {
            self.push(Statement::Loop(pass.index, pass.range, block.statements));
        }
    }

    /// Groups tasks by the loop they open next; equal ranges become one loop, by renaming where no binder
    /// of the task is in the way.
    fn fuse(&mut self, tasks: Vec<Task>) -> Vec<(Option<Pass>, Vec<Task>)> {
        let mut groups: Vec<(Option<Pass>, Vec<Task>)> = Vec::new();
        for mut task in tasks {
            let first = (!task.loops.is_empty()).then(|| task.loops.remove(0));
            let mut at = None;
            for (position, (pass, _)) in groups.iter().enumerate() {
                let fits = match (pass, &first) {
                    (None, None) => true,
                    (Some(open), Some(own)) if open == own => true,
                    (Some(open), Some(own)) if open.range == own.range => {
                        let value = task.action.value();
                        let taken = self.graph.bound(value).contains(&open.index)
                            || self.graph.free(value).contains(&open.index)
                            || task.loops.iter().any(|pass| pass.index == open.index);
                        if !taken {
                            task.rename(self.graph, own.index, open.index);
                        }
                        !taken
                    }
                    _ => false,
                };
                if fits {
                    at = Some(position);
                    break;
                }
            }
            match at {
                Some(position) => groups[position].1.push(task),
                None => groups.push((first, vec![task])),
            }
        }
        groups
    }

    fn perform(&mut self, action: Action) {
        let value = self.evaluate(action.value());
        let statement = match action {
            Action::Value(_) => Statement::Value(value),
            Action::Gradient(leaf, _) => match place(self.graph, leaf) {
                Some(place) => Statement::Gradient(place, value),
                None => return,
            },
            Action::Hessian(row, column, triangle, _) => {
                match (place(self.graph, row), place(self.graph, column)) {
                    (Some(row), Some(column)) => Statement::Hessian(row, column, triangle, value),
                    _ => return,
                }
            }
            Action::Derivative(order, _) => Statement::Derivative(order, value),
            Action::Diagonal(row, column, _) => match (place(self.graph, row), place(self.graph, column)) {
                (Some(row), Some(column)) => Statement::Diagonal(row, column, value),
                _ => return,
            },
            Action::Entry(entry, _) => match entry.place(self.graph) {
                Some(entry) => Statement::Entry(entry, value),
                None => return,
            },
            Action::Coordinates(entry, _) => match entry.place(self.graph) {
                Some(entry) => Statement::Coordinates(entry),
                None => return,
            },
            Action::Accumulate(slot, kind, _) => Statement::Combine(slot, kind, value),
            Action::Store(table, at, _) => Statement::Store(table, at, value),
            Action::Add(table, at, _) => Statement::Add(table, at, value),
        };
        self.push(statement);
    }

    /// The value of an expression, bound where its deepest index lives.
    pub(super) fn evaluate(&mut self, root: Expr) -> Operand {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        let mut pending = vec![(root, false)];
        while let Some((expr, is_complete)) = pending.pop() {
            if is_complete {
                order.push(expr);
                continue;
            }
            if self.known(expr).is_some() || !seen.insert(expr) {
                continue;
            }
            if let Some((table, at)) = self.find_table(expr) {
                let operand = self.emit(Operation::Read(table, at));
                self.remember(expr, operand);
                continue;
            }
            pending.push((expr, true));
            if !matches!(self.graph.node(expr), Node::Reduce(..)) && self.graph.as_affine(expr).is_none() {
                let first = pending.len();
                self.graph.node(expr).for_each_arg(|arg| pending.push((arg, false)));
                pending[first..].reverse();
            }
        }
        for expr in order {
            if self.known(expr).is_none() {
                let operand = self.compute(expr);
                self.remember(expr, operand);
            }
        }
        self.operand(root)
    }

    fn compute(&mut self, expr: Expr) -> Operand {
        // Integers are added up as such.
        if let Some(affine) = self.graph.as_affine(expr) {
            return self.emit(Operation::IndexValue(affine));
        }
        match self.graph.node(expr).clone() {
            Node::Number(number) => Operand::Number(number),
            Node::Leaf(array, subscripts) => self.emit(Operation::Load(array, subscripts.to_vec())),
            Node::IndexValue(symbol) => self.emit(Operation::IndexValue(symbol.into())),
            Node::Sum(terms) => self.sum(&terms),
            Node::Product(factors) => self.product(&factors),
            Node::Apply(Function::Quotient, args) => {
                let [a, b] = [args[0], args[1]].map(|e| self.operand(e));
                self.emit(Operation::Div(a, b))
            }
            Node::Apply(function, args) => {
                let args = args.iter().map(|&arg| self.operand(arg)).collect();
                self.emit(Operation::Call(function, args))
            }
            Node::Select(condition, a, b) => {
                let [condition, a, b] = [condition.expr(), a, b].map(|e| self.operand(e));
                self.emit(Operation::Select(condition, a, b))
            }
            Node::Compare(comparison, a, b) => {
                let [a, b] = [a, b].map(|e| self.operand(e));
                self.emit(Operation::Compare(comparison, a, b))
            }
            Node::And(a, b) => {
                let [a, b] = [a.expr(), b.expr()].map(|e| self.operand(e));
                self.emit(Operation::And(a, b))
            }
            Node::Or(a, b) => {
                let [a, b] = [a.expr(), b.expr()].map(|e| self.operand(e));
                self.emit(Operation::Or(a, b))
            }
            Node::Not(a) => {
                let a = self.operand(a.expr());
                self.emit(Operation::Not(a))
            }
            // Planning brings reductions before their users; one it could not place runs here.
            Node::Reduce(kind, index, body) => {
                let slot = self.slot(self.open.len() - 1);
                self.push(Statement::Start(slot, kind));
                let pass = Pass { index, range: self.graph.range(index).clone() };
                self.nest(
                    pass,
                    vec![Task { loops: Vec::new(), action: Action::Accumulate(slot, kind, body) }],
                );
                Operand::Slot(slot)
            }
        }
    }

    /// The operand of an expression already evaluated.
    pub(super) fn operand(&self, expr: Expr) -> Operand {
        self.known(expr).unwrap_or(Operand::Number(Number::float(f64::NAN)))
    }

    pub(super) fn known(&self, expr: Expr) -> Option<Operand> {
        self.open.iter().rev().find_map(|block| block.nodes.get(&expr)).copied()
    }

    fn remember(&mut self, expr: Expr, operand: Operand) {
        let depth = self.depth(operand);
        self.open[depth].nodes.insert(expr, operand);
    }

    /// Binds an operation in the shallowest block that has all it uses, or finds it bound there.
    pub(super) fn emit(&mut self, operation: Operation) -> Operand {
        let mut depth = 0;
        operation.for_each_operand(|operand| depth = depth.max(self.depth(operand)));
        match &operation {
            Operation::Load(_, subscripts) => {
                for subscript in subscripts {
                    depth = depth.max(self.depth_of_subscript(subscript));
                }
            }
            Operation::Read(_, at) => {
                depth = at.iter().map(|affine| self.depth_of_affine(affine)).fold(depth, usize::max);
            }
            Operation::IndexValue(affine) => depth = depth.max(self.depth_of_affine(affine)),
            _ => {}
        }
        if let Some(&slot) = self.open[depth].operations.get(&operation) {
            return Operand::Slot(slot);
        }
        let slot = self.slot(depth);
        self.open[depth].statements.push(Statement::Let(slot, operation.clone()));
        self.open[depth].operations.insert(operation, slot);
        Operand::Slot(slot)
    }

    /// How many loops are open around the place where an operand is bound.
    pub(super) fn depth(&self, operand: Operand) -> usize {
        match operand {
            Operand::Slot(slot) => self.depths[slot.0 as usize],
            Operand::Number(_) => 0,
        }
    }

    fn depth_of_subscript(&self, subscript: &Subscript) -> usize {
        let mut depth = 0;
        subscript.visit_affine(&mut |affine| depth = depth.max(self.depth_of_affine(affine)));
        depth
    }

    fn depth_of_affine(&self, affine: &Affine) -> usize {
        let position = |index| self.open.iter().position(|block| block.index == Some(index));
        affine.indices().filter_map(position).max().unwrap_or(0)
    }

    pub(super) fn slot(&mut self, depth: usize) -> Slot {
        self.depths.push(depth);
        Slot((self.depths.len() - 1) as u32)
    }

    pub(super) fn table(&mut self, shape: Vec<Affine>) -> Table {
        self.tables.push(shape);
        Table((self.tables.len() - 1) as u32)
    }

    fn push(&mut self, statement: Statement) {
        if let Some(block) = self.open.last_mut() {
            block.statements.push(statement);
        }
    }
}
