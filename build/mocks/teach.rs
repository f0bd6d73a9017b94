//! Changes the generator's extension of `httpmock`: which of several operations on one path is meant, what values are
//! taken, what stands around an answer, how a request is refused, and what a stream looks like.

use heck::ToSnakeCase;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, File, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, ItemTrait, TraitItem, Type, parse_quote};

use super::super::finish::for_each_module;
use super::{Answer, Mock};

/// The changed extension. The error says what was not as expected.
pub fn teach(extension: TokenStream, mocks: &[Mock<'_>]) -> Result<File, String> {
    let mut file: File = syn::parse2(extension).map_err(|error| format!("the mocks do not parse: {error}"))?;
    let mut taught = 0;
    for_each_module(&mut file, &mut |items| {
        taught += items.iter_mut().filter_map(|item| change(item, mocks)).count();
    });
    let expected = 4 * mocks.len() + 1;
    if taught == expected { Ok(file) } else { Err(format!("{taught} items of the mocks were changed, not {expected}")) }
}

fn change(item: &mut Item, mocks: &[Mock<'_>]) -> Option<()> {
    match item {
        Item::Mod(item) => {
            item.attrs = vec![doc("The two halves of each mock: which requests it answers, and with what.")];
            None
        }
        Item::Struct(item) => {
            let (mock, side) = find(&item.ident.to_string(), mocks)?;
            let text = match side {
                Side::When => format!("Which requests of `{}` a mock answers.", mock.method.name),
                Side::Then => format!("What a mock of `{}` answers with.", mock.method.name),
            };
            item.attrs.push(doc(&text));
            Some(())
        }
        Item::Impl(item) => {
            let (mock, side) = find(&item.self_ty.to_token_stream().to_string(), mocks)?;
            match side {
                Side::When => change_when(item, mock),
                Side::Then => change_then(item, mock),
            }
            Some(())
        }
        Item::Trait(item) => {
            describe_methods(item, mocks);
            Some(())
        }
        _ => None,
    }
}

/// The two halves of a mock.
enum Side {
    When,
    Then,
}

fn find<'a, 'b>(name: &str, mocks: &'a [Mock<'b>]) -> Option<(&'a Mock<'b>, Side)> {
    let (variant, side) = match name.strip_suffix("When") {
        Some(variant) => (variant, Side::When),
        None => (name.strip_suffix("Then")?, Side::Then),
    };
    mocks.iter().find(|mock| mock.method.variant() == variant).map(|mock| (mock, side))
}

fn doc(text: &str) -> Attribute {
    parse_quote!(#[doc = #text])
}

fn change_when(item: &mut ItemImpl, mock: &Mock<'_>) {
    let operation = mock.method.variant();
    for function in functions(item) {
        let name = function.sig.ident.to_string();
        let parameter =
            mock.parameters.iter().find(|it| it["name"].as_str().is_some_and(|it| it.to_snake_case() == name));
        match (name.as_str(), parameter) {
            ("new", _) => {
                function.attrs.push(doc("Every request of the operation, with or without a prefix of the app."));
                function.block = parse_quote!({
                    Self(super::requests::of(crate::raw::Operation::#operation, inner))
                });
            }
            ("into_inner", _) => function.attrs.push(doc("The same for `httpmock`.")),
            ("body", _) => take_body(function, &operation),
            (_, Some(parameter)) => {
                let key = parameter["name"].as_str().unwrap_or_default();
                let text = parameter["description"].as_str().unwrap_or_default();
                function.attrs.push(doc(&format!("Only with this `{key}`: {text}")));
                if parameter["in"] == "path" {
                    take_path_parameter(function, &operation, key);
                }
            }
            _ => {}
        }
    }
    item.items.push(parse_quote! {
        /// Only what `httpmock` is told here as well.
        pub fn and(self, more: impl FnOnce(::httpmock::When) -> ::httpmock::When) -> Self {
            Self(more(self.0))
        }
    });
}

/// A value that a test writes as it would for the client.
fn take_path_parameter(function: &mut ImplItemFn, operation: &Ident, key: &str) {
    let Some(FnArg::Typed(value)) = function.sig.inputs.last_mut() else { return };
    let conversion = match value.ty.as_ref() {
        Type::Reference(reference) if !is_str(&reference.elem) => {
            let typ = reference.elem.clone();
            *value.ty = parse_quote!(impl Into<#typ>);
            quote!(let value: #typ = value.into();)
        }
        _ => TokenStream::new(),
    };
    function.block = parse_quote!({
        #conversion
        let operation = crate::raw::Operation::#operation;
        Self(super::requests::with_parameter(self.0, operation, #key, &value.to_string()))
    });
}

fn is_str(typ: &Type) -> bool {
    matches!(typ, Type::Path(path) if path.path.is_ident("str"))
}

/// A body as the client's methods take it.
fn take_body(function: &mut ImplItemFn, operation: &Ident) {
    let Some(FnArg::Typed(value)) = function.sig.inputs.last_mut() else { return };
    let Type::Reference(reference) = value.ty.as_ref() else { return };
    let typ = reference.elem.clone();
    *value.ty = parse_quote!(impl TryInto<#typ, Error: ::std::fmt::Display>);
    let text = "Only with this body and nothing else in it, of the generated type or from its builder.\n\n\
                # Panics\n\nWhen the builder lacks something.";
    function.attrs.extend([doc(text), parse_quote!(#[track_caller])]);
    function.block = parse_quote!({
        let operation = crate::raw::Operation::#operation;
        Self(super::requests::with_body(self.0, operation, &super::built::<#typ>(value)))
    });
}

fn change_then(item: &mut ItemImpl, mock: &Mock<'_>) {
    for function in functions(item) {
        match function.sig.ident.to_string().as_str() {
            "new" => function.attrs.push(doc("An answer that says nothing yet.")),
            "into_inner" => function.attrs.push(doc("The same for `httpmock`.")),
            _ => {}
        }
    }
    item.items.retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "ok"));
    item.items.extend(answers(mock));
}

/// How a mock answers: well, with the example, with a refusal, or otherwise.
fn answers(mock: &Mock<'_>) -> Vec<ImplItem> {
    let variant = mock.method.variant();
    let operation = quote!(crate::raw::Operation::#variant);
    let mut answers: Vec<ImplItem> = match &mock.answer {
        Answer::Enveloped(result) => vec![
            parse_quote! {
                /// Answers with this result, of the generated type or from its builder, in an envelope of success.
                ///
                /// # Panics
                ///
                /// When the builder lacks something.
                #[track_caller]
                pub fn ok(self, result: impl TryInto<#result, Error: ::std::fmt::Display>) -> Self {
                    Self(super::answers::enveloped(self.0, &super::built::<#result>(result)))
                }
            },
            parse_quote! {
                /// Answers with the first good example of the document.
                pub fn example(self) -> Self {
                    self.ok(super::answers::example::<#result>(#operation, "/result"))
                }
            },
        ],
        Answer::Empty => vec![
            parse_quote! {
                /// Answers with an envelope of success.
                pub fn ok(self) -> Self {
                    Self(super::answers::enveloped(self.0, &()))
                }
            },
            parse_quote! {
                /// Answers as the example of the document does.
                pub fn example(self) -> Self {
                    self.ok()
                }
            },
        ],
        Answer::Bare(document) => vec![
            parse_quote! {
                /// Answers with this document, of the generated type or from its builder.
                ///
                /// # Panics
                ///
                /// When the builder lacks something.
                #[track_caller]
                pub fn ok(self, document: impl TryInto<#document, Error: ::std::fmt::Display>) -> Self {
                    Self(super::answers::bare(self.0, &super::built::<#document>(document)))
                }
            },
            parse_quote! {
                /// Answers with the first example of the document.
                pub fn example(self) -> Self {
                    self.ok(super::answers::example::<#document>(#operation, ""))
                }
            },
        ],
        Answer::Events(event, decode) => vec![
            parse_quote! {
                /// Answers with these events, as the service writes them. The list says where the stream ends, and how.
                pub fn events(self, events: impl IntoIterator<Item = impl Into<#event>>) -> Self {
                    Self(super::answers::stream::<#event>(self.0, events.into_iter().map(Into::into)))
                }
            },
            parse_quote! {
                /// Answers with the first good stream among the examples of the document.
                pub fn example(self) -> Self {
                    self.events(super::answers::example_events::<#event>(#operation, #decode))
                }
            },
        ],
    };
    answers.push(parse_quote! {
        /// Refuses with this code, in the form of the API, with the HTTP status and the message that the catalogue has
        /// for it, or HTTP 400 and no message.
        pub fn refuse(self, code: impl Into<crate::raw::types::StatusCode>) -> Self {
            Self(super::answers::refusal(self.0, #operation, code.into()))
        }
    });
    answers.push(parse_quote! {
        /// Answers as `httpmock` is told here as well, for example with another header.
        pub fn and(self, more: impl FnOnce(::httpmock::Then) -> ::httpmock::Then) -> Self {
            Self(more(self.0))
        }
    });
    answers
}

fn describe_methods(item: &mut ItemTrait, mocks: &[Mock<'_>]) {
    item.attrs = vec![doc("Mocks of every operation and streaming twin on a [`MockServer`](::httpmock::MockServer).")];
    for item in &mut item.items {
        let TraitItem::Fn(function) = item else { continue };
        let Some(mock) = mocks.iter().find(|mock| function.sig.ident == mock.method.name) else { continue };
        let name = &mock.method.name;
        let summary = mock.method.lowered.value["summary"].as_str().unwrap_or_default();
        function.attrs.push(doc(&format!("{summary}: mocks [`{name}`](crate::raw::Client::{name}).")));
    }
}

fn functions(item: &mut ItemImpl) -> impl Iterator<Item = &mut ImplItemFn> {
    item.items.iter_mut().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}
