//! The time of a simulator.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::lock::lock;
use tokio::time::Instant;

/// Time since 1970. It runs as that of tokio does, or stands still; either way it can be moved ahead.
#[derive(Debug)]
pub(super) struct Clock {
    start: Duration,
    /// Since when it runs, unless it stands still.
    runs_since: Option<Instant>,
    moved: Mutex<Duration>,
}

impl Clock {
    /// A clock with the time of this machine.
    pub(super) fn running() -> Self {
        Self { runs_since: Some(Instant::now()), ..Self::standing_at(SystemTime::now()) }
    }

    /// A clock that only moves when it is moved.
    pub(super) fn standing_at(time: SystemTime) -> Self {
        let start = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start, runs_since: None, moved: Mutex::default() }
    }

    /// Time since 1970.
    pub(super) fn now(&self) -> Duration {
        let run = self.runs_since.map(|since| since.elapsed()).unwrap_or_default();
        self.start + run + *lock(&self.moved)
    }

    /// Moves it ahead.
    pub(super) fn advance(&self, by: Duration) {
        *lock(&self.moved) += by;
    }
}

/// A time in the vendor's form: ISO 8601 in the time of Korea, with an offset without colon.
pub(super) fn korean_date(since_1970: Duration) -> String {
    const KOREA: Duration = Duration::from_secs(9 * 60 * 60);
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // `Mon, 23 Nov 2026 10:00:00 GMT`
    let date = httpdate::fmt_http_date(UNIX_EPOCH + since_1970 + KOREA);
    let mut parts = date.split(' ').skip(1);
    let mut next = || parts.next().unwrap_or_default();
    let (day, month, year, time) = (next(), next(), next(), next());
    let month = MONTHS.iter().position(|name| *name == month).unwrap_or_default() + 1;
    format!("{year}-{month:02}-{day}T{time}+0900")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_vendor_does() {
        for (seconds, date) in [(0, "1970-01-01T09:00:00+0900"), (1_692_590_826, "2023-08-21T13:07:06+0900")] {
            assert_eq!(korean_date(Duration::from_secs(seconds)), date);
        }
    }
}
