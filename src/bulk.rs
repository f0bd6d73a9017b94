//! Vectors of many texts.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream;

use crate::call::Call;
use crate::client::Client;
use crate::error::Result;
use crate::options::CallOptions;
use crate::raw::types::{EmbeddingEnvelope, EmbeddingRequest, EmbeddingResult, ModelName};
use crate::response::Response;

/// The ceilings of keys are per minute; a few calls at a time hide the time that each takes on the way.
const CONCURRENCY: usize = 4;

impl Client {
    /// Vectors of many texts, several at a time, with `bge-m3` unless another [model](EmbedAll::model) is chosen.
    ///
    /// The texts are taken only when there is room for them, so they may come from a file of any size.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-embeddingv2)
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = clovastudio::testing::Simulator::start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    /// let texts = ["고양이는 포유류이다.", "오늘 날씨가 어때?"];
    /// let mut vectors = client.embed_all(texts).concurrency(2).stream();
    /// while let Some((index, outcome)) = vectors.next().await {
    ///     match outcome {
    ///         Ok(answer) => println!("{}: {} tokens", texts[index], answer.input_tokens.unwrap_or_default()),
    ///         Err(error) => eprintln!("{}: {error}", texts[index]),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn embed_all<T: IntoIterator<Item: Into<String>>>(&self, texts: T) -> EmbedAll<T::IntoIter> {
        EmbedAll {
            client: self.clone(),
            texts: texts.into_iter(),
            concurrency: CONCURRENCY,
            model: ModelName::BgeM3,
            options: CallOptions::new(),
        }
    }
}

/// Texts to embed, from [`Client::embed_all`]. Nothing happens before the [`stream`](Self::stream) is asked for an item.
#[must_use = "nothing is embedded until the stream is read"]
pub struct EmbedAll<T> {
    client: Client,
    texts: T,
    concurrency: usize,
    model: ModelName,
    options: CallOptions,
}

impl<T: Iterator<Item: Into<String>>> EmbedAll<T> {
    /// Most calls at a time, at least 1; 4 if not set. No more texts than this are in memory.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// The model: `bge-m3` (texts of up to 8,192 tokens) if not set, else a model of the first
    /// [embedding API](Client::embedding), `clir-emb-dolphin` or `clir-sts-dolphin` (up to 500 tokens).
    pub fn model(mut self, model: impl Into<ModelName>) -> Self {
        self.model = model.into();
        self
    }

    /// Options of the call for each text. A deadline or a request id, too, is that of one call.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The vectors, in the order of the texts.
    pub fn stream<'a>(self) -> Embeddings<'a>
    where
        T: Send + 'a,
    {
        let Self { client, texts, concurrency, model, options } = self;
        let calls = texts.enumerate().map(move |(index, text)| {
            let call = embed(&client, &model, text.into()).with(options.clone());
            async move { (index, call.send().await) }
        });
        Embeddings(Box::pin(stream::iter(calls).buffered(concurrency)))
    }
}

fn embed(client: &Client, model: &ModelName, text: String) -> Call<EmbeddingRequest, EmbeddingEnvelope> {
    match model {
        ModelName::BgeM3 => client.embedding_v2(text),
        model => client.embedding(model.clone(), text),
    }
}

impl<T> fmt::Debug for EmbedAll<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbedAll")
            .field("concurrency", &self.concurrency)
            .field("model", &self.model)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Number of a text, from 0, and its vector or why there is none.
pub type Embedded = (usize, Result<Response<EmbeddingResult>>);

/// The vectors of many texts in their order, from [`EmbedAll::stream`].
///
/// Every text has its item: that one fails does not end the stream. Calls advance only while an item is asked for.
/// Dropping the stream closes their connections.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct Embeddings<'a>(Pin<Box<dyn Stream<Item = Embedded> + Send + 'a>>);

impl Embeddings<'_> {
    /// The next text's number and outcome, or nothing after the last one.
    pub async fn next(&mut self) -> Option<Embedded> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl Stream for Embeddings<'_> {
    type Item = Embedded;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl fmt::Debug for Embeddings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embeddings").finish_non_exhaustive()
    }
}
