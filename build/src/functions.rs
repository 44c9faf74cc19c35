//! A Rust file of annotated functions to one with their derivatives written out.

use hesse_parser::diagnostic::{Diagnostic, Problem};
use hesse_parser::rust;
use proc_macro2::{Span, TokenStream};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Attribute, File, Item, ItemFn, Meta, Token, UseTree};

use crate::banner::first_line;

/// The longest file that is read, in bytes.
const MAX_SIZE: usize = 1 << 20;
/// The stack of a compiler: syn descends into everything, and threads may have as little as 2 MB.
const STACK: usize = 64 << 20;
/// The name of the attribute.
const ATTRIBUTE: &str = "derive_hessian";

/// The text of a Rust file with the functions of `text`, those under `#[derive_hessian]` with their modules beside
/// them, as the attribute would make them: whoever compiles it needs no procedural macro.
///
/// `origin` is what the banner calls the source. The attribute itself is left out, and so is what names it in `use`;
/// everything else stays as it is, but for inner attributes, which cannot stand in an included file, and comments
/// that are no documentation.
///
/// # Errors
/// What is wrong with the functions, or that none is annotated, at byte ranges of `text`.
///
/// ```
/// let text = "
/// use hesse::derive_hessian;
///
/// #[derive_hessian]
/// pub fn bowl(x: f64, y: f64) -> f64 {
///     x * x + 3.0 * y * y
/// }";
/// let code = hesse_build::generate_functions(text, "losses.rs").map_err(|d| d[0].message.clone())?;
/// assert!(code.contains("pub fn bowl(x: f64, y: f64) -> f64 {"));
/// assert!(code.contains("pub mod bowl {"));
/// assert!(!code.contains("derive_hessian"));
/// # Ok::<(), String>(())
/// ```
pub fn generate_functions(text: &str, origin: &str) -> Result<String, Vec<Diagnostic>> {
    if text.len() > MAX_SIZE {
        return Err(vec![Diagnostic::new(Problem::InputTooLong { limit: MAX_SIZE }, 0..0)]);
    }
    // Places in the text are kept by thread, so that all who ask for them run on one.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let run = thread.spawn_scoped(scope, || generate_calmly(text, origin));
        match run.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => generate_calmly(text, origin),
        }
    })
}

/// [`generate_functions`], with a stack that syn fits on.
fn generate_calmly(text: &str, origin: &str) -> Result<String, Vec<Diagnostic>> {
    let not_rust =
        |message: String, span: Span| vec![Diagnostic::new(Problem::NotRust { message }, span.byte_range())];
    let tokens: TokenStream =
        text.parse().map_err(|error: proc_macro2::LexError| not_rust(error.to_string(), error.span()))?;
    rust::check_nesting(tokens).map_err(|list| {
        list.into_iter().map(|d| d.map_spans(|span| span.byte_range())).collect::<Vec<_>>()
    })?;
    let file = syn::parse_file(text).map_err(|error| not_rust(error.to_string(), error.span()))?;
    let mut diagnostics = Vec::new();
    let (items, count) = with_modules(file.items, &mut diagnostics);
    let mut left = Left::default();
    items.iter().for_each(|item| left.visit_item(item));
    for place in &left.places {
        diagnostics.push(needs_macro("an error function inside of another item", place));
    }
    if count == 0 && diagnostics.is_empty() {
        diagnostics.push(Diagnostic::new(Problem::NoFunction, 0..0));
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let code = prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs: Vec::new(), items });
    Ok(format!("// {}\n\n{code}", banner_of_functions(text, origin)))
}

/// The first line of what is generated from `text`.
pub(crate) fn banner_of_functions(text: &str, origin: &str) -> String {
    first_line("", origin, text, &Default::default(), Default::default())
}

/// The items with modules after annotated functions, and the number of these.
fn with_modules(items: Vec<Item>, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Item>, usize) {
    let (mut found, mut count) = (Vec::new(), 0);
    for item in items {
        match item {
            Item::Fn(mut function) => match take_attribute(&mut function) {
                Some(arguments) => {
                    count += 1;
                    if let Some(uses) = uses(&arguments) {
                        diagnostics.push(needs_macro("what an error function uses from outside", uses));
                        continue;
                    }
                    found.extend(with_module(function, arguments, diagnostics));
                }
                None => found.push(Item::Fn(function)),
            },
            Item::Mod(mut module) => {
                if let Some((brace, items)) = module.content.take() {
                    let (items, inner) = with_modules(items, diagnostics);
                    count += inner;
                    module.content = Some((brace, items));
                }
                found.push(Item::Mod(module));
            }
            Item::Impl(block) => {
                // Its methods may have the attribute, too: one message is enough.
                match block.attrs.iter().find(|a| is_attribute(a)) {
                    Some(attribute) => {
                        diagnostics.push(needs_macro("an error function that is a method", attribute));
                    }
                    None => found.push(Item::Impl(block)),
                }
            }
            Item::Use(mut item) => {
                if let Some(tree) = without_attribute(item.tree) {
                    item.tree = tree;
                    found.push(Item::Use(item));
                }
            }
            other => found.push(other),
        }
    }
    (found, count)
}

fn is_attribute(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == ATTRIBUTE)
}

/// Attributes that are left: on functions in bodies, on methods, in traits.
#[derive(Default)]
struct Left {
    places: Vec<Attribute>,
}

impl<'a> Visit<'a> for Left {
    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if is_attribute(attribute) {
            self.places.push(attribute.clone());
        }
    }
}

/// The option `uses(…)`, whose definitions only macros can ask for.
fn uses(arguments: &TokenStream) -> Option<Meta> {
    let options = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(arguments.clone()).ok()?;
    options.into_iter().find(|option| option.path().is_ident("uses"))
}

fn needs_macro(what: &str, place: impl Spanned) -> Diagnostic {
    Diagnostic::new(Problem::NeedsMacro { what: what.to_owned() }, place.span().byte_range())
}

/// Takes the attribute off a function and gives back its arguments.
fn take_attribute(function: &mut ItemFn) -> Option<TokenStream> {
    let at = function.attrs.iter().position(is_attribute)?;
    Some(match function.attrs.remove(at).meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    })
}

fn with_module(mut function: ItemFn, arguments: TokenStream, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    match rust::parse(arguments, &function) {
        Ok(read) => {
            let settings = read.settings(&function, None);
            let module = match syn::parse2(read.module(&function).bordered(&read.border, &settings)) {
                Ok(module) => module,
                Err(error) => {
                    let problem = Problem::NotRust { message: error.to_string() };
                    diagnostics.push(Diagnostic::new(problem, function.sig.ident.span().byte_range()));
                    return Vec::new();
                }
            };
            // Whoever calls only the derivatives is not to be warned that the function itself is unused.
            rust::without_marks(&mut function.sig);
            function.attrs.push(syn::parse_quote!(#[allow(dead_code)]));
            vec![Item::Fn(function), module]
        }
        Err(complaints) => {
            diagnostics.extend(complaints.into_iter().map(|d| d.map_spans(|span| span.byte_range())));
            Vec::new()
        }
    }
}

/// What is left of a `use` without the attribute.
fn without_attribute(tree: UseTree) -> Option<UseTree> {
    match tree {
        UseTree::Name(name) if name.ident == ATTRIBUTE => None,
        UseTree::Path(mut path) => {
            path.tree = Box::new(without_attribute(*path.tree)?);
            Some(UseTree::Path(path))
        }
        UseTree::Group(mut group) => {
            group.items = group.items.into_iter().filter_map(without_attribute).collect();
            (!group.items.is_empty()).then_some(UseTree::Group(group))
        }
        other => Some(other),
    }
}
