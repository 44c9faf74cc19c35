//! A Rust file of annotated functions to one with their derivatives written out.

use hesse_parser::diagnostic::{Diagnostic, Problem};
use hesse_parser::rust::attributes::{self, given, methods, parameters, used};
use hesse_parser::rust::{self, Use};
use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Attribute, File, Item, ItemFn, ItemImpl, ItemStruct, Path, UseTree};

use crate::banner::first_line;
use crate::scope::{Place, Scope, derived, has_parameters, is_parameters, options};

/// The longest file that is read, in bytes.
const MAX_SIZE: usize = 1 << 20;
/// The stack of a compiler: syn descends into everything, and threads may have as little as 2 MB.
const STACK: usize = 64 << 20;
/// The name of the attribute.
const ATTRIBUTE: &str = "derive_hessian";
/// Attributes that are written out, and not imported any more.
const ATTRIBUTES: [&str; 3] = [ATTRIBUTE, "differentiable", "derivatives"];

/// The text of a Rust file with the functions of `text`, those under `#[derive_hessian]` with their modules beside
/// them, as the attribute would make them: whoever compiles it needs no procedural macro. So it is with methods, and with
/// what error functions use: structures with `#[derive(Parameters)]` and functions under `#[differentiable]` or
/// `#[derivatives]`, which have to stand in the same file.
///
/// `origin` is what the banner calls the source. The attributes themselves are left out, and so is what names them in `use`;
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
    let mut writer = Writer { scope: Scope::new(&file), diagnostics: Vec::new(), count: 0 };
    let items = writer.items(&Place::new(), file.items);
    let Writer { mut diagnostics, count, .. } = writer;
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
    first_line("", origin, text, &Default::default(), Default::default(), Default::default())
}

/// What is written out of a file, and what is wrong with it.
struct Writer {
    scope: Scope,
    diagnostics: Vec<Diagnostic>,
    /// The number of annotated functions and blocks.
    count: usize,
}

impl Writer {
    /// The items of a module with what their attributes stand for behind them.
    fn items(&mut self, place: &Place, items: Vec<Item>) -> Vec<Item> {
        items.into_iter().flat_map(|item| self.item(place, item)).collect()
    }

    fn item(&mut self, place: &Place, item: Item) -> Vec<Item> {
        match item {
            Item::Fn(function) => self.function(place, function),
            Item::Struct(own) => self.structure(own),
            Item::Impl(block) => self.block(place, block),
            Item::Mod(mut module) => {
                if let Some((brace, items)) = module.content.take() {
                    let inside = [&place[..], &[module.ident.to_string()]].concat();
                    module.content = Some((brace, self.items(&inside, items)));
                }
                vec![Item::Mod(module)]
            }
            Item::Use(mut item) => match without_attributes(item.tree) {
                Some(tree) => {
                    item.tree = tree;
                    // The trait of the name is there, too, and may not be used.
                    if imports_parameters(&item.tree) {
                        item.attrs.push(syn::parse_quote!(#[allow(unused_imports)]));
                    }
                    vec![Item::Use(item)]
                }
                None => Vec::new(),
            },
            other => vec![other],
        }
    }

    /// A function, the module of its derivatives, and what it hands on to those that use it.
    fn function(&mut self, place: &Place, mut item: ItemFn) -> Vec<Item> {
        let mut take = |name: &str| {
            let at = item.attrs.iter().position(|attribute| options(attribute, name).is_some())?;
            options(&item.attrs.remove(at), name)
        };
        let (error, part, given) = (take(ATTRIBUTE), take("differentiable"), take("derivatives"));
        if error.is_none() && part.is_none() && given.is_none() {
            return vec![Item::Fn(item)];
        }
        let mut beside = TokenStream::new();
        if let Some(options) = &given {
            match given::module(options, &item) {
                Ok(module) => beside.extend(module),
                Err(error) => return self.refuse(&error),
            }
        }
        if let Some(options) = error.as_ref().or(part.as_ref()) {
            let Some(known) = self.known(place, &used(options)) else { return Vec::new() };
            let uses = attributes::uses(&known).unwrap_or_default();
            let hands_on = given::handed_on(&item, &known, &uses);
            match &error {
                Some(options) => {
                    self.count += 1;
                    let Some(module) = self.module(options, &item, &uses, None) else { return Vec::new() };
                    beside.extend(match &hands_on {
                        Some(_) => given::taken_in(&item, module),
                        None => module,
                    });
                    let apart = || given::module_of(&given::apart(&item), &item, &known, &uses);
                    beside.extend(hands_on.map(|_| apart()));
                }
                None => {
                    if let Err(complaints) = rust::check(&item, &uses) {
                        self.complain(complaints);
                    }
                    beside.extend(hands_on);
                }
            }
        }
        rust::without_marks(&mut item.sig);
        // Whoever calls only the derivatives is not to be warned that the function itself is unused.
        item.attrs.push(syn::parse_quote!(#[allow(dead_code)]));
        self.with(Item::Fn(item), beside)
    }

    /// A structure, and the trait that is derived for it.
    fn structure(&mut self, mut item: ItemStruct) -> Vec<Item> {
        if !has_parameters(&item) {
            return vec![Item::Struct(item)];
        }
        let beside = match parameters::fields(&item) {
            Ok(fields) => parameters::implementation(&item, fields),
            Err(error) => return self.refuse(&error),
        };
        for attribute in &mut item.attrs {
            let derived = derived(attribute);
            if derived.iter().any(is_parameters) {
                let others = derived.iter().filter(|path| !is_parameters(path));
                *attribute = syn::parse_quote!(#[derive(#(#others),*)]);
            }
        }
        item.attrs.retain(|a| !a.path().is_ident("derive") || !derived(a).is_empty());
        self.with(Item::Struct(item), beside)
    }

    /// A block of methods, and the modules of those that are error functions.
    fn block(&mut self, place: &Place, block: ItemImpl) -> Vec<Item> {
        let Some(options) = block.attrs.iter().find_map(|a| options(a, ATTRIBUTE)) else {
            return vec![Item::Impl(block)];
        };
        self.count += 1;
        let path = match methods::structure(&block) {
            Ok(path) => path.clone(),
            Err(error) => return self.refuse(&error),
        };
        let Some(known) = self.known(place, &methods::used_by(&block, &path, &options)) else {
            return Vec::new();
        };
        let mut beside = TokenStream::new();
        for method in methods::methods(&block, &path, &options, &known) {
            let uses = attributes::uses(&method.known).unwrap_or_default();
            let owner = rust::inside(&path);
            beside.extend(self.module(&method.attribute, &method.function, &uses, Some(&owner)));
        }
        self.with(Item::Impl(methods::unmarked(&block)), beside)
    }

    /// The module of an error function.
    fn module(
        &mut self,
        options: &TokenStream,
        function: &ItemFn,
        uses: &[Use],
        owner: Option<&TokenStream>,
    ) -> Option<TokenStream> {
        match rust::parse_with(options.clone(), function, uses) {
            Ok(read) => Some(read.module(function).bordered(&read.border, &read.settings(function, owner))),
            Err(complaints) => {
                self.complain(complaints);
                None
            }
        }
    }

    /// The definitions behind paths.
    fn known(&mut self, place: &Place, paths: &[Path]) -> Option<Vec<(TokenStream, TokenStream)>> {
        match self.scope.known(place, paths) {
            Ok(known) => Some(known),
            Err(path) => {
                let problem = Problem::NotInFile { path: rust::path_text(&path) };
                self.diagnostics.push(Diagnostic::new(problem, path.span().byte_range()));
                None
            }
        }
    }

    fn with(&mut self, item: Item, beside: TokenStream) -> Vec<Item> {
        match syn::parse2::<File>(beside) {
            Ok(file) => [item].into_iter().chain(file.items).collect(),
            Err(error) => self.refuse(&error),
        }
    }

    fn refuse(&mut self, error: &syn::Error) -> Vec<Item> {
        let problem = Problem::NotRust { message: error.to_string() };
        self.diagnostics.push(Diagnostic::new(problem, error.span().byte_range()));
        Vec::new()
    }

    fn complain(&mut self, complaints: Vec<Diagnostic<Span>>) {
        self.diagnostics.extend(complaints.into_iter().map(|d| d.map_spans(|span| span.byte_range())));
    }
}

/// Attributes that are left: on functions in bodies, on methods, in traits.
#[derive(Default)]
struct Left {
    places: Vec<Attribute>,
}

impl<'a> Visit<'a> for Left {
    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if options(attribute, ATTRIBUTE).is_some() {
            self.places.push(attribute.clone());
        }
    }
}

fn needs_macro(what: &str, place: impl Spanned) -> Diagnostic {
    Diagnostic::new(Problem::NeedsMacro { what: what.to_owned() }, place.span().byte_range())
}

/// Whether a `use` imports the macro `Parameters`, and with it the trait of that name.
fn imports_parameters(tree: &UseTree) -> bool {
    match tree {
        UseTree::Name(name) => name.ident == "Parameters",
        UseTree::Path(path) => imports_parameters(&path.tree),
        UseTree::Group(group) => group.items.iter().any(imports_parameters),
        UseTree::Rename(_) | UseTree::Glob(_) => false,
    }
}

/// What is left of a `use` without the attributes.
fn without_attributes(tree: UseTree) -> Option<UseTree> {
    match tree {
        UseTree::Name(name) if ATTRIBUTES.iter().any(|attribute| name.ident == attribute) => None,
        UseTree::Path(mut path) => {
            path.tree = Box::new(without_attributes(*path.tree)?);
            Some(UseTree::Path(path))
        }
        UseTree::Group(mut group) => {
            group.items = group.items.into_iter().filter_map(without_attributes).collect();
            (!group.items.is_empty()).then_some(UseTree::Group(group))
        }
        other => Some(other),
    }
}
