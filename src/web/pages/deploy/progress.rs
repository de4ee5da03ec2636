//! How far a deployment has come: its steps while it moves, what holds it up, why it failed, and what happened.

use std::cmp::Ordering;

use leptos::prelude::*;

use crate::{
    domain::{
        clock::Time,
        deployments::{
            Deployment, Event, State,
            rollout::{self, Verdict},
        },
    },
    web::{
        pages::kinds,
        parts::{Moment, duration},
    },
};

/// The steps of a deployment that is on its way, with how long each took.
pub(in crate::web::pages) fn progress(deployment: &Deployment) -> Option<AnyView> {
    if !deployment.state.is_open() {
        return None;
    }
    let last = kinds::last_step(deployment.workload.kind()).map_or_else(|| starting_pods(deployment), str::to_owned);
    let took = |from: Option<Time>, to: Option<Time>| Some(duration(to?.seconds_since(from?)));
    let steps = [
        (State::Queued, "Queued".to_owned(), None),
        (State::Resolving, "Image resolved".into(), took(Some(deployment.created_at), deployment.resolved_at)),
        (State::Applying, "Applied to the data plane".into(), took(deployment.resolved_at, deployment.applied_at)),
        (State::RollingOut, last, None),
    ];
    let now = steps.iter().position(|(state, ..)| *state == deployment.state)?;
    let end = if deployment.replicas == 0 { "Stopped" } else { "Active" };
    let rows = steps
        .into_iter()
        .map(|(_, label, took)| (label, took))
        .chain([(end.to_owned(), None)])
        .enumerate()
        .map(|(index, (label, took))| {
            let (class, word) = match index.cmp(&now) {
                Ordering::Less => ("done", "done"),
                Ordering::Equal => ("now", "under way"),
                Ordering::Greater => ("", "to come"),
            };
            let took = took.filter(|_| index < now);
            view! {
                <li class=class>
                    <span class="dot" aria-hidden="true"></span>
                    <span>{label}<span class="visually-hidden">{format!(" ({word})")}</span></span>
                    {took.map(|took| view! { <small>{took}</small> })}
                </li>
            }
        })
        .collect_view();
    Some(view! { <section><ol class="steps">{rows}</ol></section> }.into_any())
}

fn starting_pods(deployment: &Deployment) -> String {
    if deployment.replicas == 0 {
        return "Ending pods".to_owned();
    }
    match deployment.snapshot.as_ref().map(|snapshot| rollout::judge(&snapshot.0)) {
        Some(Verdict::Moving { step }) => step,
        _ => "Starting pods".to_owned(),
    }
}

/// What holds a deployment up, such as a data plane that can't be reached: its last event, while it is a warning.
pub(in crate::web::pages) fn waits(deployment: &Deployment, events: &[Event], now: Time, zone: &jiff::tz::TimeZone) -> Option<AnyView> {
    let last = events.last().filter(|last| deployment.state.is_open() && last.level == "warning")?;
    let message = last.message.clone();
    Some(
        view! {
            <section><p class="note warn break">{message}" "<small><Moment time=last.at now=now zone=zone.clone()/></small></p></section>
        }
        .into_any(),
    )
}

/// What Active means for a task, which has no pods of its own.
pub(in crate::web::pages) fn in_place(deployment: &Deployment) -> Option<AnyView> {
    if deployment.is_stopped() {
        return kinds::when_stopped(deployment.workload.kind()).map(|meaning| view! { <section><p>{meaning}</p></section> }.into_any());
    }
    let meaning = kinds::when_active(deployment.workload.kind()).filter(|_| deployment.is_active())?;
    Some(view! { <section><p>{meaning}</p></section> }.into_any())
}

/// What failed, why, what to do next, and the last lines of the log.
pub(in crate::web::pages) fn failure(deployment: &Deployment) -> Option<AnyView> {
    let message = deployment.problem_message.clone()?;
    let class = if deployment.state == State::Failed { "note bad break" } else { "note break" };
    let log = deployment.log_tail.clone().filter(|log| !log.is_empty()).map(|log| {
        view! { <h3>"Last lines of the log"</h3><pre class="code log" tabindex="0">{log}</pre> }
    });
    Some(
        view! {
            <section>
                <div class=class><p><b>{message}</b></p>{deployment.problem_next.clone().map(|next| view! { <p>{next}</p> })}</div>
                {log}
            </section>
        }
        .into_any(),
    )
}

/// The events so far, folded away while all is well. `id` keeps apart what is unfolded on a page with several.
pub(in crate::web::pages) fn happened(id: String, events: &[Event], now: Time, zone: &jiff::tz::TimeZone) -> Option<AnyView> {
    if events.is_empty() {
        return None;
    }
    let rows = events
        .iter()
        .map(|event| {
            view! { <li class=format!("event {}", event.level)><span class="break">{event.message.clone()}</span><small><Moment time=event.at now=now zone=zone.clone()/></small></li> }
        })
        .collect_view();
    Some(
        view! {
            <section>
                <details class="events" id=id><summary>{format!("Events ({})", events.len())}</summary><ol class="plain-list">{rows}</ol></details>
            </section>
        }
        .into_any(),
    )
}
