//! All trainings, page after page.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::call::Pending;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::options::CallOptions;
use crate::raw::Operation;
use crate::raw::types::{TuningTask, TuningTaskPage};
use crate::response::Response;

/// Most trainings of a page.
const MAX_PAGE_SIZE: i32 = 100;

impl Client {
    /// All trainings, in the order of the service, as a stream that asks for a page when the one before is used up.
    ///
    /// Nothing is sent before the first item is asked for. Trainings that are created or removed meanwhile can shift the
    /// pages, so that one comes twice or is missed.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-gettasks)
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = clovastudio::testing::Simulator::start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    /// let mut tunings = client.tunings();
    /// while let Some(task) = tunings.try_next().await? {
    ///     println!("{:?}: {:?}", task.id, task.status);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn tunings(&self) -> Tunings {
        Tunings { pages: TuningPages::new(self), waiting: VecDeque::new() }
    }
}

/// The trainings of all pages, from [`Client::tunings`].
///
/// An error is the last item. Dropping the stream closes the connection of a page that is on its way.
#[must_use = "a stream does nothing until it is asked for an item"]
#[derive(Debug)]
pub struct Tunings {
    pages: TuningPages,
    waiting: VecDeque<TuningTask>,
}

impl Tunings {
    /// Trainings per page, 1 to 100; 100 if not set. Any other number is an error of kind
    /// [`Request`](ErrorKind::Request) in place of the first item.
    pub fn page_size(mut self, size: i32) -> Self {
        self.pages.size = size;
        self
    }

    /// Options of the call for each page. A deadline, too, is that of one page.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.pages.options = options;
        self
    }

    /// The pages themselves, each with what came with it.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = clovastudio::testing::Simulator::builder().tuned_model("czf9fbky", "HCX-005").start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    /// let mut pages = client.tunings().page_size(20).into_pages();
    /// let first = pages.try_next().await?.expect("a list has a page");
    /// assert_eq!(first.total_elements.map(i64::from), Some(1));
    /// # Ok(()) }
    /// ```
    pub fn into_pages(self) -> TuningPages {
        self.pages
    }

    /// The next training, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// When the call for a page fails. Nothing follows an error.
    pub async fn try_next(&mut self) -> Result<Option<TuningTask>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl Stream for Tunings {
    type Item = Result<TuningTask>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(task) = self.waiting.pop_front() {
                return Poll::Ready(Some(Ok(task)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.waiting.extend(page.into_inner().content.unwrap_or_default()),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// The pages of the list of trainings, from [`Tunings::into_pages`]. The last page may be empty.
///
/// They end where the service says (`totalPages`), at an empty page, or, when the service does not tell their number, at
/// a page that is not full. An error is the last item.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct TuningPages {
    client: Client,
    options: CallOptions,
    size: i32,
    next: Option<i32>,
    asking: Option<Pending<Result<Response<TuningTaskPage>>>>,
}

impl TuningPages {
    fn new(client: &Client) -> Self {
        let (client, options) = (client.clone(), CallOptions::new());
        Self { client, options, size: MAX_PAGE_SIZE, next: Some(0), asking: None }
    }

    /// The next page, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// When the call for the page fails. Nothing follows an error.
    pub async fn try_next(&mut self) -> Result<Option<Response<TuningTaskPage>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    fn ask(&self, page: i32) -> Pending<Result<Response<TuningTaskPage>>> {
        let size = self.size;
        if !(1..=MAX_PAGE_SIZE).contains(&size) {
            let problem = format!("a page holds 1 to {MAX_PAGE_SIZE} trainings, not {size}");
            let error = Error::new(ErrorKind::Request).with_operation(Operation::ListTuningTasks).with_message(problem);
            return Box::pin(std::future::ready(Err(error)));
        }
        Box::pin(self.client.list_tunings(page, size).with(self.options.clone()).send())
    }

    /// Number of the page to ask for after one, if there is any.
    fn after(&self, page: i32, answer: &TuningTaskPage) -> Option<i32> {
        let next = page.checked_add(1)?;
        let found = answer.content.as_ref().map_or(0, Vec::len);
        let more = match answer.total_pages {
            Some(pages) => i64::from(next) < pages.0,
            None => found >= self.full(answer),
        };
        (found > 0 && more).then_some(next)
    }

    /// How many trainings a full page has: what was asked for, unless the service says that it gives fewer.
    fn full(&self, answer: &TuningTaskPage) -> usize {
        let told = answer.size.and_then(|size| usize::try_from(size.0).ok()).filter(|size| *size > 0);
        let asked = usize::try_from(self.size).unwrap_or_default();
        told.map_or(asked, |told| told.min(asked))
    }
}

impl Stream for TuningPages {
    type Item = Result<Response<TuningTaskPage>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(page) = self.next else { return Poll::Ready(None) };
        let mut asking = self.asking.take().unwrap_or_else(|| self.ask(page));
        let Poll::Ready(outcome) = asking.as_mut().poll(context) else {
            self.asking = Some(asking);
            return Poll::Pending;
        };
        self.next = outcome.as_ref().ok().and_then(|answer| self.after(page, answer));
        Poll::Ready(Some(outcome))
    }
}

impl fmt::Debug for TuningPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TuningPages")
            .field("size", &self.size)
            .field("next", &self.next)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
