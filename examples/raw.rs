//! The generated client alone: a chat answer, a stream as it arrives, and an embedding.
//!
//! `cargo run --example raw` needs no key: it starts a stand-in of the service in this process. With
//! `CLOVASTUDIO_API_KEY` set it talks to the real one.

use std::env;
use std::error::Error;
use std::io::{Write, stdout};
use std::time::Duration;

use clovastudio::catalogue::Host;
use clovastudio::raw::events::ChatV3Event;
use clovastudio::raw::types::{ChatV3Message, ChatV3Request, EmbeddingRequest, ModelName};
use clovastudio::sse::{Decoder, Frame};
use clovastudio::testing::Simulator;
use clovastudio::{Credentials, Transport, http_client, raw};
use futures_util::TryStreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Ok(key) = env::var("CLOVASTUDIO_API_KEY") else {
        let simulator = Simulator::builder().event_interval(Duration::from_millis(40)).start().await?;
        println!("CLOVASTUDIO_API_KEY is not set: the answers come from a stand-in at {}.", simulator.base_url());
        return talk(&client(&simulator.base_url(), "nv-stand-in".to_owned())?).await;
    };
    talk(&client(Host::Public.base_url(), key)?).await
}

async fn talk(client: &raw::Client) -> Result<(), Box<dyn Error>> {
    answer(client).await?;
    stream(client).await?;
    embedding(client).await
}

fn client(base_url: &str, key: String) -> Result<raw::Client, Box<dyn Error>> {
    let transport = Transport::new(&Credentials::api_key(key))?;
    Ok(raw::Client::new_with_client(base_url, http_client()?, transport))
}

fn question(text: &str) -> Result<ChatV3Request, Box<dyn Error>> {
    Ok(ChatV3Request::builder().messages(vec![ChatV3Message::user(text)]).max_tokens(256).try_into()?)
}

async fn answer(client: &raw::Client) -> Result<(), Box<dyn Error>> {
    let body = question("What is a tensor?")?;
    let envelope = client.create_chat_completion_v3().model_name(ModelName::Hcx005).body(body).send().await?;
    let result = envelope.into_inner().result.ok_or("the answer has no result")?;
    let text = result.message.and_then(|message| message.content).unwrap_or_default();
    let tokens = result.usage.and_then(|usage| usage.total_tokens).unwrap_or_default();
    println!("\nanswer: {text} ({tokens} tokens)");
    Ok(())
}

async fn stream(client: &raw::Client) -> Result<(), Box<dyn Error>> {
    let body = question("Say hello in Korean.")?;
    let response = client.create_chat_completion_v3_stream().model_name(ModelName::Hcx005).body(body).send().await?;
    let mut chunks = response.into_inner_stream();
    let mut decoder = Decoder::new();
    print!("stream: ");
    while let Some(chunk) = chunks.try_next().await? {
        decoder.push(&chunk);
        while let Some(frame) = decoder.next_frame()? {
            show(&frame)?;
        }
    }
    println!();
    Ok(())
}

/// Prints the pieces. The `result` event repeats the whole text, so it is not printed.
fn show(frame: &Frame) -> Result<(), Box<dyn Error>> {
    match ChatV3Event::decode(frame.event.as_deref().unwrap_or_default(), &frame.data)? {
        ChatV3Event::Token(token) => {
            print!("{}", token.message.and_then(|message| message.content).unwrap_or_default());
            stdout().flush()?;
            Ok(())
        }
        ChatV3Event::Error(error) => Err(format!("the stream failed with code {}", error.status.code).into()),
        _ => Ok(()),
    }
}

async fn embedding(client: &raw::Client) -> Result<(), Box<dyn Error>> {
    let body = EmbeddingRequest::builder().text("오늘 날씨가 어때?");
    let envelope = client.create_embedding_v2().body(body).send().await?;
    let result = envelope.into_inner().result.ok_or("the answer has no result")?;
    println!(
        "embedding: {} numbers from {} tokens",
        result.embedding.map_or(0, |it| it.len()),
        result.input_tokens.unwrap_or_default()
    );
    Ok(())
}
