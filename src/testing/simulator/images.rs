//! Whether the images of a request are ones that the service takes, as far as the request tells.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde_json::Value;

use super::messages;
use super::refusal::Refusal;
use crate::image::{Image, ImageError};
use crate::raw::types::StatusCode;

pub(super) fn check(body: &Value) -> Result<(), Refusal> {
    let messages = body["messages"].as_array().into_iter().flatten();
    messages.flat_map(messages::images).try_for_each(check_part)
}

fn check_part(part: &Value) -> Result<(), Refusal> {
    let url = part["imageUrl"]["url"].as_str().or(part["image_url"]["url"].as_str());
    match (part["dataUri"]["data"].as_str(), url) {
        (Some(data), _) => check_data(data),
        (None, Some(url)) => check_url(url),
        (None, None) => Err(Refusal::parameter("imageUrl")),
    }
}

/// An address is not visited.
fn check_url(url: &str) -> Result<(), Refusal> {
    match Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(()),
        Ok(parsed) if parsed.scheme() == "data" => check_data(url),
        _ => Err(Refusal::about(StatusCode::InvalidImage, "url")),
    }
}

/// Bare Base64, or a whole `data:` URI.
fn check_data(data: &str) -> Result<(), Refusal> {
    let encoded = match data.strip_prefix("data:") {
        Some(rest) => rest.split_once(";base64,").map(|(_, encoded)| encoded),
        None => Some(data),
    };
    let bytes = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
    let bytes = bytes.ok_or_else(|| Refusal::about(StatusCode::InvalidImage, "file"))?;
    Image::bytes(&bytes).map(drop).map_err(|error| refusal(&error))
}

fn refusal(error: &ImageError) -> Refusal {
    match error {
        ImageError::Empty | ImageError::TooManyBytes { .. } => Refusal::new(StatusCode::ImageFileSize),
        ImageError::Format { .. } => Refusal::new(StatusCode::UnsupportedImageFormat),
        ImageError::TooLarge { .. } | ImageError::TooSmall { .. } => Refusal::about(StatusCode::InvalidImage, "size"),
        ImageError::TooNarrow { .. } => Refusal::about(StatusCode::InvalidImage, "ratio"),
        _ => Refusal::about(StatusCode::InvalidImage, "file"),
    }
}
