//! The module that stands beside a function: its arguments in the form in which the function takes them.

use hesse_symbolic::emit::{self, Form, Module};
use quote::{format_ident, quote};
use syn::{ItemFn, Type};

use super::Function;

impl Function {
    /// What to emit for the function it was read from: a module of its name and visibility that finds the runtime
    /// in `::hesse`.
    pub fn module(&self, function: &ItemFn) -> Module<'_> {
        let arguments = self.arguments.iter().map(|argument| emit::Argument {
            name: argument.ident.to_string().trim_start_matches("r#").to_owned(),
            array: argument.array,
            form: form(&argument.ty),
        });
        let (name, visibility) = (&function.sig.ident, &function.vis);
        Module {
            name: format_ident!("{name}"),
            head: quote!(#visibility),
            graph: &self.model.graph,
            error: self.model.error,
            arguments: arguments.collect(),
            private: quote!(::hesse::__private),
            title: format!("`{name}`"),
            outputs: self.outputs.clone(),
        }
    }
}

/// How an argument of this type is passed.
fn form(ty: &Type) -> Form {
    let (inner, is_reference) = match ty {
        Type::Reference(reference) => (&*reference.elem, true),
        Type::Paren(paren) => return form(&paren.elem),
        Type::Group(group) => return form(&group.elem),
        own => (own, false),
    };
    match inner {
        Type::Slice(_) => Form::Slice,
        Type::Array(_) if is_reference => Form::Array,
        Type::Array(_) => Form::Value,
        Type::Path(path) if path.path.segments.last().is_some_and(|s| !s.arguments.is_none()) => {
            if is_reference {
                Form::Vector
            } else {
                Form::VectorValue
            }
        }
        _ if is_reference => Form::Reference,
        _ => Form::Scalar,
    }
}
