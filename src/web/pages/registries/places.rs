//! Where a registry's credential lies: a pull secret in each namespace that uses it, in step with it or not.

use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::{
    domain::{clock::Time, pull_secrets::Placed},
    web::parts::{Badge, Moment, Tone},
};

/// As many as are listed.
const MOST: usize = 200;

/// "Pull secrets": nothing for a registry without a credential.
pub(super) fn pull_secrets_card(has_credential: bool, places: Vec<Placed>, now: Time, zone: &TimeZone) -> Option<AnyView> {
    if !has_credential && places.is_empty() {
        return None;
    }
    let count = if places.len() == MOST { format!("{MOST} and more") } else { places.len().to_string() };
    let list = if places.is_empty() {
        view! { <p class="dim">"No namespace has it yet: the first deployment of a component that uses it brings it there."</p> }.into_any()
    } else {
        let rows = places.into_iter().map(|place| row(place, now, zone)).collect_view();
        view! { <ul class="places">{rows}</ul> }.into_any()
    };
    Some(
        view! {
            <article class="card" aria-labelledby="pull-secrets">
                <header><h2 id="pull-secrets">"Pull secrets"</h2><small>{count}</small></header>
                <section class="stacked">{list}</section>
            </article>
        }
        .into_any(),
    )
}

fn row(place: Placed, now: Time, zone: &TimeZone) -> AnyView {
    let (tone, word) = match (&place.problem, place.in_step) {
        (Some(_), _) => (Tone::Bad, "Not brought there"),
        (None, true) => (Tone::Good, "In step"),
        (None, false) => (Tone::Moving, "On its way"),
    };
    let when = place.applied_at.map(|at| view! { <small class="when"><Moment time=at now=now zone=zone.clone()/></small> });
    view! {
        <li>
            <span>{place.project}" · "{place.environment}<small class="under mono break">{place.namespace}</small></span>
            <span class="state"><Badge tone=tone>{word}</Badge>{when}</span>
            {place.problem.map(|text| view! { <p class="problem">{text}</p> })}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(problem: Option<&str>, in_step: bool) -> Placed {
        Placed {
            project: "Web Shop".into(),
            environment: "Development".into(),
            namespace: "slw-acme".into(),
            applied_at: None,
            problem: problem.map(str::to_owned),
            in_step,
        }
    }

    fn html(has_credential: bool, places: Vec<Placed>) -> Option<String> {
        Owner::new().with(|| pull_secrets_card(has_credential, places, Time(0), &TimeZone::UTC).map(|card| card.to_html()))
    }

    #[test]
    fn each_place_says_whether_it_has_the_present_credential() {
        let shown = html(true, vec![place(None, true), place(None, false), place(Some("The cluster refused it."), false)]).unwrap();
        for words in ["In step", "On its way", "Not brought there", "The cluster refused it.", "slw-acme"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
    }

    #[test]
    fn without_a_credential_there_is_no_card_once_all_are_gone() {
        assert_eq!(html(false, Vec::new()), None);
        assert!(html(true, Vec::new()).unwrap().contains("No namespace has it yet"));
        assert!(html(false, vec![place(None, false)]).is_some(), "one that is still to be removed");
    }
}
