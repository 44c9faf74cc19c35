//! Drawing terms whose every argument lies inside the domain of its function.

use hesse_symbolic::functions::Function;

use super::bounds::{Bounds, domain, image};
use super::numbers::Numbers;
use super::term::{
    Array, Comparison, Condition, Definition, Exponent, Extent, Index, Range, Reduction, Subscript, Term,
};
use super::{Layout, PARAMETERS_WITHIN};

/// No term gets larger than this: what would is squashed.
const LARGEST: f64 = 30.0;
/// No nest of reductions runs more often than this.
const LONGEST: usize = 500;

/// Draws terms for one problem.
pub(super) struct Draw<'a> {
    pub(super) numbers: &'a mut Numbers,
    pub(super) layout: &'a Layout,
    pub(super) arrays: &'a [Array],
    pub(super) definitions: Vec<(Definition, Bounds)>,
    /// The functions still to be used: what is drawn first comes from the end.
    pub(super) functions: &'a [Function],
    pub(super) wanted: Vec<Function>,
}

/// The indices and arguments a term may use.
#[derive(Clone, Default)]
pub(super) struct Scope {
    indices: Vec<Bound>,
    arguments: usize,
    runs: usize,
}

/// An index: its axis, and by how much it may be shifted besides not at all.
#[derive(Clone)]
struct Bound {
    extent: Extent,
    shift: i64,
    double: bool,
    plain: bool,
}

type Drawn = (Term, Bounds);

impl Scope {
    pub(super) fn of_function(arguments: usize) -> Scope {
        Scope { arguments, ..Scope::default() }
    }

    pub(super) fn of_indexed(layout: &Layout) -> Scope {
        let index = Bound { extent: Extent::Rows, shift: 0, double: false, plain: true };
        Scope { indices: vec![index], arguments: 0, runs: layout.rows }
    }
}

impl Draw<'_> {
    pub(super) fn term(&mut self, depth: usize, scope: &Scope) -> Drawn {
        if depth == 0 {
            return self.leaf(scope);
        }
        let drawn = match self.numbers.below(100) {
            0..14 => self.sum(depth, scope),
            14..26 => self.product(depth, scope),
            26..36 => self.power(depth, scope),
            36..62 => self.function(depth, scope),
            62..68 => self.select(depth, scope),
            68..90 => self.reduce(depth, scope),
            90..96 => self.definition(depth, scope),
            96..98 => {
                let terms: Vec<Drawn> =
                    (0..2 + self.numbers.below(2)).map(|_| self.term(depth - 1, scope)).collect();
                let bounds = terms.iter().map(|t| t.1).reduce(Bounds::join);
                let bounds = bounds.unwrap_or(Bounds::new(0.0, 0.0)).add(Bounds::new(0.0, 1.1));
                (Term::LogSumExp(terms.into_iter().map(|t| t.0).collect()), bounds)
            }
            _ => {
                let (term, bounds) = self.term(depth - 1, scope);
                (Term::Negative(Box::new(term)), bounds.neg())
            }
        };
        self.limited(drawn)
    }

    fn limited(&mut self, drawn: Drawn) -> Drawn {
        if drawn.1.size() > LARGEST { self.fit(drawn, -3.0, 3.0) } else { drawn }
    }

    fn leaf(&mut self, scope: &Scope) -> Drawn {
        let data = Bounds::new(-1.0, 1.0);
        for _ in 0..8 {
            match self.numbers.below(20) {
                0 => return self.number(),
                1 if !scope.indices.is_empty() => {
                    let index = self.numbers.below(scope.indices.len());
                    let bounds = Bounds::new(0.0, self.layout.size(scope.indices[index].extent) as f64);
                    let scaled = vec![(false, Term::Index(index)), (false, Term::Number(0.125))];
                    return (Term::Product(scaled), bounds.mul(Bounds::new(0.125, 0.125)));
                }
                2 => {
                    let extent = self.numbers.pick(&[Extent::Rows, Extent::Columns]);
                    let size = self.layout.size(extent) as f64;
                    return (
                        Term::Product(vec![(false, Term::Number(1.0)), (true, Term::Size(extent))]),
                        Bounds::new(1.0 / size, 1.0 / size),
                    );
                }
                3..6 if scope.arguments > 0 => {
                    let bounds = Bounds::new(-PARAMETERS_WITHIN, PARAMETERS_WITHIN);
                    return (Term::Argument(self.numbers.below(scope.arguments)), bounds);
                }
                6 | 7 => {
                    if let Some(drawn) = self.defined(scope) {
                        return drawn;
                    }
                }
                _ => {
                    let array = self.numbers.pick(self.arrays);
                    let extents = array.shape();
                    // Where indices are bound, elements that none of them selects are rarer.
                    let fits = |e: &Extent| scope.indices.iter().any(|b| b.extent == *e);
                    if array == Array::C
                        || (!scope.indices.is_empty() && !extents.iter().any(fits) && self.numbers.chance(70))
                    {
                        continue;
                    }
                    let subscripts = extents.iter().map(|&e| self.subscript(e, scope)).collect();
                    let bounds = if array.is_parameter() {
                        Bounds::new(-PARAMETERS_WITHIN, PARAMETERS_WITHIN)
                    } else {
                        data
                    };
                    return (Term::Element(array, subscripts), bounds);
                }
            }
        }
        self.number()
    }

    fn number(&mut self) -> Drawn {
        let value = self.numbers.pick(&[0.1, 0.25, 0.5, 0.7, 1.0, 1.3, 1.5, 2.0, 2.75, 3.0]);
        (Term::Number(value), Bounds::new(value, value))
    }

    fn subscript(&mut self, extent: Extent, scope: &Scope) -> Subscript {
        let candidates: Vec<Index> =
            (0..scope.indices.len()).filter(|&i| scope.indices[i].extent == extent).collect();
        let looks_up = extent == Extent::Columns && self.arrays.contains(&Array::C);
        if looks_up && self.numbers.chance(30) {
            return Subscript::Lookup(Box::new(self.subscript(Extent::Rows, scope)));
        }
        if candidates.is_empty() || self.numbers.chance(8) {
            return Subscript::Fixed(self.numbers.below(2));
        }
        let index = self.numbers.pick(&candidates);
        let bound = &scope.indices[index];
        if bound.double {
            return if self.numbers.chance(50) {
                Subscript::Double(index)
            } else {
                Subscript::Shifted(index, 0)
            };
        }
        if bound.plain && bound.shift == 0 && extent != Extent::Pair && self.numbers.chance(8) {
            return Subscript::Reversed(extent, index);
        }
        let shift = if self.numbers.chance(50) { bound.shift } else { 0 };
        Subscript::Shifted(index, shift)
    }

    fn sum(&mut self, depth: usize, scope: &Scope) -> Drawn {
        let mut bounds = Bounds::new(0.0, 0.0);
        let mut terms = Vec::new();
        for at in 0..2 + self.numbers.below(3) {
            let (term, own) = self.term(depth - 1, scope);
            let subtracted = at > 0 && self.numbers.chance(40);
            bounds = bounds.add(if subtracted { own.neg() } else { own });
            terms.push((subtracted, term));
        }
        (Term::Sum(terms), bounds)
    }

    fn product(&mut self, depth: usize, scope: &Scope) -> Drawn {
        let mut bounds = Bounds::new(1.0, 1.0);
        let mut factors = Vec::new();
        for at in 0..2 + self.numbers.below(2) {
            let divides = at > 0 && self.numbers.chance(30);
            let drawn = self.term(depth - 1, scope);
            let (term, own) = if divides {
                let (term, own) = self.fit(drawn, 0.4, 6.0);
                (term, own.recip())
            } else if drawn.1.size() > 5.0 {
                self.fit(drawn, -2.0, 2.0)
            } else {
                drawn
            };
            bounds = bounds.mul(own);
            factors.push((divides, term));
        }
        (Term::Product(factors), bounds)
    }

    fn power(&mut self, depth: usize, scope: &Scope) -> Drawn {
        let drawn = self.term(depth - 1, scope);
        let (exponent, lo, hi) = match self.numbers.below(5) {
            0 => (Exponent::Integer(2), -5.0, 5.0),
            1 => (Exponent::Integer(self.numbers.pick(&[3, 4, 5, 7])), -1.5, 1.5),
            2 => (Exponent::Integer(self.numbers.pick(&[-1, -2, -3])), 0.5, 4.0),
            3 => (Exponent::Halves(self.numbers.pick(&[1, 3, 5, -1, -3])), 0.4, 3.0),
            _ => (Exponent::Real(self.numbers.pick(&[0.3, 1.7, 2.4, -0.6, -1.25])), 0.4, 3.0),
        };
        let (base, bounds) = self.fit(drawn, lo, hi);
        (Term::Power(Box::new(base), exponent), bounds.power(exponent))
    }

    fn function(&mut self, depth: usize, scope: &Scope) -> Drawn {
        let function = match self.wanted.pop() {
            Some(function) => function,
            None => self.numbers.pick(self.functions),
        };
        let mut args = Vec::new();
        let mut bounds = Vec::new();
        for &(lo, hi) in domain(function) {
            let drawn = self.term(depth - 1, scope);
            let (term, own) = self.fit(drawn, lo, hi);
            args.push(term);
            bounds.push(own);
        }
        let negative = function == Function::Cbrt && self.numbers.chance(50);
        if negative {
            args[0] = Term::Negative(Box::new(args[0].clone()));
            bounds[0] = bounds[0].neg();
        }
        (Term::Apply(function, args), image(function, &bounds))
    }

    fn select(&mut self, depth: usize, scope: &Scope) -> Drawn {
        let otherwise = self.term(depth - 1, scope);
        // A branch that only its condition keeps inside of its domain: what it would yield elsewhere must not leak.
        if self.numbers.chance(40) {
            let (x, bounds) = self.term(depth - 1, scope);
            let edge = 0.25;
            if bounds.hi > edge {
                let inside = Bounds::new(edge, bounds.hi);
                let (taken, own) = match self.numbers.below(3) {
                    0 => (Term::Apply(Function::Ln, vec![x.clone()]), image(Function::Ln, &[inside])),
                    1 => (
                        Term::Power(Box::new(x.clone()), Exponent::Halves(1)),
                        inside.power(Exponent::Halves(1)),
                    ),
                    _ => (
                        Term::Power(Box::new(x.clone()), Exponent::Integer(-1)),
                        inside.power(Exponent::Integer(-1)),
                    ),
                };
                let condition =
                    Condition::Compare(Comparison::Greater, Box::new(x), Box::new(Term::Number(edge)));
                let bounds = own.join(otherwise.1);
                return (Term::Select(Box::new(condition), Box::new(taken), Box::new(otherwise.0)), bounds);
            }
        }
        let taken = self.term(depth - 1, scope);
        let condition = self.condition(2, depth.min(2) - 1, scope);
        let bounds = taken.1.join(otherwise.1);
        (Term::Select(Box::new(condition), Box::new(taken.0), Box::new(otherwise.0)), bounds)
    }

    fn condition(&mut self, levels: usize, depth: usize, scope: &Scope) -> Condition {
        match self.numbers.below(8) {
            0 | 1 if levels > 0 => {
                let a = Box::new(self.condition(levels - 1, depth, scope));
                let b = Box::new(self.condition(levels - 1, depth, scope));
                if self.numbers.chance(50) { Condition::And(a, b) } else { Condition::Or(a, b) }
            }
            2 if levels > 0 => Condition::Not(Box::new(self.condition(levels - 1, depth, scope))),
            3 | 4 if !scope.indices.is_empty() => {
                let index = self.numbers.below(scope.indices.len());
                let comparison = self.numbers.pick(&[
                    Comparison::Equal,
                    Comparison::NotEqual,
                    Comparison::Less,
                    Comparison::GreaterEqual,
                ]);
                let other = if index > 0 && self.numbers.chance(40) {
                    Term::Index(index - 1)
                } else {
                    Term::Number(self.numbers.below(3) as f64)
                };
                Condition::Compare(comparison, Box::new(Term::Index(index)), Box::new(other))
            }
            _ => {
                let (a, _) = self.term(depth, scope);
                let (b, _) = self.leaf(scope);
                let comparison = self.numbers.pick(&[
                    Comparison::Less,
                    Comparison::LessEqual,
                    Comparison::Greater,
                    Comparison::GreaterEqual,
                ]);
                Condition::Compare(comparison, Box::new(a), Box::new(b))
            }
        }
    }

    fn reduce(&mut self, depth: usize, scope: &Scope) -> Drawn {
        let index = scope.indices.len();
        let Some((range, bound, count)) = self.range(scope) else { return self.sum(depth, scope) };
        let mut inner = scope.clone();
        inner.indices.push(bound);
        inner.runs = scope.runs.max(1) * count;
        let may_be_empty = matches!(range, Range::Below(_) | Range::Above(..));
        let kind = match self.numbers.below(if may_be_empty { 12 } else { 20 }) {
            0..9 => Reduction::Sum,
            9..12 => Reduction::Product,
            12 | 13 => Reduction::Max,
            14 => Reduction::Min,
            15 | 16 => Reduction::Mean,
            17 | 18 => Reduction::LogSumExp,
            _ => Reduction::Norm,
        };
        let drawn = self.term(depth - 1, &inner);
        let times = count as f64;
        let ((body, _), bounds) = match kind {
            Reduction::Sum => {
                let drawn = if drawn.1.size() * times > 100.0 { self.fit(drawn, -1.5, 1.5) } else { drawn };
                let b = drawn.1;
                let low = if may_be_empty { b.lo.min(0.0) } else { b.lo };
                let high = if may_be_empty { b.hi.max(0.0) } else { b.hi };
                (drawn, Bounds::new(low * times, high * times))
            }
            Reduction::Product => {
                let near = if count > 5 { 0.05 } else { 0.6 };
                let drawn = self.fit(drawn, 1.0 - near, 1.0 + near);
                let (lo, hi) =
                    (drawn.1.lo.min(1.0).powi(count as i32), drawn.1.hi.max(1.0).powi(count as i32));
                (drawn, Bounds::new(lo, hi))
            }
            Reduction::Max | Reduction::Min | Reduction::Mean => {
                let bounds = drawn.1;
                (drawn, bounds)
            }
            Reduction::LogSumExp => {
                let bounds = drawn.1.add(Bounds::new(0.0, times.ln()));
                (drawn, bounds)
            }
            Reduction::Norm => {
                let drawn = self.fit(drawn, 0.3, 3.0);
                let bounds = drawn.1.mul(Bounds::new(1.0, times.sqrt()));
                (drawn, bounds)
            }
        };
        let inferred = is_implied(range, index, &body);
        (Term::Reduce(kind, index, range, inferred, Box::new(body)), bounds)
    }

    /// A range, its index, and how often it runs at most.
    fn range(&mut self, scope: &Scope) -> Option<(Range, Bound, usize)> {
        let bound = |extent, shift, plain| Bound { extent, shift, double: false, plain };
        for _ in 0..4 {
            let extent = self.numbers.pick(&[Extent::Rows, Extent::Rows, Extent::Columns, Extent::Pair]);
            let size = self.layout.size(extent);
            if scope.runs.max(1) * size > LONGEST || scope.indices.len() >= 4 {
                continue;
            }
            let outer = (0..scope.indices.len()).rfind(|&i| scope.indices[i].extent == extent);
            return Some(match (self.numbers.below(10), outer) {
                (0 | 1, Some(outer)) => (Range::Below(outer), bound(extent, 0, false), size - 1),
                (2, Some(outer)) => (Range::Above(outer, extent), bound(extent, 0, false), size - 1),
                (3, _) if extent != Extent::Pair && size > 3 => {
                    (Range::ButLast(extent), bound(extent, 1, false), size - 1)
                }
                (4, _) if extent != Extent::Pair && size > 3 => {
                    (Range::ButFirst(extent), bound(extent, -1, false), size - 1)
                }
                (5, _) if extent != Extent::Pair && size >= 3 => {
                    (Range::Two, Bound { extent, shift: 0, double: true, plain: false }, 2)
                }
                _ => (Range::All(extent), bound(extent, 0, true), size),
            });
        }
        None
    }

    /// A use of a definition that exists.
    fn defined(&mut self, scope: &Scope) -> Option<Drawn> {
        if self.definitions.is_empty() {
            return None;
        }
        let at = self.numbers.below(self.definitions.len());
        let (definition, bounds) = self.definitions[at].clone();
        match definition {
            Definition::Shared(_) => Some((Term::Shared(at), bounds)),
            Definition::Indexed(_) => {
                let subscript = self.subscript(Extent::Rows, scope);
                // An indexed definition may be as long as the data: no more than one walk over it.
                (!matches!(subscript, Subscript::Fixed(_)) || scope.runs <= self.layout.rows)
                    .then_some((Term::Indexed(at, subscript), bounds))
            }
            Definition::Function(..) => None,
        }
    }

    fn definition(&mut self, depth: usize, scope: &Scope) -> Drawn {
        if self.definitions.is_empty() {
            return self.function(depth, scope);
        }
        let at = self.numbers.below(self.definitions.len());
        let (definition, bounds) = self.definitions[at].clone();
        let Definition::Function(count, _) = definition else {
            return match self.defined(scope) {
                Some(drawn) => drawn,
                None => self.leaf(scope),
            };
        };
        let args = (0..count)
            .map(|_| {
                let drawn = self.term(depth - 1, scope);
                self.fit(drawn, -PARAMETERS_WITHIN, PARAMETERS_WITHIN).0
            })
            .collect();
        (Term::Call(at, args), bounds)
    }

    /// The term moved into `lo..=hi`, with little done to it where it lies there already.
    pub(super) fn fit(&mut self, (term, bounds): Drawn, lo: f64, hi: f64) -> Drawn {
        if bounds.within(lo, hi) && self.numbers.chance(80) {
            return (term, bounds);
        }
        let center = rounded((lo + hi) / 2.0);
        let half = rounded((hi - lo) / 2.0 * 0.9);
        let wave = match self.numbers.below(4) {
            0 => {
                let scale = rounded(half / bounds.size().max(0.01));
                if scale > 0.0 && bounds.size() > 0.0 {
                    return shifted(
                        center,
                        Term::Product(vec![(false, Term::Number(scale)), (false, term)]),
                        scale * bounds.size(),
                    );
                }
                Term::Apply(Function::Sin, vec![term])
            }
            1 => {
                let square = Term::Power(Box::new(term.clone()), Exponent::Integer(2));
                let denominator = Term::Sum(vec![(false, Term::Number(1.0)), (false, square)]);
                Term::Product(vec![(false, term), (true, denominator)])
            }
            2 => Term::Apply(Function::Tanh, vec![term]),
            _ => Term::Apply(Function::Sin, vec![term]),
        };
        shifted(center, Term::Product(vec![(false, Term::Number(half)), (false, wave)]), half)
    }
}

fn shifted(center: f64, term: Term, half: f64) -> Drawn {
    let bounds = Bounds::new(center - half, center + half);
    if center == 0.0 {
        return (term, bounds);
    }
    let (subtracted, center) = (center < 0.0, center.abs());
    let number = Term::Number(center);
    let terms =
        if subtracted { vec![(false, term), (true, number)] } else { vec![(false, number), (false, term)] };
    (Term::Sum(terms), bounds)
}

/// Two significant digits, toward zero.
fn rounded(x: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    let digits = (1 - x.abs().log10().floor() as i32).max(0);
    let scale = 10f64.powi(digits);
    (x * scale).trunc() / scale
}

/// Whether the subscripts of arrays alone say this range.
fn is_implied(range: Range, index: Index, body: &Term) -> bool {
    let wanted: &[i64] = match range {
        Range::All(_) => &[0],
        Range::ButLast(_) => &[0, 1],
        Range::ButFirst(_) => &[0, -1],
        Range::Below(_) | Range::Above(..) | Range::Two => return false,
    };
    let mut seen = Vec::new();
    let mut plain = true;
    body.walk(&mut |term| {
        let Term::Element(_, subscripts) = term else { return };
        for subscript in subscripts {
            let mut inner = subscript;
            while let Subscript::Lookup(next) = inner {
                inner = next;
            }
            match inner {
                Subscript::Shifted(at, shift) if *at == index => seen.push(*shift),
                Subscript::Double(at) | Subscript::Reversed(_, at) if *at == index => plain = false,
                _ => {}
            }
        }
    });
    plain && wanted.iter().all(|w| seen.contains(w))
}
