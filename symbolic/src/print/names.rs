//! Names as letters with subscripts.

/// A name taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Name {
    /// The letter or word that stands on the line.
    pub(super) stem: String,
    /// What stands below it.
    pub(super) below: Vec<String>,
}

/// `b1` is b with 1 below, `x_max` is x with max below, `theta` is θ.
pub(super) fn parts(name: &str) -> Name {
    let plain: String = name.chars().map(digit).collect();
    // Underscores at the ends are no separators.
    let mut pieces = plain.split('_').filter(|piece| !piece.is_empty());
    let first = pieces.next().unwrap_or(&plain);
    let stem = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &first[stem.len()..];
    let mut below: Vec<String> = Vec::new();
    let stem = if stem.is_empty() { first } else { stem };
    if stem != first {
        below.push(digits.to_owned());
    }
    below.extend(pieces.map(letter));
    Name { stem: letter(stem), below }
}

/// The letter that is called so, or the word itself.
fn letter(word: &str) -> String {
    GREEK.iter().find(|(_, name, _)| *name == word).map_or_else(|| word.to_owned(), |row| row.0.to_owned())
}

/// The LaTeX command of a Greek letter.
pub(super) fn command(letter: &str) -> Option<&'static str> {
    GREEK.iter().find(|row| row.0 == letter).map(|row| row.2)
}

/// Small digits as digits.
fn digit(c: char) -> char {
    let small = u32::from(c).checked_sub(u32::from('₀')).filter(|value| *value < 10);
    small.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// Letter, its name, its command.
const GREEK: &[(&str, &str, &str)] = &[
    ("α", "alpha", r"\alpha"),
    ("β", "beta", r"\beta"),
    ("γ", "gamma", r"\gamma"),
    ("δ", "delta", r"\delta"),
    ("ε", "epsilon", r"\varepsilon"),
    ("ζ", "zeta", r"\zeta"),
    ("η", "eta", r"\eta"),
    ("θ", "theta", r"\theta"),
    ("ι", "iota", r"\iota"),
    ("κ", "kappa", r"\kappa"),
    ("λ", "lambda", r"\lambda"),
    ("μ", "mu", r"\mu"),
    ("ν", "nu", r"\nu"),
    ("ξ", "xi", r"\xi"),
    ("π", "pi", r"\pi"),
    ("ρ", "rho", r"\rho"),
    ("σ", "sigma", r"\sigma"),
    ("τ", "tau", r"\tau"),
    ("υ", "upsilon", r"\upsilon"),
    ("φ", "phi", r"\varphi"),
    ("χ", "chi", r"\chi"),
    ("ψ", "psi", r"\psi"),
    ("ω", "omega", r"\omega"),
    ("Γ", "Gamma", r"\Gamma"),
    ("Δ", "Delta", r"\Delta"),
    ("Θ", "Theta", r"\Theta"),
    ("Λ", "Lambda", r"\Lambda"),
    ("Ξ", "Xi", r"\Xi"),
    ("Π", "Pi", r"\Pi"),
    ("Σ", "Sigma", r"\Sigma"),
    ("Φ", "Phi", r"\Phi"),
    ("Ψ", "Psi", r"\Psi"),
    ("Ω", "Omega", r"\Omega"),
];

#[cfg(test)]
mod tests {
    use super::{Name, parts};

    #[test]
    fn names_come_apart() {
        for (name, stem, below) in [
            ("x", "x", &[][..]),
            ("b1", "b", &["1"]),
            ("x₁₂", "x", &["12"]),
            ("theta", "θ", &[]),
            ("λ", "λ", &[]),
            ("sigma_max", "σ", &["max"]),
            ("x_0", "x", &["0"]),
            ("w1_alpha", "w", &["1", "α"]),
            ("width", "width", &[]),
            ("_", "_", &[]),
            ("_7", "7", &[]),
        ] {
            let below = below.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(parts(name), Name { stem: stem.to_owned(), below }, "{name}");
        }
    }
}
