//! Derivatives step by step: which rule gives what at each node, and how the chain rule joins them.

use std::collections::{HashMap, HashSet};

use super::formula::{Naming, print, printed};
use super::notation::Notation;
use super::spell::{Spelling, spell};
use crate::differentiate::{Curvatures, Slope, of_product, slopes};
use crate::functions::{Function, partials};
use crate::graph::{
    Array, Dimension, Expr, Extent, Graph, Index, Node, Number, Range, ReduceKind, Role, Subscript,
};

/// A walk from the parameters to E and back.
///
/// ```
/// use hesse_symbolic::print::steps;
///
/// let model = hesse_parser::formula::parse("sin(x)^2", &Default::default()).unwrap();
/// let steps = steps(&model.graph, model.error);
/// assert_eq!(steps.nodes.last().unwrap().name, "E");
/// assert_eq!(steps.chain[0].0, "dE/dv1");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Steps {
    /// The nodes that depend on parameters, each of earlier ones; the last is E.
    pub nodes: Vec<Step>,
    /// dE/d of each node and parameter, from E on, each of earlier ones: its name, whether an earlier line gives a
    /// part of the same entries, and its formula.
    pub chain: Vec<(String, bool, String)>,
}

/// A node, the rule it is differentiated by, and what that gives.
///
/// ```
/// use hesse_symbolic::print::steps;
///
/// let model = hesse_parser::formula::parse("exp(2*x)", &Default::default()).unwrap();
/// let step = steps(&model.graph, model.error).nodes.pop().unwrap();
/// assert_eq!(step.rule, "d exp(u)/du = exp(u)");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Its name, `v1` or `v1[i]`; that of the last is `E`.
    pub name: String,
    /// What it is, of parameters, data and earlier nodes.
    pub formula: String,
    /// The rule, of operands `u` and `v`.
    pub rule: String,
    /// Operands, and the derivative by each.
    pub slopes: Vec<(String, String)>,
    /// Pairs of operands, and the second derivative by both, where it is not zero.
    pub curvatures: Vec<([String; 2], String)>,
}

/// The steps from E to its derivatives, as formula text.
///
/// Rules are those of the table of functions; nothing is said here that is not in it. Cost: linear in the number of nodes.
///
/// ```
/// use hesse_symbolic::functions::Function;
/// use hesse_symbolic::graph::{Graph, Role};
/// use hesse_symbolic::print::steps;
///
/// let mut g = Graph::new();
/// let x = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(x, &[]);
/// let sine = g.apply(Function::Sin, &[x]);
/// let error = g.apply(Function::Exp, &[sine]);
///
/// let steps = steps(&g, error);
/// assert_eq!(steps.nodes[0].formula, "sin(x)");
/// assert_eq!(steps.nodes[0].rule, "d sin(u)/du = cos(u)");
/// assert_eq!(steps.nodes[1].slopes, [("v1".to_owned(), "E".to_owned())], "exp is its own slope");
/// assert_eq!(steps.chain.last().map(|line| &*line.2), Some("dE/dv1*cos(x)"));
/// ```
pub fn steps(graph: &Graph, error: Expr) -> Steps {
    let mut g = graph.clone();
    let order = g.reachable(&[error], |_, _| true);
    let kept: HashSet<Expr> = order.iter().copied().collect();
    let varying: Vec<Expr> = order
        .iter()
        .copied()
        .filter(|&e| g.depends_on_parameters(e) && !matches!(g.node(e), Node::Leaf(..)))
        .collect();
    let mut curved = Curvatures::default();
    let mut local: Vec<Local> = Vec::new();
    for &node in &varying {
        let slopes = slopes(&mut g, node);
        let curvatures = curvatures(&mut g, node, &mut curved);
        local.push(Local { node, slopes, curvatures });
    }
    for local in &mut local {
        let values: Vec<Expr> = local.slopes.iter().map(|slope| slope.value).collect();
        for (slope, value) in local.slopes.iter_mut().zip(spell(&mut g, &values, Spelling::Derived, &kept)) {
            slope.value = value;
        }
        let values: Vec<Expr> = local.curvatures.iter().map(|curvature| curvature.1).collect();
        for (curvature, value) in
            local.curvatures.iter_mut().zip(spell(&mut g, &values, Spelling::Derived, &kept))
        {
            curvature.1 = value;
        }
    }
    named(g, error, &local)
}

/// What is known of a node alone.
struct Local {
    node: Expr,
    slopes: Vec<Slope>,
    curvatures: Vec<([Expr; 2], Expr)>,
}

/// Puts names to nodes, and the chain rule to slopes.
fn named(mut g: Graph, error: Expr, local: &[Local]) -> Steps {
    let given: HashSet<Expr> = local.iter().map(|local| local.node).collect();
    // The names of the nodes first, since those of their adjoints are made of them.
    let nodes: Vec<Expr> = local.iter().map(|local| local.node).collect();
    let alone: Vec<Vec<Expr>> =
        std::iter::once(error).chain(nodes.iter().copied()).map(|node| vec![node]).collect();
    let (first, _) = printed(&g, &nodes, &alone, Notation::Text, &[], Naming::Given(&given));
    let plain = |text: &String| text.split('[').next().unwrap_or_default().to_owned();
    let mut names: HashMap<Expr, String> = nodes.iter().copied().zip(first.texts.iter().map(plain)).collect();
    names.insert(error, "E".to_owned());
    let mut adjoints: HashMap<Expr, Expr> = HashMap::from([(error, g.one())]);
    for &node in nodes.iter().filter(|&&node| node != error) {
        let adjoint = adjoint(&mut g, &format!("dE/d{}", names[&node]), node);
        adjoints.insert(node, adjoint);
    }
    let mut chain: Vec<(Expr, Expr)> = Vec::new();
    for local in local.iter().rev() {
        for &Slope { operand, value } in &local.slopes {
            let own = adjoints[&local.node];
            let value = g.mul(own, value);
            let kept = g.free(operand).to_vec();
            let mut summed: Vec<Index> = g.free(local.node).iter().chain(g.free(value)).copied().collect();
            summed.sort_unstable();
            summed.dedup();
            summed.retain(|index| !kept.contains(index));
            let value = g.sum_over(&summed, value);
            match chain.iter_mut().find(|(of, _)| *of == operand) {
                Some((_, total)) => *total = g.add(*total, value),
                None => chain.push((operand, value)),
            }
        }
    }
    // Adjoints go from E to the parameters: users before operands, and parameters last.
    let place: HashMap<Expr, usize> = nodes.iter().enumerate().map(|(at, &node)| (node, at)).collect();
    chain.sort_by_key(|(of, _)| std::cmp::Reverse(place.get(of).map_or(0, |at| at + 1)));
    let mut roots: Vec<Expr> = nodes.clone();
    for local in local {
        roots.extend(local.slopes.iter().flat_map(|slope| [slope.operand, slope.value]));
        roots.extend(local.curvatures.iter().flat_map(|([a, b], value)| [*a, *b, *value]));
    }
    roots.extend(chain.iter().flat_map(|&(of, value)| [of, value]));
    // What stands in one line is read together.
    let mut groups = alone;
    for local in local {
        groups.extend(local.slopes.iter().map(|slope| vec![local.node, slope.operand, slope.value]));
        groups.extend(local.curvatures.iter().map(|([a, b], value)| vec![local.node, *a, *b, *value]));
    }
    groups.extend(chain.iter().map(|&(of, value)| vec![of, value]));
    let (formula, _) = printed(&g, &roots, &groups, Notation::Text, &[], Naming::Given(&given));
    let last = formula.texts.get(nodes.len().saturating_sub(1)).cloned().unwrap_or_default();
    let told = |text: &String| if *text == last { "E".to_owned() } else { text.clone() };
    let mut texts = formula.texts.iter();
    let heads: Vec<String> = texts.by_ref().take(nodes.len()).cloned().collect();
    let mut next = || texts.next().map(told).unwrap_or_default();
    let mut steps: Vec<Step> = Vec::new();
    for (local, head) in local.iter().zip(&heads) {
        let formula =
            formula.shared.iter().find(|(name, _)| name == head).map(|(_, formula)| formula.clone());
        steps.push(Step {
            name: told(head),
            formula: formula.unwrap_or_default(),
            rule: rule(&g, local.node),
            slopes: local.slopes.iter().map(|_| (next(), next())).collect(),
            curvatures: local.curvatures.iter().map(|_| ([next(), next()], next())).collect(),
        });
    }
    let mut lines: Vec<(String, bool, String)> = Vec::new();
    let mut arrays: Vec<Array> = Vec::new();
    for &(of, _) in &chain {
        let (name, value) = (next(), next());
        let array = match g.node(of) {
            Node::Leaf(array, _) => Some(*array),
            _ => None,
        };
        let adds = array.is_some_and(|array| arrays.contains(&array));
        arrays.extend(array);
        lines.push((format!("dE/d{name}"), adds, value));
    }
    Steps { nodes: steps, chain: lines }
}

/// The adjoint of a node: an array over the node's free indices.
fn adjoint(g: &mut Graph, name: &str, node: Expr) -> Expr {
    let mut free = g.free(node).to_vec();
    g.sort_by_nesting(&mut free);
    let extent = |index: &Index| {
        let range = g.range(*index);
        let known = [range.hi.as_constant().and_then(|size| usize::try_from(size).ok()).map(Extent::Fixed)];
        let named = (0..g.dimensions().len()).map(|at| Extent::Named(Dimension(at as u32)));
        let mut extents = known.into_iter().flatten().chain(named);
        // An axis of another length: the range is said then.
        extents.find(|&extent| *range == Range::all(extent)).unwrap_or(Extent::Fixed(0))
    };
    let shape: Vec<Extent> = free.iter().map(extent).collect();
    let array = g.array(name, Role::Data, &shape);
    let subscripts: Vec<Subscript> = free.into_iter().map(Subscript::index).collect();
    g.leaf(array, &subscripts)
}

/// Second derivatives by pairs of operands that both depend on parameters, without those that are zero.
fn curvatures(g: &mut Graph, node: Expr, curved: &mut Curvatures) -> Vec<([Expr; 2], Expr)> {
    let mut found: Vec<([Expr; 2], Expr)> = Vec::new();
    match g.node(node).clone() {
        Node::Product(factors) => {
            for a in 0..factors.len() {
                for b in a..factors.len() {
                    if a == b && factors[a].1.is_one() {
                        continue;
                    }
                    found.push(([factors[a].0, factors[b].0], of_product(g, &factors, a, b)));
                }
            }
        }
        Node::Apply(function, args) => {
            let mut seconds = curved.of_function(g, function, &args).into_iter();
            for a in 0..args.len() {
                for b in a..args.len() {
                    let zero = g.zero();
                    found.push(([args[a], args[b]], seconds.next().unwrap_or(zero)));
                }
            }
        }
        _ => {}
    }
    found.retain(|([a, b], value)| {
        let varies = g.depends_on_parameters(*a) && g.depends_on_parameters(*b);
        varies && !g.as_number(*value).is_some_and(Number::is_zero)
    });
    found
}

/// The rule a node is differentiated by.
fn rule(g: &Graph, node: Expr) -> String {
    let text = match g.node(node) {
        Node::Sum(terms) if terms.len() == 1 => "d (c*u) = c*du",
        Node::Sum(_) => "d (u + v) = du + dv",
        Node::Product(factors) => match &factors[..] {
            [(_, exponent)] => return power_rule(*exponent),
            _ if factors.iter().all(|factor| factor.1.is_one()) => "d (u*v) = v*du + u*dv",
            _ => "d (u^p*v^q) = p*u^(p-1)*v^q*du + q*u^p*v^(q-1)*dv",
        },
        Node::Apply(function, args) => return function_rule(g, *function, args),
        Node::Select(..) => "d if(c, u, v) = if(c, du, dv)",
        Node::Reduce(ReduceKind::Sum, ..) => "d sum(i, u[i]) = sum(i, du[i])",
        Node::Reduce(ReduceKind::Product, ..) => {
            "d prod(i, u[i]) = sum(i, du[i]*prod(j, if(j != i, u[j], 1)))"
        }
        Node::Reduce(ReduceKind::Max, ..) => "d max(i, u[i]) = du[i] at the first i where u[i] is largest",
        Node::Reduce(ReduceKind::LogSumExp, ..) => {
            "d logsumexp(i, u[i]) = sum(i, du[i]*exp(u[i] - logsumexp(j, u[j])))"
        }
        _ => "",
    };
    text.to_owned()
}

/// d uᵖ = p uᵖ⁻¹ du, with this exponent.
fn power_rule(exponent: Number) -> String {
    let mut g = Graph::new();
    let u = g.array("u", Role::Parameter, &[]);
    let u = g.leaf(u, &[]);
    let power = g.power(u, exponent);
    let slopes = slopes(&mut g, power);
    let values: Vec<Expr> = std::iter::once(power).chain(slopes.iter().map(|slope| slope.value)).collect();
    let texts = print(&g, &values, Notation::Text, &[]).texts;
    format!("d {}/du = {}", texts[0], texts[1..].concat())
}

/// The row of the table of functions, of operands u and v; an order stays what it is.
fn function_rule(graph: &Graph, function: Function, args: &[Expr]) -> String {
    let mut g = Graph::new();
    let names = ["u", "v"];
    let mut operands: Vec<Expr> = Vec::new();
    for (at, &arg) in args.iter().enumerate() {
        let operand = match graph.as_number(arg).filter(|_| at == 0 && function.has_order()) {
            Some(order) => g.number(order),
            None => {
                let array = g.array(names[at.min(1)], Role::Parameter, &[]);
                g.leaf(array, &[])
            }
        };
        operands.push(operand);
    }
    let call = g.apply(function, &operands);
    let partials = partials(&mut g, function, &operands, call);
    let mut values = vec![call];
    values.extend(partials);
    let values = spell(&mut g, &values, Spelling::Derived, &HashSet::from([call]));
    let texts = print(&g, &values, Notation::Text, &[]).texts;
    let by = |at: usize| (g.as_number(operands[at]).is_none()).then_some(names[at.min(1)]);
    let rules: Vec<String> = (0..operands.len())
        .filter_map(|at| Some(format!("d {}/d{} = {}", texts[0], by(at)?, texts.get(at + 1)?)))
        .collect();
    rules.join(", ")
}
