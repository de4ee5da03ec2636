//! When a deployment reached each of its stages, and how long it took from one to the next.

use leptos::prelude::*;

use crate::{
    domain::{
        clock::Time,
        deployments::{Deployment, State},
    },
    web::parts::{Moment, duration},
};

/// A stage that was reached, and the seconds since the one before.
#[derive(Debug, PartialEq)]
struct Reached {
    label: &'static str,
    at: Time,
    took: Option<f64>,
}

/// The stages in the order of time; those that were passed over are left out.
fn reached(deployment: &Deployment) -> Vec<Reached> {
    let stages = [
        ("Queued", Some(deployment.created_at)),
        ("Image resolved", deployment.resolved_at),
        ("Applied to the data plane", deployment.applied_at),
        (end(deployment.state), deployment.ended_at),
    ];
    let mut all: Vec<Reached> = Vec::new();
    for (label, at) in stages {
        let Some(at) = at else { continue };
        let took = all.last().map(|before| at.seconds_since(before.at));
        all.push(Reached { label, at, took });
    }
    all
}

/// How it ended; what was Active has become so first, whatever came after.
fn end(state: State) -> &'static str {
    match state {
        State::Active | State::Replaced | State::Stopped => "Active",
        other => other.label(),
    }
}

pub(super) fn view(deployment: &Deployment, now: Time, zone: &jiff::tz::TimeZone) -> AnyView {
    let rows = reached(deployment)
        .into_iter()
        .map(|stage| {
            let took = stage.took.map(|seconds| format!("after {}", duration(seconds)));
            view! {
                <li>
                    <span>{stage.label}</span>
                    <small class="dim">{took}</small>
                    <small><Moment time=stage.at now=now zone=zone.clone()/></small>
                </li>
            }
        })
        .collect_view();
    view! { <section><h2>"Timeline"</h2><ol class="rows timeline">{rows}</ol></section> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::Shop;

    #[tokio::test]
    async fn stages_are_told_with_the_time_between_them() {
        let shop = Shop::open().await;
        let queued = shop.deploy("1.0").await;
        let at = |seconds| Some(queued.created_at.plus_seconds(seconds));
        let told = |deployment: &Deployment| reached(deployment).into_iter().map(|stage| (stage.label, stage.took)).collect::<Vec<_>>();
        assert_eq!(told(&queued), [("Queued", None)]);
        let replaced = Deployment { state: State::Replaced, resolved_at: at(1), applied_at: at(3), ended_at: at(10), ..queued.clone() };
        let expected = [("Queued", None), ("Image resolved", Some(1.0)), ("Applied to the data plane", Some(2.0)), ("Active", Some(7.0))];
        assert_eq!(told(&replaced), expected);
        let superseded = Deployment { state: State::Superseded, ended_at: at(4), ..queued };
        assert_eq!(told(&superseded), [("Queued", None), ("Superseded", Some(4.0))]);
    }
}
