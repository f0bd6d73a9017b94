//! Which method of the client sends which operation, read from its source: from `Client` over the type it returns to
//! the call of the raw client.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Expr, ExprMatch, ExprMethodCall, ExprPath, ImplItem, ImplItemFn, Pat, ReturnType, Type, Visibility};

use super::source::Source;

/// How an operation is sent: `client.chat(…).….stream()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The method of `Client`.
    pub method: String,
    /// The method of what it returns.
    pub sends: String,
    /// What is written about the method of `Client`.
    pub docs: String,
}

/// A method of a type.
struct Method<'a> {
    owner: String,
    function: &'a ImplItemFn,
}

/// The ways, by the name of the operation.
pub fn ways(sources: &[Source], operations: &BTreeSet<&str>) -> BTreeMap<String, Way> {
    let methods: Vec<Method<'_>> = sources.iter().flat_map(|source| methods(&source.file)).collect();
    let mut ways = BTreeMap::new();
    for method in methods.iter().filter(|method| method.is("Client")) {
        let parts = parts(method, &methods);
        let named = parts.iter().flat_map(|part| variants(part)).collect();
        let own =
            parts.iter().flat_map(|part| raw_calls(part, &named, operations)).map(|call| (call, "send".to_owned()));
        let returned = returned(method.function);
        let senders = methods.iter().filter(|sender| returned.as_ref().is_some_and(|name| sender.is(name)));
        let others = senders.filter(|sender| !sender.is("Client")).flat_map(|sender| {
            let calls = raw_calls(sender.function, &named, operations).into_iter();
            calls.map(|call| (call, sender.function.sig.ident.to_string()))
        });
        for (operation, sends) in own.chain(others) {
            let method = method.function;
            ways.entry(operation).or_insert(Way { method: method.sig.ident.to_string(), sends, docs: docs(method) });
        }
    }
    ways
}

/// The methods of the types of a file, which `impl raw::Client` is none of.
fn methods(file: &syn::File) -> Vec<Method<'_>> {
    let mut methods = Vec::new();
    for item in &file.items {
        let syn::Item::Impl(block) = item else { continue };
        let Type::Path(owner) = &*block.self_ty else { continue };
        let (None, Some(owner)) =
            (&block.trait_, owner.path.segments.first().filter(|_| owner.path.segments.len() == 1))
        else {
            continue;
        };
        methods.extend(block.items.iter().filter_map(|member| match member {
            ImplItem::Fn(function) => Some(Method { owner: owner.ident.to_string(), function }),
            _ => None,
        }));
    }
    methods
}

impl Method<'_> {
    /// Whether it is a method of this type that callers have.
    fn is(&self, owner: &str) -> bool {
        self.owner == owner && matches!(self.function.vis, Visibility::Public(_))
    }
}

/// A method with those of the same type that it is made of.
fn parts<'a>(method: &Method<'a>, methods: &[Method<'a>]) -> Vec<&'a ImplItemFn> {
    let mut parts = vec![method.function];
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        let called = calls(part);
        let private = methods.iter().filter(|other| other.owner == method.owner && !other.is(&method.owner));
        let new: Vec<_> = private
            .map(|other| other.function)
            .filter(|other| {
                called.contains(&other.sig.ident.to_string()) && !parts.iter().any(|it| std::ptr::eq(*it, *other))
            })
            .collect();
        parts.extend(new);
        at += 1;
    }
    parts
}

/// Names of the methods that a function calls.
fn calls(function: &ImplItemFn) -> BTreeSet<String> {
    struct Calls(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Calls {
        fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
            self.0.insert(call.method.to_string());
            visit::visit_expr_method_call(self, call);
        }
    }
    let mut calls = Calls(BTreeSet::new());
    calls.visit_impl_item_fn(function);
    calls.0
}

/// The last two names of a path, such as those of a variant.
fn tail(path: &syn::Path) -> Option<(String, String)> {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let [.., owner, name] = names.as_slice() else { return None };
    Some((owner.clone(), name.clone()))
}

/// Variants that a function names.
fn variants(function: &ImplItemFn) -> BTreeSet<(String, String)> {
    struct Variants(BTreeSet<(String, String)>);
    impl<'ast> Visit<'ast> for Variants {
        fn visit_expr_path(&mut self, path: &'ast ExprPath) {
            self.0.extend(tail(&path.path));
        }
    }
    let mut variants = Variants(BTreeSet::new());
    variants.visit_impl_item_fn(function);
    variants.0
}

/// Operations that a function calls on the raw client, when only the variants named before come to it.
fn raw_calls(
    function: &ImplItemFn,
    named: &BTreeSet<(String, String)>,
    operations: &BTreeSet<&str>,
) -> BTreeSet<String> {
    let mut calls = RawCalls { named, operations, found: BTreeSet::new() };
    calls.visit_impl_item_fn(function);
    calls.found
}

struct RawCalls<'a> {
    named: &'a BTreeSet<(String, String)>,
    operations: &'a BTreeSet<&'a str>,
    found: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for RawCalls<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        // The client's own methods may be called alike, and take arguments.
        if call.args.is_empty() && self.operations.contains(name.as_str()) {
            self.found.insert(name);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_match(&mut self, choice: &'ast ExprMatch) {
        self.visit_expr(&choice.expr);
        let variants: Vec<_> = choice.arms.iter().map(|arm| variant(&arm.pat)).collect();
        let is_named = |variant: &Option<(String, String)>| variant.as_ref().is_some_and(|it| self.named.contains(it));
        let decides = variants.iter().any(is_named);
        let taken: Vec<&Expr> = choice
            .arms
            .iter()
            .zip(&variants)
            .filter(|(_, variant)| !decides || is_named(variant))
            .map(|(arm, _)| &*arm.body)
            .collect();
        for body in taken {
            self.visit_expr(body);
        }
    }
}

/// The variant that a pattern is for.
fn variant(pattern: &Pat) -> Option<(String, String)> {
    match pattern {
        Pat::Path(path) => tail(&path.path),
        Pat::TupleStruct(pattern) => tail(&pattern.path),
        Pat::Struct(pattern) => tail(&pattern.path),
        _ => None,
    }
}

/// Name of the type that a method returns.
fn returned(function: &ImplItemFn) -> Option<String> {
    let ReturnType::Type(_, typ) = &function.sig.output else { return None };
    let Type::Path(path) = &**typ else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

fn docs(function: &ImplItemFn) -> String {
    let lines = function.attrs.iter().filter_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { return None };
        pair.path.is_ident("doc").then(|| text.value())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clovastudio::raw::Operation;

    use super::super::source::Depth;
    use super::*;
    use crate::workspace;

    const CODE: &str = r"
        impl Client {
            /// [Page](https://example.com/one)
            pub fn one(&self, body: Body) -> Call<Body> { call(self, |raw, body| async move { raw.op_one().body(body).send().await }) }
            pub fn two(&self) -> TwoCall { self.two_at(Subject::Model) }
            pub fn tuned_two(&self) -> TwoCall { self.two_at(Subject::Task) }
            pub fn op_three(&self, body: Body) -> Call<Body> { Call::new(body) }
            pub(crate) fn hidden(&self) { self.raw.op_four().send() }
            fn two_at(&self, subject: Subject) -> TwoCall { TwoCall { subject } }
        }
        impl raw::Client { pub fn other(&self) { self.op_four() } }
        impl TwoCall {
            pub async fn send(self) -> Reply {
                match self.subject { Subject::Model => raw.op_two().send(), Subject::Task => raw.op_tuned_two().send() }
            }
            pub async fn stream(self) -> Stream {
                match self.subject { Subject::Model => raw.op_two_stream().send(), _ => unreachable!() }
            }
            pub async fn run(self) { self.client.op_three(body).send() }
        }
    ";

    fn ways_in(file: syn::File) -> BTreeMap<String, Way> {
        let operations = ["op_one", "op_two", "op_two_stream", "op_tuned_two", "op_three", "op_four"];
        ways(&[Source { path: PathBuf::from("code.rs"), file }], &operations.into())
    }

    #[test]
    fn a_method_is_followed_over_its_type_to_the_raw_client() {
        let ways = ways_in(syn::parse_file(CODE).expect("code"));
        let found: Vec<_> = ways.iter().map(|(name, way)| (&**name, &*way.method, &*way.sends)).collect();
        let expected = [
            ("op_one", "one", "send"),
            ("op_tuned_two", "tuned_two", "send"),
            ("op_two", "two", "send"),
            ("op_two_stream", "two", "stream"),
        ];
        assert_eq!(found, expected);
        assert!(ways["op_one"].docs.contains("https://example.com/one"));
    }

    /// Takes one method of `Client` away after the other.
    #[test]
    fn without_a_method_its_operations_have_none() {
        let names: BTreeSet<&str> = Operation::all().map(Operation::name).collect();
        let read = || Source::read_all(&workspace::root().join("src"), Depth::Whole).expect("the sources");
        let all = ways(&read(), &names);
        assert_eq!(all.len(), names.len());
        let methods: BTreeSet<&String> = all.values().map(|way| &way.method).collect();
        for method in methods {
            let mut sources = read();
            for source in &mut sources {
                remove(&mut source.file, method);
            }
            let left = ways(&sources, &names);
            let lost: Vec<_> = all.iter().filter(|(name, _)| !left.contains_key(*name)).collect();
            assert!(!lost.is_empty() && lost.iter().all(|(_, way)| way.method == *method), "{method}: {lost:?}");
        }
    }

    fn remove(file: &mut syn::File, method: &str) {
        for item in &mut file.items {
            if let syn::Item::Impl(block) = item {
                let is_client = matches!(&*block.self_ty, Type::Path(path) if path.path.is_ident("Client"));
                block.items.retain(
                    |member| !matches!(member, ImplItem::Fn(function) if is_client && function.sig.ident == method),
                );
            }
        }
    }
}
