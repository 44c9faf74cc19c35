//! Tokens of a formula as formula text, with the token behind every byte of it.

use hesse_parser::diagnostic::ByteRange;
use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};

/// Line and column where a token begins and where it ends, if the compiler tells.
pub(crate) type Locate<'a> = &'a dyn Fn(Span) -> Option<[(usize, usize); 2]>;

/// Formula text made of tokens.
pub(crate) struct Layout {
    pub(crate) text: String,
    /// Where in the text each token is.
    tokens: Vec<(ByteRange, Span)>,
}

impl Layout {
    /// The text of `tokens`: on lines as they were written, where `locate` knows these.
    pub(crate) fn new(tokens: TokenStream, locate: Locate<'_>) -> Layout {
        let mut writer = Writer {
            layout: Layout { text: String::new(), tokens: Vec::new() },
            locate,
            end: None,
            is_joint: false,
        };
        writer.stream(tokens);
        writer.layout
    }

    /// The first and the last token in a part of the text; the token before it where it has none.
    pub(crate) fn tokens_in(&self, range: &ByteRange) -> [Span; 2] {
        let is_inside =
            |token: &ByteRange| token.start < range.end.max(range.start + 1) && range.start < token.end;
        let mut inside = self.tokens.iter().filter(|(token, _)| is_inside(token)).map(|(_, span)| *span);
        let before = || self.tokens.iter().rev().find(|(token, _)| token.end <= range.start).map(|t| t.1);
        let first = inside.next().or_else(before).unwrap_or_else(Span::call_site);
        [first, inside.next_back().unwrap_or(first)]
    }
}

struct Writer<'a> {
    layout: Layout,
    locate: Locate<'a>,
    /// Where the token before ended.
    end: Option<(usize, usize)>,
    /// Whether the token before is the first part of an operator.
    is_joint: bool,
}

impl Writer<'_> {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Ident(ident) => {
                    self.push(ident.to_string().trim_start_matches("r#"), ident.span());
                }
                TokenTree::Punct(punct) => {
                    self.push(punct.as_char().encode_utf8(&mut [0; 4]), punct.span());
                    self.is_joint = punct.spacing() == Spacing::Joint;
                }
                TokenTree::Literal(literal) => self.push(&literal.to_string(), literal.span()),
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            // What a macro captured stays together.
            Delimiter::None if group.stream().into_iter().nth(1).is_some() => ("(", ")"),
            Delimiter::None => return self.stream(group.stream()),
        };
        self.push(open, group.span_open());
        self.stream(group.stream());
        self.push(close, group.span_close());
    }

    fn push(&mut self, text: &str, span: Span) {
        // A token that begins where it ends is one whose place is not known.
        let place = (self.locate)(span).filter(|[start, end]| start != end);
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let meets_word = is_word(self.layout.text.chars().next_back()) && is_word(text.chars().next());
        let separator = match (self.end, place) {
            _ if self.is_joint || self.layout.text.is_empty() => "",
            (Some(end), Some([start, _])) if start.0 > end.0 => "\n",
            (Some(end), Some([start, _])) if start == end && !meets_word => "",
            _ => " ",
        };
        self.layout.text.push_str(separator);
        let start = self.layout.text.len();
        self.layout.text.push_str(text);
        self.layout.tokens.push((start..self.layout.text.len(), span));
        self.end = place.map(|[_, end]| end);
        self.is_joint = false;
    }
}
