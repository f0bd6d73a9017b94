//! Uses a member that the document got in the copy of the repository where this is built.

use clovastudio::raw::types::{ChatV3Token, RerankRequest, RerankResult};
use clovastudio::testing::Simulator;
use clovastudio::{CallOptions, Client};
use serde_json::{from_value, json, to_value};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let request: RerankRequest =
        RerankRequest::builder().documents([]).query("q").added_later("sent".to_owned()).try_into()?;
    assert_eq!(to_value(&request)?["addedLater"], "sent");
    let result: RerankResult = from_value(json!({ "addedLater": "read" }))?;
    assert_eq!(result.added_later.as_deref(), Some("read"));
    assert!(result.extra.is_empty(), "the member is taken for an unknown one");
    let token: ChatV3Token = from_value(json!({ "addedLater": "streamed" }))?;
    assert_eq!(token.added_later.as_deref(), Some("streamed"));

    let simulator = Simulator::start().await?;
    let client = Client::builder().api_key("nv-copy").base_url(simulator.base_url()).build()?;
    let call = client.chat("HCX-005").user("Hi").added_later("sent");
    call.with(CallOptions::new().deadline(std::time::Duration::from_secs(30))).send().await?;
    assert_eq!(simulator.journal()[0].json()["addedLater"], "sent");
    println!("usable");
    Ok(())
}
