//! Polynomials in named sizes: how often loops run, how many entries there are.

use std::collections::BTreeMap;
use std::fmt;

use crate::graph::Number;

/// A polynomial in sizes and loop counters, by name.
///
/// ```
/// use hesse_symbolic::explain::Polynomial;
///
/// let n = Polynomial::symbol("n");
/// let entries = n.packed();
/// assert_eq!(entries.to_string(), "(n^2 + n)/2");
/// let known = [("n".to_owned(), 3)].into();
/// assert_eq!(entries.at(&known).as_constant(), Some(6.0));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Polynomial {
    /// Powers of names in ascending order, with coefficients other than zero.
    terms: BTreeMap<Vec<(String, u32)>, Number>,
}

impl Polynomial {
    /// A plain integer.
    pub fn constant(value: i64) -> Polynomial {
        Polynomial::monomial(Vec::new(), Number::integer(value))
    }

    /// A size or a counter.
    pub fn symbol(name: &str) -> Polynomial {
        Polynomial::monomial(vec![(name.to_owned(), 1)], Number::ONE)
    }

    fn monomial(powers: Vec<(String, u32)>, coefficient: Number) -> Polynomial {
        Polynomial { terms: BTreeMap::new() }.with(powers, coefficient)
    }

    fn with(mut self, powers: Vec<(String, u32)>, coefficient: Number) -> Polynomial {
        let sum = self.terms.get(&powers).map_or(coefficient, |own| own.plus(coefficient));
        if sum.is_zero() {
            self.terms.remove(&powers);
        } else {
            self.terms.insert(powers, sum);
        }
        self
    }

    /// Sum.
    pub fn plus(&self, other: &Polynomial) -> Polynomial {
        other.terms.iter().fold(self.clone(), |sum, (powers, &c)| sum.with(powers.clone(), c))
    }

    /// Difference.
    pub fn minus(&self, other: &Polynomial) -> Polynomial {
        self.plus(&other.scaled(Number::MINUS_ONE))
    }

    /// Product.
    pub fn times(&self, other: &Polynomial) -> Polynomial {
        let mut product = Polynomial::default();
        for (a, &c) in &self.terms {
            for (b, &d) in &other.terms {
                let mut powers: BTreeMap<&String, u32> =
                    a.iter().map(|(name, power)| (name, *power)).collect();
                for (name, power) in b {
                    *powers.entry(name).or_insert(0) += power;
                }
                let powers = powers.into_iter().map(|(name, power)| (name.clone(), power)).collect();
                product = product.with(powers, c.times(d));
            }
        }
        product
    }

    /// Multiple.
    pub(super) fn scaled(&self, factor: Number) -> Polynomial {
        let terms = self.terms.iter().map(|(powers, c)| (powers.clone(), c.times(factor)));
        terms.fold(Polynomial::default(), |scaled, (powers, c)| scaled.with(powers, c))
    }

    /// The number of pairs p ≥ q below it: x(x+1)/2.
    pub fn packed(&self) -> Polynomial {
        self.times(&self.plus(&Polynomial::constant(1))).scaled(Number::HALF)
    }

    /// The sum over all positions `lo ≤ name < hi`; exact where `lo ≤ hi`.
    pub fn summed(&self, name: &str, lo: &Polynomial, hi: &Polynomial) -> Polynomial {
        let largest = self.degree(name);
        let (below_lo, below_hi) = (powers_below(lo, largest), powers_below(hi, largest));
        let sums = below_hi.iter().zip(&below_lo).map(|(hi, lo)| hi.minus(lo));
        (0..).zip(sums).fold(Polynomial::default(), |total, (power, sum)| {
            total.plus(&self.coefficient(name, power).times(&sum))
        })
    }

    /// The highest power of a name.
    pub fn degree(&self, name: &str) -> u32 {
        let powers = self.terms.keys().flatten().filter(|(own, _)| own == name);
        powers.map(|(_, power)| *power).max().unwrap_or(0)
    }

    /// What a power of a name is multiplied with.
    pub fn coefficient(&self, name: &str, power: u32) -> Polynomial {
        let mut coefficient = Polynomial::default();
        for (powers, &c) in &self.terms {
            if powers.iter().find(|(own, _)| own == name).map_or(0, |(_, own)| *own) == power {
                let rest = powers.iter().filter(|(own, _)| own != name).cloned().collect();
                coefficient = coefficient.with(rest, c);
            }
        }
        coefficient
    }

    /// The names it mentions, in ascending order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.terms.keys().flatten().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The polynomial with numbers for some names.
    pub fn at(&self, sizes: &BTreeMap<String, u64>) -> Polynomial {
        let mut value = Polynomial::default();
        for (powers, &c) in &self.terms {
            let known = |name: &String| sizes.get(name).map(|&size| Number::float(size as f64));
            let factors = powers.iter().filter_map(|(name, power)| Some((known(name)?, *power)));
            let factor = factors
                .fold(c, |product, (size, power)| (0..power).fold(product, |product, _| product.times(size)));
            let rest = powers.iter().filter(|(name, _)| known(name).is_none()).cloned().collect();
            value = value.with(rest, factor);
        }
        value
    }

    /// The value, where it mentions no name.
    pub fn as_constant(&self) -> Option<f64> {
        let constant = self.terms.get(&Vec::new()).map_or(0.0, |c| c.to_f64());
        self.terms.keys().all(Vec::is_empty).then_some(constant)
    }

    /// The limit of the quotient as the only size it mentions grows, or the quotient where there is none; `None`
    /// where there are several, and where there is no finite limit.
    pub fn ratio(&self, other: &Polynomial) -> Option<f64> {
        let mut names = self.names();
        names.extend(other.names());
        names.sort_unstable();
        names.dedup();
        let (own, other) = match names[..] {
            [] => (self.as_constant()?, other.as_constant()?),
            [name] => {
                let power = other.degree(name);
                let leading = |p: &Polynomial| p.coefficient(name, power).as_constant();
                if self.degree(name) > power {
                    return None;
                }
                (leading(self)?, leading(other)?)
            }
            _ => return None,
        };
        Some(own / other).filter(|ratio| ratio.is_finite())
    }
}

/// Σ over 0 ≤ i < x of i^k, for k = 0, …, `largest`: x^(k+1) = Σ over j ≤ k of C(k+1, j) S_j.
fn powers_below(x: &Polynomial, largest: u32) -> Vec<Polynomial> {
    let mut sums: Vec<Polynomial> = Vec::new();
    let mut power = Polynomial::constant(1);
    // C(k+1, j) for j = 0, …, k+1
    let mut binomials = vec![Number::ONE, Number::ONE];
    for k in 0..=largest {
        power = power.times(x);
        let lower = sums.iter().zip(&binomials).map(|(sum, &choose)| sum.scaled(choose));
        let rest = lower.fold(power.clone(), |rest, sum| rest.minus(&sum));
        sums.push(rest.scaled(Number::rational(1, i128::from(k) + 1)));
        let inner = binomials.windows(2).map(|pair| pair[0].plus(pair[1]));
        binomials = [Number::ONE].into_iter().chain(inner).chain([Number::ONE]).collect();
    }
    sums
}

impl fmt::Display for Polynomial {
    /// In the notation of formulas, highest powers first, over one denominator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let denominator = self.terms.values().fold(1i128, |all, c| match c {
            Number::Rational(r) => all.checked_mul(r.denom() / gcd(all, *r.denom())).unwrap_or(all),
            Number::Float(_) => all,
        });
        let whole = self.scaled(Number::rational(denominator, 1));
        let mut terms: Vec<(&Vec<(String, u32)>, &Number)> = whole.terms.iter().collect();
        let degree = |powers: &Vec<(String, u32)>| powers.iter().map(|(_, power)| power).sum::<u32>();
        terms.sort_by_key(|(powers, _)| std::cmp::Reverse(degree(powers)));
        let mut text = String::new();
        for (powers, coefficient) in &terms {
            let size = if coefficient.is_negative() { coefficient.negate() } else { **coefficient };
            text.push_str(match (text.is_empty(), coefficient.is_negative()) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            });
            let mut factors: Vec<String> = Vec::new();
            if !size.is_one() || powers.is_empty() {
                factors.push(size.to_f64().to_string());
            }
            factors.extend(powers.iter().map(|(name, power)| match power {
                1 => name.clone(),
                power => format!("{name}^{power}"),
            }));
            text.push_str(&factors.join("*"));
        }
        match (&terms[..], denominator) {
            ([], _) => f.write_str("0"),
            (_, 1) => f.write_str(&text),
            ([_], denominator) => write!(f, "{text}/{denominator}"),
            (_, denominator) => write!(f, "({text})/{denominator}"),
        }
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}
