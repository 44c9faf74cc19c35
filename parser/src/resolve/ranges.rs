//! Ranges and extents that follow from use, and positions that leave their axis.

use std::rc::Rc;

use super::Resolver;
use super::arrays::{Access, extent_form};
use super::form::{BinderId, DimensionId, Form, Symbol};
use super::term::Extent;
use super::value::Value;
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{NodeId, Role, SpanId};

impl Resolver<'_> {
    /// Finds the ranges and extents the source leaves open, then checks every use.
    pub(super) fn settle(&mut self) {
        let mut by_binder: Vec<Vec<usize>> = vec![Vec::new(); self.binders.len()];
        let mut by_array: Vec<Vec<usize>> = vec![Vec::new(); self.arrays.len()];
        for (at, access) in self.accesses.iter().enumerate() {
            by_array[access.array.0 as usize].push(at);
            for binder in access.position.binders() {
                by_binder[binder.0 as usize].push(at);
            }
        }
        // An extent is first taken from complete knowledge of its uses, then from what is known.
        loop {
            let ranges = self.infer_ranges(&by_binder);
            let extents = self.infer_extents(&by_array, true);
            if !ranges && !extents && !self.infer_extents(&by_array, false) {
                break;
            }
        }
        // After other complaints, what is open may be open because of them.
        if self.diagnostics.is_empty() {
            self.report_open();
        }
        if self.diagnostics.is_empty() {
            for at in 0..self.accesses.len() {
                self.check_access(self.accesses[at].clone());
            }
        }
    }

    fn report_open(&mut self) {
        for binder in &self.binders {
            if binder.range.is_none() {
                let problem = Problem::RangeUnknown { name: binder.name.to_string() };
                self.diagnostics.push(Diagnostic::new(problem, binder.span));
            }
        }
        for array in &self.arrays {
            if array.shape.contains(&None) {
                let letters: Vec<_> = ["d", "m", "k"].into_iter().cycle().take(array.shape.len()).collect();
                let example = format!("param {}[{}]", array.name, letters.join(", "));
                let problem = Problem::ExtentUnknown { name: array.name.to_string(), example };
                self.diagnostics.push(Diagnostic::new(problem, array.first));
            }
        }
    }

    fn infer_ranges(&mut self, by_binder: &[Vec<usize>]) -> bool {
        let mut progress = false;
        for (at, uses) in by_binder.iter().enumerate() {
            if self.binders[at].range.is_some() {
                continue;
            }
            let binder = BinderId(at as u32);
            let uses: Vec<(Form, i64, SpanId)> = uses
                .iter()
                .filter_map(|&access| {
                    let access = &self.accesses[access];
                    let position = &access.position;
                    let shifted =
                        position.terms.len() == 1 && position.coefficient(Symbol::Binder(binder)) == 1;
                    let extent = self.arrays[access.array.0 as usize].shape[access.axis].as_ref()?;
                    shifted.then(|| (self.canonical(&extent_form(extent)), position.constant, access.span))
                })
                .collect();
            if let Some(range) = self.infer_range(at, &uses) {
                self.binders[at].range = Some(range);
                progress = true;
            }
        }
        progress
    }

    /// The positions at which every `index + shift` lies within its extent.
    fn infer_range(&mut self, binder: usize, uses: &[(Form, i64, SpanId)]) -> Option<(Form, Form)> {
        let (first, ..) = uses.first()?;
        let mut lo = 0i64;
        let mut hi: Option<Form> = None;
        let plain = uses.iter().find(|u| u.1 == 0);
        for (extent, shift, span) in uses {
            let end = extent.offset(shift.checked_neg()?)?;
            lo = lo.max(shift.checked_neg()?);
            let (reference, _, reference_span) = plain.unwrap_or(&uses[0]);
            let conflict = match extent.plus(-1, reference).and_then(|d| d.as_constant()) {
                Some(0) => false,
                Some(_) => *shift == 0 || plain.is_none(),
                None => true,
            };
            if conflict {
                let problem = Problem::RangesConflict {
                    name: self.binders[binder].name.to_string(),
                    first: self.describe(reference),
                    second: self.describe(extent),
                };
                let note = format!("runs over {} here", self.describe(reference));
                self.report(Diagnostic::new(problem, *span).note(*reference_span, note));
                return Some((Form::constant(0), first.clone()));
            }
            hi = match hi {
                Some(hi) if end.plus(-1, &hi).is_some_and(|d| d.constant >= 0) => Some(hi),
                _ => Some(end),
            };
        }
        Some((Form::constant(lo), hi?))
    }

    fn infer_extents(&mut self, by_array: &[Vec<usize>], complete: bool) -> bool {
        let mut progress = false;
        for (at, uses) in by_array.iter().enumerate() {
            for axis in 0..self.arrays[at].shape.len() {
                if self.arrays[at].shape[axis].is_none()
                    && let Some(extent) = self.infer_extent(at, axis, uses, complete)
                {
                    self.arrays[at].shape[axis] = Some(extent);
                    progress = true;
                }
            }
        }
        progress
    }

    /// The size of an axis of an undeclared array: one more than the greatest position used.
    fn infer_extent(&self, array: usize, axis: usize, uses: &[usize], complete: bool) -> Option<Extent> {
        debug_assert!(self.arrays[array].role == Role::Parameter);
        let accesses = uses.iter().map(|&a| &self.accesses[a]).filter(|a| a.axis == axis);
        let mut largest: Option<i64> = None;
        let mut named: Option<DimensionId> = None;
        for access in accesses {
            let end = match self.extreme(&access.position, true).and_then(|p| p.offset(1)) {
                Some(end) => self.canonical(&end),
                None if complete => return None,
                None => continue,
            };
            match (end.as_constant(), end.as_dimension()) {
                // A single element says little while other uses are open.
                (Some(_), _) if !complete && access.position.as_constant().is_some() => {}
                (Some(end), _) => largest = largest.max(Some(end)),
                (None, Some(dimension)) => match named {
                    Some(known) if known != dimension => return None,
                    _ => named = Some(dimension),
                },
                // Less than a dimension that another use names in full.
                (None, None) => {}
            }
        }
        match (named, largest) {
            (Some(dimension), _) => Some(Extent::Dimension(dimension)),
            (None, Some(end)) => usize::try_from(end)
                .ok()
                .filter(|e| (1..=crate::formula::MAX_EXTENT).contains(e))
                .map(Extent::Fixed),
            (None, None) => None,
        }
    }

    /// The greatest or least value of a position, over the ranges of its indices; `None` while one is unknown.
    pub(super) fn extreme(&self, position: &Form, greatest: bool) -> Option<Form> {
        let mut form = position.clone();
        // Ranges mention outer indices only, so that inner ones go first and none comes back.
        while let Some(binder) = form.binders().max() {
            let (lo, hi) = self.binders[binder.0 as usize].range.as_ref()?;
            let symbol = Symbol::Binder(binder);
            let bound = if (form.coefficient(symbol) > 0) == greatest { hi.offset(-1)? } else { lo.clone() };
            form = form.with(symbol, &bound)?;
        }
        Some(form)
    }

    /// A position that runs over a whole size in an axis of another size says that both are one.
    pub(super) fn walk_whole(&mut self, position: &Form, extent: &Extent) {
        let ends =
            (self.extreme(position, false), self.extreme(position, true).and_then(|end| end.offset(1)));
        if let ((Some(least), Some(end)), Extent::Dimension(own)) = (ends, extent)
            && least == Form::constant(0)
            && let Some(used) = self.canonical(&end).as_dimension()
        {
            self.unify(used, *own);
        }
    }

    fn check_access(&mut self, access: Access) {
        let Some(extent) = self.arrays[access.array.0 as usize].shape[access.axis].clone() else { return };
        let (Some(least), Some(greatest)) =
            (self.extreme(&access.position, false), self.extreme(&access.position, true))
        else {
            return;
        };
        let least = self.canonical(&least);
        let end = greatest.offset(1).map(|end| self.canonical(&end));
        let Some(end) = end else { return };
        if greatest.plus(-1, &least).and_then(|d| d.as_constant()).is_some_and(|d| d < 0) {
            // A loop without iterations reads nothing.
            return;
        }
        self.walk_whole(&access.position, &extent);
        let extent = self.canonical(&extent_form(&extent));
        let end = self.canonical(&end);
        let Some(room) = extent.plus(-1, &end) else { return };
        let anonymous = |r: &Self, form: &Form| {
            form.terms
                .iter()
                .any(|(s, _)| matches!(s, Symbol::Dimension(d) if r.dimensions[d.0 as usize].anonymous))
        };
        let overruns = match room.as_constant() {
            Some(room) => room < 0,
            None => room.terms.iter().any(|t| t.1 < 0) && !anonymous(self, &room),
        };
        let underruns = match least.as_constant() {
            Some(least) => least < 0,
            None => least.terms.iter().all(|t| t.1 < 0) && !anonymous(self, &least),
        };
        let constant = access.position.as_constant().is_some();
        let array = self.arrays[access.array.0 as usize].name.to_string();
        if overruns {
            let last = greatest.offset(1).and_then(|g| g.offset(-1)).map(|g| self.canonical(&g));
            let last = last.map_or_else(String::new, |l| self.describe(&l));
            let size = self.describe(&extent);
            let problem = match constant {
                true => Problem::PositionTooLarge { array, position: last, size },
                false => Problem::RangeTooLarge { array, last, size },
            };
            self.complain(problem, access.span);
        } else if underruns {
            let problem = Problem::PositionNegative { array, position: self.describe(&least) };
            self.complain(problem, access.span);
        }
    }

    /// How many positions the first length has beyond the second.
    pub(super) fn remaining(&mut self, a: NodeId, b: NodeId) -> Value {
        let (Some(a), Some(b)) = (self.form(a), self.form(b)) else { return Value::Missing };
        let difference = a.plus(-1, &b).map(|form| self.canonical(&form));
        match difference {
            // Ranges whose lengths are known when they are walked are empty where this is less than zero.
            Some(form) => {
                let form = form.as_constant().map_or(form, |known| Form::constant(known.max(0)));
                Value::Integer { form, strict: true }
            }
            None => self.complain(Problem::IntegerTooLarge, self.program.tree.span(self.program.error)),
        }
    }

    /// The length that sequences walked together have in common.
    pub(super) fn common_length(&mut self, lengths: &[NodeId], span: SpanId) -> Option<Form> {
        let mut common: Option<Form> = None;
        for &node in lengths {
            let form = self.form(node)?;
            let form = self.canonical(&form);
            common = match common {
                None => Some(form),
                Some(known) => {
                    if let (Some(a), Some(b)) = (known.as_dimension(), form.as_dimension()) {
                        self.unify(a, b);
                    }
                    let (known, form) = (self.canonical(&known), self.canonical(&form));
                    match (known.as_constant(), form.as_constant()) {
                        _ if known == form => Some(known),
                        // Iteration ends with the shorter one, whose length is known.
                        (Some(_), None) => Some(known),
                        (None, Some(_)) => Some(form),
                        (Some(a), Some(b)) => Some(Form::constant(a.min(b))),
                        (None, None) => match form.plus(-1, &known).and_then(|d| d.as_constant()) {
                            Some(more) => Some(if more < 0 { form } else { known }),
                            None => {
                                let (first, second) = (self.describe(&known), self.describe(&form));
                                self.complain(Problem::LengthsDiffer { first, second }, span);
                                return None;
                            }
                        },
                    }
                }
            };
        }
        common
    }

    /// Lets two sizes be one where at least one of them has no name of its own.
    fn unify(&mut self, a: DimensionId, b: DimensionId) {
        let (a, b) = (self.representative(a), self.representative(b));
        let (low, high) = (a.min(b), a.max(b));
        if a != b && self.dimensions[high.0 as usize].anonymous {
            self.dimensions[high.0 as usize].parent = low;
        } else if a != b && self.dimensions[low.0 as usize].anonymous {
            self.dimensions[low.0 as usize].parent = high;
        }
    }

    /// The dimension that stands for all those equal to this one.
    pub(super) fn representative(&self, mut dimension: DimensionId) -> DimensionId {
        while self.dimensions[dimension.0 as usize].parent != dimension {
            dimension = self.dimensions[dimension.0 as usize].parent;
        }
        dimension
    }

    pub(super) fn canonical(&self, form: &Form) -> Form {
        let mut canonical = form.clone();
        for &(symbol, _) in &form.terms {
            if let Symbol::Dimension(dimension) = symbol {
                let representative = Form::symbol(Symbol::Dimension(self.representative(dimension)));
                canonical = canonical.with(symbol, &representative).unwrap_or(canonical);
            }
        }
        canonical
    }

    /// Names for all dimensions; those without one get the customary letters.
    pub(super) fn dimension_names(&self) -> Vec<Rc<str>> {
        let mut taken: Vec<Rc<str>> = self.arrays.iter().map(|a| a.name.clone()).collect();
        taken.extend(self.dimensions.iter().filter(|d| !d.anonymous).map(|d| d.name.clone()));
        let mut names = Vec::with_capacity(self.dimensions.len());
        for (at, dimension) in self.dimensions.iter().enumerate() {
            let of_parameter = self.arrays.iter().any(|a| {
                a.role == Role::Parameter
                    && a.shape.contains(&Some(Extent::Dimension(DimensionId(at as u32))))
            });
            let unnamed = dimension.anonymous && dimension.parent == DimensionId(at as u32);
            names.push(match unnamed {
                true => {
                    fresh_name(if of_parameter { &["d", "k", "h"] } else { &["n", "m", "l"] }, &mut taken)
                }
                false => dimension.name.clone(),
            });
        }
        names
    }

    /// A form in the words of the source.
    pub(super) fn describe(&self, form: &Form) -> String {
        let mut text = String::new();
        for (symbol, coefficient) in &form.terms {
            let name = match symbol {
                Symbol::Dimension(d) if self.dimensions[d.0 as usize].anonymous => {
                    format!("{}.len()", self.dimensions[d.0 as usize].name)
                }
                Symbol::Dimension(d) => self.dimensions[d.0 as usize].name.to_string(),
                Symbol::Binder(b) => self.binders[b.0 as usize].name.to_string(),
            };
            let sign = match (*coefficient < 0, text.is_empty()) {
                (true, _) => "-",
                (false, true) => "",
                (false, false) => "+",
            };
            let factor = match coefficient.unsigned_abs() {
                1 => String::new(),
                factor => format!("{factor}*"),
            };
            text.push_str(&format!("{sign}{factor}{name}"));
        }
        match (form.constant, text.is_empty()) {
            (constant, true) => constant.to_string(),
            (0, false) => text,
            (constant, false) => format!("{text}{constant:+}"),
        }
    }
}

fn fresh_name(preferred: &[&str], taken: &mut Vec<Rc<str>>) -> Rc<str> {
    let numbered = (1..).map(|k| format!("n{k}"));
    let name: Option<Rc<str>> = preferred
        .iter()
        .map(|p| (*p).to_owned())
        .chain(numbered)
        .find(|c| taken.iter().all(|t| **t != **c))
        .map(Into::into);
    let name = name.unwrap_or_else(|| "n".into());
    taken.push(name.clone());
    name
}
