//! Arguments: names, shapes and roles.

use std::collections::BTreeSet;

use hesse_symbolic::emit::Output;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Expr, FnArg, GenericArgument, Ident, Lit, Meta, Pat, PathArguments, ReturnType, Signature, Token, Type,
};

use super::Reader;
use crate::diagnostic::{Diagnostic, Problem};
use crate::formula::MAX_EXTENT;
use crate::syntax::{Axis, Declaration, Role, SpanId};

/// The options of the attribute.
#[derive(Clone, Default, Debug)]
struct Options {
    /// `wrt(…)`: exactly these arguments are parameters.
    wrt: Option<Vec<Ident>>,
    /// `data(…)`: these arguments are data.
    data: Vec<Ident>,
    /// `only(…)`: the functions to generate.
    only: Option<Vec<Ident>>,
    /// `sparse`: the sparse Hessian in place of the dense one.
    sparse: bool,
    /// `parallel`: functions of some rows alone beside the usual ones.
    parallel: Option<Span>,
}

/// An argument before the graph exists.
pub(super) struct SignatureArgument {
    pub(super) ident: Ident,
    pub(super) ty: Type,
    pub(super) declaration: Declaration,
}

/// What to generate.
pub(super) struct Selection {
    pub(super) outputs: BTreeSet<Output>,
    /// Where the Gauss–Newton matrix is asked for.
    pub(super) gauss_newton: Option<SpanId>,
    /// Where functions of some rows alone are asked for.
    pub(super) rows: Option<SpanId>,
}

impl Reader {
    /// The arguments with their roles, and what to generate; complains about everything else in the signature.
    pub(super) fn signature(
        &mut self,
        attribute: TokenStream,
        signature: &Signature,
    ) -> (Vec<SignatureArgument>, Selection) {
        let options = self.options(attribute);
        self.check_kind(signature);
        let mut arguments = Vec::new();
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    self.complain(Problem::FunctionKind { what: "associated".to_owned() }, receiver.span());
                }
                FnArg::Typed(typed) => match &*typed.pat {
                    Pat::Ident(pattern) if pattern.subpat.is_none() => {
                        arguments.extend(self.argument(&pattern.ident, &typed.ty));
                    }
                    other => {
                        self.complain(Problem::LocalPattern, other.span());
                    }
                },
            }
        }
        self.assign_roles(&options, &mut arguments);
        let complete = arguments.len() == signature.inputs.len();
        if complete && arguments.iter().all(|a| a.declaration.role != Role::Parameter) {
            self.complain(Problem::NoParameters, signature.ident.span());
        }
        (arguments, self.outputs(&options))
    }

    fn outputs(&mut self, options: &Options) -> Selection {
        let mut gauss_newton = None;
        let mut rows = options.parallel.map(|span| self.span(span));
        let only = options.only.as_ref().map(|names| {
            let mut outputs = BTreeSet::new();
            for name in names {
                match Output::named(&name.to_string()) {
                    Some(output) => {
                        outputs.insert(output);
                        if output == Output::GaussNewton {
                            gauss_newton = Some(self.span(name.span()));
                        }
                        if output.is_of_rows() && rows.is_none() {
                            rows = Some(self.span(name.span()));
                        }
                    }
                    None => {
                        let known: Vec<_> =
                            Output::ALL.iter().map(|output| format!("`{}`", output.name())).collect();
                        let problem =
                            Problem::UnknownOutput { name: name.to_string(), known: known.join(", ") };
                        self.complain(problem, name.span());
                    }
                }
            }
            outputs
        });
        let outputs = Output::selection(only, options.sparse, options.parallel.is_some());
        Selection { outputs, gauss_newton, rows }
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
        let generic = signature.generics.params.iter().find(|p| !matches!(p, syn::GenericParam::Lifetime(_)));
        kinds.extend(generic.map(|t| ("generic", t.span())));
        for (what, span) in kinds {
            self.complain(Problem::FunctionKind { what: what.to_owned() }, span);
        }
        match &signature.output {
            ReturnType::Type(_, ty) if is_path(ty, "f64") => {}
            ReturnType::Type(_, ty) => {
                self.complain(Problem::ReturnType, ty.span());
            }
            ReturnType::Default => {
                self.complain(Problem::ReturnType, signature.ident.span());
            }
        }
    }

    fn options(&mut self, attribute: TokenStream) -> Options {
        let mut options = Options::default();
        let metas = match Punctuated::<Meta, Token![,]>::parse_terminated.parse2(attribute) {
            Ok(metas) => metas,
            Err(error) => {
                self.complain(Problem::UnknownOption { name: error.to_string() }, error.span());
                return options;
            }
        };
        for meta in metas {
            let names = match &meta {
                Meta::List(list) => {
                    Punctuated::<Ident, Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()
                }
                _ => None,
            };
            match (names, meta.path().get_ident().map(ToString::to_string).as_deref()) {
                (Some(names), Some("wrt")) => options.wrt.get_or_insert_default().extend(names),
                (Some(names), Some("data")) => options.data.extend(names),
                (Some(names), Some("only")) => options.only.get_or_insert_default().extend(names),
                (None, Some("sparse")) if matches!(meta, Meta::Path(_)) => options.sparse = true,
                (None, Some("parallel")) if matches!(meta, Meta::Path(_)) => {
                    options.parallel = Some(meta.span());
                }
                _ => {
                    let name = meta.path().to_token_stream().to_string();
                    self.complain(Problem::UnknownOption { name }, meta.span());
                }
            }
        }
        options
    }

    fn argument(&mut self, ident: &Ident, ty: &Type) -> Option<SignatureArgument> {
        let name = self.name(ident);
        let (shape, element) = self.shape(ident, ty)?;
        let sliced = shape.contains(&Axis::Anonymous);
        let role = match (element, sliced) {
            (Element::Integer, _) if shape.is_empty() => {
                self.complain(Problem::ArgumentType { name: ident.to_string() }, ty.span());
                return None;
            }
            (Element::Integer, _) => Role::Lookup,
            (Element::Number, true) => Role::Data,
            (Element::Number, false) => Role::Parameter,
        };
        let declaration = Declaration { name, role, shape };
        Some(SignatureArgument { ident: ident.clone(), ty: ty.clone(), declaration })
    }

    /// The axes of a type and what they hold.
    fn shape(&mut self, ident: &Ident, ty: &Type) -> Option<(Vec<Axis>, Element)> {
        let mut shape = Vec::new();
        let mut ty = ty;
        loop {
            ty = match ty {
                // Generated code reads arrays whose rows lie side by side: no references or slices inside.
                Type::Reference(reference) if reference.mutability.is_none() && shape.is_empty() => {
                    &reference.elem
                }
                Type::Paren(inner) => &inner.elem,
                Type::Group(inner) => &inner.elem,
                Type::Array(array) => {
                    shape.push(Axis::Fixed(self.size(ident, &array.len)?));
                    &array.elem
                }
                Type::Slice(slice) if shape.is_empty() => {
                    shape.push(Axis::Anonymous);
                    &slice.elem
                }
                Type::Path(path) => {
                    let last = path.path.segments.last()?;
                    if let ("SVector", PathArguments::AngleBracketed(args)) =
                        (&*last.ident.to_string(), &last.arguments)
                        && let [GenericArgument::Type(element), size] =
                            &args.args.iter().collect::<Vec<_>>()[..]
                    {
                        let size = match size {
                            GenericArgument::Const(size) => self.size(ident, size)?,
                            other => {
                                self.complain(Problem::ArraySize { name: ident.to_string() }, other.span());
                                return None;
                            }
                        };
                        shape.push(Axis::Fixed(size));
                        element
                    } else if is_path(ty, "f64") {
                        return Some((shape, Element::Number));
                    } else if is_path(ty, "usize") {
                        return Some((shape, Element::Integer));
                    } else {
                        break;
                    }
                }
                _ => break,
            };
        }
        self.complain(Problem::ArgumentType { name: ident.to_string() }, ty.span());
        None
    }

    fn size(&mut self, ident: &Ident, size: &Expr) -> Option<usize> {
        let literal = match size {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(value) => value.base10_parse::<usize>().ok(),
                _ => None,
            },
            Expr::Group(group) => return self.size(ident, &group.expr),
            _ => None,
        };
        let valid = literal.filter(|s| (1..=MAX_EXTENT).contains(s));
        if valid.is_none() {
            let problem = match literal {
                Some(_) => Problem::InvalidExtent { limit: MAX_EXTENT },
                None => Problem::ArraySize { name: ident.to_string() },
            };
            self.complain(problem, size.span());
        }
        valid
    }

    fn assign_roles(&mut self, options: &Options, arguments: &mut [SignatureArgument]) {
        for ident in options.wrt.iter().flatten().chain(&options.data) {
            if arguments.iter().all(|a| a.ident != *ident) {
                self.complain(Problem::NotAnArgument { name: ident.to_string() }, ident.span());
            }
        }
        for argument in arguments {
            let wanted = options.wrt.iter().flatten().find(|i| **i == argument.ident);
            let held = options.data.iter().find(|i| **i == argument.ident);
            if let (Some(_), Some(held)) = (wanted, held) {
                let first = self.span(argument.ident.span());
                let span = self.span(held.span());
                let problem = Problem::Conflicting { name: held.to_string() };
                self.diagnostics.push(Diagnostic::new(problem, span).note(first, "this argument"));
            }
            let role = &mut argument.declaration.role;
            if *role == Role::Lookup {
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

#[derive(Clone, Copy, PartialEq)]
enum Element {
    Number,
    Integer,
}

fn is_path(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Path(path) => path.qself.is_none() && path.path.is_ident(name),
        Type::Group(group) => is_path(&group.elem, name),
        Type::Paren(paren) => is_path(&paren.elem, name),
        _ => false,
    }
}
