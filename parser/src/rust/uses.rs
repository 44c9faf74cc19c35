//! What an error function uses from outside: structures of parameters and other functions.
//!
//! An attribute sees the tokens of its function alone. What other macros hand on to it arrives as definitions: the fields
//! of a structure, or a function with the definitions it uses itself.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Result};
use syn::spanned::Spanned;
use syn::{Expr, FnArg, GenericParam, Ident, Token, Type, braced};

use hesse_symbolic::functions::Function;

use super::Reader;
use crate::builtins::Builtin;
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{Definition as Defined, DefinitionKind, Name, Node, NodeId, Pattern, Statement};

/// A definition by the path under which a function uses it.
#[derive(Clone, Debug)]
pub struct Use {
    /// The path, as written.
    pub path: String,
    /// What it stands for.
    pub definition: Definition,
}

/// Something defined outside of the function.
#[derive(Clone, Debug)]
pub enum Definition {
    /// The fields of a structure, in order.
    Structure(Vec<Field>),
    /// A function, with what it uses itself.
    Function(Box<syn::ItemFn>, Vec<Use>),
    /// A function of one number whose derivatives are given.
    Given,
}

/// A field of a structure.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub ident: Ident,
    /// What it holds.
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// Numbers.
    Numbers(Box<Type>),
    /// The fields of a structure inside.
    Structure(Vec<Field>),
}

/// A path as it is written, without spaces.
pub fn path_text(path: &impl ToTokens) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

/// `{path} {definition}`
impl Parse for Use {
    fn parse(input: ParseStream<'_>) -> Result<Use> {
        let (path, definition);
        braced!(path in input);
        braced!(definition in input);
        Ok(Use { path: path_text(&path.parse::<TokenStream>()?), definition: definition.parse()? })
    }
}

/// `structure {fields}`, `function {item} {uses}` or `given {}`
impl Parse for Definition {
    fn parse(input: ParseStream<'_>) -> Result<Definition> {
        let kind: Ident = input.parse()?;
        let content;
        braced!(content in input);
        if kind == "structure" {
            return Ok(Definition::Structure(fields(&content)?));
        }
        if kind == "given" {
            return Ok(Definition::Given);
        }
        let item = content.parse()?;
        let inside;
        braced!(inside in input);
        let mut uses = Vec::new();
        while !inside.is_empty() {
            uses.push(inside.parse()?);
        }
        Ok(Definition::Function(Box::new(item), uses))
    }
}

/// `name: type, …`, with the fields of structures in braces.
fn fields(input: ParseStream<'_>) -> Result<Vec<Field>> {
    let mut found = Vec::new();
    while !input.is_empty() {
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let kind = if input.peek(syn::token::Brace) {
            let inside;
            braced!(inside in input);
            FieldKind::Structure(fields(&inside)?)
        } else {
            FieldKind::Numbers(input.parse()?)
        };
        found.push(Field { ident, kind });
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(found)
}

impl Reader {
    /// Reads the functions among `uses`, and what they use themselves; calls refer to them from then on.
    pub(super) fn define(&mut self, uses: &[Use]) {
        self.define_within(uses, &[]);
    }

    /// Those that a function hands on in the module `within`; those of the error function itself have their own paths.
    fn define_within(&mut self, uses: &[Use], within: &[String]) {
        let mut scope: Vec<(String, String)> = Vec::new();
        for (number, Use { path, definition }) in uses.iter().enumerate() {
            let place = || match within {
                [] => segments(path),
                within => within.iter().cloned().chain([handed_on(number)]).collect(),
            };
            match definition {
                Definition::Structure(fields) => self.structures.push((path.clone(), fields.clone())),
                Definition::Function(item, inner) => {
                    let outer = std::mem::take(&mut self.functions);
                    // Other methods of the block name what they use as the error function does, and know those before.
                    let is_sibling = |path: &str| path.starts_with('.') || path.starts_with("Self::");
                    self.define_within(inner, &if is_sibling(path) { Vec::new() } else { place() });
                    if is_sibling(path) {
                        self.functions.extend(scope.iter().filter(|(path, _)| is_sibling(path)).cloned());
                    }
                    let defined = self.outside_function(path, item);
                    self.functions = outer;
                    scope.push((path.clone(), defined));
                }
                Definition::Given => scope.push((path.clone(), self.given_function(place()))),
            }
        }
        self.functions = scope;
    }

    /// A function as a definition; gives the name that no source can contain.
    fn outside_function(&mut self, path: &str, item: &syn::ItemFn) -> String {
        self.fresh += 1;
        // A local closure of the same name goes first, which is found by what stands before the mark.
        let text = format!("{path}#{}", self.fresh);
        let name = Name { text: text.as_str().into(), span: self.span(item.sig.ident.span()) };
        let mut parameters = Vec::new();
        let mut statements = Vec::new();
        for input in &item.sig.inputs {
            let span = input.span();
            let parameter = self.fresh_name(span);
            let value = self.tree.push(Node::Name(parameter.text.clone()), parameter.span);
            let pattern = match input {
                FnArg::Receiver(receiver) => {
                    Pattern::Name(Name { text: "self".into(), span: self.span(receiver.span()) })
                }
                FnArg::Typed(typed) => {
                    for generic in &item.sig.generics.params {
                        if let GenericParam::Const(size) = generic
                            && let Some(length) = self.told(&size.ident, &typed.ty, value)
                        {
                            let size = self.name(&size.ident);
                            statements.push(Statement::Let(Pattern::Name(size), length));
                        }
                    }
                    self.pattern(&typed.pat)
                }
            };
            statements.push(Statement::Let(pattern, value));
            parameters.push(parameter);
        }
        let value = self.body(&item.block);
        let body = self.push(Node::Block(statements, value), item.block.span());
        self.definitions.push(Defined { name, kind: DefinitionKind::Function, parameters, body });
        text
    }

    /// A function with given derivatives as a definition; gives the name that no source can contain.
    fn given_function(&mut self, path: Vec<String>) -> String {
        let number = self.given.iter().position(|known| *known == path).unwrap_or(self.given.len());
        if number == self.given.len() {
            self.given.push(path.clone());
        }
        let number = u16::try_from(number).unwrap_or_else(|_| {
            self.complain(Problem::TooManyGiven { limit: usize::from(u16::MAX) + 1 }, Span::call_site());
            u16::MAX
        });
        self.fresh += 1;
        let text = format!("{}#{}", path.join("::"), self.fresh);
        let name = Name { text: text.as_str().into(), span: self.span(Span::call_site()) };
        let parameter = self.fresh_name(Span::call_site());
        let argument = self.tree.push(Node::Name(parameter.text.clone()), parameter.span);
        let function = Function::Outer(number, 0);
        let body = self.push(Node::Apply(Builtin::Elementary(function), vec![argument]), Span::call_site());
        self.definitions.push(Defined {
            name,
            kind: DefinitionKind::Function,
            parameters: vec![parameter],
            body,
        });
        text
    }

    /// The length that a generic size has for an argument of this type.
    fn told(&mut self, size: &Ident, ty: &Type, value: NodeId) -> Option<NodeId> {
        let mut ty = super::types::bare(ty);
        while let Type::Reference(reference) = ty {
            ty = super::types::bare(&reference.elem);
        }
        let mut value = value;
        loop {
            let (inner, is_told) = match ty {
                Type::Array(array) => {
                    let is_told = matches!(&array.len, Expr::Path(path) if path.path.is_ident(size));
                    (&array.elem, is_told)
                }
                Type::Slice(slice) => (&slice.elem, false),
                _ => return None,
            };
            if is_told {
                return Some(self.push(Node::Length(value), size.span()));
            }
            let first = self.push(Node::Integer("0".into()), size.span());
            value = self.push(Node::Subscript(value, vec![first]), size.span());
            ty = super::types::bare(inner);
        }
    }

    /// The definition that a call by this path means.
    pub(super) fn used(&self, path: &str) -> Option<&str> {
        self.functions.iter().find(|(known, _)| known == path).map(|(_, defined)| defined.as_str())
    }

    /// The fields of the structure behind a path.
    pub(super) fn structure(&self, path: &str) -> Option<Vec<Field>> {
        self.structures.iter().find(|(known, _)| known == path).map(|(_, fields)| fields.clone())
    }
}

/// The module in which a function hands on the functions with given derivatives behind the entry `number` of its
/// `uses(…)`, inside of a module that has the name of the function.
///
/// ```
/// assert_eq!(hesse_parser::rust::handed_on(0), "given_0");
/// ```
pub fn handed_on(number: usize) -> String {
    format!("given_{number}")
}

/// The segments of a path, from the module around.
fn segments(path: &str) -> Vec<String> {
    path.split("::").skip_while(|segment| *segment == "self").map(str::to_owned).collect()
}

/// Complains about what no error function can use, before one does.
///
/// # Errors
/// Everything in the function that cannot be differentiated whatever its arguments are.
pub fn check(item: &syn::ItemFn, uses: &[Use]) -> std::result::Result<(), Vec<Diagnostic<Span>>> {
    let mut reader = Reader::default();
    reader.define(uses);
    reader.outside_function("", item);
    for generic in &item.sig.generics.params {
        if let GenericParam::Type(ty) = generic {
            reader.complain(Problem::FunctionKind { what: "generic".to_owned() }, ty.span());
        }
    }
    let Reader { spans, diagnostics, .. } = reader;
    if diagnostics.is_empty() { Ok(()) } else { Err(super::spanned(diagnostics, &spans)) }
}
