//! Colors that people with any kind of color vision can tell apart.

/// Red, green and blue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Color(pub(crate) u8, pub(crate) u8, pub(crate) u8);

pub(crate) const WHITE: Color = Color(255, 255, 255);
pub(crate) const BLACK: Color = Color(26, 26, 26);
/// Axes and ticks.
pub(crate) const GRAY: Color = Color(110, 110, 110);
/// The lines of a grid, and where a function has no value.
pub(crate) const PALE: Color = Color(224, 224, 224);
pub(crate) const YELLOW: Color = Color(240, 228, 66);
pub(crate) const VERMILION: Color = Color(213, 94, 0);
pub(crate) const BLUE: Color = Color(0, 114, 178);

/// Colors of several curves, in the order in which they are taken: after Okabe and Ito (2008), the pale ones left out.
pub(crate) const SERIES: [Color; 6] =
    [VERMILION, BLUE, Color(0, 158, 115), Color(204, 121, 167), BLACK, Color(230, 159, 0)];

/// From the lowest to the highest values: lightness rises all the way, and the hue from blue to yellow is one that
/// nearly everybody sees.
const RAMP: [Color; 6] = [
    Color(23, 49, 92),
    Color(45, 92, 136),
    Color(88, 141, 168),
    Color(146, 184, 181),
    Color(205, 218, 190),
    Color(248, 241, 213),
];

/// The color at a part from 0 to 1 of the ramp.
pub(crate) fn ramp(part: f64) -> Color {
    let place = part.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64;
    let below = (place as usize).min(RAMP.len() - 2);
    let (Color(r, g, b), Color(s, h, c)) = (RAMP[below], RAMP[below + 1]);
    let mix = |from: u8, to: u8| {
        (f64::from(from) + (place - below as f64) * (f64::from(to) - f64::from(from))).round() as u8
    };
    Color(mix(r, s), mix(g, h), mix(b, c))
}

impl Color {
    /// `#rrggbb`.
    pub(crate) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Lightness from 0 to 255, as eyes weigh the parts.
    pub(crate) fn lightness(self) -> f64 {
        0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ramp_becomes_lighter_all_the_way() {
        let lightness: Vec<f64> = (0..=100).map(|part| ramp(f64::from(part) / 100.0).lightness()).collect();
        assert!(lightness.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
