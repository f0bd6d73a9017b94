//! Generates the tables of models, status codes and hosts.

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::document::{Document, Fault, escape};
use super::values::OpenValue;

const CODES: &str = "x-clova-status-codes";
const MODELS: &str = "x-clova-models";

/// The tables.
pub fn generate(document: &Document, values: &[OpenValue]) -> Result<TokenStream, Fault> {
    let codes = entries(document, CODES, &variants(values, "StatusCode"), code)?;
    let models = entries(document, MODELS, &variants(values, "ModelName"), model)?;
    let hosts = hosts(document)?;
    Ok(quote! {
        #hosts
        /// Every status code of the catalogue.
        pub static STATUS_CODES: &[StatusCodeEntry] = &[#(#codes),*];
        /// Every model of the catalogue.
        pub static MODELS: &[ModelEntry] = &[#(#models),*];
    })
}

type Variants<'a> = Vec<(&'a str, &'a str)>;
type Entry = fn(&str, &Value) -> Result<TokenStream, String>;

fn variants<'a>(values: &'a [OpenValue], name: &str) -> Variants<'a> {
    let known = values.iter().filter(|open| open.name == name).flat_map(|open| &open.known);
    known.map(|known| (known.value.as_str(), known.variant.as_str())).collect()
}

fn entries(
    document: &Document,
    catalogue: &str,
    variants: &Variants<'_>,
    entry: Entry,
) -> Result<Vec<TokenStream>, Fault> {
    let rows = variants.iter().map(|(value, variant)| {
        entry(variant, &document.root[catalogue][value]).map_err(|problem| fault(document, catalogue, value, problem))
    });
    rows.collect()
}

fn fault(document: &Document, catalogue: &str, value: &str, problem: String) -> Fault {
    document.fault(&format!("/{catalogue}/{}", escape(value)), problem, "See the comment above the catalogue")
}

/// Checks the entry of a status code.
pub fn check_code(document: &Document, value: &str) -> Result<(), Fault> {
    let entry = code("Any", &document.root[CODES][value]);
    entry.map(drop).map_err(|problem| fault(document, CODES, value, problem))
}

fn code(variant: &str, entry: &Value) -> Result<TokenStream, String> {
    let variant = format_ident!("{variant}");
    let status = entry["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.ok_or("`status` is no HTTP status")?;
    let retry = retry(entry)?;
    let source = source(entry)?;
    let messages = entry["messages"].as_array().ok_or("`messages` is missing")?;
    let messages = messages.iter().map(|message| {
        let text = message["text"].as_str().ok_or("a message has no `text`")?;
        let meaning = message["meaning"].as_str().ok_or("a message has no `meaning`")?;
        Ok(quote!(StatusMessage { text: #text, meaning: #meaning }))
    });
    let messages = messages.collect::<Result<Vec<_>, &str>>()?;
    Ok(quote! {
        StatusCodeEntry {
            code: StatusCode::#variant,
            http_status: #status,
            retry: #retry,
            retry_source: #source,
            messages: &[#(#messages),*],
        }
    })
}

fn retry(entry: &Value) -> Result<TokenStream, String> {
    Ok(match entry["retry"].as_str() {
        Some("never") => quote!(Retry::Never),
        Some("once") => quote!(Retry::Once),
        Some("yes") => quote!(Retry::Yes),
        Some("after-waiting") => quote!(Retry::AfterWaiting),
        _ => return Err("`retry` is not never, once, yes or after-waiting".to_owned()),
    })
}

fn source(entry: &Value) -> Result<TokenStream, String> {
    Ok(match entry["retryBy"].as_str() {
        Some("vendor") => quote!(Source::Vendor),
        Some("ours") => quote!(Source::Ours),
        _ => return Err("`retryBy` is neither vendor nor ours".to_owned()),
    })
}

fn model(variant: &str, entry: &Value) -> Result<TokenStream, String> {
    let variant = format_ident!("{variant}");
    let retired = entry["retired"].as_bool().unwrap_or_default();
    let context = number(&entry["contextTokens"])?;
    let input = number(&entry["maxInputTokens"])?;
    let output = number(&entry["maxOutputTokens"])?;
    let dimensions = number(&entry["dimensions"])?;
    let operations = texts(&entry["operations"])?;
    let features = texts(&entry["features"])?;
    let test = rate_limit(&entry["rateLimits"]["test"])?;
    let service = rate_limit(&entry["rateLimits"]["service"])?;
    Ok(quote! {
        ModelEntry {
            name: ModelName::#variant,
            retired: #retired,
            context_tokens: #context,
            max_input_tokens: #input,
            max_output_tokens: #output,
            dimensions: #dimensions,
            operations: &[#(#operations),*],
            features: &[#(#features),*],
            test_key_limit: #test,
            service_key_limit: #service,
        }
    })
}

fn number(value: &Value) -> Result<TokenStream, String> {
    if value.is_null() {
        return Ok(quote!(None));
    }
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.map(|number| quote!(Some(#number))).ok_or_else(|| format!("{value} is not a count"))
}

fn texts(value: &Value) -> Result<Vec<&str>, String> {
    let items = value.as_array().ok_or("`operations` and `features` are lists")?;
    items.iter().map(|item| item.as_str().ok_or_else(|| format!("{item} is not a name"))).collect()
}

fn rate_limit(value: &Value) -> Result<TokenStream, String> {
    if value.is_null() {
        return Ok(quote!(None));
    }
    let [requests, tokens] = ["requestsPerMinute", "tokensPerMinute"].map(|key| value[key].as_u64());
    let requests = requests.and_then(|number| u32::try_from(number).ok()).ok_or("`requestsPerMinute` is missing")?;
    let tokens = tokens.and_then(|number| u32::try_from(number).ok()).ok_or("`tokensPerMinute` is missing")?;
    Ok(quote!(Some(RateLimit { requests_per_minute: #requests, tokens_per_minute: #tokens })))
}

fn hosts(document: &Document) -> Result<TokenStream, Fault> {
    let servers = document.root["servers"].as_array().into_iter().flatten().enumerate();
    let servers = servers.map(|(index, server)| {
        let url = server["url"].as_str().and_then(|url| url.strip_suffix("{prefix}"));
        let parts = (server["x-clova-name"].as_str(), url, server["description"].as_str());
        let (Some(name), Some(url), Some(text)) = parts else {
            return Err(document.fault(
                &format!("/servers/{index}"),
                "a server without `x-clova-name`, `description` or a `url` that ends in `{prefix}`",
                "Add what is missing",
            ));
        };
        Ok((format_ident!("{}", name.to_upper_camel_case()), url, text))
    });
    let servers = servers.collect::<Result<Vec<_>, _>>()?;
    let names: Vec<_> = servers.iter().map(|(name, ..)| name).collect();
    let urls = servers.iter().map(|(_, url, _)| url);
    let texts = servers.iter().map(|(.., text)| text);
    Ok(quote! {
        /// A host of the service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Host {
            #(#[doc = #texts] #names,)*
        }

        impl Host {
            /// Base URL, without prefix.
            #[must_use]
            pub const fn base_url(self) -> &'static str {
                match self { #(Self::#names => #urls,)* }
            }
        }
    })
}
