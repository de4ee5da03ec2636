//! When a Scheduled Task runs: cron expressions as Kubernetes reads them (rules: "Tasks"), in a time zone.
//! Owns no rows and no clock.

mod cron;
mod field;
mod next;
mod words;
mod zone;

use std::iter;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use self::cron::Cron;
pub use self::zone::time_zones;
use crate::domain::{
    clock::Time,
    problem::{Problem, Problems},
};

/// A schedule whose parts were checked by [`Schedule::parse`].
///
/// A row may hold one that a later version no longer reads: nothing here panics over it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Five fields with one space between them, or `@hourly` and its like.
    pub cron: String,
    /// IANA name, such as `Europe/Berlin`; `UTC` if none was chosen.
    pub time_zone: String,
    pub concurrency: Concurrency,
}

/// What happens when a run is due while the one before it still goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Concurrency {
    Allow,
    #[default]
    Forbid,
    Replace,
}

impl Concurrency {
    pub const ALL: [Self; 3] = [Self::Forbid, Self::Allow, Self::Replace];

    /// Kubernetes' own word (`concurrencyPolicy`), also in forms and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Forbid => "Forbid",
            Self::Replace => "Replace",
        }
    }

    /// What it means for a task, in one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Allow => "Runs may overlap: each starts when it is due, whether or not the one before has ended.",
            Self::Forbid => {
                "One run at a time: one that is due while another still goes on is skipped, or starts late once that has ended."
            }
            Self::Replace => "One run at a time: one that is due ends the one that still goes on, and takes its place.",
        }
    }

    /// As typed; [`Concurrency::Forbid`] if nothing was.
    fn parse(typed: &str) -> Result<Self, Problem> {
        match typed.trim() {
            "" => Ok(Self::default()),
            typed => Self::ALL
                .into_iter()
                .find(|policy| policy.as_str() == typed)
                .ok_or_else(|| Problem::new("concurrency", "concurrency_unknown", "Choose Forbid, Allow or Replace.")),
        }
    }
}

impl Schedule {
    /// As typed; problems of the fields `cron` (one for each wrong part of it), `time_zone` and `concurrency`.
    pub fn parse(cron: &str, time_zone: &str, concurrency: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let read = problems.keep_all(Cron::parse(cron));
        let time_zone = problems.keep(zone::read(time_zone));
        let concurrency = problems.keep(Concurrency::parse(concurrency));
        match (read, time_zone, concurrency) {
            (Some(_), Some(time_zone), Some(concurrency)) => {
                let cron = cron.split_whitespace().collect::<Vec<_>>().join(" ");
                Ok(Self { cron, time_zone, concurrency })
            }
            _ => Err(problems),
        }
    }

    /// How a person would say it: `At minute 0 of every hour`. The expression itself if it can't be read.
    pub fn words(&self) -> String {
        Cron::parse(&self.cron).map_or_else(|_| self.cron.clone(), |cron| cron.words())
    }

    /// The next runs after a moment, at most `count`. Fewer if none comes within five years after another: none at all for
    /// 30 February, nor if expression or time zone can't be read.
    pub fn next_runs(&self, after: Time, count: usize) -> Vec<Time> {
        let (Ok(cron), Some(zone)) = (Cron::parse(&self.cron), zone::find(&self.time_zone)) else { return Vec::new() };
        let next = |after: Timestamp| cron.next(&zone, after.checked_add(SignedDuration::from_nanos(1)).ok()?);
        iter::successors(next(after.timestamp()), |run| next(*run)).map(|run| Time(run.as_microsecond())).take(count).collect()
    }

    /// A moment by the clocks of the schedule's zone: `Tue 24 Nov 2026, 09:00 +01:00`. By UTC if the zone can't be read.
    pub fn local(&self, moment: Time) -> String {
        let zone = zone::find(&self.time_zone).unwrap_or(TimeZone::UTC);
        moment.timestamp().to_zoned(zone).strftime("%a %-d %b %Y, %H:%M %:z").to_string()
    }
}

#[cfg(test)]
mod tests;
