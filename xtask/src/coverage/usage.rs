//! Which tests use which operation, read from their source.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{ExprMethodCall, ExprPath, ItemFn};

use super::client::Way;
use super::source::Source;

/// What the tests use.
#[derive(Debug, Default)]
pub struct Usage {
    /// Tests that name an operation, as `file::function`, by the name of the operation.
    pub named: BTreeMap<String, BTreeSet<String>>,
    /// Tests that go through all operations.
    pub all: BTreeSet<String>,
}

/// An operation and how tests can name it.
pub struct Named<'a> {
    /// Name of the method of the raw client.
    pub name: &'a str,
    /// Variant of `Operation`.
    pub variant: String,
    /// The method of the client.
    pub way: Option<&'a Way>,
}

/// Reads the tests, one file at a time: what several files share takes the operation as an argument.
pub fn usage(sources: &[Source], operations: &[Named<'_>]) -> Usage {
    let mut usage = Usage::default();
    for source in sources {
        let file = source.path.file_stem().unwrap_or_default().to_string_lossy();
        let functions: BTreeMap<String, Words> =
            functions(&source.file).map(|it| (it.sig.ident.to_string(), words(it))).collect();
        for function in self::functions(&source.file).filter(|function| is_test(function)) {
            let name = format!("{file}::{}", function.sig.ident);
            let words = reached(&function.sig.ident.to_string(), &functions);
            if words.all {
                usage.all.insert(name.clone());
            }
            for operation in operations.iter().filter(|operation| words.name(operation)) {
                usage.named.entry(operation.name.to_owned()).or_default().insert(name.clone());
            }
        }
    }
    usage
}

fn functions(file: &syn::File) -> impl Iterator<Item = &ItemFn> {
    file.items.iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    })
}

fn is_test(function: &ItemFn) -> bool {
    function.attrs.iter().any(|attribute| attribute.path().segments.last().is_some_and(|it| it.ident == "test"))
}

/// What a function speaks of.
#[derive(Clone, Debug, Default)]
struct Words {
    /// Methods called, those without arguments apart.
    methods: BTreeSet<(String, bool)>,
    /// Last names of paths: functions called, variants named.
    paths: BTreeSet<String>,
    /// Whether it goes through all operations.
    all: bool,
}

impl Words {
    fn name(&self, operation: &Named<'_>) -> bool {
        let called = |name: &str, bare: bool| self.methods.contains(&(name.to_owned(), bare));
        let by_client = operation
            .way
            .is_some_and(|way| (called(&way.method, false) || called(&way.method, true)) && called(&way.sends, true));
        by_client || called(operation.name, true) || self.paths.contains(&operation.variant)
    }

    fn extend(&mut self, other: Self) {
        self.methods.extend(other.methods);
        self.paths.extend(other.paths);
        self.all |= other.all;
    }
}

fn words(function: &ItemFn) -> Words {
    let mut words = Words::default();
    words.visit_item_fn(function);
    words
}

impl<'ast> Visit<'ast> for Words {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.methods.insert((call.method.to_string(), call.args.is_empty()));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.all |= names == ["Operation", "all"];
        self.paths.extend(names.into_iter().next_back());
    }
}

/// What a function and those that it calls in the same file speak of.
fn reached(start: &str, functions: &BTreeMap<String, Words>) -> Words {
    let mut reached = Words::default();
    let (mut seen, mut next) = (BTreeSet::new(), vec![start.to_owned()]);
    while let Some(name) = next.pop() {
        let Some(words) = functions.get(&name).filter(|_| seen.insert(name.clone())) else { continue };
        next.extend(words.paths.iter().cloned());
        reached.extend(words.clone());
    }
    reached
}
