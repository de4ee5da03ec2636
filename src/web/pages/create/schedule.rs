//! When a Scheduled Task will run: the fields of its schedule, its reading in words, and the next runs. Also for Settings.

use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    domain::{
        clock::Time,
        schedule::{Concurrency, Schedule, time_zones},
    },
    islands::Preview,
    web::{
        form::FormState,
        pages::kinds,
        parts::{Choice, RadioCards, TextField},
        paths,
    },
};

const FIELDS: [&str; 3] = ["cron", "time_zone", "concurrency"];

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

/// The fields of a schedule, read back while one types. `zone` stands where none was typed.
pub(in crate::web) fn schedule_fields(form: &FormState, zone: &str, organization: &str, now: Time) -> AnyView {
    let (value, problem) = (|name: &str| form.value(name).to_owned(), |name: &str| form.problem(name));
    let or = |name: &str, default: &str| Some(value(name)).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned());
    let is_right = FIELDS.into_iter().all(|name| problem(name).is_none());
    let said = is_right.then(|| schedule_preview(&Timing::of(form), now));
    let watched = FIELDS.map(str::to_owned).into();
    let zones = time_zones().into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let policies = Concurrency::ALL.into_iter().map(policy).collect();
    let concurrency = or("concurrency", Concurrency::default().as_str());
    view! {
        <div class="previewed">
            <div class="field-row">
                <TextField name="cron" label="Cron expression" value=value("cron") problem=problem("cron") required=true mono=true autocomplete="on"
                    help="Minute, hour, day of month, month, day of week: 30 6 * * 1-5. Or @hourly, @daily, @weekly, @monthly."/>
                <TextField name="time_zone" label="Time zone" value=or("time_zone", zone) problem=problem("time_zone") list="time-zones" help="Such as Europe/Berlin, or UTC."/>
            </div>
            <datalist id="time-zones">{zones}</datalist>
            <Preview fragment=paths::fragments::schedule(organization) fields=watched>{said}</Preview>
        </div>
        <RadioCards name="concurrency" label="Concurrency policy" choices=policies value=concurrency problem=problem("concurrency")/>
    }
    .into_any()
}

fn policy(concurrency: Concurrency) -> Choice {
    Choice { value: concurrency.as_str().into(), label: concurrency.as_str().into(), help: concurrency.meaning().into() }
}
