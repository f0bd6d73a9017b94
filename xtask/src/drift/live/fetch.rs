//! Asks for one page after the other.

use std::thread;
use std::time::Duration;

use anyhow::Context;
use reqwest::header::{
    ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, USER_AGENT,
};
use reqwest::{Client, Response, StatusCode};
use tokio::runtime::{Builder, Runtime};

use super::Answer;
use super::cache::{Cache, Cached};

/// Time for one answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a page is asked for when the server or the way to it fails.
const ATTEMPTS: u32 = 3;

/// How often an answer may point elsewhere.
const REDIRECTS: usize = 3;

const AGENT: &str =
    concat!("clovastudio-drift/", env!("CARGO_PKG_VERSION"), " (checks an OpenAPI document against the docs)");

/// How long to wait, and how.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two pages.
    pub pause: Duration,
    /// Before the second attempt; three times as long before each further one.
    pub wait: Duration,
    /// Waits.
    pub sleep: fn(Duration),
}

impl Pace {
    /// Two pages a second at most.
    pub fn polite() -> Self {
        Self { pause: Duration::from_millis(500), wait: Duration::from_secs(2), sleep: thread::sleep }
    }
}

/// Fetches pages.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    runtime: Runtime,
    cache: Cache,
    pace: Pace,
    is_first: bool,
}

/// How an attempt ended that did not give a page.
enum Failed {
    /// Another one may do better.
    ForNow(anyhow::Error),
    /// No other one will.
    ForGood(anyhow::Error),
}

impl Fetcher {
    /// Fetches with a client, and keeps what it fetched.
    pub fn new(client: Client, cache: Cache, pace: Pace) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().context("cannot fetch pages")?;
        Ok(Self { client, runtime, cache, pace, is_first: true })
    }

    /// The page at an address.
    pub fn get(&mut self, url: &str) -> anyhow::Result<Answer> {
        if !std::mem::take(&mut self.is_first) {
            (self.pace.sleep)(self.pace.pause);
        }
        let mut wait = self.pace.wait;
        for _ in 1..ATTEMPTS {
            match self.runtime.block_on(self.attempt(url)) {
                Ok(answer) => return Ok(answer),
                Err(Failed::ForGood(error)) => return Err(error),
                Err(Failed::ForNow(_)) => {
                    (self.pace.sleep)(wait);
                    wait *= 3;
                }
            }
        }
        self.runtime.block_on(self.attempt(url)).map_err(|failed| match failed {
            Failed::ForNow(error) | Failed::ForGood(error) => error.context(format!("could not fetch {url}")),
        })
    }

    async fn attempt(&self, url: &str) -> Result<Answer, Failed> {
        let cached = self.cache.get(url);
        let response = self.send(url, cached.as_ref()).await?;
        match (response.status(), cached) {
            (StatusCode::NOT_MODIFIED, Some(cached)) => Ok(Answer::Text(cached.text)),
            (StatusCode::NOT_FOUND | StatusCode::GONE, _) => Ok(Answer::Missing),
            (status, _) if status.is_success() => self.keep(url, response).await,
            (status, _) => {
                let error = anyhow::anyhow!("{url}: HTTP {status}");
                let may_pass = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                Err(if may_pass { Failed::ForNow(error) } else { Failed::ForGood(error) })
            }
        }
    }

    /// Sends the request, and follows where answers point.
    async fn send(&self, url: &str, cached: Option<&Cached>) -> Result<Response, Failed> {
        let mut target = url.parse::<reqwest::Url>().map_err(|error| Failed::ForGood(error.into()))?;
        for _ in 0..=REDIRECTS {
            let mut request = self.client.get(target.clone()).timeout(TIMEOUT).header(USER_AGENT, AGENT);
            if let Some(tag) = cached.and_then(|cached| cached.etag.as_ref()) {
                request = request.header(IF_NONE_MATCH, tag);
            }
            if let Some(time) = cached.and_then(|cached| cached.last_modified.as_ref()) {
                request = request.header(IF_MODIFIED_SINCE, time);
            }
            let response = request.send().await.map_err(|error| Failed::ForNow(error.into()))?;
            let is_elsewhere = response.status().is_redirection() && response.status() != StatusCode::NOT_MODIFIED;
            match header(response.headers(), &LOCATION).filter(|_| is_elsewhere) {
                Some(location) => target = target.join(&location).map_err(|error| Failed::ForGood(error.into()))?,
                None => return Ok(response),
            }
        }
        Err(Failed::ForGood(anyhow::anyhow!("{url}: it points elsewhere again and again")))
    }

    async fn keep(&self, url: &str, response: Response) -> Result<Answer, Failed> {
        let (etag, last_modified) = (header(response.headers(), &ETAG), header(response.headers(), &LAST_MODIFIED));
        let text = response.text().await.map_err(|error| Failed::ForNow(error.into()))?;
        let page = Cached { url: url.to_owned(), etag, last_modified, text };
        self.cache.put(&page).map_err(Failed::ForGood)?;
        Ok(Answer::Text(page.text))
    }
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
