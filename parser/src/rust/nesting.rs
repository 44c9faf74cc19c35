//! How deep and how long code may be, before anybody parses it.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::diagnostic::{Diagnostic, Problem};
use crate::formula::MAX_DEPTH;

/// The most tokens between two ends of statements: chains of operators, signs and calls nest as deeply as they are long.
const MAX_TOKENS: usize = 1 << 12;

/// Refuses code whose syntax tree would be too deep for the stack of those who parse it, or drop it.
///
/// # Errors
/// At the first bracket or token that is one too many.
///
/// ```
/// use hesse_parser::rust::check_nesting;
///
/// let tokens = |text: &str| text.parse::<proc_macro2::TokenStream>().unwrap_or_default();
/// assert!(check_nesting(tokens("fn f(x: f64) -> f64 { ((x)) }")).is_ok());
///
/// let deep = format!("fn f(x: f64) -> f64 {{ {}x{} }}", "(".repeat(10_000), ")".repeat(10_000));
/// assert_eq!(check_nesting(tokens(&deep)).map_err(|d| d[0].code), Err("E0120"));
/// let long = format!("fn f(x: f64) -> f64 {{ x{} }}", " + x".repeat(10_000));
/// assert_eq!(check_nesting(tokens(&long)).map_err(|d| d[0].code), Err("E0130"));
/// ```
pub fn check_nesting(tokens: TokenStream) -> Result<(), Vec<Diagnostic<Span>>> {
    // The brackets around the token at hand, each with the tokens of its statement so far.
    let mut open = vec![(tokens.into_iter().peekable(), 0usize)];
    while let Some((trees, count)) = open.last_mut() {
        let Some(tree) = trees.next() else {
            open.pop();
            continue;
        };
        *count += 1;
        if *count > MAX_TOKENS {
            return Err(vec![Diagnostic::new(Problem::LongStatement { limit: MAX_TOKENS }, tree.span())]);
        }
        match tree {
            TokenTree::Punct(mark) if matches!(mark.as_char(), ';' | ',') => *count = 0,
            TokenTree::Group(group) => {
                let goes_on = trees.peek().is_some_and(|next| match next {
                    TokenTree::Ident(name) => name == "else",
                    TokenTree::Punct(_) => true,
                    _ => false,
                });
                if group.delimiter() == Delimiter::Brace && !goes_on {
                    *count = 0;
                }
                if open.len() > MAX_DEPTH {
                    return Err(vec![Diagnostic::new(
                        Problem::TooDeep { limit: MAX_DEPTH },
                        group.span_open(),
                    )]);
                }
                open.push((group.stream().into_iter().peekable(), 0));
            }
            _ => {}
        }
    }
    Ok(())
}
