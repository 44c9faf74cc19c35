//! Numbers as the sum of two `f64`, 106 bits together, so that a long product is rounded once.

/// `high + low`, with `low` below half a unit in the last place of `high`.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    high: f64,
    low: f64,
}

impl Pair {
    /// `above / below`
    pub(super) fn quotient(above: f64, below: f64) -> Pair {
        let high = above / below;
        Pair { high, low: (-high).mul_add(below, above) / below }
    }

    /// The nearest `f64` to the power; beyond the range of pairs that of plain products.
    pub(super) fn power(self, exponent: usize) -> f64 {
        let power = (0..exponent).fold(Pair { high: 1.0, low: 0.0 }, |power, _| power.times(self));
        let rounded = power.high + power.low;
        if rounded.is_finite() { rounded } else { (0..exponent).fold(1.0, |power, _| power * self.high) }
    }

    /// The product, without that of both small parts.
    fn times(self, other: Pair) -> Pair {
        let high = self.high * other.high;
        let rest = self.high.mul_add(other.high, -high);
        let low = self.low.mul_add(other.high, self.high.mul_add(other.low, rest));
        let sum = high + low;
        Pair { high: sum, low: low - (sum - high) }
    }
}
