//! The Hessian by edge pushing.

use super::curvature::{self, Curvatures};
use super::edges::{Edges, Live};
use super::entries::Entries;
use super::jacobian::{self, Jacobians};
use super::preaccumulate::Preaccumulation;
use super::slopes::{Slope, guarded_sums, slopes, times_slope};
use super::{Contribution, SecondContribution, SumOfSquares};
use crate::graph::{Expr, Graph, Index, Linearity, Node, Number};
use crate::simplify::simplify;

/// The lower triangle of the Hessian of `error`.
///
/// Edge pushing (Gower and Mello 2012) in the order of live variables (Wang, Gebremedhin and Pothen 2016): nodes are
/// eliminated from the root down, each once, with the adjoint p̄ and all edges H̄ that end there in hand. For
/// operands u, u' of p and any other node v,
///
/// ```text
/// H̄[u][v]   +=  Σ over F(p)∖F(u)∖F(v) of  H̄[p][v] · ∂p/∂u
/// H̄[u][u']  +=  Σ … of  H̄[p][p'] · ∂p/∂u · ∂p'/∂u'  +  p̄ · ∂²p/∂u∂u'
/// ```
///
/// An index p has and its operand lacks is summed over at once, so contractions run one index at a time;
/// between two leaves the loops of p that both instances share stay loops. At narrow places the edges of p go to the leaves
/// at once, with the gradient of p in place of its slopes (`preaccumulate`). Where two instances of p differ in
/// indices that all leaves below p have, nothing can be contracted, and the edge goes to the leaves as
/// H̄\[p\]\[p'\]·J·J'ᵀ at once, J being the gradient of p. Cost: one visit per node and edge, plus the nodes made.
///
/// ```
/// use hesse_symbolic::differentiate::hessian;
/// use hesse_symbolic::print::{Notation, print};
///
/// let mut model = hesse_parser::formula::parse("param x; E = x^3", &Default::default()).unwrap();
/// let curvature = hessian(&mut model.graph, model.error)[0].value;
/// assert_eq!(print(&model.graph, &[curvature], Notation::Text, &[]).texts, ["6*x"]);
/// ```
pub fn hessian(g: &mut Graph, error: Expr) -> Vec<SecondContribution> {
    cheapest(g, &[error], |elimination| elimination.begin(error)).0
}

/// How many nonlinear edges [`hessian`] meets: those with at least one end that is no parameter.
///
/// ```
/// use hesse_symbolic::differentiate::{NonlinearEdges, nonlinear_edges};
/// use hesse_symbolic::graph::{Graph, Number, Role};
///
/// let mut g = Graph::new();
/// let x = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(x, &[]);
/// let square = g.power(x, Number::integer(2));
/// // The edge from x to itself is the entry.
/// assert_eq!(nonlinear_edges(&mut g, square), NonlinearEdges::default());
/// ```
pub fn nonlinear_edges(g: &mut Graph, error: Expr) -> NonlinearEdges {
    cheapest(g, &[error], |elimination| elimination.begin(error)).1
}

/// Nonlinear edges by what becomes of them.
///
/// ```
/// use hesse_symbolic::differentiate::{NonlinearEdges, nonlinear_edges};
///
/// let mut model = hesse_parser::formula::parse("param x, y; E = exp(x*y)", &Default::default()).unwrap();
/// let edges = nonlinear_edges(&mut model.graph, model.error);
/// assert_ne!(edges, NonlinearEdges::default(), "exp bends what x·y gives");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NonlinearEdges {
    /// Those pushed from node to node.
    pub pushed: usize,
    /// Those sent to the leaves at once, as products of two gradients.
    pub sent: usize,
}

/// Σ ∇r ∇rᵀ: the Hessian of ½ Σ r² without the curvature of the residuals.
///
/// ```
/// use hesse_symbolic::differentiate::{gauss_newton, squares};
///
/// let mut model = hesse_parser::formula::parse("param x; E = (x^2 - 2)^2", &Default::default()).unwrap();
/// let squares = squares(&mut model.graph, model.error).unwrap();
/// // (2x)²: without the curvature of x² − 2
/// let parts = gauss_newton(&mut model.graph, &squares);
/// assert_eq!(parts.len(), 1);
/// ```
pub fn gauss_newton(g: &mut Graph, squares: &SumOfSquares) -> Vec<SecondContribution> {
    let roots: Vec<Expr> = squares.residuals.iter().map(|residual| residual.value).collect();
    let begin = |elimination: &mut Elimination<'_>| {
        for residual in &squares.residuals {
            let r = residual.value;
            let one = elimination.graph.one();
            elimination.push_symmetric(r, r, one, &residual.loops);
        }
    };
    cheapest(g, &roots, begin).0
}

/// What an elimination leaves and the edges it meets. One that takes Jacobians on the way is held against one that does not:
/// what the slopes on the way have in common shows when all is simplified, and not before.
fn cheapest(
    g: &mut Graph,
    roots: &[Expr],
    begin: impl Fn(&mut Elimination<'_>),
) -> (Vec<SecondContribution>, NonlinearEdges) {
    let run = |g: &mut Graph, preaccumulation: Preaccumulation| {
        let mut elimination = Elimination::new(g, roots, preaccumulation);
        begin(&mut elimination);
        elimination.eliminate_all();
        let Elimination { graph, entries, preaccumulation, met, .. } = elimination;
        (entries.collect(graph), met, preaccumulation.has_chosen())
    };
    let (contributions, met, has_chosen) = run(g, Preaccumulation::default());
    if has_chosen {
        let (others, others_met, _) = run(g, Preaccumulation::never());
        // Slopes on the way are those of the gradient, too, so a small gain is none.
        if operations(g, &others) * 9 <= operations(g, &contributions) * 10 {
            return (others, others_met);
        }
    }
    (contributions, met)
}

/// The operations that the values of contributions take together.
fn operations(g: &mut Graph, contributions: &[SecondContribution]) -> usize {
    let values: Vec<Expr> = contributions.iter().map(|contribution| contribution.value).collect();
    let values = simplify(g, &values);
    let nodes = g.reachable(&values, |_, _| true);
    let count = |node: Expr| match g.node(node) {
        Node::Sum(terms) => terms.len() + terms.iter().filter(|(c, _)| !c.is_one()).count(),
        Node::Product(factors) => factors.len() + factors.iter().filter(|(_, p)| !p.is_one()).count(),
        _ => 1,
    };
    nodes.into_iter().map(count).sum()
}

struct Elimination<'a> {
    graph: &'a mut Graph,
    edges: Edges,
    entries: Entries,
    curvatures: Curvatures,
    jacobians: Jacobians,
    preaccumulation: Preaccumulation,
    met: NonlinearEdges,
}

impl Elimination<'_> {
    fn new<'g>(graph: &'g mut Graph, roots: &[Expr], preaccumulation: Preaccumulation) -> Elimination<'g> {
        let edges = Edges::new(graph, roots);
        Elimination {
            graph,
            edges,
            entries: Entries::default(),
            curvatures: Curvatures::default(),
            jacobians: Jacobians::default(),
            preaccumulation,
            met: NonlinearEdges::default(),
        }
    }

    fn begin(&mut self, error: Expr) {
        let one = self.graph.one();
        self.push_adjoint(error, one);
    }

    fn eliminate_all(&mut self) {
        while let Some((p, live)) = self.edges.next() {
            self.eliminate(p, live);
        }
    }

    fn eliminate(&mut self, p: Expr, live: Live) {
        let mut slopes = slopes(self.graph, p);
        let binder = self.open(p, &mut slopes);
        if !live.adjoint.is_empty() {
            for adjoint in guarded_sums(self.graph, &live.adjoint) {
                for &Slope { operand, value } in &slopes {
                    let value = times_slope(self.graph, adjoint, value);
                    let value = self.sum_out(value, &[p], &[operand]);
                    self.push_adjoint(operand, value);
                }
                self.bend(p, adjoint, &slopes, binder);
            }
        }
        let whole = self.preaccumulation.jacobian(self.graph, &mut self.edges, p, &live);
        let (slopes, is_whole) = (whole.as_ref().unwrap_or(&slopes), whole.is_some());
        for (v, terms) in live.edges {
            let mut is_sent = is_whole;
            for weight in guarded_sums(self.graph, &terms) {
                if self.edges.base(self.graph, v) == p {
                    match self.jacobians.separate(self.graph, p, v) {
                        Some(jacobian) => {
                            is_sent = true;
                            self.push_outer(p, v, weight, &jacobian);
                        }
                        None => self.push_pairs(p, v, weight, slopes, binder),
                    }
                    continue;
                }
                for &Slope { operand, value } in slopes {
                    let value = times_slope(self.graph, weight, value);
                    let loops = self.loops(&[p, v]);
                    self.push(operand, v, value, &loops);
                }
            }
            let met = if is_sent { &mut self.met.sent } else { &mut self.met.pushed };
            *met += 1;
        }
    }

    /// Puts the first name of the binder of a reduction in the place of its canonical one.
    fn open(&mut self, p: Expr, slopes: &mut [Slope]) -> Option<Index> {
        let Node::Reduce(_, index, _) = *self.graph.node(p) else { return None };
        let mut map = self.graph.first_names(p);
        self.graph.name_indices(vec![index], 0, &mut map);
        let name = map.iter().find(|(from, _)| *from == index)?.1;
        for slope in slopes {
            slope.operand = self.graph.substitute(slope.operand, &[(index, name)]);
            slope.value = self.graph.substitute(slope.value, &[(index, name)]);
        }
        Some(name)
    }

    /// The instance of operands and slopes of p that belongs to the instance `v` of p.
    fn instance(
        &mut self,
        p: Expr,
        v: Expr,
        slopes: &[Slope],
        binder: Option<Index>,
    ) -> (Vec<Slope>, Option<Index>) {
        let g = &mut *self.graph;
        let mut map: Vec<(Index, Index)> = if v == p {
            g.free(p).iter().map(|&index| (index, index)).collect()
        } else {
            g.first_names(v).into_iter().map(|(own, first)| (first, own)).collect()
        };
        if let Some(binder) = binder {
            g.name_indices(vec![binder], 1, &mut map);
        }
        let other = slopes
            .iter()
            .map(|slope| Slope {
                operand: g.substitute(slope.operand, &map),
                value: g.substitute(slope.value, &map),
            })
            .collect();
        let name = map.iter().find(|(from, _)| Some(*from) == binder).map(|(_, to)| *to);
        (other, name)
    }

    /// Pushes the edge between p and its instance `v` to all pairs of operands, one side after the other.
    fn push_pairs(&mut self, p: Expr, v: Expr, weight: Expr, slopes: &[Slope], binder: Option<Index>) {
        let (others, _) = self.instance(p, v, slopes, binder);
        for (at, &Slope { operand, value }) in slopes.iter().enumerate() {
            let half = times_slope(self.graph, weight, value);
            let half = self.sum_out(half, &[p], &[operand, v]);
            for (to, other) in others.iter().enumerate().skip(at) {
                let value = times_slope(self.graph, half, other.value);
                // The loops of v alone end here, and with them those inside; what p shares is left to the leaves.
                let ended: Vec<Index> = {
                    let g = &*self.graph;
                    let ends = |i: &Index| {
                        !g.free(p).contains(i)
                            && !g.free(operand).contains(i)
                            && !g.free(other.operand).contains(i)
                    };
                    self.loops(&[v, value]).into_iter().filter(ends).collect()
                };
                let value = self.graph.sum_over(&ended, value);
                let g = &*self.graph;
                let loops: Vec<Index> = g.free(p).iter().filter(|i| g.free(v).contains(i)).copied().collect();
                if to == at {
                    self.push_symmetric(operand, other.operand, value, &loops);
                } else {
                    self.push(operand, other.operand, value, &loops);
                }
            }
        }
    }

    /// Adds w·J·J′ᵀ for the edge w between p and its instance `v`, J being the derivatives of p by its leaves.
    fn push_outer(&mut self, p: Expr, v: Expr, weight: Expr, jacobian: &[Contribution]) {
        let g = &*self.graph;
        let shared: Vec<Index> = g.free(p).iter().filter(|i| g.free(v).contains(i)).copied().collect();
        let others: Vec<Contribution> =
            jacobian.iter().map(|row| jacobian::instance(self.graph, row, v)).collect();
        for (at, row) in jacobian.iter().enumerate() {
            let half = times_slope(self.graph, weight, row.value);
            for (to, other) in others.iter().enumerate().skip(at) {
                let value = times_slope(self.graph, half, other.value);
                if to == at {
                    self.push_symmetric(row.leaf, other.leaf, value, &shared);
                } else {
                    self.push(row.leaf, other.leaf, value, &shared);
                }
            }
        }
    }

    /// Makes the edges that the curvature of p itself asks for.
    fn bend(&mut self, p: Expr, adjoint: Expr, slopes: &[Slope], binder: Option<Index>) {
        let loops = self.graph.free(p).to_vec();
        match self.graph.node(p).clone() {
            Node::Product(factors) => {
                let g = &*self.graph;
                let varying: Vec<usize> =
                    (0..factors.len()).filter(|&at| g.depends_on_parameters(factors[at].0)).collect();
                for (from, &a) in varying.iter().enumerate() {
                    for &b in &varying[from..] {
                        if a == b && factors[a].1.is_one() {
                            continue;
                        }
                        let second = curvature::of_product(self.graph, &factors, a, b);
                        let value = times_slope(self.graph, adjoint, second);
                        self.connect(factors[a].0, factors[b].0, a == b, value, &loops);
                    }
                }
            }
            Node::Apply(function, args) => {
                let seconds = self.curvatures.of_function(self.graph, function, &args);
                let mut seconds = seconds.into_iter();
                for a in 0..args.len() {
                    for b in a..args.len() {
                        let second = seconds.next().unwrap_or_else(|| self.graph.zero());
                        let g = &*self.graph;
                        if g.depends_on_parameters(args[a]) && g.depends_on_parameters(args[b]) {
                            let value = times_slope(self.graph, adjoint, second);
                            self.connect(args[a], args[b], a == b, value, &loops);
                        }
                    }
                }
            }
            Node::Reduce(kind, ..) => {
                let (Some(i), Some(&slope)) = (binder, slopes.first()) else { return };
                let (others, j) = self.instance(p, p, slopes, binder);
                let (Some(j), Some(&other)) = (j, others.first()) else { return };
                let [diagonal, full] = curvature::of_reduction(self.graph, kind, [i, j], [slope, other]);
                for (other, second) in [(slope.operand, diagonal), (other.operand, full)] {
                    if let Some(second) = second {
                        let value = times_slope(self.graph, adjoint, second);
                        self.push_symmetric(slope.operand, other, value, &loops);
                    }
                }
            }
            _ => {}
        }
    }

    fn connect(&mut self, u: Expr, v: Expr, symmetric: bool, value: Expr, loops: &[Index]) {
        if symmetric { self.push_symmetric(u, v, value, loops) } else { self.push(u, v, value, loops) }
    }

    fn push_adjoint(&mut self, u: Expr, value: Expr) {
        // Below a linear node nothing bends.
        if self.graph.linearity(u) == Linearity::Nonlinear && !self.is_zero(value) {
            let [u, _, value] = self.graph.named([u, u, value]);
            self.edges.push_adjoint(self.graph, u, value);
        }
    }

    /// Adds *for `loops` and the free indices of all three: H̄\[u\]\[v\] += value*, and its mirror image.
    fn push(&mut self, u: Expr, v: Expr, value: Expr, loops: &[Index]) {
        if self.is_zero(value) {
        } else if self.is_leaf(u) && self.is_leaf(v) {
            self.entries.push(self.graph, u, v, value, loops);
        } else {
            let value = self.end(u, v, value, loops);
            self.edges.push(self.graph, u, v, value);
        }
    }

    /// Adds *for `loops` and the free indices of all three: H̄\[u\]\[v\] += value*, where u and v are instances of
    /// one node and the value is symmetric.
    fn push_symmetric(&mut self, u: Expr, v: Expr, value: Expr, loops: &[Index]) {
        if self.is_zero(value) {
        } else if self.is_leaf(u) {
            self.entries.push_symmetric(self.graph, u, v, value, loops);
        } else {
            let value = self.end(u, v, value, loops);
            self.edges.push_symmetric(self.graph, u, v, value);
        }
    }

    /// Sums over the loops that neither u nor v has.
    fn end(&mut self, u: Expr, v: Expr, value: Expr, loops: &[Index]) -> Expr {
        let g = &mut *self.graph;
        let mut ended: Vec<Index> = g.free(value).iter().chain(loops).copied().collect();
        ended.sort_unstable();
        ended.dedup();
        ended.retain(|i| !g.free(u).contains(i) && !g.free(v).contains(i));
        g.sum_over(&ended, value)
    }

    /// Sums over the free indices of the value and of the nodes `over` that none of `kept` has.
    fn sum_out(&mut self, value: Expr, over: &[Expr], kept: &[Expr]) -> Expr {
        let g = &mut *self.graph;
        let mut ended = super::loops(g, over);
        ended.extend(g.free(value).iter().copied());
        ended.sort_unstable();
        ended.dedup();
        ended.retain(|i| !kept.iter().any(|&keep| g.free(keep).contains(i)));
        g.sum_over(&ended, value)
    }

    fn loops(&self, exprs: &[Expr]) -> Vec<Index> {
        super::loops(self.graph, exprs)
    }

    fn is_zero(&self, value: Expr) -> bool {
        self.graph.as_number(value).is_some_and(Number::is_zero)
    }

    fn is_leaf(&self, expr: Expr) -> bool {
        matches!(self.graph.node(expr), Node::Leaf(..))
    }
}
