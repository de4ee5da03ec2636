//! A deployment in a few facts: its state in a word, what it runs, by whose order, and how that came.

use leptos::prelude::*;

use crate::{
    domain::{
        clock::Time,
        deployments::{Action, Deployment, State},
    },
    web::parts::{CopyField, Moment, Tone},
};

/// The word and the tone of a deployment's badge. A stop is on its way, and then in place, in words of its own.
pub(in crate::web::pages) fn stage(deployment: &Deployment) -> (Tone, &'static str) {
    let is_stop = deployment.replicas == 0;
    match deployment.state {
        State::Active if is_stop => (Tone::Neutral, "Stopped"),
        State::Resolving | State::Applying | State::RollingOut if is_stop => (Tone::Moving, "Stopping"),
        State::Active => (Tone::Good, State::Active.label()),
        State::Failed => (Tone::Bad, State::Failed.label()),
        state if state.is_open() => (Tone::Moving, state.label()),
        state => (Tone::Neutral, state.label()),
    }
}

/// How a deployment came about, of any but Update Image & Deploy. `from` is the environment that it was promoted from.
fn said(deployment: &Deployment, from: Option<&str>) -> Option<String> {
    let image = || deployment.image.tag().map_or_else(|| "an earlier image".to_owned(), str::to_owned);
    Some(match deployment.action {
        Action::Deploy => return None,
        Action::Promote => from.map_or_else(|| "Promoted".to_owned(), |from| format!("Promoted from {from}")),
        Action::Redeploy if deployment.takes_over => "Redeployed, taking over fields of other managers".into(),
        Action::Redeploy => "Redeployed".into(),
        Action::RollBack => format!("Rolled back to {}", image()),
        Action::AutoRollBack => format!("Rolled back to {} by itself, after a failure", image()),
        Action::Restore => format!("Restored {} after a cancellation", image()),
        Action::Stop => "Stopped".into(),
        Action::Start => "Started again".into(),
    })
}

/// What was deployed, how, by whom and when.
pub(in crate::web::pages) fn facts(deployment: &Deployment, from: Option<&str>, now: Time, zone: &jiff::tz::TimeZone) -> AnyView {
    let reason = deployment.reason.clone().filter(|reason| !reason.is_empty());
    view! {
        <dl class="facts">
            <dt>"Image"</dt><dd class="mono break">{deployment.image.familiar()}</dd>
            {digest(deployment)}
            <dt>"By"</dt><dd class="wrap">{deployment.created_by.clone()}", "<Moment time=deployment.created_at now=now zone=zone.clone()/></dd>
            {said(deployment, from).map(|said| view! { <dt>"How"</dt><dd class="wrap">{said}</dd> })}
            {reason.map(|reason| view! { <dt>"Reason"</dt><dd class="wrap lines">{reason}</dd> })}
            {replicas(deployment).map(|said| view! { <dt>"Replicas"</dt><dd class="wrap">{said}</dd> })}
        </dl>
    }
    .into_any()
}

/// How many replicas were ready when the rollout was seen last, of what has any.
fn replicas(deployment: &Deployment) -> Option<String> {
    if deployment.workload.kind().is_task() || !matches!(deployment.state, State::RollingOut | State::Active) {
        return None;
    }
    if deployment.replicas == 0 {
        return Some("None: it is stopped".into());
    }
    let seen = deployment.snapshot.as_ref().filter(|seen| seen.wanted > 0)?;
    Some(format!("{} of {} ready", seen.ready.min(seen.wanted), seen.wanted))
}

/// Where only the nodes can look into the registry, the digest comes late, or never where they do not name it.
fn digest(deployment: &Deployment) -> Option<AnyView> {
    let value = match (&deployment.digest, deployment.state) {
        (None, State::Applying | State::RollingOut | State::Active | State::Replaced) if deployment.workload.kind().is_task() => {
            view! { <dd class="wrap dim">"Not known: the nodes resolve the tag at each run"</dd> }.into_any()
        }
        (Some(digest), _) => view! { <dd><CopyField value=digest.clone() label="digest"/></dd> }.into_any(),
        (None, State::Applying | State::RollingOut) => {
            view! { <dd class="wrap dim">"The nodes resolve the tag; read from the first pod that is ready"</dd> }.into_any()
        }
        (None, State::Active | State::Replaced) => {
            view! { <dd class="wrap dim">"Not known: the nodes resolved the tag and named no digest"</dd> }.into_any()
        }
        (None, _) => return None,
    };
    Some(view! { <dt>"Digest"</dt>{value} }.into_any())
}
