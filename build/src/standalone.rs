//! Generated code for crates that bring their own copy of the runtime.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{File, Item, ItemFn};
use thiserror::Error;

/// What generated code and functions may name of `hesse`, and a copy of the runtime has.
const COPIED: [&str; 6] =
    ["math", "packed", "ErrorFunction", "RowErrorFunction", "SparseErrorFunction", "SumOfSquares"];

/// Why code cannot stand in a crate with its own runtime.
///
/// ```
/// use hesse_build::{NotAlone, with_own_runtime};
///
/// assert!(matches!(with_own_runtime("fn {", "crate"), Err(NotAlone::NotRust(_))));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum NotAlone {
    /// It is no Rust file.
    #[error("the code is no Rust file: {0}")]
    NotRust(String),
    /// It names something that the copy of the runtime has not.
    #[error(
        "a crate without dependencies has no `{0}`: leave it out, or take the file that `-o` writes, with `hesse`"
    )]
    Foreign(String),
    /// One of its items is called like the module of the runtime.
    #[error(
        "`{0}` is the runtime in a crate of its own: choose another name with `--name`, or in the Rust file"
    )]
    Taken(String),
}

/// The text `code` with the module `root` of its own crate in place of `hesse`.
///
/// Functions that stand beside their modules call what only the standard library has, such as `x.ln()`: they get a
/// `#[cfg(feature = "std")]`.
///
/// # Errors
/// Where `code` names what the copy of the runtime has not, or has an item of the name `root` itself.
///
/// ```
/// let code = "fn f(x: f64) -> f64 {\n    hesse::math::sinc(x)\n}\n";
/// let alone = hesse_build::with_own_runtime(code, "runtime")?;
/// assert_eq!(alone, "fn f(x: f64) -> f64 {\n    crate::runtime::math::sinc(x)\n}\n");
/// assert!(hesse_build::with_own_runtime("use hesse::descent;", "runtime").is_err());
/// # Ok::<(), hesse_build::NotAlone>(())
/// ```
pub fn with_own_runtime(code: &str, root: &str) -> Result<String, NotAlone> {
    let file = syn::parse_file(code).map_err(|error| NotAlone::NotRust(error.to_string()))?;
    let tokens: TokenStream =
        code.parse().map_err(|error: proc_macro2::LexError| NotAlone::NotRust(error.to_string()))?;
    let mut edits = Edits { code, root, found: Vec::new() };
    edits.check_names(&file)?;
    edits.tokens(tokens)?;
    edits.functions(&file.items);
    Ok(edits.applied())
}

/// Ranges of the text and what stands there instead.
struct Edits<'a> {
    code: &'a str,
    root: &'a str,
    found: Vec<(std::ops::Range<usize>, String)>,
}

impl Edits<'_> {
    fn check_names(&self, file: &File) -> Result<(), NotAlone> {
        for item in &file.items {
            let Item::Mod(module) = item else { continue };
            if module.ident == self.root {
                return Err(NotAlone::Taken(self.root.to_owned()));
            }
        }
        Ok(())
    }

    fn tokens(&mut self, tokens: TokenStream) -> Result<(), NotAlone> {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Ident(ident) if ident == "hesse" => self.path(&trees, at, ident)?,
                TokenTree::Group(group) => self.tokens(group.stream())?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A path that begins with the crate, if this is one.
    fn path(&mut self, trees: &[TokenTree], at: usize, ident: &Ident) -> Result<(), NotAlone> {
        if !is_separator(trees.get(at + 1..).unwrap_or_default()) {
            // `use hesse as other;` and `extern crate hesse;`
            let before = at.checked_sub(1).and_then(|before| trees.get(before));
            let is_import =
                matches!(before, Some(TokenTree::Ident(word)) if word == "use" || word == "crate");
            return if is_import { Err(NotAlone::Foreign("hesse".to_owned())) } else { Ok(()) };
        }
        let mut start = ident.span().byte_range().start;
        if at >= 2 && is_separator(&trees[at - 2..]) {
            start = trees[at - 2].span().byte_range().start;
            let is_inside = at >= 3
                && matches!(&trees[at - 3], TokenTree::Ident(outer) if outer.span().byte_range().end == start);
            if is_inside {
                return Ok(());
            }
        }
        let root = format!("crate::{}", self.root);
        match trees.get(at + 3) {
            Some(TokenTree::Ident(next)) if next == "__private" => {
                self.found.push((start..next.span().byte_range().end, root));
            }
            Some(TokenTree::Ident(next)) if COPIED.iter().any(|known| next == known) => {
                self.found.push((start..ident.span().byte_range().end, root));
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let mut is_first = true;
                for tree in group.stream() {
                    if let TokenTree::Ident(name) = &tree
                        && is_first
                        && COPIED.iter().all(|known| name != known)
                    {
                        return Err(NotAlone::Foreign(format!("hesse::{name}")));
                    }
                    is_first = matches!(&tree, TokenTree::Punct(mark) if mark.as_char() == ',');
                }
                self.found.push((start..ident.span().byte_range().end, root));
            }
            Some(next) => return Err(NotAlone::Foreign(format!("hesse::{next}"))),
            None => {}
        }
        Ok(())
    }

    /// Marks functions that stand beside a module of their name.
    fn functions(&mut self, items: &[Item]) {
        let is_module_of =
            |function: &ItemFn, item: &Item| matches!(item, Item::Mod(m) if m.ident == function.sig.ident);
        for item in items {
            match item {
                Item::Fn(function) if items.iter().any(|item| is_module_of(function, item)) => {
                    let start = function.span().byte_range().start;
                    let line = self.code[..start].rfind('\n').map_or(0, |end| end + 1);
                    let indent = " ".repeat(start - line);
                    self.found.push((start..start, format!("#[cfg(feature = \"std\")]\n{indent}")));
                }
                Item::Mod(module) => {
                    if let Some((_, items)) = &module.content {
                        self.functions(items);
                    }
                }
                _ => {}
            }
        }
    }

    fn applied(mut self) -> String {
        self.found.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut end) = (String::with_capacity(self.code.len()), 0);
        for (range, replacement) in &self.found {
            text.push_str(&self.code[end..range.start]);
            text.push_str(replacement);
            end = range.end;
        }
        text.push_str(&self.code[end..]);
        text
    }
}

/// Whether trees begin with `::`.
fn is_separator(trees: &[TokenTree]) -> bool {
    let is_colon = |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ':');
    matches!(trees, [first, second, ..] if is_colon(first) && is_colon(second))
}
