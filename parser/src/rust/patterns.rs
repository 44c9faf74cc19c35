//! Patterns of `let`, closures and loops.

use syn::Pat;
use syn::spanned::Spanned;

use super::Reader;
use crate::diagnostic::Problem;
use crate::formula::MAX_DEPTH;
use crate::syntax::Pattern;

impl Reader {
    /// Names, tuples and arrays of them; references and types are transparent.
    pub(super) fn pattern(&mut self, pattern: &Pat) -> Pattern {
        if self.depth >= MAX_DEPTH {
            self.complain(Problem::TooDeep { limit: MAX_DEPTH }, pattern.span());
            return Pattern::Wildcard;
        }
        self.depth += 1;
        let read = match pattern {
            Pat::Ident(ident) if ident.subpat.is_none() => Pattern::Name(self.name(&ident.ident)),
            Pat::Wild(_) => Pattern::Wildcard,
            Pat::Paren(inner) => self.pattern(&inner.pat),
            Pat::Reference(inner) => self.pattern(&inner.pat),
            Pat::Type(inner) => self.pattern(&inner.pat),
            Pat::Tuple(tuple) => {
                let span = self.span(tuple.span());
                Pattern::Tuple(tuple.elems.iter().map(|p| self.pattern(p)).collect(), span)
            }
            Pat::Slice(slice) => {
                let span = self.span(slice.span());
                Pattern::Tuple(slice.elems.iter().map(|p| self.pattern(p)).collect(), span)
            }
            other => {
                self.complain(Problem::LocalPattern, other.span());
                Pattern::Wildcard
            }
        };
        self.depth -= 1;
        read
    }
}
