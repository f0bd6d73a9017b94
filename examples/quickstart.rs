//! A chat answer, a stream as it arrives, and an embedding.
//!
//! `cargo run --example quickstart` needs no key: it starts a stand-in of the service in this process. With
//! `CLOVASTUDIO_API_KEY` set it talks to the real one.

use std::env;
use std::error::Error;
use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

use clovastudio::testing::Simulator;
use clovastudio::{ChatEvent, Client};

#[tokio::main]
async fn main() -> ExitCode {
    match start().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn start() -> Result<(), Box<dyn Error>> {
    if env::var_os("CLOVASTUDIO_API_KEY").is_some() {
        return talk(&Client::from_env()?).await;
    }
    let simulator = Simulator::builder().event_interval(Duration::from_millis(40)).start().await?;
    println!("CLOVASTUDIO_API_KEY is not set: the answers come from a stand-in at {}.", simulator.base_url());
    talk(&Client::builder().api_key("nv-stand-in").base_url(simulator.base_url()).build()?).await
}

async fn talk(client: &Client) -> Result<(), Box<dyn Error>> {
    let reply = client.chat("HCX-005").system("Be brief.").user("What is a tensor?").max_tokens(256).send().await?;
    println!("\nanswer: {} ({} tokens, request {})", reply.text(), reply.usage().total_tokens, reply.request_id());

    print!("stream: ");
    let mut stream = client.chat("HCX-005").user("Say hello in Korean.").max_tokens(256).stream().await?;
    while let Some(event) = stream.try_next().await? {
        if let ChatEvent::Text(piece) = event {
            print!("{piece}");
            stdout().flush()?;
        }
    }
    let reply = stream.into_reply()?;
    println!(" ({} tokens, {:?})", reply.usage().total_tokens, reply.finish_reason());

    let answer = client.embedding_v2("오늘 날씨가 어때?").send().await?;
    let length = answer.embedding.as_ref().map_or(0, Vec::len);
    println!("embedding: {length} numbers from {} tokens", answer.input_tokens.unwrap_or_default());
    Ok(())
}
