//! When a Scheduled Task will run: its schedule in words, and the next runs.

use jiff::tz::TimeZone;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    domain::{clock::Time, schedule::Schedule},
    web::form::FormState,
};

/// How many of the next runs are shown.
const RUNS: usize = 5;

/// The schedule as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Timing {
    cron: String,
    time_zone: String,
    concurrency: String,
}

impl Timing {
    pub(super) fn of(form: &FormState) -> Self {
        let text = |name: &str| form.value(name).to_owned();
        Self { cron: text("cron"), time_zone: text("time_zone"), concurrency: text("concurrency") }
    }
}

/// `GET /fragments/../schedule`, and under the fields when the page comes with a schedule.
pub(in crate::web) fn schedule_preview(typed: &Timing, now: Time) -> AnyView {
    if typed.cron.trim().is_empty() {
        return ().into_any();
    }
    match Schedule::parse(&typed.cron, &typed.time_zone, &typed.concurrency) {
        Ok(schedule) => reading(&schedule, now),
        Err(problems) => problems.0.into_iter().map(|problem| view! { <p class="problem">{problem.message}</p> }).collect_view().into_any(),
    }
}

/// The schedule in words, with its next runs in its own zone.
pub(super) fn reading(schedule: &Schedule, now: Time) -> AnyView {
    let zone = TimeZone::get(&schedule.time_zone).unwrap_or(TimeZone::UTC);
    let runs: Vec<_> = schedule.next_runs(now, RUNS).into_iter().map(|run| (run.rfc3339(), in_zone(run, &zone))).collect();
    let label = if runs.is_empty() { "No run is in sight." } else { "Next runs" };
    let rows = runs.into_iter().map(|(exact, shown)| view! { <li><time datetime=exact>{shown}</time></li> }).collect_view();
    view! {
        <div class="schedule">
            <p>{schedule.words()}</p>
            <p class="dim">{label}</p>
            <ol class="runs">{rows}</ol>
        </div>
    }
    .into_any()
}

fn in_zone(time: Time, zone: &TimeZone) -> String {
    time.timestamp().to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_in_the_zone_of_the_schedule() {
        let time = Time("2026-07-01T22:30:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond());
        assert_eq!(in_zone(time, &TimeZone::get("Europe/Berlin").unwrap()), "Thu 2 Jul 2026, 00:30 CEST");
    }
}
