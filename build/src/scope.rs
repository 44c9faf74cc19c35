//! What the items of a Rust file are called, and the definitions behind the paths in `uses(…)`.
//!
//! The macros hand definitions on from item to item; in a file all that is in it can be seen at once.

use std::collections::{BTreeMap, BTreeSet};

use hesse_parser::rust::attributes::{function, parameters, used};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, File, Item, ItemStruct, Meta, Path, Token, UseTree};

/// How deep definitions may use each other: recursive ones end here.
const DEPTH: usize = 32;

/// The names of a module, from the root of the file.
pub(crate) type Place = Vec<String>;

/// The items of a file by their names.
pub(crate) struct Scope {
    items: BTreeMap<Place, Item>,
    modules: BTreeSet<Place>,
    /// What names stand for that are imported.
    imports: BTreeMap<Place, Vec<String>>,
}

impl Scope {
    /// The names in a file.
    pub(crate) fn new(file: &File) -> Scope {
        let mut scope = Scope { items: BTreeMap::new(), modules: BTreeSet::new(), imports: BTreeMap::new() };
        scope.add(&Place::new(), &file.items);
        scope
    }

    /// Paths that stand in the module `place`, with their definitions.
    ///
    /// # Errors
    /// The first path behind which there is none.
    pub(crate) fn known(
        &self,
        place: &Place,
        paths: &[Path],
    ) -> Result<Vec<(TokenStream, TokenStream)>, Path> {
        self.known_within(place, paths, DEPTH)
    }

    fn add(&mut self, place: &Place, items: &[Item]) {
        let within = |name: &dyn ToString| [&place[..], &[name.to_string()]].concat();
        for item in items {
            match item {
                Item::Fn(own) => drop(self.items.insert(within(&own.sig.ident), item.clone())),
                Item::Struct(own) => drop(self.items.insert(within(&own.ident), item.clone())),
                Item::Mod(own) => {
                    let inside = within(&own.ident);
                    if let Some((_, items)) = &own.content {
                        self.add(&inside, items);
                    }
                    self.modules.insert(inside);
                }
                Item::Use(own) => self.import(place, &mut Vec::new(), &own.tree),
                _ => {}
            }
        }
    }

    fn import(&mut self, place: &Place, path: &mut Vec<String>, tree: &UseTree) {
        let mut named = |name: &dyn ToString, of: &dyn ToString, path: &[String]| {
            let name = [&place[..], &[name.to_string()]].concat();
            self.imports.insert(name, [path, &[of.to_string()]].concat());
        };
        match tree {
            UseTree::Name(own) => named(&own.ident, &own.ident, path),
            UseTree::Rename(own) => named(&own.rename, &own.ident, path),
            UseTree::Path(own) => {
                path.push(own.ident.to_string());
                self.import(place, path, &own.tree);
                path.pop();
            }
            UseTree::Group(own) => own.items.iter().for_each(|tree| self.import(place, path, tree)),
            UseTree::Glob(_) => {}
        }
    }

    fn known_within(
        &self,
        place: &Place,
        paths: &[Path],
        depth: usize,
    ) -> Result<Vec<(TokenStream, TokenStream)>, Path> {
        let pair = |path: &Path| {
            let definition = self.definition(place, path, depth).ok_or_else(|| path.clone())?;
            Ok((path.to_token_stream(), definition))
        };
        paths.iter().map(pair).collect()
    }

    fn definition(&self, place: &Place, path: &Path, depth: usize) -> Option<TokenStream> {
        let depth = depth.checked_sub(1)?;
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let (place, item) = self.find(place, &segments, depth)?;
        match item {
            Item::Struct(own) => {
                let fields = parameters::fields(own).ok().filter(|_| has_parameters(own))?;
                let known = self.known_within(&place, &parameters::used(fields), depth).ok()?;
                Some(parameters::definition(fields, &known))
            }
            Item::Fn(own) => {
                let options = |name: &str| own.attrs.iter().find_map(|attribute| options(attribute, name));
                if options("derivatives").is_some() {
                    return Some(quote!(given {}));
                }
                let options = options("differentiable").or_else(|| options("derive_hessian"))?;
                let known = self.known_within(&place, &used(&options), depth).ok()?;
                Some(function(own, &known))
            }
            _ => None,
        }
    }

    /// The item behind a path, and the module it stands in.
    fn find(&self, place: &Place, path: &[String], depth: usize) -> Option<(Place, &Item)> {
        let depth = depth.checked_sub(1)?;
        let (mut place, mut rest) = (place.clone(), path);
        loop {
            let (first, inner) = rest.split_first()?;
            match first.as_str() {
                "self" => {}
                "super" => drop(place.pop()?),
                "crate" => place.clear(),
                _ => break,
            }
            rest = inner;
        }
        let (first, inner) = rest.split_first()?;
        let named = [&place[..], std::slice::from_ref(first)].concat();
        if let Some(item) = self.items.get(&named).filter(|_| inner.is_empty()) {
            return Some((place, item));
        }
        if self.modules.contains(&named) {
            return self.find(&named, inner, depth);
        }
        let import = self.imports.get(&named)?;
        self.find(&place, &[&import[..], inner].concat(), depth)
    }
}

/// Whether a structure is one of parameters.
pub(crate) fn has_parameters(item: &ItemStruct) -> bool {
    item.attrs.iter().any(|attribute| derived(attribute).iter().any(is_parameters))
}

/// What an attribute derives.
pub(crate) fn derived(attribute: &Attribute) -> Vec<Path> {
    let Meta::List(list) = &attribute.meta else { return Vec::new() };
    let paths = list
        .path
        .is_ident("derive")
        .then(|| Punctuated::<Path, Token![,]>::parse_terminated.parse2(list.tokens.clone()));
    paths.and_then(Result::ok).into_iter().flatten().collect()
}

/// Whether a path is that of the macro `Parameters`.
pub(crate) fn is_parameters(path: &Path) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == "Parameters")
}

/// The options of an attribute, if it is the one of this name.
pub(crate) fn options(attribute: &Attribute, name: &str) -> Option<TokenStream> {
    let is_own = attribute.path().segments.last().is_some_and(|segment| segment.ident == name);
    is_own.then(|| match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    })
}
