//! Calls without `async` (feature `blocking`).
//!
//! There is one client, and everything that its documentation says holds here. Where the documentation says `.await`,
//! write [`.wait()`](Wait::wait); where it reads a stream, write `for event in stream.`[`iterate()`](Iterate::iterate):
//!
//! ```
//! # let (stop, stopped) = std::sync::mpsc::channel::<()>();
//! # let (tell, told) = std::sync::mpsc::channel();
//! # std::thread::spawn(move || {
//! #     let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
//! #     let simulator = runtime.block_on(clovastudio::testing::Simulator::start()).unwrap();
//! #     tell.send(simulator.base_url()).unwrap();
//! #     let _ = stopped.recv();
//! # });
//! # let url = told.recv()?;
//! use clovastudio::ChatEvent;
//! use clovastudio::blocking::{Client, Iterate, Wait};
//!
//! # let _ = stringify! {
//! let client = Client::from_env()?;
//! # };
//! # let client = Client::builder().api_key("nv-test").base_url(url).build()?;
//! let reply = client.chat("HCX-005").user("What is a tensor?").max_tokens(256).send().wait()?;
//! println!("{}", reply.text());
//!
//! let mut stream = client.chat("HCX-005").user("And a manifold?").stream().wait()?;
//! for event in stream.iterate() {
//!     if let ChatEvent::Text(text) = event? {
//!         print!("{text}");
//!     }
//! }
//! println!("{} tokens", stream.into_reply()?.usage().total_tokens);
//! # drop(stop);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A second client with blocking twins of some fifty methods would read one word shorter, and would have to be kept the
//! same as the first in every detail. Two traits cover every call there is, with its options and errors, and those to
//! come.
//!
//! # Threads
//!
//! A call runs on the thread that waits for it. Timers and sockets are served by one thread of this process, which
//! begins with the first wait and stays. Any number of threads may wait at a time, on one client or on several.
//!
//! # Not inside an async runtime
//!
//! Waiting would stall the runtime, so where one of tokio is current, `wait` and `iterate` answer with an error of kind
//! [`Request`](crate::ErrorKind::Request) and send nothing. That includes threads of `spawn_blocking`, where
//! `tokio::runtime::Handle::current().block_on(call.send())` does the same.

use std::fmt;
use std::future::{Future, pending, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Mutex;
use std::thread;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle};

use crate::error::{Error, ErrorKind, Result};
use crate::lock::lock;

pub use crate::client::Client;

/// Waits for what is otherwise awaited: `client.embedding_v2("…").send().wait()?`.
pub trait Wait<T>: Future<Output = Result<T>> + Sized {
    /// Blocks this thread until the outcome is there.
    ///
    /// # Errors
    ///
    /// What the awaited call can fail with; [`ErrorKind::Request`] inside an async runtime, where nothing is sent; and
    /// [`ErrorKind::Configuration`] when the thread that serves timers and sockets cannot be started.
    fn wait(self) -> Result<T> {
        served()?.block_on(self)
    }
}

impl<T, F: Future<Output = Result<T>>> Wait<T> for F {}

/// Reads a stream item by item: [`ChatStream`](crate::ChatStream), [`EventStream`](crate::EventStream) and
/// [`TextStream`](crate::TextStream).
pub trait Iterate<T>: Stream<Item = Result<T>> + Unpin {
    /// The items, each as soon as it arrives. The iterator ends after the first error; dropping it early leaves the rest
    /// in the stream, and dropping the stream closes the connection.
    ///
    /// An item is what the stream can fail with, or an error as those of [`Wait::wait`].
    fn iterate(&mut self) -> Items<'_, Self> {
        Items { stream: self, ended: false }
    }
}

impl<T, S: Stream<Item = Result<T>> + Unpin> Iterate<T> for S {}

/// The items of a stream, from [`Iterate::iterate`].
#[must_use = "an iterator does nothing until it is read"]
pub struct Items<'a, S: ?Sized> {
    stream: &'a mut S,
    ended: bool,
}

impl<T, S: Stream<Item = Result<T>> + Unpin + ?Sized> Iterator for Items<'_, S> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = poll_fn(|context| Pin::new(&mut *self.stream).poll_next(context));
        let item = served().map_or_else(|error| Some(Err(error)), |runtime| runtime.block_on(next));
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

impl<S: ?Sized> fmt::Debug for Items<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// The runtime that a thread may wait on, if it is not on another one.
fn served() -> Result<Handle> {
    static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);
    if Handle::try_current().is_ok() {
        return Err(Error::new(ErrorKind::Request)
            .with_message("inside an async runtime a blocking call would stall it; use `.await` there"));
    }
    let mut runtime = lock(&RUNTIME);
    if let Some(handle) = &*runtime {
        return Ok(handle.clone());
    }
    let handle = serve().map_err(|error| {
        Error::new(ErrorKind::Configuration)
            .with_message("the thread of blocking calls cannot start")
            .with_source(error)
    })?;
    Ok(runtime.insert(handle).clone())
}

/// Starts a thread that serves timers, sockets and the tasks of connections.
fn serve() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("clovastudio".to_owned()).spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}
