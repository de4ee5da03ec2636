//! What happened to a component last: its newest deployments, each with its last event.

use jiff::tz::TimeZone;
use leptos::prelude::*;

use super::places::Standing;
use crate::{
    domain::{clock::Time, deployments::Recent},
    web::parts::{Moment, StateBadge},
};

/// `history` is the page of all deployments, below which each has its own.
pub(super) fn card(recent: Vec<Recent>, standing: &[Standing], history: String, now: Time, zone: &TimeZone) -> AnyView {
    let content = if recent.is_empty() {
        view! { <section><p class="dim">"Nothing was deployed yet."</p></section> }.into_any()
    } else {
        let rows = recent.into_iter().map(|deployment| row(deployment, standing, &history, now, zone)).collect_view();
        view! { <section><ul class="happened">{rows}</ul></section><footer><a class="button" href=history.clone()>"All deployments"</a></footer> }
            .into_any()
    };
    view! {
        <article class="card" aria-labelledby="what-happened">
            <header><h2 id="what-happened">"What happened last"</h2></header>
            {content}
        </article>
    }
    .into_any()
}

fn row(deployment: Recent, standing: &[Standing], history: &str, now: Time, zone: &TimeZone) -> AnyView {
    let href = format!("{history}/{}", deployment.id);
    let of_it = standing.iter().find(|standing| standing.environment.id == deployment.environment_id);
    let environment = of_it.map(|standing| standing.environment.display_name.clone());
    view! {
        <li>
            <a class="mono break" href=href>{deployment.image.familiar()}</a>
            <StateBadge state=deployment.state/>
            <small class="break">
                {environment.map(|name| format!("{name}, "))}{deployment.created_by}", "
                <Moment time=deployment.created_at now=now zone=zone.clone()/>
            </small>
            {deployment.last_event.map(|event| view! { <p class="break">{event}</p> })}
        </li>
    }
    .into_any()
}
