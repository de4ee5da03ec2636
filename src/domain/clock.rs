//! Time and randomness as parameters. Domain code takes both from here and never asks the system itself.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A moment: microseconds since 1970-01-01 UTC, as the database stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(transparent)]
pub struct Time(pub i64);

impl Time {
    pub const SECOND: i64 = 1_000_000;
    pub const HOUR: i64 = 3_600 * Self::SECOND;

    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * Self::SECOND)
    }

    /// Seconds from `earlier` to this; negative if it is later.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / Self::SECOND as f64
    }

    /// As jiff knows it, for printing.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// RFC 3339 in UTC, seconds: for JSON and `<time datetime>`.
    pub fn rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// Tells the time.
pub trait Clock: Send + Sync {
    fn now(&self) -> Time;
}

/// Gives unpredictable bytes.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's own clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
        Time(jiff::Timestamp::now().as_microsecond())
    }
}

/// The operating system's random source.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(
            clippy::disallowed_methods,
            clippy::expect_used,
            reason = "the one place that asks the system for randomness; without it nothing is safe to continue"
        )]
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// A clock that stands still until it is told to move; for tests.
pub struct FixedClock(Mutex<Time>);

impl FixedClock {
    pub fn at(time: Time) -> Self {
        Self(Mutex::new(time))
    }

    pub fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.plus_seconds(seconds);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A new UUIDv7 of this moment: sorts by time to the microsecond, so it pages by key.
pub fn new_id(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut rest = [0; 10];
    entropy.fill(&mut rest);
    let micros = u64::try_from(clock.now().0).unwrap_or_default();
    // RFC 9562, method 3: what is left of a millisecond, as a fraction of 2^12, stands where random bits would.
    let fraction = (micros % 1_000 * 4_096 / 1_000) as u16;
    rest[..2].copy_from_slice(&fraction.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(micros / 1_000, &rest).into_uuid()
}

/// An id that sorts before every id of this moment and after every earlier one's.
pub fn first_id_of(time: Time) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(time.0 / 1_000).unwrap_or_default(), &[0; 10]).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_microsecond() {
        let ids: Vec<Uuid> =
            (1_790_000_000_000_998..1_790_000_000_002_003).map(|now| new_id(&FixedClock::at(Time(now)), &SystemEntropy)).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids[0].get_version_num(), 7);
        let clock = FixedClock::at(Time(1_790_000_000_000_000));
        assert_ne!(new_id(&clock, &SystemEntropy), new_id(&clock, &SystemEntropy), "two of one moment differ");
    }
}
