//! Ends of iterator chains: sums, products, counts, folds, arrays.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::Reader;
use super::statements::plain_name;
use crate::builtins::{Builtin, Reduction};
use crate::syntax::{Comparison, Node, NodeId, Pattern, Place, Statement, Update};

impl Reader {
    /// `receiver.sum()`
    pub(super) fn reduction(&mut self, kind: Reduction, receiver: &Expr, span: Span) -> NodeId {
        let walk = self.walked(receiver);
        let mut item = walk.item;
        if !walk.guards.is_empty() {
            let neutral = match kind {
                Reduction::Sum => "0",
                Reduction::Product => "1",
                _ => return self.filtered_extreme(&span),
            };
            let holds = self.all(walk.guards, span);
            let neutral = self.push(Node::Number(neutral.into()), span);
            item = self.push(Node::If(holds, item, neutral), span);
        }
        self.push(Node::Reduce(kind, walk.binders, item), span)
    }

    /// `receiver.count()`, `receiver.any(…)`, `receiver.all(…)`
    pub(super) fn counted(&mut self, call: &ExprMethodCall, step: Option<&Expr>) -> NodeId {
        let span = call.span();
        let sequence = self.sequence(&call.receiver);
        if step.is_none() && sequence.is_plain() {
            let mut lengths = Vec::new();
            self.lengths(&sequence, &mut lengths);
            let length = self.push(Node::Shortest(lengths), span);
            let zero = self.push(Node::Integer("0".into()), span);
            return self.push(Node::Apply(Builtin::Max, vec![length, zero]), span);
        }
        let mut walk = self.walk(&sequence, span);
        let every = call.method == "all";
        if let Some(step) = step {
            let Expr::Closure(closure) = step else {
                return self.unsupported("this step", "write a closure of one argument", step);
            };
            let Some(pattern) = closure.inputs.first() else {
                return self.unsupported("this step", "write a closure of one argument", step);
            };
            let pattern = self.pattern(pattern);
            let mut holds = self.closure_body(&closure.body);
            holds = self.push(Node::Block(vec![Statement::Let(pattern, walk.item)], holds), span);
            if every {
                holds = self.push(Node::Not(holds), span);
            }
            walk.guards.push(holds);
        }
        let holds = self.all(walk.guards, span);
        let [one, zero] = ["1", "0"].map(|text| self.push(Node::Number(text.into()), span));
        let item = self.push(Node::If(holds, one, zero), span);
        let count = self.push(Node::Reduce(Reduction::Sum, walk.binders, item), span);
        match step {
            None => count,
            Some(_) => {
                let comparison = if every { Comparison::Equal } else { Comparison::Greater };
                self.push(Node::Compare(comparison, count, zero), span)
            }
        }
    }

    fn all(&mut self, guards: Vec<NodeId>, span: Span) -> NodeId {
        match guards[..] {
            [only] => only,
            _ => self.push(Node::And(guards), span),
        }
    }

    /// `receiver.fold(init, step)`: a loop with an accumulator.
    pub(super) fn fold(&mut self, call: &ExprMethodCall, init: &Expr, step: &Expr) -> NodeId {
        let span = call.span();
        let start = self.expression(init);
        let walk = self.walked(&call.receiver);
        // The accumulator has a name of its own: what is walked may be called like that of the closure.
        let total = self.fresh_name(span);
        let read_total = self.tree.push(Node::Name(total.text.clone()), total.span);
        let (updates, mut inner) = match step {
            Expr::Closure(closure) if closure.inputs.len() == 2 => {
                let Some(own) = plain_name(&closure.inputs[0]) else {
                    let instead = "use one accumulator per fold, or a `for` loop";
                    return self.unsupported("a fold of several values", instead, &closure.inputs[0]);
                };
                let pattern = self.pattern(&closure.inputs[1]);
                let mut inner = vec![Statement::Let(pattern, walk.item)];
                let mut body = &*closure.body;
                while let Expr::Block(block) = body
                    && let [syn::Stmt::Expr(only, None)] = &block.block.stmts[..]
                {
                    body = only;
                }
                let updates = self.assigned(&syn::parse_quote!(#own), body);
                if updates.iter().any(|(_, value)| self.mentions(*value, &own.to_string())) {
                    let own = self.name(own);
                    inner.push(Statement::Let(Pattern::Name(own), read_total));
                }
                (updates, inner)
            }
            Expr::Path(path) => {
                let update = match path.path.segments.last().map(|s| s.ident.to_string()).as_deref() {
                    Some("max") => Update::Max,
                    Some("min") => Update::Min,
                    Some("add") => Update::Add,
                    Some("mul") => Update::Multiply,
                    _ => return self.unsupported_fold(step),
                };
                (vec![(update, walk.item)], Vec::new())
            }
            _ => return self.unsupported_fold(step),
        };
        let is_extreme = updates.iter().any(|(update, _)| matches!(update, Update::Max | Update::Min));
        if !walk.guards.is_empty() && is_extreme {
            return self.filtered_extreme(&call.method);
        }
        let place = Place { name: total.clone(), subscripts: Vec::new() };
        inner.extend(
            updates.into_iter().map(|(update, value)| Statement::Update(place.clone(), update, value)),
        );
        for guard in walk.guards.into_iter().rev() {
            inner = vec![Statement::If(guard, inner, Vec::new())];
        }
        for binder in walk.binders.into_iter().rev() {
            inner = vec![Statement::For(binder, inner)];
        }
        let mut statements = vec![Statement::Let(Pattern::Name(total), start)];
        statements.extend(inner);
        self.push(Node::Block(statements, read_total), span)
    }

    fn mentions(&self, node: NodeId, name: &str) -> bool {
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            if matches!(self.tree.node(node), Node::Name(text) if &**text == name) {
                return true;
            }
            self.tree.for_each_child(node, &mut |child| pending.push(child));
        }
        false
    }

    fn filtered_extreme(&mut self, at: &impl Spanned) -> NodeId {
        let instead = "choose the value: `map(|x| if … { x } else { f64::MIN })`";
        self.unsupported("a largest or smallest value of filtered items", instead, at)
    }

    fn unsupported_fold(&mut self, step: &Expr) -> NodeId {
        let instead = "write `|total, x| total + …`, or a `for` loop";
        self.unsupported("this fold", instead, step)
    }
}
