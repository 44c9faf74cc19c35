//! Subscripts, ranges and places of derivatives as integer expressions.

use super::unit::Prepared;
use crate::graph::{Affine, Array, Extent, Index, Role, Subscript, Symbol};
use crate::schedule::{Kernel, Operand, Place, Slot};

/// Where languages differ in their integers and arrays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spelling {
    /// Integers without sign, arrays flat.
    C,
    /// Integers with sign, arrays with axes.
    Python,
}

/// The names that integer expressions refer to.
pub(super) struct Positions<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) unit: &'a Prepared,
    pub(super) spelling: Spelling,
    dimensions: Vec<String>,
    /// Loop counters, outermost first.
    counters: Vec<(Index, String)>,
}

impl<'a> Positions<'a> {
    pub(super) fn new(unit: &'a Prepared, kernel: &'a Kernel, spelling: Spelling) -> Positions<'a> {
        Positions { kernel, unit, spelling, dimensions: unit.dimensions_of(kernel), counters: Vec::new() }
    }

    /// Opens a loop and names its counter.
    pub(super) fn enter(&mut self, index: Index) -> String {
        const LETTERS: [&str; 6] = ["i", "j", "k", "l", "m", "q"];
        let depth = self.counters.len();
        let letter = LETTERS.get(depth).map_or_else(|| format!("i{depth}"), |letter| (*letter).to_owned());
        let name = self.unit.names.clone().claim(&letter);
        self.counters.push((index, name.clone()));
        name
    }

    /// Closes the innermost loop.
    pub(super) fn leave(&mut self) {
        self.counters.pop();
    }

    /// An integer form that is known not to be below zero.
    pub(super) fn affine(&self, affine: &Affine) -> String {
        let [plus, minus] = self.halves(affine);
        let mut text = if plus.is_empty() { "0".to_owned() } else { plus.join(" + ") };
        minus.iter().for_each(|term| text.push_str(&format!(" - {term}")));
        text
    }

    /// The bound of a range, or a length: below zero counts as zero.
    pub(super) fn bound(&self, affine: &Affine) -> String {
        if let Some(constant) = affine.as_constant() {
            return constant.max(0).to_string();
        }
        let [plus, minus] = self.halves(affine);
        match (minus.is_empty(), self.spelling) {
            (true, _) => self.affine(affine),
            (false, Spelling::Python) => format!("max({}, 0)", self.affine(affine)),
            (false, Spelling::C) => {
                let (plus, minus) = (plus.join(" + "), minus.join(" + "));
                let plus = if plus.is_empty() { "0".to_owned() } else { plus };
                format!("({plus} > {minus} ? {plus} - {} : 0)", grouped(&minus))
            }
        }
    }

    /// What is added, and what is subtracted.
    fn halves(&self, affine: &Affine) -> [Vec<String>; 2] {
        let mut halves = [Vec::new(), Vec::new()];
        for &(symbol, coefficient) in &affine.terms {
            let name = self.symbol(symbol);
            let term = match coefficient.unsigned_abs() {
                1 => name.to_owned(),
                size => format!("{size} * {name}"),
            };
            halves[usize::from(coefficient < 0)].push(term);
        }
        if affine.constant != 0 {
            halves[usize::from(affine.constant < 0)].push(affine.constant.unsigned_abs().to_string());
        }
        halves
    }

    /// The symbols of a form with their coefficients.
    pub(super) fn symbol(&self, symbol: Symbol) -> &str {
        match symbol {
            Symbol::Dimension(dimension) => &self.dimensions[dimension.0 as usize],
            Symbol::Index(index) => {
                let open = self.counters.iter().rev().find(|(own, _)| *own == index);
                // Kernels mention indices inside their loops only.
                open.map_or("outside_its_loop", |(_, name)| name)
            }
        }
    }

    /// An element of an array.
    pub(super) fn load(&self, array: Array, subscripts: &[Subscript]) -> String {
        let declaration = &self.kernel.arrays[array.0 as usize];
        if let Role::Direction(_) = declaration.role {
            let at = self.position(&Place { array, subscripts: subscripts.to_vec() });
            let name = if self.kernel.request.block { "directions" } else { "direction" };
            return format!("{name}[{at}]");
        }
        let name = self.unit.array(array);
        match (subscripts, self.spelling) {
            ([], _) => name.to_owned(),
            (_, Spelling::C) => {
                format!("{name}[{}]", self.flattened(&declaration.shape, subscripts, Affine::default()))
            }
            (_, Spelling::Python) => {
                let at: Vec<String> = subscripts.iter().map(|subscript| self.subscript(subscript)).collect();
                format!("{name}[{}]", at.join(", "))
            }
        }
    }

    pub(super) fn subscript(&self, subscript: &Subscript) -> String {
        match subscript {
            Subscript::Affine(affine) => self.affine(affine),
            Subscript::Lookup(array, inner) => self.load(*array, inner),
        }
    }

    /// The position of a parameter element among all parameters.
    pub(super) fn position(&self, place: &Place) -> String {
        let (mut start, mut products) = (Affine::default(), Vec::new());
        for declaration in self.kernel.laid_out_before(place.array) {
            let fixed: Option<i64> = declaration.shape.iter().try_fold(1i64, |length, extent| match extent {
                Extent::Fixed(size) => length.checked_mul(i64::try_from(*size).ok()?),
                Extent::Named(_) => None,
            });
            match fixed {
                Some(length) => start = start.add(&Affine::constant(length)),
                None => {
                    products
                        .push(product(declaration.shape.iter().map(|&e| self.affine(&Affine::extent(e)))));
                }
            }
        }
        let shape = &self.kernel.arrays[place.array.0 as usize].shape;
        products.push(self.flattened(shape, &place.subscripts, start));
        sum(products)
    }

    /// `start` and the row-major position of an element.
    fn flattened(&self, shape: &[Extent], subscripts: &[Subscript], start: Affine) -> String {
        let lengths: Vec<Affine> = shape.iter().map(|&extent| Affine::extent(extent)).collect();
        self.along(subscripts, &lengths, start)
    }

    /// `start` and the row-major position among axes of these lengths.
    pub(super) fn along(&self, subscripts: &[Subscript], lengths: &[Affine], start: Affine) -> String {
        let (mut form, mut others) = (start, Vec::new());
        for (axis, subscript) in subscripts.iter().enumerate() {
            let later = &lengths[axis + 1..];
            let stride = later.iter().try_fold(1i64, |stride, l| stride.checked_mul(l.as_constant()?));
            match (subscript, stride) {
                (Subscript::Affine(affine), Some(stride)) => form = form.add(&affine.scale(stride)),
                _ => {
                    let strides = later.iter().map(|length| self.bound(length));
                    others.push(product([self.subscript(subscript)].into_iter().chain(strides)));
                }
            }
        }
        others.push(self.affine(&form));
        sum(others)
    }

    /// The row-major position in a local array or panel.
    pub(super) fn row_major(&self, shape: &[Affine], at: &[Affine]) -> String {
        let subscripts: Vec<Subscript> = at.iter().cloned().map(Subscript::Affine).collect();
        self.along(&subscripts, shape, Affine::default())
    }

    /// The number of elements of a shape.
    pub(super) fn length(&self, shape: &[Affine]) -> String {
        product(shape.iter().map(|length| self.bound(length)))
    }
}

/// The name of a scalar.
pub(super) fn slot(slot: Slot) -> String {
    format!("t{}", slot.0)
}

/// A scalar in hand; a number as `number` spells it.
pub(super) fn operand(operand: Operand, number: fn(f64) -> String) -> String {
    match operand {
        Operand::Slot(bound) => slot(bound),
        Operand::Number(constant) => number(constant.to_f64()),
    }
}

/// In brackets where it is not one word and not in brackets already.
pub(super) fn grouped(text: &str) -> String {
    let mut depth = 0u32;
    let is_enclosed = text.starts_with('(')
        && text.char_indices().all(|(at, c)| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth > 0 || at + 1 == text.len()
        });
    if text.contains(' ') && !is_enclosed { format!("({text})") } else { text.to_owned() }
}

/// A product of integers: numbers are multiplied at once.
pub(super) fn product(factors: impl Iterator<Item = String>) -> String {
    let (mut constant, mut others) = (1u64, Vec::new());
    for factor in factors {
        match factor.parse::<u64>().ok().and_then(|number| constant.checked_mul(number)) {
            Some(product) => constant = product,
            None => others.push(grouped(&factor)),
        }
    }
    if constant == 0 {
        return "0".to_owned();
    }
    if constant != 1 || others.is_empty() {
        others.push(constant.to_string());
    }
    others.join(" * ")
}

/// A sum of integers: numbers are added at once.
pub(super) fn sum(terms: impl IntoIterator<Item = String>) -> String {
    let (mut constant, mut others) = (0u64, Vec::new());
    for term in terms {
        match term.parse::<u64>().ok().and_then(|number| constant.checked_add(number)) {
            Some(sum) => constant = sum,
            None => others.push(term),
        }
    }
    if constant != 0 || others.is_empty() {
        others.push(constant.to_string());
    }
    others.join(" + ")
}
