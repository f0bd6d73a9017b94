//! Function calling: functions as Rust types and closures, and the loop that lets a model call them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::chat::{ChatCall, ChatReply};
use crate::error::{Error, ErrorKind, Result};
use crate::failure;
use crate::raw::types::{FunctionDefinition, OpenAiArguments, OpenAiToolCall, Tool, ToolCall, ToolType};
use crate::response::Response;
use crate::schema;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Pending = Pin<Box<dyn Future<Output = std::result::Result<String, BoxError>> + Send>>;
type Handler = Arc<dyn Fn(&ToolCall) -> Pending + Send + Sync>;

impl Tool {
    /// A function whose arguments are the fields of `T`, with doc comments as descriptions.
    ///
    /// ```
    /// #[derive(schemars::JsonSchema, serde::Deserialize)]
    /// struct Place {
    ///     /// Name of the city
    ///     city: String,
    /// }
    ///
    /// let tool = clovastudio::raw::types::Tool::of::<Place>("get_weather", "Tells the weather of a city.")?;
    /// # Ok::<(), clovastudio::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] when `T` has a part that the service cannot take; the source says which and why.
    pub fn of<T: JsonSchema>(name: &str, description: &str) -> Result<Self> {
        let parameters = schema::of::<T>().map_err(unusable)?;
        let function = FunctionDefinition::builder().name(name).description(description).parameters(parameters);
        let tool = Self::builder().type_(ToolType::Function).function(function);
        tool.try_into().map_err(unusable)
    }
}

fn unusable(error: impl Into<BoxError>) -> Error {
    Error::new(ErrorKind::Request).with_message("the schema cannot be sent").with_source(error)
}

impl ToolCall {
    /// Name of the function; empty when the service left it out.
    #[must_use]
    pub fn name(&self) -> &str {
        self.function.as_ref().and_then(|function| function.name.as_deref()).unwrap_or_default()
    }

    /// The arguments.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] when they are not those of `T`.
    pub fn arguments<T: DeserializeOwned>(&self) -> Result<T> {
        let arguments = self.function.as_ref().and_then(|function| function.arguments.clone());
        decode(Value::Object(arguments.unwrap_or_default()))
    }
}

impl OpenAiToolCall {
    /// Name of the function; empty when the service left it out.
    #[must_use]
    pub fn name(&self) -> &str {
        self.function.as_ref().and_then(|function| function.name.as_deref()).unwrap_or_default()
    }

    /// The arguments, which come as a JSON text, and came as an object in early 2025.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] when they are not those of `T`.
    pub fn arguments<T: DeserializeOwned>(&self) -> Result<T> {
        let arguments = self.function.as_ref().and_then(|function| function.arguments.clone());
        match arguments {
            Some(OpenAiArguments::String(text)) => {
                serde_json::from_str(&text).map_err(|error| failure::undecodable(&error).with_body(text))
            }
            Some(OpenAiArguments::Object(arguments)) => decode(Value::Object(arguments)),
            None => decode(Value::Object(Map::new())),
        }
    }
}

fn decode<T: DeserializeOwned>(arguments: Value) -> Result<T> {
    let text = arguments.to_string();
    serde_json::from_value(arguments).map_err(|error| failure::undecodable(&error).with_body(text))
}

/// What a tool runner does when a function fails, is called with wrong arguments, or does not exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnToolError {
    /// Tells the model, which may try otherwise.
    #[default]
    TellModel,
    /// Ends the run with the error.
    Return,
}

/// Functions that a model may call, as closures.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use clovastudio::{Client, Functions};
///
/// #[derive(schemars::JsonSchema, serde::Deserialize)]
/// struct Place {
///     /// Name of the city
///     location: String,
/// }
///
/// let functions = Functions::new().add("get_weather", "Tells the weather of a city.", |place: Place| async move {
///     Ok::<_, std::io::Error>(format!("17 degrees in {}", place.location))
/// })?;
/// # let simulator = clovastudio::testing::Simulator::start().await?;
/// # let client = Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
/// let reply = client.chat("HCX-005").user("How warm is it in Busan?").max_tokens(1024).run(&functions).await?;
/// assert!(!reply.text().is_empty());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Functions {
    members: Vec<(Tool, Handler)>,
    max_rounds: u32,
    on_error: OnToolError,
}

impl Default for Functions {
    fn default() -> Self {
        Self { members: Vec::new(), max_rounds: 8, on_error: OnToolError::TellModel }
    }
}

impl Functions {
    /// No functions; at most eight rounds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function. Its arguments are the fields of `T`; what it returns is sent to the model as text, or as JSON when
    /// it is no text.
    ///
    /// # Errors
    ///
    /// As [`Tool::of`].
    pub fn add<T, R, E, F>(
        mut self,
        name: &str,
        description: &str,
        function: impl Fn(T) -> F + Send + Sync + 'static,
    ) -> Result<Self>
    where
        T: DeserializeOwned + JsonSchema,
        R: Serialize,
        E: Into<BoxError>,
        F: Future<Output = std::result::Result<R, E>> + Send + 'static,
    {
        let tool = Tool::of::<T>(name, description)?;
        let handler = move |call: &ToolCall| -> Pending {
            match call.arguments::<T>() {
                Ok(arguments) => {
                    let returned = function(arguments);
                    Box::pin(async move { as_text(&returned.await.map_err(Into::into)?) })
                }
                Err(error) => Box::pin(std::future::ready(Err(error.into()))),
            }
        };
        self.members.push((tool, Arc::new(handler)));
        Ok(self)
    }

    /// Most answers with calls before the run is given up.
    #[must_use]
    pub fn max_rounds(mut self, rounds: u32) -> Self {
        self.max_rounds = rounds;
        self
    }

    /// What to do when a function fails.
    #[must_use]
    pub fn on_error(mut self, what: OnToolError) -> Self {
        self.on_error = what;
        self
    }

    /// The functions as the service takes them.
    #[must_use]
    pub fn tools(&self) -> Vec<Tool> {
        self.members.iter().map(|(tool, _)| tool.clone()).collect()
    }

    pub(crate) fn rounds(&self) -> u32 {
        self.max_rounds
    }

    /// The error of a model that does not stop calling.
    pub(crate) fn given_up(&self) -> Error {
        let problem = format!("the model still asks for calls after {} rounds", self.max_rounds);
        Error::new(ErrorKind::Tool).with_message(problem)
    }

    /// Calls a function as the model asked for.
    pub(crate) async fn call(&self, call: &ToolCall) -> Result<String> {
        let handler = self.members.iter().find(|(tool, _)| tool.function.name == call.name());
        let outcome = match handler {
            Some((_, handler)) => handler(call).await,
            None => Err("there is no such function".into()),
        };
        match (outcome, self.on_error) {
            (Ok(text), _) => Ok(text),
            (Err(error), OnToolError::TellModel) => Ok(format!("error: {error}")),
            (Err(error), OnToolError::Return) => {
                let problem = format!("the function `{}` failed", call.name());
                Err(Error::new(ErrorKind::Tool).with_message(problem).with_source(error))
            }
        }
    }
}

fn as_text(value: &impl Serialize) -> std::result::Result<String, BoxError> {
    Ok(match serde_json::to_value(value)? {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.members.iter().map(|(tool, _)| &tool.function.name).collect();
        f.debug_struct("Functions").field("names", &names).field("max_rounds", &self.max_rounds).finish_non_exhaustive()
    }
}

impl ChatCall {
    /// Sends the chat, calls the functions that the model asks for, hands in what they return, and so on until the model
    /// answers with text.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and [`ErrorKind::Tool`] when a function failed and is not to be fed back, or when the model
    /// still asks for calls after the last round.
    pub async fn run(self, functions: &Functions) -> Result<Response<ChatReply>> {
        let mut chat = self.tools(functions.tools());
        for _ in 0..functions.rounds() {
            let reply = chat.clone().send().await?;
            if reply.tool_calls().is_empty() {
                return Ok(reply);
            }
            chat = chat.reply(&reply);
            for call in reply.tool_calls() {
                let result = functions.call(call).await?;
                chat = chat.tool_result(call.id.clone().unwrap_or_default(), result);
            }
        }
        Err(functions.given_up())
    }
}
