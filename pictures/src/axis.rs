//! Axes: what goes where, and which numbers stand beside.

/// A quantity along one side of a panel.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Axis {
    pub(crate) label: String,
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) scale: Scale,
}

/// How numbers become places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scale {
    Linear,
    /// For positive numbers.
    Logarithmic,
    /// For counts: ticks at whole numbers alone.
    Counting,
    /// For counts of which the first and the thousandth are to be seen: logarithms of one more.
    Growing,
}

/// A number beside an axis.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

impl Axis {
    /// An axis that has all finite values, and some room on both sides.
    pub(crate) fn around(
        label: impl Into<String>,
        values: impl IntoIterator<Item = f64>,
        scale: Scale,
    ) -> Axis {
        let is_meant = |value: &f64| value.is_finite() && (scale != Scale::Logarithmic || *value > 0.0);
        let (lo, hi) = values
            .into_iter()
            .filter(is_meant)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
        let label = label.into();
        if lo > hi {
            return Axis { label, lo: 1.0, hi: 10.0, scale };
        }
        let (lo, hi) = match scale {
            Scale::Logarithmic => {
                let room = (hi / lo).powf(0.05).max(1.5);
                ((lo / room).max(f64::MIN_POSITIVE), (hi * room).min(f64::MAX))
            }
            Scale::Linear | Scale::Counting | Scale::Growing => {
                // Halves first, since a difference may be beyond all numbers.
                let half = hi / 2.0 - lo / 2.0;
                let room = if half > 0.0 { half * 0.1 } else { (lo.abs() * 0.1).max(1e-300) };
                let room = if half == 0.0 && lo == 0.0 { 1.0 } else { room };
                (lo - room, hi + room)
            }
        };
        Axis { label, lo: lo.max(f64::MIN), hi: hi.min(f64::MAX), scale }
    }

    /// An axis with exactly these ends.
    pub(crate) fn between(label: impl Into<String>, lo: f64, hi: f64) -> Axis {
        Axis { label: label.into(), lo, hi, scale: Scale::Linear }
    }

    /// Where a value is, from 0 to 1 along the axis.
    pub(crate) fn part(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear | Scale::Counting => {
                (value / 2.0 - self.lo / 2.0) / (self.hi / 2.0 - self.lo / 2.0)
            }
            Scale::Logarithmic => (value.ln() - self.lo.ln()) / (self.hi.ln() - self.lo.ln()),
            Scale::Growing => (value.ln_1p() - self.lo.ln_1p()) / (self.hi.ln_1p() - self.lo.ln_1p()),
        }
    }

    /// At most about `count` ticks, at round numbers; somewhat more where these are fewer than two, which would give no measure.
    pub(crate) fn ticks(&self, count: usize) -> Vec<Tick> {
        let ticks = |count: usize| match self.scale {
            Scale::Linear => linear(self.lo, self.hi, count, f64::MIN_POSITIVE),
            Scale::Counting => linear(self.lo, self.hi, count, 1.0),
            Scale::Logarithmic => logarithmic(self.lo, self.hi, count),
            Scale::Growing => growing(self.hi, count),
        };
        (count..count + 3).map(ticks).find(|ticks| ticks.len() > 1).unwrap_or_else(|| ticks(count))
    }
}

/// Multiples of a round step within bounds; fewer than two where nothing round fits.
fn linear(lo: f64, hi: f64, count: usize, least: f64) -> Vec<Tick> {
    let step = round_step((hi / 2.0 - lo / 2.0) / count.max(1) as f64 * 2.0).max(least);
    let (first, last) = ((lo / step - 1e-9).ceil(), (hi / step + 1e-9).floor());
    // Beyond 2⁵³ steps neighbors are no longer told apart.
    if !(first <= last
        && first.is_finite()
        && last.is_finite()
        && first.abs().max(last.abs()) < 9e15
        && last - first < 1e3)
    {
        return Vec::new();
    }
    let at: Vec<f64> = (0..=(last - first) as usize).map(|k| (first + k as f64) * step).collect();
    let labels = labels(&at, step);
    at.into_iter().zip(labels).map(|(at, label)| Tick { at, label }).collect()
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `step`.
pub(crate) fn round_step(step: f64) -> f64 {
    let decade = 10f64.powf(step.log10().floor());
    let factor = step / decade;
    let factor = [1.0, 2.0, 5.0].into_iter().find(|round| factor <= round * (1.0 + 1e-9)).unwrap_or(10.0);
    // Through text, so that 10⁻¹ is the number that prints as 0.1.
    let exponent = decade.log10().round() as i32;
    format!("{factor}e{exponent}").parse().unwrap_or(factor * decade)
}

/// Numbers in one style: as many decimals as the step has, or powers of ten where that would be long.
fn labels(values: &[f64], step: f64) -> Vec<String> {
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let exponent = if largest > 0.0 { largest.log10().floor() as i32 } else { 0 };
    let fine = -step.log10().floor() as i32;
    if (-3..6).contains(&exponent) && fine <= 12 {
        let decimals = usize::try_from(fine).unwrap_or(0);
        return values.iter().map(|value| signed(&format!("{value:.decimals$}"))).collect();
    }
    let decimals = usize::try_from(exponent + fine).unwrap_or(0).min(12);
    let power = power_of_ten(exponent);
    let mantissa = |value: &f64| {
        if *value == 0.0 {
            return "0".to_owned();
        }
        let scaled = value / 10f64.powi(exponent / 2) / 10f64.powi(exponent - exponent / 2);
        match signed(&format!("{scaled:.decimals$}")).as_str() {
            "1" => power.clone(),
            "−1" => format!("−{power}"),
            text => format!("{text}·{power}"),
        }
    };
    values.iter().map(mantissa).collect()
}

fn logarithmic(lo: f64, hi: f64, count: usize) -> Vec<Tick> {
    let (first, last) = (lo.log10(), hi.log10());
    let decades = last - first;
    let digits: &[i32] = if decades < 1.2 {
        &[1, 2, 3, 5]
    } else if decades < 2.5 {
        &[1, 3]
    } else {
        &[1]
    };
    let stride = ((decades / count.max(1) as f64).ceil() as i32).max(1);
    let mut ticks = Vec::new();
    for exponent in first.floor() as i32..=last.ceil() as i32 {
        if exponent.rem_euclid(stride) != 0 {
            continue;
        }
        for digit in digits {
            let at: f64 = format!("{digit}e{exponent}").parse().unwrap_or(f64::NAN);
            if at >= lo * (1.0 - 1e-12) && at <= hi * (1.0 + 1e-12) {
                ticks.push(Tick { at, label: number(at) });
            }
        }
    }
    if ticks.len() < 2 { linear(lo, hi, count, f64::MIN_POSITIVE) } else { ticks }
}

/// Zero and powers of ten, with twos and fives between them where there is room.
fn growing(hi: f64, count: usize) -> Vec<Tick> {
    let decades = hi.max(1.0).log10();
    let digits: &[i32] = match count as f64 / (decades + 1.0) {
        room if room >= 3.0 => &[1, 2, 5],
        room if room >= 2.0 => &[1, 3],
        _ => &[1],
    };
    let stride = ((decades / count.max(1) as f64).ceil() as i32).max(1);
    let powers = (0..=decades as i32).filter(|exponent| exponent % stride == 0);
    let counts =
        powers.flat_map(|exponent| digits.iter().map(move |digit| f64::from(*digit) * 10f64.powi(exponent)));
    [0.0].into_iter().chain(counts.filter(|at| *at <= hi)).map(|at| Tick { at, label: number(at) }).collect()
}

/// A number of few digits for people: plain where that is short, with a power of ten elsewhere.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return signed(&value.to_string());
    }
    let scientific = format!("{value:.3e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-3..=4).contains(&exponent) {
        let decimals = usize::try_from(3 - exponent).unwrap_or(0);
        return signed(&trimmed(&format!("{value:.decimals$}")));
    }
    match signed(&trimmed(mantissa)).as_str() {
        "1" => power_of_ten(exponent),
        "−1" => format!("−{}", power_of_ten(exponent)),
        mantissa => format!("{mantissa}·{}", power_of_ten(exponent)),
    }
}

/// Zero without a sign, and a minus as wide as a plus.
fn signed(text: &str) -> String {
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") }
}

fn power_of_ten(exponent: i32) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' => '⁰',
        digit => char::from_u32(u32::from('⁰') + u32::from(digit) - u32::from('0')).unwrap_or(digit),
    };
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels_of(axis: &Axis, count: usize) -> Vec<String> {
        axis.ticks(count).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_and_labels_short() {
        assert_eq!(labels_of(&Axis::between("", -5.0, 5.0), 6), ["−4", "−2", "0", "2", "4"]);
        assert_eq!(labels_of(&Axis::between("", 0.0, 0.3), 4), ["0.0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels_of(&Axis::between("", 0.0, 4e-7), 3), ["0", "2·10⁻⁷", "4·10⁻⁷"]);
        assert_eq!(labels_of(&Axis::between("", 0.0, 2e8), 3), ["0", "10⁸", "2·10⁸"]);
        let log = |lo, hi| Axis { label: String::new(), lo, hi, scale: Scale::Logarithmic };
        assert_eq!(labels_of(&log(1e-9, 1e3), 4), ["10⁻⁹", "10⁻⁶", "0.001", "1", "1000"]);
        assert_eq!(labels_of(&log(0.9, 11.0), 4), ["1", "2", "3", "5", "10"]);
        let counts = Axis { scale: Scale::Counting, ..Axis::between("", 0.0, 2.0) };
        assert_eq!(labels_of(&counts, 8), ["0", "1", "2"]);
        let growing = |hi| Axis { scale: Scale::Growing, ..Axis::between("", 0.0, hi) };
        assert_eq!(labels_of(&growing(10_000.0), 6), ["0", "1", "10", "100", "1000", "10000"]);
        assert_eq!(labels_of(&growing(100.0), 9), ["0", "1", "2", "5", "10", "20", "50", "100"]);
        // One number alone would give no measure.
        assert_eq!(labels_of(&Axis::between("", -0.06, 0.06), 2), ["−0.05", "0.00", "0.05"]);
    }

    #[test]
    fn no_axis_is_too_narrow_or_too_wide() {
        for (lo, hi) in [(1.0, 1.0 + 1e-15), (-1.7e308, 1.7e308), (5e-324, 1e-323), (0.0, 0.0)] {
            let axis = Axis::around("", [lo, hi], Scale::Linear);
            assert!(axis.ticks(5).len() < 30, "{lo} to {hi}");
            assert!(axis.part(lo).is_finite() && axis.lo < axis.hi, "{lo} to {hi}: {axis:?}");
        }
        let axis = Axis::around("", [0.0, -1.0, f64::NAN], Scale::Logarithmic);
        assert_eq!((axis.lo, axis.hi), (1.0, 10.0));
    }
}
