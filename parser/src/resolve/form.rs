//! Integer forms: positions and lengths before the graph exists.

/// A named or anonymous size.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct DimensionId(pub(crate) u32);

/// An index of a reduction; inner ones have greater ids than those their ranges mention.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct BinderId(pub(crate) u32);

/// A symbol of a form.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum Symbol {
    Dimension(DimensionId),
    Binder(BinderId),
}

/// `constant + Σ coefficient · symbol`, symbols ascending, coefficients not zero.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Form {
    pub(crate) constant: i64,
    pub(crate) terms: Vec<(Symbol, i64)>,
}

impl Form {
    pub(crate) fn constant(constant: i64) -> Form {
        Form { constant, terms: Vec::new() }
    }

    pub(crate) fn symbol(symbol: Symbol) -> Form {
        Form { constant: 0, terms: vec![(symbol, 1)] }
    }

    pub(crate) fn binder(binder: BinderId) -> Form {
        Form::symbol(Symbol::Binder(binder))
    }

    pub(crate) fn as_constant(&self) -> Option<i64> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The dimension, where the form is exactly one dimension.
    pub(crate) fn as_dimension(&self) -> Option<DimensionId> {
        match (self.constant, &self.terms[..]) {
            (0, [(Symbol::Dimension(dimension), 1)]) => Some(*dimension),
            _ => None,
        }
    }

    pub(crate) fn binders(&self) -> impl Iterator<Item = BinderId> + '_ {
        self.terms.iter().filter_map(|(symbol, _)| match symbol {
            Symbol::Binder(binder) => Some(*binder),
            Symbol::Dimension(_) => None,
        })
    }

    pub(crate) fn coefficient(&self, symbol: Symbol) -> i64 {
        self.terms.binary_search_by_key(&symbol, |t| t.0).map_or(0, |at| self.terms[at].1)
    }

    /// `self + factor · other`; `None` beyond the range of `i64`.
    pub(crate) fn plus(&self, factor: i64, other: &Form) -> Option<Form> {
        let mut sum = self.clone();
        sum.constant = sum.constant.checked_add(other.constant.checked_mul(factor)?)?;
        for &(symbol, coefficient) in &other.terms {
            sum.add_term(symbol, coefficient.checked_mul(factor)?)?;
        }
        Some(sum)
    }

    pub(crate) fn offset(&self, constant: i64) -> Option<Form> {
        self.plus(1, &Form::constant(constant))
    }

    pub(crate) fn scaled(&self, factor: i64) -> Option<Form> {
        Form::constant(0).plus(factor, self)
    }

    /// The form with one symbol replaced.
    pub(crate) fn with(&self, symbol: Symbol, value: &Form) -> Option<Form> {
        let coefficient = self.coefficient(symbol);
        let mut rest = self.clone();
        rest.terms.retain(|t| t.0 != symbol);
        rest.plus(coefficient, value)
    }

    fn add_term(&mut self, symbol: Symbol, coefficient: i64) -> Option<()> {
        match self.terms.binary_search_by_key(&symbol, |t| t.0) {
            Ok(at) => {
                self.terms[at].1 = self.terms[at].1.checked_add(coefficient)?;
                if self.terms[at].1 == 0 {
                    self.terms.remove(at);
                }
            }
            Err(_) if coefficient == 0 => {}
            Err(at) => self.terms.insert(at, (symbol, coefficient)),
        }
        Some(())
    }
}
