//! The types of arguments: what holds the numbers, how many axes there are, and what the numbers are.

use hesse_symbolic::emit::{Container, Element};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, Ident, Lit, PathArguments, PathSegment, Type};

use super::Reader;
use super::uses::Field;
use crate::diagnostic::Problem;
use crate::formula::MAX_EXTENT;
use crate::syntax::{Axis, Name};

/// What a type says.
pub(super) struct Read {
    pub(super) container: Container,
    pub(super) is_reference: bool,
    pub(super) element: Element,
    pub(super) shape: Vec<Axis>,
    /// The fields of a structure.
    pub(super) fields: Vec<Field>,
}

impl Reader {
    /// What the type of an argument says; complains where it holds no numbers side by side.
    pub(super) fn argument_type(&mut self, ident: &Ident, ty: &Type) -> Option<Read> {
        match bare(ty) {
            Type::Reference(reference) if reference.mutability.is_none() => {
                let own = bare(&reference.elem);
                if let Type::Slice(slice) = own {
                    return self.sequence_type(ident, &slice.elem);
                }
                if let Some((segment, inside)) = generic(own)
                    && segment.ident == "Vec"
                    && let [GenericArgument::Type(element)] = &inside[..]
                {
                    return self.sequence_type(ident, element);
                }
                Some(Read { is_reference: true, ..self.own_type(ident, own)? })
            }
            own => {
                let read = self.own_type(ident, own)?;
                if matches!(read.container, Container::DynamicVector | Container::DynamicMatrix) {
                    self.complain(Problem::OwnedArgument { name: ident.to_string() }, own.span());
                    return None;
                }
                Some(read)
            }
        }
    }

    /// A slice of such elements.
    fn sequence_type(&mut self, ident: &Ident, element: &Type) -> Option<Read> {
        let (container, mut shape, element) = match self.vector(ident, element) {
            Some(vector) => {
                let (size, element) = vector?;
                (Container::VectorSlice, vec![size], element)
            }
            None => {
                let (shape, element) = self.array_type(ident, element)?;
                (Container::Slice, shape, element)
            }
        };
        shape.insert(0, Axis::Anonymous);
        Some(Read { container, is_reference: true, element, shape, fields: Vec::new() })
    }

    /// A type that is no reference.
    fn own_type(&mut self, ident: &Ident, ty: &Type) -> Option<Read> {
        let read = |container, element, shape| Read {
            container,
            is_reference: false,
            element,
            shape,
            fields: Vec::new(),
        };
        if let Type::Array(array) = ty {
            if let Some(vector) = self.vector(ident, &array.elem) {
                let (size, element) = vector?;
                let length = self.size(ident, &array.len)?;
                return Some(read(Container::VectorArray, element, vec![length, size]));
            }
            let (shape, element) = self.array_type(ident, ty)?;
            return Some(read(Container::Array, element, shape));
        }
        if let Some(element) = number(ty) {
            return Some(read(Container::Number, element, Vec::new()));
        }
        if let Type::Path(path) = ty
            && path.qself.is_none()
            && let Some(fields) = self.structure(&super::uses::path_text(&path.path))
        {
            let container = Container::Record { path: inside(&path.path), by_columns: Vec::new() };
            return Some(Read { fields, ..read(container, Element::Double, Vec::new()) });
        }
        let Some((segment, own)) = generic(ty) else { return self.strange_type(ident, ty) };
        let Some((GenericArgument::Type(element), sizes)) = own.split_first() else {
            return self.strange_type(ident, ty);
        };
        let Some(element) = number(bare(element)) else { return self.strange_type(ident, element) };
        let name = segment.ident.to_string();
        let fixed = |count: usize| Axis::Fixed(count);
        let (container, shape) = match (name.as_str(), alias(&name), sizes) {
            ("SVector", _, [size]) => (Container::Vector, vec![self.generic_size(ident, size)?]),
            ("RowSVector", _, [columns]) => {
                (Container::Matrix, vec![self.generic_size(ident, columns)?, fixed(1)])
            }
            ("SMatrix", _, [rows, columns]) => {
                let (rows, columns) = (self.generic_size(ident, rows)?, self.generic_size(ident, columns)?);
                (Container::Matrix, vec![columns, rows])
            }
            ("DVector", _, []) => (Container::DynamicVector, vec![Axis::Anonymous]),
            ("DVectorView", _, []) => (Container::VectorView, vec![Axis::Anonymous]),
            ("DMatrix", _, []) => (Container::DynamicMatrix, vec![Axis::Anonymous, Axis::Anonymous]),
            (_, Some((rows, 1)), []) => (Container::Vector, vec![fixed(rows)]),
            (_, Some((rows, columns)), []) => (Container::Matrix, vec![fixed(columns), fixed(rows)]),
            _ => return self.strange_type(ident, ty),
        };
        Some(read(container, element, shape))
    }

    /// Arrays of arrays of numbers: no references or slices inside, for generated code reads arrays whose rows lie side
    /// by side.
    fn array_type(&mut self, ident: &Ident, ty: &Type) -> Option<(Vec<Axis>, Element)> {
        let mut shape = Vec::new();
        let mut ty = bare(ty);
        while let Type::Array(array) = ty {
            shape.push(self.size(ident, &array.len)?);
            ty = bare(&array.elem);
        }
        match number(ty) {
            Some(element) => Some((shape, element)),
            None => self.strange_type(ident, ty),
        }
    }

    /// A vector of nalgebra inside of an array or slice, where it is one.
    fn vector(&mut self, ident: &Ident, ty: &Type) -> Option<Option<(Axis, Element)>> {
        generic(bare(ty))?;
        let read = self.own_type(ident, bare(ty));
        Some(match read {
            Some(Read { container: Container::Vector, element, mut shape, .. }) => {
                Some((shape.remove(0), element))
            }
            Some(_) => self.strange_type(ident, ty),
            None => None,
        })
    }

    fn strange_type<T>(&mut self, ident: &Ident, ty: &impl Spanned) -> Option<T> {
        self.complain(Problem::ArgumentType { name: ident.to_string() }, ty.span());
        None
    }

    fn generic_size(&mut self, ident: &Ident, size: &GenericArgument) -> Option<Axis> {
        match size {
            GenericArgument::Const(size) => self.size(ident, size),
            GenericArgument::Type(Type::Path(path)) => match path.path.get_ident() {
                Some(name) => self.named_size(ident, name),
                None => self.unknown_size(ident, size.span()),
            },
            other => self.unknown_size(ident, other.span()),
        }
    }

    fn size(&mut self, ident: &Ident, size: &Expr) -> Option<Axis> {
        let literal = match size {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(value) => value.base10_parse::<usize>().ok(),
                _ => None,
            },
            Expr::Group(group) => return self.size(ident, &group.expr),
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => return self.named_size(ident, name),
                None => None,
            },
            _ => None,
        };
        match literal {
            Some(size) if (1..=MAX_EXTENT).contains(&size) => Some(Axis::Fixed(size)),
            Some(_) => {
                self.complain(Problem::InvalidExtent { limit: MAX_EXTENT }, size.span());
                None
            }
            None => self.unknown_size(ident, size.span()),
        }
    }

    /// A size that is a generic argument of the function.
    fn named_size(&mut self, ident: &Ident, name: &Ident) -> Option<Axis> {
        let text = name.to_string();
        if self.sizes.contains(&text) {
            return Some(Axis::Named(Name { text: text.into(), span: self.span(name.span()) }));
        }
        self.unknown_size(ident, name.span())
    }

    fn unknown_size<T>(&mut self, ident: &Ident, span: Span) -> Option<T> {
        self.complain(Problem::ArraySize { name: ident.to_string() }, span);
        None
    }
}

/// The path of an item as it is written inside of a module beside it.
///
/// ```
/// let path: syn::Path = syn::parse_quote!(tools::square);
/// assert_eq!(hesse_parser::rust::inside(&path).to_string(), "super :: tools :: square");
/// ```
pub fn inside(path: &syn::Path) -> TokenStream {
    let first = path.segments.first().map(|s| s.ident.to_string()).unwrap_or_default();
    match (path.leading_colon, first.as_str()) {
        (Some(_), _) | (None, "crate") => quote!(#path),
        (None, "self") => {
            let rest = path.segments.iter().skip(1);
            quote!(super #(::#rest)*)
        }
        _ => quote!(super::#path),
    }
}

/// The type without parentheses.
pub(super) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        own => own,
    }
}

/// The type of a number or a condition.
pub(super) fn number(ty: &Type) -> Option<Element> {
    match bare(ty) {
        Type::Path(path) if path.qself.is_none() => Element::named(&path.path.get_ident()?.to_string()),
        _ => None,
    }
}

/// The last name of a path with what stands in its brackets, lifetimes left out.
fn generic(ty: &Type) -> Option<(&PathSegment, Vec<GenericArgument>)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(inside) = &last.arguments else { return None };
    let own = inside.args.iter().filter(|a| !matches!(a, GenericArgument::Lifetime(_)));
    Some((last, own.cloned().collect()))
}

/// Rows and columns of nalgebra's `Vector3`, `RowVector3`, `Matrix3` and `Matrix3x2`.
fn alias(name: &str) -> Option<(usize, usize)> {
    let size = |text: &str| text.parse().ok().filter(|size| (1..=6).contains(size));
    if let Some(columns) = name.strip_prefix("RowVector") {
        return Some((1, size(columns)?));
    }
    if let Some(rows) = name.strip_prefix("Vector") {
        return Some((size(rows)?, 1));
    }
    let sizes = name.strip_prefix("Matrix")?;
    match sizes.split_once('x') {
        Some((rows, columns)) => Some((size(rows)?, size(columns)?)),
        None => Some((size(sizes)?, size(sizes)?)),
    }
}
