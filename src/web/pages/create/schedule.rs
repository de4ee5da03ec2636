//! When a Scheduled Task will run: its schedule in words, and the next runs.

use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    domain::{clock::Time, schedule::Schedule},
    web::{form::FormState, pages::kinds},
};

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
    view! {
        <div class="schedule">
            <p>{schedule.words()}</p>
            <p class="dim">"Next runs"</p>
            {kinds::next_runs(schedule, now)}
        </div>
    }
    .into_any()
}
