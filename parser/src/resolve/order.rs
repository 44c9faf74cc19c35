//! The order of evaluation of definitions, and circles among them.

use std::collections::HashMap;
use std::rc::Rc;

use super::Resolver;
use crate::diagnostic::{Diagnostic, Problem};
use crate::formula::MAX_DIAGNOSTICS;
use crate::syntax::{Node, NodeId};

/// Names of a circle that are listed.
const SHOWN: usize = 8;

impl Resolver<'_> {
    /// Definitions, those that others use first, those E needs before the rest; `None` where they go in circles.
    pub(super) fn definition_order(&mut self) -> Option<Vec<usize>> {
        let program = self.program;
        let positions: HashMap<Rc<str>, usize> =
            program.definitions.iter().enumerate().rev().map(|(at, d)| (d.name.text.clone(), at)).collect();
        let uses: Vec<Vec<usize>> =
            program.definitions.iter().map(|d| self.mentioned(d.body, &positions)).collect();
        let error = program.definitions.iter().position(|d| d.body == program.error);
        let mut order = Vec::with_capacity(uses.len());
        let mut state = vec![0u8; uses.len()];
        let mut circles = false;
        for start in error.into_iter().chain(0..uses.len()) {
            if state[start] != 0 {
                continue;
            }
            // The path from `start` to the definition at hand, with the next use to look at.
            let mut path = vec![(start, 0)];
            state[start] = 1;
            while let Some(&mut (at, ref mut next)) = path.last_mut() {
                let Some(&used) = uses[at].get(*next) else {
                    state[at] = 2;
                    order.push(at);
                    path.pop();
                    continue;
                };
                *next += 1;
                match state[used] {
                    0 => {
                        state[used] = 1;
                        path.push((used, 0));
                    }
                    // Every further mention may close a circle as long as the first.
                    1 if self.diagnostics.len() >= MAX_DIAGNOSTICS => circles = true,
                    1 => {
                        circles = true;
                        let circle = path.iter().map(|p| p.0).skip_while(|&p| p != used).collect();
                        self.report_circle(circle);
                    }
                    _ => {}
                }
            }
        }
        (!circles).then_some(order)
    }

    fn report_circle(&mut self, circle: Vec<usize>) {
        let definitions = &self.program.definitions;
        let Some(&first) = circle.first() else { return };
        let mut names: Vec<_> =
            circle.iter().chain([&first]).map(|&d| format!("`{}`", definitions[d].name.text)).collect();
        if names.len() > SHOWN {
            names.splice(SHOWN / 2..names.len() - SHOWN / 2, ["…".to_owned()]);
        }
        let problem = Problem::CircularDefinition { circle: names.join(" → ") };
        let mut diagnostic = Diagnostic::new(problem, definitions[first].name.span);
        for &other in circle.iter().skip(1).take(4) {
            diagnostic = diagnostic.note(definitions[other].name.span, "on the way round");
        }
        self.report(diagnostic);
    }

    /// The definitions an expression mentions, in order of appearance.
    fn mentioned(&self, body: NodeId, positions: &HashMap<Rc<str>, usize>) -> Vec<usize> {
        let tree = &self.program.tree;
        let mut mentioned = Vec::new();
        let mut pending = vec![body];
        while let Some(node) = pending.pop() {
            let name = match tree.node(node) {
                Node::Name(text) => Some(text),
                Node::Call(name, _) => Some(&name.text),
                _ => None,
            };
            mentioned.extend(name.and_then(|n| positions.get(n)).copied());
            let from = pending.len();
            tree.for_each_child(node, &mut |child| pending.push(child));
            pending[from..].reverse();
        }
        let mut seen = std::collections::HashSet::new();
        mentioned.retain(|&d| seen.insert(d));
        mentioned
    }
}
