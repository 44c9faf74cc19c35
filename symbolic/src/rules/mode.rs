//! What rules may change, and which of them are wanted.

/// What a rule may change.
///
/// ```
/// use hesse_symbolic::rules::{Mode, RULES, Soundness};
///
/// let strict = RULES.iter().filter(|rule| rule.modes.contains(&Mode::Strict));
/// assert!(strict.map(|rule| rule.soundness).all(|soundness| soundness == Soundness::Ieee));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Soundness {
    /// Nothing: both forms have the same value in floating-point arithmetic.
    Ieee,
    /// Rounding, overflow and cancellation: both forms are equal over the real numbers.
    Reals,
    /// The domain, too: the new form has a value where the written one has none.
    Domain,
}

impl Soundness {
    /// It in words.
    pub fn name(self) -> &'static str {
        match self {
            Soundness::Ieee => "exact in floating-point arithmetic",
            Soundness::Reals => "exact over the reals",
            Soundness::Domain => "extends the domain",
        }
    }
}

/// Which rules are applied.
///
/// ```
/// use hesse_symbolic::rules::Mode;
///
/// assert_eq!(Mode::default(), Mode::Robust);
/// assert!(Mode::ALL.iter().all(|&mode| Mode::named(mode.name()) == Some(mode)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub enum Mode {
    /// Those alone that change nothing in floating-point arithmetic.
    Strict,
    /// Also those that keep a formula right where it would overflow or cancel.
    #[default]
    Robust,
    /// Those that make a formula cheaper; of those that keep it right, the ones at about the same cost.
    Fast,
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 3] = [Mode::Strict, Mode::Robust, Mode::Fast];

    /// The name by which people ask for it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Strict => "strict",
            Mode::Robust => "robust",
            Mode::Fast => "fast",
        }
    }

    /// The one called `name`.
    ///
    /// ```
    /// use hesse_symbolic::rules::Mode;
    ///
    /// assert_eq!(Mode::named("fast"), Some(Mode::Fast));
    /// assert_eq!(Mode::named("exact"), None);
    /// ```
    pub fn named(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name() == name)
    }
}
