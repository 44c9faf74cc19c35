//! The functions in the types people write, around functions of plain arrays.
//!
//! Everything is computed on plain arrays of `f64`; vectors of nalgebra, numbers of other types, structures and generic
//! sizes become such arrays here and nowhere else.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::body::{ORDERS, outer_function};
use super::frame::Frame;
use super::input::{Container, Input};
use super::item::{Inputs, Item};
use super::returned::{Returned, Shape};
use super::signature::{Argument, Element, Form, fixed};
use crate::graph::{Array, Extent, Graph};

/// How people call the functions of a module.
///
/// ```
/// use hesse_symbolic::emit::{Border, Container, Element, Input};
///
/// let model = hesse_parser::formula::parse("param w[3]; E = sum(i, w[i]^2)", &Default::default()).unwrap();
/// let w = Input {
///     name: "w".into(),
///     container: Container::Array,
///     is_reference: true,
///     element: Element::Double,
///     arrays: model.graph.arrays().map(|(array, _)| array).collect(),
/// };
/// let (constants, functions, sizes) = (Vec::new(), Vec::new(), Vec::new());
/// let border = Border { inputs: vec![w], constants, functions, sizes, result: Element::Double };
/// assert_eq!(border.arguments(&model.graph)[0].name, "w");
/// ```
#[derive(Clone, Debug)]
pub struct Border {
    /// The arguments, in order.
    pub inputs: Vec<Input>,
    /// Numbers that are constants of the module around the generated one, under the names of these arrays.
    pub constants: Vec<Array>,
    /// Functions with given derivatives, in the order of their numbers: the paths, as in the module around, of modules with
    /// `value`, `slope` and `curvature`.
    pub functions: Vec<TokenStream>,
    /// The generic sizes, in order; each is a dimension of the graph.
    pub sizes: Vec<String>,
    /// What the error function returns: `f64` or `f32`.
    pub result: Element,
}

impl Border {
    /// The arguments of the functions that compute.
    pub fn arguments(&self, graph: &Graph) -> Vec<Argument> {
        let generics = self.generics(graph);
        let constants = self.constants.iter().map(|&array| Argument {
            name: graph.declaration(array).name.clone(),
            array,
            form: Form::Outer,
            element: Element::Double,
            has_vectors: false,
            by_columns: false,
        });
        self.inputs.iter().flat_map(|input| input.arguments(graph, &generics)).chain(constants).collect()
    }

    /// The functions from outside with their derivatives, under the names by which they are called.
    pub(super) fn outer_functions(&self) -> Option<TokenStream> {
        let functions = self.functions.iter().enumerate().flat_map(|(number, path)| {
            ORDERS.iter().map(move |order| {
                let (name, order) = (outer_function(number, order), format_ident!("{order}"));
                quote!(#[inline] pub(super) fn #name(x: f64) -> f64 { #path::#order(x) })
            })
        });
        // Paths are those of the module around, where names of other crates are names as well.
        let functions = quote!(mod outer { use super::super::*; #(#functions)* });
        (!self.functions.is_empty()).then_some(functions)
    }

    /// Whether people pass plain arrays, so that nothing stands between them and what computes.
    pub(super) fn is_plain(&self, graph: &Graph) -> bool {
        self.result == Element::Double && self.inputs.iter().all(|input| input.is_plain(graph))
    }

    /// The generic sizes, by dimension.
    fn generics(&self, graph: &Graph) -> Vec<Option<Ident>> {
        let generic = |name: &String| self.sizes.contains(name).then(|| format_ident!("{name}"));
        graph.dimensions().iter().map(generic).collect()
    }
}

/// What public functions consist of besides their own further arguments.
pub(super) struct Calls {
    pub(super) inputs: TokenStream,
    /// The names of the inputs.
    pub(super) names: TokenStream,
    /// Statements that make plain arrays of the inputs.
    pub(super) opening: TokenStream,
    /// The plain arrays.
    pub(super) passed: TokenStream,
    /// Where the functions of plain arrays are.
    pub(super) path: TokenStream,
    /// In what derivatives are returned, where they can be.
    pub(super) returned: Option<Returned>,
}

impl Frame<'_> {
    /// Functions that take plain arrays.
    pub(super) fn plain_calls(&self, border: Option<&Border>) -> Calls {
        let returned = match border {
            Some(border) => self.returned(border),
            None => {
                let shape = self.count.map(|count| Shape::Array(number(count)));
                shape.map(|shape| Returned { shape, element: Element::Double })
            }
        };
        Calls {
            inputs: self.inputs(),
            names: self.passed(),
            opening: TokenStream::new(),
            passed: self.passed(),
            path: TokenStream::new(),
            returned,
        }
    }

    /// Functions that take what `border` says.
    pub(super) fn calls(&self, border: &Border) -> Calls {
        let named = self.inputs_of(border);
        let inputs = named.iter().map(|(input, name)| self.typed(input, name, None));
        let returned = self.returned(border);
        let is_dynamic = matches!(&returned, Some(Returned { shape: Shape::Dynamic(_), .. }));
        let mut opening = TokenStream::new();
        for (dimension, size) in self.dimensions.iter().enumerate() {
            let is_open = self.generics[dimension].is_none();
            if is_open && (self.told(dimension).is_none() || is_dynamic) {
                let told = self.tellings(&named, dimension).into_iter().next();
                opening.extend(told.map(|(told, _)| quote!(let #size = #told;)));
            }
        }
        opening.extend(self.checked_sizes(&named));
        for (input, name) in &named {
            opening.extend(input.views(name, &self.arguments, self.module.graph));
        }
        Calls {
            inputs: quote!(#(#inputs,)*),
            names: named.iter().map(|(_, name)| quote!(#name,)).collect(),
            opening,
            passed: self.passed(),
            path: quote!(plain::),
            returned,
        }
    }

    /// The constants of the module around, for the module of plain arrays.
    pub(super) fn outer_constants(&self) -> TokenStream {
        let constants = self.arguments.iter().filter(|(argument, _)| argument.form == Form::Outer);
        let names = constants.map(|(argument, _)| format_ident!("{}", argument.name));
        quote!(#(use super::#names;)*)
    }

    /// The functions of plain arrays under the types of `border`.
    pub(super) fn forwarders(&self, border: &Border, items: &[Item]) -> TokenStream {
        let calls = self.calls(border);
        let bound = self.bound_calls(border);
        let forwarders = items.iter().map(|item| {
            let Item { doc, name, result, .. } = item;
            let further = item.further.iter().map(|(name, kind)| quote!(#name: #kind,));
            let names = item.further.iter().map(|(name, _)| name);
            let names = quote!(#(#names,)*);
            let (result, cast) = if name == "value" && border.result == Element::Single {
                (quote!(-> f32), Some(quote!(as f32)))
            } else {
                (result.clone(), None)
            };
            let calls = match item.inputs {
                Inputs::All => &calls,
                Inputs::Bound => &bound,
                Inputs::None => {
                    return quote! {
                        #(#[doc = #doc])*
                        pub const fn #name() #result { plain::#name() }
                    };
                }
            };
            let Calls { inputs, opening, passed, .. } = calls;
            let (generics, given) = (self.generics(None), self.generic_arguments(None));
            let given = given.map(|given| quote!(::#given));
            quote! {
                #(#[doc = #doc])*
                #[inline]
                pub fn #name #generics(#inputs #(#further)*) #result {
                    #opening
                    plain::#name #given(#passed #names) #cast
                }
            }
        });
        quote!(#(#forwarders)*)
    }

    /// The functions that take structures apart.
    pub(super) fn parts(&self, border: &Border) -> TokenStream {
        let named = self.inputs_of(border);
        let private = &self.module.private;
        let parts =
            |(input, name): &(Input, Ident)| input.parts(name, &self.arguments, self.module.graph, private);
        named.iter().filter_map(parts).collect()
    }

    /// `error_function` under the types of `border`.
    pub(super) fn binding(&self, border: &Border) -> TokenStream {
        let life = self.is_borrowing().then(|| quote!('a));
        let named: Vec<(Input, Ident)> = self.data_of(border);
        let inputs = named.iter().map(|(input, name)| self.typed(input, name, life.as_ref()));
        let Calls { opening, passed, inputs: sizes, .. } = self.bound_with(&named);
        let (all, arguments) = (self.generics(life.as_ref()), self.generic_arguments(life.as_ref()));
        quote! {
            pub use plain::Surface;

            /// Binds the data; parameters are laid out one after another in the order of the arguments.
            #[inline]
            pub fn error_function #all(#(#inputs,)* #sizes) -> Surface #arguments {
                #opening
                plain::error_function(#passed)
            }
        }
    }

    /// Functions of data and sizes alone.
    fn bound_calls(&self, border: &Border) -> Calls {
        let named = self.data_of(border);
        let calls = self.bound_with(&named);
        let inputs = named.iter().map(|(input, name)| self.typed(input, name, None));
        let sizes = &calls.inputs;
        Calls { inputs: quote!(#(#inputs,)* #sizes), ..calls }
    }

    /// The calls of functions of data, whose own `inputs` are the sizes that nothing tells.
    fn bound_with(&self, named: &[(Input, Ident)]) -> Calls {
        let (mut opening, mut sizes) = (TokenStream::new(), TokenStream::new());
        for name in self.held_sizes() {
            let dimension = self.dimensions.iter().position(|d| d == name).unwrap_or_default();
            match self.tellings(named, dimension).into_iter().next() {
                Some((told, _)) => opening.extend(quote!(let #name = #told;)),
                None => sizes.extend(quote!(#name: usize,)),
            }
        }
        opening.extend(self.checked_sizes(named));
        for (input, name) in named {
            opening.extend(input.views(name, &self.arguments, self.module.graph));
        }
        let passed = self.bound(None).into_iter().map(|(name, _)| quote!(#name,)).collect();
        Calls {
            inputs: sizes,
            names: TokenStream::new(),
            opening,
            passed,
            path: quote!(plain::),
            returned: None,
        }
    }

    /// The inputs with their names: that of the plain argument, or one of its own.
    pub(super) fn inputs_of(&self, border: &Border) -> Vec<(Input, Ident)> {
        let mut names = self.names.clone();
        let name = |input: &Input| match &input.container {
            Container::Record { .. } => names.claim(&input.name),
            _ => {
                let own = self.arguments.iter().find(|(a, _)| input.arrays.contains(&a.array));
                own.map_or_else(|| format_ident!("missing"), |(_, name)| name.clone())
            }
        };
        let named: Vec<Ident> = border.inputs.iter().map(name).collect();
        border.inputs.iter().cloned().zip(named).collect()
    }

    fn data_of(&self, border: &Border) -> Vec<(Input, Ident)> {
        let graph = self.module.graph;
        let is_data = |input: &Input| {
            input.arrays.iter().all(|&a| graph.declaration(a).role != crate::graph::Role::Parameter)
        };
        self.inputs_of(border).into_iter().filter(|(input, _)| is_data(input)).collect()
    }

    /// `name: type`
    fn typed(&self, input: &Input, name: &Ident, life: Option<&TokenStream>) -> TokenStream {
        let size = |extent: Extent| fixed(extent, &self.generics).unwrap_or_default();
        let Some(&array) = input.arrays.first() else { return quote!(#name: ()) };
        let declaration = self.module.graph.declaration(array);
        let kind = input.r#type(declaration, &self.module.private, life, &size);
        quote!(#name: #kind)
    }

    /// Assertions that arguments agree on their sizes, where types or matrices say them; the lengths of slices alone are
    /// compared where it is computed with.
    fn checked_sizes(&self, named: &[(Input, Ident)]) -> TokenStream {
        let mut tokens = TokenStream::new();
        for dimension in 0..self.dimensions.len() {
            let generic = self.generics[dimension].as_ref().map(ToTokens::to_token_stream);
            let mut told = self.tellings(named, dimension).into_iter();
            let has_matrix = named.iter().any(|(input, name)| {
                let is_matrix = matches!(input.container, Container::DynamicMatrix);
                is_matrix && !self.tellings(&[(input.clone(), name.clone())], dimension).is_empty()
            });
            if generic.is_none() && !has_matrix {
                continue;
            }
            let Some(first) = generic.or_else(|| told.next().map(|first| first.0)) else { continue };
            for (other, name) in told {
                let message = format!("the size of `{name}` differs from what other arguments have");
                tokens.extend(quote!(assert!(#other == #first, #message);));
            }
        }
        tokens
    }

    /// The expressions that tell a dimension, with the arguments they are of.
    fn tellings(&self, named: &[(Input, Ident)], dimension: usize) -> Vec<(TokenStream, Ident)> {
        let mut told = Vec::new();
        for (input, name) in named {
            let Some(&array) = input.arrays.first() else { continue };
            for (axis, extent) in self.module.graph.declaration(array).shape.iter().enumerate() {
                if matches!(extent, Extent::Named(d) if d.0 as usize == dimension)
                    && let Some(own) = input.tells(name, axis)
                {
                    told.push((own, name.clone()));
                }
            }
        }
        told
    }

    /// In what derivatives are returned.
    fn returned(&self, border: &Border) -> Option<Returned> {
        let graph = self.module.graph;
        let is_parameter = |input: &&Input| {
            input.arrays.iter().any(|&a| graph.declaration(a).role == crate::graph::Role::Parameter)
        };
        let parameters: Vec<&Input> = border.inputs.iter().filter(is_parameter).collect();
        let size = match (self.count, &parameters[..]) {
            (Some(count), _) => Some(number(count)),
            (None, [only]) => {
                only.arrays.first().and_then(|&array| match graph.declaration(array).shape[..] {
                    [only] => fixed(only, &self.generics),
                    _ => None,
                })
            }
            _ => None,
        };
        let is_of_nalgebra = parameters.iter().any(|input| input.is_of_nalgebra());
        let shape = match (size, &parameters[..]) {
            (Some(size), [Input { container: Container::Record { path, .. }, .. }]) => {
                Shape::Record(path.clone(), size)
            }
            (Some(size), _) if is_of_nalgebra => Shape::Vector(size),
            (Some(size), _) => Shape::Array(size),
            (None, _) if is_of_nalgebra => Shape::Dynamic(self.total()),
            (None, _) => return None,
        };
        Some(Returned { shape, element: border.result })
    }
}

fn number(size: usize) -> TokenStream {
    Literal::usize_unsuffixed(size).into_token_stream()
}
