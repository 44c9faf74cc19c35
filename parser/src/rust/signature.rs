//! Arguments: names, shapes and roles.

use hesse_symbolic::emit::{Container, Element};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, GenericParam, Ident, Meta, Pat, ReturnType, Signature, Type};

use super::Reader;
use super::options::Options;
use super::types::{Read, number};
use super::uses::{Field, FieldKind};
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{Axis, Declaration, Name, Pattern, Role};

/// An argument before the graph exists.
pub(super) struct SignatureArgument {
    pub(super) ident: Ident,
    pub(super) container: Container,
    pub(super) is_reference: bool,
    pub(super) element: Element,
    /// The mark `#[data]`.
    mark: Option<Span>,
    /// Its array; for a structure that of every field.
    pub(super) declarations: Vec<Declaration>,
}

/// What a signature says.
pub(super) struct Heading {
    pub(super) arguments: Vec<SignatureArgument>,
    /// The names of those that are complained about.
    pub(super) refused: Vec<Pattern>,
    /// `f64` or `f32`.
    pub(super) result: Element,
    pub(super) options: Options,
}

impl Reader {
    /// The arguments with their roles, and what to generate; complains about everything else in the signature.
    pub(super) fn signature(&mut self, attribute: TokenStream, signature: &Signature) -> Heading {
        let (options, complaints) = Options::of_function(attribute);
        for complaint in complaints {
            let id = self.span(complaint.primary.span);
            self.diagnostics.push(complaint.map_spans(|_| id));
        }
        self.check_kind(signature);
        self.generics(signature);
        let result = self.result(signature);
        self.is_single = result == Element::Single;
        let (mut arguments, mut refused) = (Vec::new(), Vec::new());
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    self.complain(Problem::FunctionKind { what: "associated".to_owned() }, receiver.span());
                }
                FnArg::Typed(typed) => match &*typed.pat {
                    Pat::Ident(pattern) if pattern.subpat.is_none() => {
                        let mark = typed.attrs.iter().find(|a| is_mark(a)).map(Spanned::span);
                        match self.argument(&pattern.ident, &typed.ty, mark) {
                            Some(argument) => arguments.push(argument),
                            None => refused.push(self.refused(&typed.pat)),
                        }
                    }
                    other => {
                        self.complain(Problem::LocalPattern, other.span());
                        refused.push(self.refused(other));
                    }
                },
            }
        }
        self.assign_roles(&options, &mut arguments);
        let complete = arguments.len() == signature.inputs.len();
        let mut declarations = arguments.iter().flat_map(|a| &a.declarations);
        if complete && declarations.all(|d| d.role != Role::Parameter) {
            self.complain(Problem::NoParameters, signature.ident.span());
        }
        self.check_borrowing(signature, &arguments);
        self.check_sizes(signature, &arguments);
        Heading { arguments, refused, result, options }
    }

    fn check_kind(&mut self, signature: &Signature) {
        let mut kinds: Vec<(&str, proc_macro2::Span)> = Vec::new();
        kinds.extend(signature.asyncness.map(|t| ("async", t.span())));
        let safety = signature.safety.to_token_stream();
        if !safety.is_empty() {
            kinds.push(("unsafe", safety.span()));
        }
        kinds.extend(signature.abi.as_ref().map(|t| ("foreign", t.span())));
        kinds.extend(signature.variadic.as_ref().map(|t| ("variadic", t.span())));
        for (what, span) in kinds {
            self.complain(Problem::FunctionKind { what: what.to_owned() }, span);
        }
    }

    /// `const N: usize` is a size known at run time; types have to be given.
    fn generics(&mut self, signature: &Signature) {
        for generic in &signature.generics.params {
            match generic {
                GenericParam::Lifetime(_) => {}
                GenericParam::Const(size) if number(&size.ty) == Some(Element::POSITION) => {
                    self.sizes.push(size.ident.to_string());
                }
                other => {
                    self.complain(Problem::FunctionKind { what: "generic".to_owned() }, other.span());
                }
            }
        }
    }

    fn result(&mut self, signature: &Signature) -> Element {
        match &signature.output {
            ReturnType::Type(_, ty) => match number(ty) {
                Some(element @ (Element::Double | Element::Single)) => element,
                _ => {
                    self.complain(Problem::ReturnType, ty.span());
                    Element::Double
                }
            },
            ReturnType::Default => {
                self.complain(Problem::ReturnType, signature.ident.span());
                Element::Double
            }
        }
    }

    fn argument(&mut self, ident: &Ident, ty: &Type, mark: Option<Span>) -> Option<SignatureArgument> {
        let name = self.name(ident);
        let Read { container, is_reference, element, shape, fields } = self.argument_type(ident, ty)?;
        if let Container::Record { path, .. } = container {
            let mut declarations = Vec::new();
            self.fields(&name, &fields, &mut declarations)?;
            let by_columns = declarations.iter().map(|d| d.by_columns).collect();
            let container = Container::Record { path, by_columns };
            return Some(SignatureArgument {
                ident: ident.clone(),
                container,
                is_reference,
                element,
                mark,
                declarations,
            });
        }
        let sliced = shape.contains(&Axis::Anonymous);
        let role = match element {
            Element::Integer(..) => Role::Lookup,
            Element::Truth => Role::Flag,
            _ if sliced => Role::Data,
            _ => Role::Parameter,
        };
        let by_columns = is_matrix(&container);
        let declarations = vec![Declaration { name, role, shape, by_columns }];
        Some(SignatureArgument { ident: ident.clone(), container, is_reference, element, mark, declarations })
    }

    /// The numbers of a structure, field by field, under the names of the fields.
    fn fields(&mut self, name: &Name, fields: &[Field], declarations: &mut Vec<Declaration>) -> Option<()> {
        for Field { ident, kind } in fields {
            let text = format!("{}.{}", name.text, ident).into();
            let name = Name { text, span: name.span };
            match kind {
                FieldKind::Structure(inner) => self.fields(&name, inner, declarations)?,
                FieldKind::Numbers(ty) => {
                    let Read { container, shape, .. } = self.argument_type(ident, ty)?;
                    let by_columns = is_matrix(&container);
                    declarations.push(Declaration { name, role: Role::Parameter, shape, by_columns });
                }
            }
        }
        Some(())
    }

    fn assign_roles(&mut self, options: &Options, arguments: &mut [SignatureArgument]) {
        for ident in options.wrt.iter().flatten() {
            if arguments.iter().all(|a| a.ident != *ident) {
                self.complain(Problem::NotAnArgument { name: ident.to_string() }, ident.span());
            }
        }
        for argument in arguments {
            let wanted = options.wrt.iter().flatten().find(|i| **i == argument.ident);
            let held = argument.mark;
            if let (Some(_), Some(held)) = (wanted, held) {
                let first = self.span(argument.ident.span());
                let span = self.span(held);
                let problem = Problem::Conflicting { name: argument.ident.to_string() };
                self.diagnostics.push(Diagnostic::new(problem, span).note(first, "this argument"));
            }
            for declaration in &mut argument.declarations {
                let role = &mut declaration.role;
                if matches!(role, Role::Lookup | Role::Flag) {
                    if let Some(wanted) = wanted {
                        self.complain(Problem::ArgumentType { name: wanted.to_string() }, wanted.span());
                    }
                    continue;
                }
                *role = match (wanted, held, &options.wrt) {
                    (Some(_), ..) => Role::Parameter,
                    (None, Some(_), _) | (None, None, Some(_)) => Role::Data,
                    (None, None, None) => *role,
                };
            }
        }
    }

    /// A generic size is told by an argument, or calls could not leave it out.
    fn check_sizes(&mut self, signature: &Signature, arguments: &[SignatureArgument]) {
        if arguments.len() < signature.inputs.len() {
            return;
        }
        for generic in &signature.generics.params {
            let GenericParam::Const(size) = generic else { continue };
            if !self.sizes.contains(&size.ident.to_string()) {
                continue;
            }
            let is_own = |axis: &Axis| matches!(axis, Axis::Named(name) if size.ident == *name.text);
            let mut axes = arguments.iter().flat_map(|a| &a.declarations).flat_map(|d| &d.shape);
            if !axes.any(is_own) {
                self.complain(Problem::IdleSize { name: size.ident.to_string() }, size.span());
            }
        }
    }

    /// A bound error function refers to its data, and parameters of run-time length are read where they are.
    fn check_borrowing(&mut self, signature: &Signature, arguments: &[SignatureArgument]) {
        for argument in arguments {
            let [declaration] = &argument.declarations[..] else { continue };
            let place = signature.inputs.iter().find_map(|input| match input {
                FnArg::Typed(typed) if matches!(&*typed.pat, Pat::Ident(p) if p.ident == argument.ident) => {
                    Some(typed.ty.span())
                }
                _ => None,
            });
            let Some(place) = place else { continue };
            let name = argument.ident.to_string();
            let is_view = matches!(argument.container, Container::VectorView);
            let is_sized = !declaration.shape.contains(&Axis::Anonymous);
            let is_data = declaration.role != Role::Parameter;
            if is_data && !is_sized && !argument.is_reference && !is_view {
                self.complain(Problem::OwnedArgument { name }, place);
            } else if !is_data
                && argument.element == Element::Single
                && declaration.shape.contains(&Axis::Anonymous)
            {
                self.complain(Problem::SingleParameters { name }, place);
            }
        }
    }
}

/// Takes the marks `#[data]` off the arguments: they are for the attribute, and rustc knows none of this name.
///
/// ```
/// let mut item: syn::ItemFn = syn::parse_quote!(fn scaled(w: f64, #[data] s: f64) -> f64 { w * s });
/// hesse_parser::rust::without_marks(&mut item.sig);
/// assert_eq!(item, syn::parse_quote!(fn scaled(w: f64, s: f64) -> f64 { w * s }));
/// ```
pub fn without_marks(signature: &mut Signature) {
    for input in &mut signature.inputs {
        let attributes = match input {
            FnArg::Receiver(receiver) => &mut receiver.attrs,
            FnArg::Typed(typed) => &mut typed.attrs,
        };
        attributes.retain(|attribute| !is_mark(attribute));
    }
}

fn is_mark(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::Path(path) if path.is_ident("data"))
}

fn is_matrix(container: &Container) -> bool {
    matches!(container, Container::Matrix | Container::DynamicMatrix)
}
