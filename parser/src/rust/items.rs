//! Items inside of a function: constants, functions, imports.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, FnArg, Ident, Item, ItemFn, Stmt, Type, UseTree};

use super::Reader;
use super::constants::constant;
use crate::builtins::builtin;
use crate::diagnostic::Problem;
use crate::syntax::{Node, Pattern, Statement};

/// An item that may use others.
enum Waiting<'a> {
    Function(&'a ItemFn),
    Constant(&'a Ident, &'a Type, &'a Expr),
}

impl Waiting<'_> {
    fn ident(&self) -> &Ident {
        match self {
            Waiting::Function(item) => &item.sig.ident,
            Waiting::Constant(ident, ..) => ident,
        }
    }

    fn body(&self) -> TokenStream {
        match self {
            Waiting::Function(item) => item.block.to_token_stream(),
            Waiting::Constant(_, _, value) => value.to_token_stream(),
        }
    }
}

impl Reader {
    /// The items among these statements, which are known from the beginning of their block on.
    pub(super) fn items(&mut self, statements: &[Stmt]) -> Vec<Statement> {
        let mut read = Vec::new();
        let mut waiting = Vec::new();
        for statement in statements {
            let Stmt::Item(item) = statement else { continue };
            match item {
                Item::Const(item) => waiting.push(Waiting::Constant(&item.ident, &item.ty, &item.expr)),
                Item::Static(item) if matches!(item.mutability, syn::StaticMutability::None) => {
                    waiting.push(Waiting::Constant(&item.ident, &item.ty, &item.expr));
                }
                Item::Fn(item) => waiting.push(Waiting::Function(item)),
                Item::Use(item) => self.import(&item.tree, &mut Vec::new(), &mut read),
                Item::Static(item) => {
                    let instead = "pass the number as an argument";
                    self.unsupported("a `static mut`", instead, &item.static_token);
                }
                Item::Macro(item) => {
                    self.unsupported("a macro", "write a closure or a function", &item.mac.path);
                }
                item => {
                    self.unsupported("this item", "move it out of the function", item);
                }
            }
        }
        self.in_order(waiting, &mut read);
        read
    }

    /// What others use comes first.
    fn in_order(&mut self, mut waiting: Vec<Waiting>, read: &mut Vec<Statement>) {
        while !waiting.is_empty() {
            let ready = waiting.iter().position(|item| {
                let used = identifiers(item.body());
                waiting.iter().all(|other| !used.contains(&other.ident().to_string()))
            });
            let Some(ready) = ready else {
                for item in waiting {
                    let what = "a function that calls itself";
                    self.unsupported(what, "write a loop over a fixed range", item.ident());
                    let name = self.name(item.ident());
                    let missing = self.push(Node::Error, item.ident().span());
                    read.push(Statement::Let(Pattern::Name(name), missing));
                }
                return;
            };
            let statement = match waiting.remove(ready) {
                Waiting::Function(item) => self.function(item),
                Waiting::Constant(ident, ty, value) => {
                    let value = self.bound_to(ty, value);
                    Statement::Let(Pattern::Name(self.name(ident)), value)
                }
            };
            read.push(statement);
        }
    }

    fn function(&mut self, item: &ItemFn) -> Statement {
        let mut patterns = Vec::new();
        for input in &item.sig.inputs {
            if let FnArg::Typed(typed) = input {
                patterns.push(self.pattern(&typed.pat));
            }
        }
        let body =
            self.nested(&item.sig.ident, |reader| reader.returning(&item.block, Problem::BlockWithoutValue));
        let name = self.name(&item.sig.ident);
        let value = self.push(Node::Lambda(patterns, body), item.sig.span());
        Statement::Let(Pattern::Name(name), value)
    }

    fn import(&mut self, tree: &UseTree, path: &mut Vec<String>, read: &mut Vec<Statement>) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.import(&step.tree, path, read);
                path.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|item| self.import(item, path, read)),
            UseTree::Name(name) => {
                path.push(name.ident.to_string());
                self.imported(&name.ident, path, read);
                path.pop();
            }
            UseTree::Rename(name) => {
                path.push(name.ident.to_string());
                self.imported(&name.rename, path, read);
                path.pop();
            }
            UseTree::Glob(glob) => {
                self.unsupported("an import of everything", "name what is used", glob);
            }
        }
    }

    /// One imported name: a constant of the standard library, a function of this one, or a module of either.
    fn imported(&mut self, local: &syn::Ident, path: &[String], read: &mut Vec<Statement>) {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let value = match (constant(&names), &names[..]) {
            (Some(value), _) => self.push(Node::Constant(value), local.span()),
            (None, [root, .., name]) if root.starts_with("hesse") && builtin(name).is_some() => {
                let Some(known) = builtin(name) else { return };
                let arguments: Vec<_> = (0..known.arity().0).map(|_| self.fresh_name(local.span())).collect();
                let nodes = arguments.iter().map(|a| self.tree.push(Node::Name(a.text.clone()), a.span));
                let nodes = nodes.collect();
                let body = self.push(Node::Apply(known, nodes), local.span());
                let patterns = arguments.into_iter().map(Pattern::Name).collect();
                self.push(Node::Lambda(patterns, body), local.span())
            }
            (None, [root, .., "math"]) if root.starts_with("hesse") => {
                self.math_names.push(local.to_string());
                return;
            }
            // `use std::f64::consts;` and traits change nothing here.
            (None, ["std" | "core", ..]) => return,
            _ => {
                let instead = "pass numbers as arguments, and write functions as closures inside";
                self.unsupported("this import", instead, local);
                self.push(Node::Error, local.span())
            }
        };
        let name = self.name(local);
        read.push(Statement::Let(Pattern::Name(name), value));
    }
}

/// Every identifier among the tokens.
fn identifiers(tokens: TokenStream) -> std::collections::BTreeSet<String> {
    let mut found = std::collections::BTreeSet::new();
    let mut pending = vec![tokens];
    while let Some(tokens) = pending.pop() {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(ident) => {
                    found.insert(ident.to_string());
                }
                proc_macro2::TokenTree::Group(group) => pending.push(group.stream()),
                _ => {}
            }
        }
    }
    found
}
