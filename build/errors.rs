//! Gives the methods of the generated client the error of this crate: that of the generator prints the answer it could
//! not read, and loses its status.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, ExprCall, File, Item, Path, PathArguments, UseTree};

/// Replaces the error, and the function that reads answers. Counts the answers.
pub fn own_errors(file: &mut File) -> usize {
    file.items.iter_mut().for_each(drop_import);
    file.items.push(syn::parse_quote!(
        use crate::raw::Error;
    ));
    let mut errors = Errors { answers: 0 };
    errors.visit_file_mut(file);
    errors.answers
}

/// Takes the name out of what is imported from the generator's support.
fn drop_import(item: &mut Item) {
    if let Item::Use(item) = item
        && let UseTree::Path(path) = &mut item.tree
        && path.ident == "progenitor_client"
        && let UseTree::Group(group) = &mut *path.tree
    {
        let names: Punctuated<_, _> = std::mem::take(&mut group.items);
        let is_error = |name: &UseTree| matches!(name, UseTree::Name(name) if name.ident == "Error");
        group.items = names.into_iter().filter(|name| !is_error(name)).collect();
    }
}

struct Errors {
    answers: usize,
}

impl VisitMut for Errors {
    /// The hook after a request would fail with the other error; there is none.
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        block.stmts.retain(|statement| !quote!(#statement).to_string().starts_with("client . post ("));
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(last) = path.segments.last_mut().filter(|last| last.ident == "Error") else { return };
        if let PathArguments::AngleBracketed(arguments) = &last.arguments
            && quote!(#arguments).to_string() == "< () >"
        {
            last.arguments = PathArguments::None;
        }
    }

    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let function = &call.func;
        if quote!(#function).to_string() == "ResponseValue :: from_response" {
            *call.func = syn::parse_quote!(crate::raw::read);
            self.answers += 1;
        }
    }
}
