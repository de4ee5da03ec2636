//! The card of an environment: what was deployed to it last and how far it has come, what serves, where that answers, and
//! what can be done.

use leptos::prelude::*;

use super::{Buttons, Pipeline, facts, failure, happened, in_place, invoke::Invoke, progress, stage, waits};
use crate::{
    domain::deployments::{Action, Deployment, Event, Standing, State},
    web::{pages::kinds, parts::Badge},
};

/// What a card shows.
pub(super) struct Card {
    pub(super) standing: Standing,
    /// Of the newest deployment.
    pub(super) events: Vec<Event>,
    /// The environment that the newest deployment was promoted from.
    pub(super) promoted_from: Option<String>,
    /// Where what serves answers.
    pub(super) invoke: Invoke,
}

impl Pipeline {
    pub(super) fn environment_card(&self, index: usize) -> AnyView {
        let Some(card) = self.cards.get(index) else { return ().into_any() };
        let environment = &card.standing.environment;
        let (title, label) = (environment.display_name.clone(), environment.display_name.clone());
        let Some(newest) = &card.standing.newest else {
            return view! {
                <article class="card" role="region" aria-label=label>
                    <header><h2>{title}</h2><span class="badge">"Not deployed"</span></header>
                    <section><p class="dim">{self.nothing_here(index)}</p></section>
                </article>
            }
            .into_any();
        };
        let (tone, word) = stage(newest);
        view! {
            <article class="card" role="region" aria-label=label>
                <header><h2>{title}</h2><Badge tone=tone>{word}</Badge></header>
                <section>{facts(newest, card.promoted_from.as_deref(), self.now, &self.zone)}</section>
                {progress(newest)}
                {waits(newest, &card.events, self.now, &self.zone)}
                {in_place(newest)}
                {failure(newest)}
                {self.meanwhile(&card.standing)}
                {card.invoke.view(&environment.name)}
                {happened(format!("events-{}", environment.name), &card.events, self.now, &self.zone)}
                {self.buttons(index).view()}
            </article>
        }
        .into_any()
    }

    /// What can be done with an environment.
    pub(super) fn buttons(&self, index: usize) -> Buttons<'_> {
        let next = self.cards.get(index + 1).map(|card| card.standing.environment.display_name.as_str());
        Buttons {
            organization: &self.organization,
            project: &self.project.name,
            component: &self.component,
            standing: &self.cards[index].standing,
            next,
        }
    }

    /// What to do where nothing was deployed yet.
    fn nothing_here(&self, index: usize) -> String {
        let before = index.checked_sub(1).and_then(|before| self.cards.get(before)).map(|card| &card.standing);
        match (self.component.deletion_asked_at, before) {
            (Some(_), _) => "Nothing of it was deployed here.".into(),
            (None, None) => "Nothing runs here yet. Deploy the image with Update Image & Deploy.".into(),
            (None, Some(before)) if before.current.is_some() => {
                format!("Nothing runs here yet. Promote brings here what runs in {}.", before.environment.display_name)
            }
            (None, Some(before)) => {
                format!("Nothing runs here yet. Once something runs in {0}, Promote it from {0}.", before.environment.display_name)
            }
        }
    }

    /// What the release before does while a new one is on its way, or after it failed.
    fn meanwhile(&self, standing: &Standing) -> Option<AnyView> {
        let newest = standing.newest.as_ref()?;
        let current = standing.current.as_ref().filter(|current| current.id != newest.id)?;
        // One that was overtaken after it reached the data plane may be what runs there by now.
        let overtaken = |other: &Deployment| {
            other.environment_id == current.environment_id
                && other.state == State::Cancelled
                && other.applied_at.is_some()
                && other.id > current.id
        };
        if self.recent.iter().any(overtaken) {
            return None;
        }
        let failed = match newest.state {
            State::Failed => true,
            state if state.is_open() => false,
            _ => return None,
        };
        let image = current.image.familiar();
        let text = match (current.replicas, newest.action) {
            (0, _) if failed => format!("{image} is still stopped."),
            (0, _) => format!("{image} is stopped; nothing serves until the new release does."),
            (_, Action::Stop) if failed => format!("{image} may still run: it could not be stopped."),
            (_, Action::Stop) => format!("{image} is being stopped."),
            _ => kinds::meanwhile(current.workload.kind(), &image, failed),
        };
        Some(view! { <section><p class="note break">{text}</p></section> }.into_any())
    }
}
