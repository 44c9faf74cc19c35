//! Error functions that are methods of a structure of parameters.

use hesse_parser::rust;
use hesse_parser::rust::attributes::methods;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ItemImpl;

use crate::expand::module;
use crate::task::{Kind, Task};

/// The block without marks on its methods, and a module for each error function beside it.
pub(crate) fn derive(attribute: TokenStream, block: &ItemImpl) -> TokenStream {
    let own = methods::unmarked(block);
    let path = match methods::structure(block) {
        Ok(path) => path,
        Err(error) => {
            let error = error.to_compile_error();
            return quote!(#own #error);
        }
    };
    let pending = methods::used_by(block, path, &attribute);
    let item = block.to_token_stream();
    let task = Task { kind: Kind::Methods, attribute, item, known: Vec::new(), pending };
    let modules = task.proceed(modules);
    quote!(#own #modules)
}

/// The modules, once every definition is there.
pub(crate) fn modules(task: Task) -> TokenStream {
    let block: ItemImpl = match syn::parse2(task.item.clone()) {
        Ok(block) => block,
        Err(error) => return error.to_compile_error(),
    };
    let Ok(path) = methods::structure(&block) else { return TokenStream::new() };
    let methods = methods::methods(&block, path, &task.attribute, &task.known);
    let modules = methods.into_iter().map(|method| {
        let task = Task {
            kind: Kind::Module,
            attribute: method.attribute,
            item: TokenStream::new(),
            known: method.known,
            pending: Vec::new(),
        };
        module(&task, &method.function, Some(&rust::inside(path)))
    });
    quote!(#(#modules)*)
}
