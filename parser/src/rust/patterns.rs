//! Patterns of `let`, closures and loops.

use syn::Pat;
use syn::spanned::Spanned;
use syn::visit::Visit;

use super::Reader;
use crate::diagnostic::Problem;
use crate::formula::MAX_DEPTH;
use crate::syntax::Pattern;

impl Reader {
    /// The names of a pattern that is complained about.
    pub(super) fn refused(&mut self, pattern: &Pat) -> Pattern {
        let mut names = Names::default();
        names.visit_pat(pattern);
        Pattern::Refused(names.found.iter().map(|ident| self.name(ident)).collect())
    }

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
                let named_rest =
                    slice.elems.iter().find(|p| matches!(p, Pat::Ident(p) if p.subpat.is_some()));
                let rest = slice.elems.iter().position(|p| matches!(p, Pat::Rest(_)));
                match (named_rest, rest) {
                    (Some(named), _) => {
                        self.complain(Problem::NamedRest, named.span());
                        self.refused(pattern)
                    }
                    (None, Some(rest)) => {
                        let mut read = |parts: &mut dyn Iterator<Item = &Pat>| -> Vec<Pattern> {
                            parts.map(|p| self.pattern(p)).collect()
                        };
                        let before = read(&mut slice.elems.iter().take(rest));
                        let after = read(&mut slice.elems.iter().skip(rest + 1));
                        Pattern::Ends(before, after, span)
                    }
                    (None, None) => {
                        Pattern::Tuple(slice.elems.iter().map(|p| self.pattern(p)).collect(), span)
                    }
                }
            }
            other => {
                self.complain(Problem::LocalPattern, other.span());
                self.refused(other)
            }
        };
        self.depth -= 1;
        read
    }
}

/// The names a pattern binds.
#[derive(Default)]
struct Names {
    found: Vec<syn::Ident>,
}

impl<'a> Visit<'a> for Names {
    fn visit_pat_ident(&mut self, pattern: &'a syn::PatIdent) {
        self.found.push(pattern.ident.clone());
        syn::visit::visit_pat_ident(self, pattern);
    }
}
