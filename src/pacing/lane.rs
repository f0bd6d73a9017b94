//! The queue before one model.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::{Error, ErrorKind, Result};
use crate::lock::lock;

const MINUTE: Duration = Duration::from_secs(60);

/// How long a request counts: a minute, and a second because a later request may travel faster than an earlier one.
const WINDOW: Duration = MINUTE.saturating_add(Duration::from_secs(1));

/// Lets requests through one after the other, in the order in which they came.
#[derive(Debug)]
pub(super) struct Lane {
    /// Held by the request that is first in the queue. Its waiters are served in order, and one that is dropped leaves
    /// the queue.
    turn: tokio::sync::Mutex<()>,
    window: Mutex<Window>,
}

impl Lane {
    pub(super) fn new(requests: u32, tokens: u32) -> Self {
        Self { turn: tokio::sync::Mutex::default(), window: Mutex::new(Window::new(requests, tokens)) }
    }

    /// Waits until a request of so many tokens fits, and counts it. A dropped waiter is not counted, for nothing is
    /// awaited after the count.
    pub(super) async fn take_turn(&self, tokens: u64, deadline: Option<Instant>) -> Result<()> {
        let _turn = match deadline {
            Some(deadline) => timeout_at(deadline, self.turn.lock()).await.map_err(|_| too_late())?,
            None => self.turn.lock().await,
        };
        loop {
            let Some(free) = self.window().take(Instant::now(), tokens) else { return Ok(()) };
            if deadline.is_some_and(|deadline| free >= deadline) {
                return Err(too_late());
            }
            sleep_until(free).await;
        }
    }

    /// Lets nothing through for a time. Counters are per minute, so a longer one is not believed.
    pub(super) fn hold(&self, time: Duration) {
        let until = Instant::now() + time.min(MINUTE);
        let mut window = self.window();
        window.held_until = window.held_until.max(Some(until));
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        lock(&self.window)
    }
}

fn too_late() -> Error {
    Error::new(ErrorKind::Timeout).with_message("the pacing of the model allows no request before the deadline")
}

/// What went through in the last minute.
#[derive(Debug)]
struct Window {
    most_requests: usize,
    most_tokens: u64,
    sent: VecDeque<(Instant, u64)>,
    held_until: Option<Instant>,
}

impl Window {
    fn new(requests: u32, tokens: u32) -> Self {
        let most_requests = usize::try_from(requests).unwrap_or(usize::MAX);
        Self { most_requests, most_tokens: tokens.into(), sent: VecDeque::new(), held_until: None }
    }

    /// Counts a request if it fits now; else answers with the time at which it may.
    fn take(&mut self, now: Instant, tokens: u64) -> Option<Instant> {
        if let Some(until) = self.held_until.filter(|until| *until > now) {
            return Some(until);
        }
        while self.sent.front().is_some_and(|(at, _)| *at + WINDOW <= now) {
            self.sent.pop_front();
        }
        let tokens = tokens.min(self.most_tokens);
        let free = self.free_at(tokens);
        if free.is_none() {
            self.sent.push_back((now, tokens));
        }
        free
    }

    /// When enough of what was sent no longer counts; nothing if that is so already.
    fn free_at(&self, tokens: u64) -> Option<Instant> {
        let mut requests = self.sent.len();
        let mut used: u64 = self.sent.iter().map(|(_, tokens)| tokens).sum();
        let mut free = None;
        for (at, tokens_then) in &self.sent {
            if requests < self.most_requests && used + tokens <= self.most_tokens {
                break;
            }
            requests -= 1;
            used -= tokens_then;
            free = Some(*at + WINDOW);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    proptest! {
        #[test]
        fn no_minute_holds_more_than_the_limits_and_no_wait_is_too_long(
            requests in 1_u32..6,
            arrivals in prop::collection::vec((0_u64..40_000, 0_u64..1_200), 1..40),
        ) {
            let mut window = Window::new(requests, 1_000);
            let mut now = Instant::now();
            let mut sent: Vec<(Instant, u64)> = Vec::new();
            for (gap, tokens) in arrivals {
                now += Duration::from_millis(gap);
                if let Some(free) = window.take(now, tokens) {
                    prop_assert!(free > now);
                    prop_assert!(window.take(free - MILLISECOND, tokens).is_some(), "it would have fitted earlier");
                    prop_assert!(window.take(free, tokens).is_none(), "it fits when it is said to");
                    now = free;
                }
                sent.push((now, tokens.min(1_000)));
                let minute: Vec<_> = sent.iter().filter(|(at, _)| now - *at <= MINUTE).collect();
                prop_assert!(minute.len() <= requests as usize);
                prop_assert!(minute.iter().map(|(_, tokens)| tokens).sum::<u64>() <= 1_000);
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_is_believed_for_a_minute_and_never_shortened() {
        let lane = Lane::new(10, 1_000);
        let start = Instant::now();
        lane.hold(Duration::MAX);
        lane.hold(MILLISECOND);
        lane.take_turn(1, None).await.unwrap();
        assert_eq!((Instant::now() - start).as_secs(), 60);
    }
}
