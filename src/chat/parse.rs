//! Structured outputs: answers as Rust values.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::chat::{ChatCall, ChatReply};
use crate::error::{Error, ErrorKind, Result};
use crate::failure;
use crate::raw::types::{ResponseFormat, ResponseFormatType};
use crate::response::Response;
use crate::schema;

impl ChatCall {
    /// Sends the chat with the schema of `T` as response format and thinking `none`, and reads the answer as a `T`. For
    /// HCX-007.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-chatcompletionsv3-so)
    ///
    /// ```
    /// #[derive(serde::Deserialize, schemars::JsonSchema)]
    /// struct Weather { high: f64, low: f64, rain: f64 }
    ///
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = clovastudio::testing::Simulator::start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    /// let chat = client.chat("HCX-007").system("Extract the numbers.").user("High 32, low 15, rain 30 percent.");
    /// let weather = chat.parse::<Weather>().await?;
    /// assert_eq!((weather.high, weather.low), (32.0, 15.0));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`ErrorKind::Request`] when `T` has a part that the service cannot take;
    /// [`ErrorKind::ThinkingBudget`] when there is no answer; and [`ErrorKind::Decode`] with the text in
    /// [`Error::body`] when it is no `T`, for example because the token limit cut it off.
    pub async fn parse<T: DeserializeOwned + JsonSchema>(self) -> Result<Response<T>> {
        let schema = schema::of::<T>().map_err(|error| {
            Error::new(ErrorKind::Request).with_message("the schema cannot be sent").with_source(error)
        })?;
        let format = ResponseFormat::builder().type_(ResponseFormatType::Json).schema(schema);
        let format = ResponseFormat::try_from(format)
            .map_err(|error| Error::new(ErrorKind::Request).with_message(error.to_string()))?;
        let reply = self.thinking("none").response_format(format).send().await?;
        let value = reply.json().map_err(|error| reply.blame(error))?;
        Ok(reply.map(|_| value))
    }
}

impl ChatReply {
    /// Reads the text as JSON. A fence of backquotes around it, which models like to add, is taken off.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ThinkingBudget`] when there is no text, [`ErrorKind::Decode`] with the text in [`Error::body`] when it
    /// is no `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let text = self.answer()?;
        serde_json::from_str(without_fence(text)).map_err(|error| {
            let error = failure::undecodable(&error).with_body(text);
            if self.is_cut_off() { error.with_message("the token limit cut the JSON off") } else { error }
        })
    }
}

fn without_fence(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("```").and_then(|text| text.strip_suffix("```"));
    inner.map_or(text, |inner| inner.strip_prefix("json").unwrap_or(inner).trim())
}
