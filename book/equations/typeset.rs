//! A line of letters and signs as MathML: indices are letters below the line (λᵢ), powers above (x², Aᵀ), and `a/b` is a fraction
//! where nothing stands apart.

/// Functions, whose names are upright and which apply to what follows.
const FUNCTIONS: [&str; 6] = ["ln", "exp", "max", "min", "det", "diag"];
/// What several spaces in a row are.
const SPACE: &str = "<mspace width=\"1.5em\"/>";
/// What one is between factors.
const THIN: &str = "<mspace width=\"0.17em\"/>";
/// Names of several capitals.
const NAMES: [&str; 1] = ["RSS"];

/// The equation as a `math` element, without anything that Markdown would take for its own.
pub(crate) fn typeset(equation: &str, is_display: bool) -> String {
    let mut reader = Reader { letters: equation.chars().collect(), at: 0 };
    let mut body = String::new();
    // A bracket that nothing opened ends a row, and is a sign like any other.
    while reader.at < reader.letters.len() {
        body.push_str(&reader.row(None));
        if let Some(c) = reader.next() {
            body.push_str(&sign(c));
        }
    }
    format!("<math{}>{body}</math>", if is_display { " display=\"block\"" } else { " displaystyle=\"true\"" })
}

struct Reader {
    letters: Vec<char>,
    at: usize,
}

/// A part of a row.
enum Piece {
    /// What scripts and fractions are made of, and what is inside of its brackets.
    Atom(String, Option<String>),
    Operator(char),
    Words(String),
    Space(usize),
    Slash,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// The letters from here on that are of a kind.
    fn run(&mut self, is_meant: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&is_meant) {
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect()
    }

    /// All up to a bracket that closes, or to the end.
    fn row(&mut self, closing: Option<char>) -> String {
        let mut pieces = Vec::new();
        while let Some(c) = self.peek() {
            if Some(c) == closing || matches!(c, ')' | ']') {
                break;
            }
            if c.is_whitespace() {
                pieces.push(Piece::Space(self.run(char::is_whitespace).chars().count()));
            } else if c == '/' {
                self.at += 1;
                pieces.push(Piece::Slash);
            } else if "+−±=≈<>≤≥∈,;·×→…".contains(c) {
                self.at += 1;
                pieces.push(Piece::Operator(c));
            } else if let Some(words) = self.words() {
                pieces.push(Piece::Words(words));
            } else {
                pieces.push(self.atom());
            }
        }
        joined(pieces)
    }

    /// A word of language, if one is next.
    fn words(&mut self) -> Option<String> {
        let start = self.at;
        let word = self.run(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '\''));
        let is_word = word.len() > 1
            && word.chars().skip(1).all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '\''))
            && (word.len() > 2 || word.starts_with(|c: char| c.is_ascii_lowercase()))
            && !FUNCTIONS.contains(&&*word);
        if !is_word {
            self.at = start;
        }
        is_word.then_some(word)
    }

    fn atom(&mut self) -> Piece {
        let (base, inner) = self.base();
        let (mut above, mut below) = (String::new(), String::new());
        loop {
            let raised = self.run(|c| superscript(c).is_some());
            let lowered = self.run(|c| subscript(c).is_some());
            above.extend(raised.chars().filter_map(superscript));
            below.extend(lowered.chars().filter_map(subscript));
            if self.peek() == Some('*') {
                self.at += 1;
                above.push('*');
            } else if raised.is_empty() && lowered.is_empty() {
                break;
            }
        }
        match (below.is_empty(), above.is_empty()) {
            (true, true) => Piece::Atom(base, inner),
            (false, true) => Piece::Atom(format!("<msub>{base}{}</msub>", script(&below)), None),
            (true, false) => Piece::Atom(format!("<msup>{base}{}</msup>", script(&above)), None),
            (false, false) => {
                let scripts = script(&below) + &script(&above);
                Piece::Atom(format!("<msubsup>{base}{scripts}</msubsup>"), None)
            }
        }
    }

    /// What scripts stand beside; for brackets, what is inside of them, too.
    fn base(&mut self) -> (String, Option<String>) {
        let Some(c) = self.next() else { return ("<mrow></mrow>".to_owned(), None) };
        let (opening, closing) = match c {
            '(' => ('(', ')'),
            '[' => ('[', ']'),
            '|' | '‖' => (c, c),
            _ => return (self.letter(c), None),
        };
        let inner = self.row(Some(closing));
        let end = if self.peek() == Some(closing) { self.next() } else { None };
        // Brackets are as tall as a fraction, and no taller than letters otherwise.
        let is_tall = inner.contains("<mfrac>");
        let end = end.map(|end| fence(end, is_tall)).unwrap_or_default();
        // Bars say how large something is, so they stay; brackets around half of a fraction need not.
        let stripped = (opening == '(').then(|| inner.clone());
        (format!("<mrow>{}{inner}{end}</mrow>", fence(opening, is_tall)), stripped)
    }

    fn letter(&mut self, c: char) -> String {
        if c.is_ascii_digit() {
            self.at -= 1;
            let number = self.run(|c| c.is_ascii_digit() || c == '.');
            return format!("<mn>{number}</mn>");
        }
        if c.is_ascii_alphabetic() {
            let here = self.letters[self.at - 1..].iter();
            let rest: String = here.take_while(|c| c.is_ascii_alphabetic()).collect();
            if FUNCTIONS.contains(&&*rest) {
                self.at += rest.len() - 1;
                return format!("<mrow><mi>{rest}</mi><mo>&#x2061;</mo></mrow>");
            }
            if NAMES.contains(&&*rest) {
                self.at += rest.len() - 1;
                return format!("<mi>{rest}</mi>");
            }
        }
        match c {
            '½' => "<mfrac><mn>1</mn><mn>2</mn></mfrac>".to_owned(),
            '√' => {
                let Piece::Atom(whole, inner) = self.atom() else { return sign(c) };
                format!("<msqrt>{}</msqrt>", inner.unwrap_or(whole))
            }
            'ŵ' => accent('w', '^'),
            'ȳ' => accent('y', '¯'),
            'Σ' => sign('∑'),
            '∇' | '∂' | '∞' => format!("<mi mathvariant=\"normal\">{c}</mi>"),
            c if c.is_alphabetic() => format!("<mi>{c}</mi>"),
            c => sign(c),
        }
    }
}

/// Pieces as a row; what stands together around a slash is a fraction.
fn joined(pieces: Vec<Piece>) -> String {
    let mut row = String::new();
    let mut together: Vec<Piece> = Vec::new();
    let mut pieces = pieces.into_iter().peekable();
    let mut gap = 0;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Atom(..) | Piece::Slash => {
                row.push_str(match gap {
                    1 if row.ends_with(">") && !row.ends_with("</mo>") => THIN,
                    2.. => SPACE,
                    _ => "",
                });
                gap = 0;
                together.push(piece);
                if matches!(pieces.peek(), Some(Piece::Atom(..) | Piece::Slash)) {
                    continue;
                }
                row.push_str(&fraction(std::mem::take(&mut together)));
            }
            Piece::Operator(c) => {
                row.push_str(&sign(c));
                gap = 0;
            }
            Piece::Words(mut words) => {
                row.push_str(if gap > 1 { SPACE } else { "" });
                words.insert_str(0, if gap == 1 { " " } else { "" });
                gap = 0;
                // Words in a row are one text, with the spaces around.
                while let Some(Piece::Space(width)) = pieces.next_if(|next| matches!(next, Piece::Space(_))) {
                    match pieces.next_if(|next| matches!(next, Piece::Words(_))) {
                        Some(Piece::Words(next)) => words = format!("{words} {next}"),
                        _ if width > 1 => gap = width,
                        _ => words.push(' '),
                    }
                }
                row.push_str(&format!("<mtext>{}</mtext>", words.replace(' ', "&#160;")));
            }
            Piece::Space(width) => gap = width,
        }
    }
    row
}

/// Atoms with slashes between them.
fn fraction(pieces: Vec<Piece>) -> String {
    let mut parts: Vec<Vec<(String, Option<String>)>> = vec![Vec::new()];
    for piece in pieces {
        match (piece, parts.last_mut()) {
            (Piece::Atom(whole, inner), Some(part)) => part.push((whole, inner)),
            _ => parts.push(Vec::new()),
        }
    }
    // Brackets that hold a whole half are told by the line.
    let half = |part: &[(String, Option<String>)]| match part {
        [(_, Some(inner))] => format!("<mrow>{inner}</mrow>"),
        part => format!("<mrow>{}</mrow>", whole(part)),
    };
    match parts.split_first() {
        Some((first, [])) => whole(first),
        Some((first, rest)) => {
            rest.iter().fold(half(first), |above, part| format!("<mfrac>{above}{}</mfrac>", half(part)))
        }
        None => String::new(),
    }
}

fn whole(part: &[(String, Option<String>)]) -> String {
    part.iter().map(|(whole, _)| whole.as_str()).collect()
}

/// Letters of a script: digits are numbers, several letters a word.
fn script(text: &str) -> String {
    if text.len() > 1 && text.chars().all(|c| c.is_ascii_alphabetic()) && FUNCTIONS.contains(&text) {
        return format!("<mi>{text}</mi>");
    }
    let one = |c: char| match c {
        c if c.is_ascii_digit() => format!("<mn>{c}</mn>"),
        // The sign of transposition is no variable.
        'T' => "<mi mathvariant=\"normal\">T</mi>".to_owned(),
        c if c.is_alphabetic() => format!("<mi>{c}</mi>"),
        c => sign(c),
    };
    format!("<mrow>{}</mrow>", text.chars().map(one).collect::<String>())
}

fn accent(letter: char, above: char) -> String {
    format!("<mover accent=\"true\"><mi>{letter}</mi>{}</mover>", sign(above))
}

fn fence(c: char, is_tall: bool) -> String {
    format!("<mo stretchy=\"{is_tall}\">{}</mo>", escaped(c))
}

fn sign(c: char) -> String {
    format!("<mo>{}</mo>", escaped(c))
}

/// Markdown must not see signs of its own.
fn escaped(c: char) -> String {
    if c.is_ascii_punctuation() { format!("&#{};", u32::from(c)) } else { c.to_string() }
}

fn superscript(c: char) -> Option<char> {
    paired(c, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀⁿⁱᵏˣ", "0123456789+−Tnikx")
}

fn subscript(c: char) -> Option<char> {
    paired(c, "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₚₐₑₓₜₛ", "0123456789+−ijklmnpaexts")
}

fn paired(c: char, from: &str, to: &str) -> Option<char> {
    from.chars().zip(to.chars()).find(|(known, _)| *known == c).map(|(_, plain)| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(equation: &str) -> String {
        typeset(equation, false).replace("<math displaystyle=\"true\">", "").replace("</math>", "")
    }

    #[test]
    fn scripts_stand_beside_letters_and_brackets() {
        assert_eq!(row("λᵢ"), "<msub><mi>λ</mi><mrow><mi>i</mi></mrow></msub>");
        assert_eq!(row("λₘₐₓ"), "<msub><mi>λ</mi><mi>max</mi></msub>");
        assert_eq!(row("x²"), "<msup><mi>x</mi><mrow><mn>2</mn></mrow></msup>");
        assert!(row("rᵢ²").starts_with("<msubsup>") && row("(a + b)ᵀ").starts_with("<msup><mrow>"));
        assert_eq!(row("HD").matches("<mi>").count(), 2);
    }

    #[test]
    fn what_stands_together_around_a_slash_is_a_fraction() {
        assert_eq!(row("2/λ"), "<mfrac><mrow><mn>2</mn></mrow><mrow><mi>λ</mi></mrow></mfrac>");
        let inner = row("(a)/(b)");
        assert!(inner.starts_with("<mfrac>") && !inner.contains("&#40;"), "{inner}");
        assert!(row("a b/c").starts_with("<mi>a</mi><mspace width=\"0.17em\"/><mfrac>"));
    }

    #[test]
    fn words_stay_words_and_nothing_is_left_to_markdown() {
        assert!(row("semi-axes √(2h/λᵢ) of the set").contains("<mtext>&#160;of&#160;the&#160;set</mtext>"));
        assert!(row("semi-axes √(x)").contains("<msqrt><mi>x</mi></msqrt>"));
        let row = row("|u|ᵀN|u| = w*");
        assert!(!row.contains(['|', '*', '_']), "{row}");
    }

    #[test]
    fn brackets_that_do_not_match_lose_nothing() {
        for equation in ["a) b", "(a", "[a)", "√", "|a", "a/", "/", "x)²"] {
            let row = row(equation);
            assert_eq!(row.contains("<mi>a</mi>"), equation.contains('a'), "{row}");
        }
    }
}
