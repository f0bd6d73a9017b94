//! Settings from the environment.

use std::env::{self, VarError};

use crate::config::{ClientBuilder, refused};
use crate::error::Result;

/// Variable with the key.
const KEY: &str = "CLOVASTUDIO_API_KEY";

/// Variable with the base URL, which may be missing.
const BASE_URL: &str = "CLOVASTUDIO_BASE_URL";

/// The builder that `Client::from_env` uses.
pub(crate) fn from_env() -> Result<ClientBuilder> {
    from_variables(env::var)
}

fn from_variables(variable: impl Fn(&'static str) -> std::result::Result<String, VarError>) -> Result<ClientBuilder> {
    let unreadable = |name: &str, error: VarError| {
        // The error of a variable that is no text holds it.
        let problem = if error == VarError::NotPresent { "is not set" } else { "is no Unicode text" };
        refused(format!("the environment variable {name} {problem}"))
    };
    let key = variable(KEY).map_err(|error| unreadable(KEY, error))?;
    let builder = ClientBuilder::default().api_key(key);
    match variable(BASE_URL) {
        Ok(url) => Ok(builder.base_url(url)),
        Err(VarError::NotPresent) => Ok(builder),
        Err(error) => Err(unreadable(BASE_URL, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(key: Option<&str>, url: Option<&str>) -> std::result::Result<String, String> {
        let text = |value: Option<&str>| value.map(str::to_owned).ok_or(VarError::NotPresent);
        let builder = from_variables(|name| text(if name == KEY { key } else { url }));
        let client = builder.and_then(ClientBuilder::build).map_err(|error| error.to_string())?;
        Ok(client.raw().baseurl.clone())
    }

    #[test]
    fn the_key_is_needed_and_the_base_url_is_not() {
        assert_eq!(build(Some("nv-k"), None).unwrap(), "https://clovastudio.stream.ntruss.com");
        assert_eq!(build(Some("nv-k"), Some("http://127.0.0.1:80/a/")).unwrap(), "http://127.0.0.1/a");
        assert!(build(None, None).unwrap_err().contains("CLOVASTUDIO_API_KEY is not set"));
        assert!(build(Some(""), None).unwrap_err().contains("the API key is empty"));
        assert!(build(Some("nv-k"), Some("")).unwrap_err().contains("the base URL is no URL"));
    }

    #[test]
    fn a_key_that_is_no_text_is_not_shown() {
        let error = from_variables(|_| Err(VarError::NotUnicode("nv-planted".into()))).unwrap_err();
        assert!(error.to_string().contains("is no Unicode text"), "{error}");
        assert!(!format!("{error:?}").contains("planted"), "{error:?}");
    }
}
