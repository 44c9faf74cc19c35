//! Identifiers of letters, digits and underscores, never in conflict with each other.

/// Hands out identifiers.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    taken: Vec<String>,
}

impl Names {
    /// Hands out none of these.
    pub(super) fn without<'a>(reserved: impl IntoIterator<Item = &'a str>) -> Names {
        Names { taken: reserved.into_iter().map(str::to_owned).collect() }
    }

    /// An identifier as close to `name` as the names already taken allow.
    pub(super) fn claim(&mut self, name: &str) -> String {
        let mut text = spelled(name);
        while is_generated(&text) || self.taken.contains(&text) {
            text.push('_');
        }
        self.taken.push(text.clone());
        text
    }
}

/// The name in letters that every language has: Greek letters by their names.
pub(super) fn spelled(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '_' => text.push(c),
            '₀'..='₉' => text.push(char::from(b'0' + (u32::from(c) - u32::from('₀')) as u8)),
            c => match greek(c) {
                Some(letter) => text.push_str(letter),
                None => text.push_str(&format!("u{:04X}", u32::from(c))),
            },
        }
    }
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        text.insert_str(0, "v_");
    }
    text
}

fn greek(c: char) -> Option<&'static str> {
    const LETTERS: [&str; 25] = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
        "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi",
        "omega",
    ];
    const CAPITALS: [&str; 25] = [
        "Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda",
        "Mu", "Nu", "Xi", "Omicron", "Pi", "Rho", "Sigma", "Sigma", "Tau", "Upsilon", "Phi", "Chi", "Psi",
        "Omega",
    ];
    match c {
        'α'..='ω' => LETTERS.get(c as usize - 'α' as usize).copied(),
        'Α'..='Ω' => CAPITALS.get(c as usize - 'Α' as usize).copied(),
        _ => None,
    }
}

/// Scalars are `t0`, `t1`, …, local arrays `z0`, …, panels `p0`, ….
fn is_generated(text: &str) -> bool {
    let digits = text.strip_prefix(['t', 'z', 'p']).unwrap_or("");
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

/// Whether `name` occurs in `text` as an identifier.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| {
        !is_part(text[..at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next())
    })
}
