//! How far the deletion of a component has come, in each environment. Rendered by its pages and alone as a fragment.

use leptos::prelude::*;

use super::Subject;
use crate::{
    domain::{
        Caller,
        clock::Time,
        components::{self, Removal},
        organizations::{self, Environment},
        problem::Error,
    },
    islands::Live,
    web::{
        parts::{Badge, Moment, Tone},
        paths,
        request::Request,
    },
};

/// A deletion that is under way, as the rows have it.
pub(in crate::web) struct Going {
    since: Option<Time>,
    removals: Vec<Removal>,
    environments: Vec<Environment>,
    /// Of the page that ends it by force, for who may.
    forget: Option<String>,
    now: Time,
    zone: jiff::tz::TimeZone,
}

impl Going {
    pub(in crate::web) async fn load(request: &Request, caller: &Caller, subject: &Subject) -> Result<Self, Error> {
        let (context, component) = (&request.app.context, &subject.component);
        let forget = || paths::forget_component(&caller.organization_name, &subject.project.name, &component.name);
        Ok(Self {
            since: component.deletion_asked_at,
            removals: components::removals(context, caller, component).await?,
            environments: organizations::environments(context, caller).await?,
            forget: caller.is_admin().then(forget),
            now: context.now(),
            zone: request.time_zone(),
        })
    }

    pub(in crate::web) fn view(&self) -> AnyView {
        let since = self
            .since
            .map(|since| view! { <small aria-live="off">"asked for "<Moment time=since now=self.now zone=self.zone.clone()/></small> });
        let places = self.environments.iter().map(|environment| self.place(environment)).collect_view();
        view! {
            <article class="card" aria-labelledby="being-deleted">
                <header><h2 id="being-deleted">"Being deleted"</h2>{since}</header>
                <section>
                    <p class="dim">"What it has on the cluster goes first, then the component itself. Nothing more of it can be deployed."</p>
                    <ul class="places leaving">{places}</ul>
                </section>
                <section class="stacked">{self.forget()}</section>
            </article>
        }
        .into_any()
    }

    fn place(&self, environment: &Environment) -> AnyView {
        let name = environment.display_name.clone();
        let Some(removal) = self.removals.iter().find(|removal| removal.environment_id == environment.id) else {
            return view! { <li><b>{name}</b><span class="dim">"Nothing is there"</span></li> }.into_any();
        };
        let badge = match removal.is_stuck {
            true => view! { <Badge tone=Tone::Warn>"Stuck"</Badge> }.into_any(),
            false => view! { <Badge tone=Tone::Moving>"Being removed"</Badge> }.into_any(),
        };
        let tries = match removal.attempts {
            0 => "not tried yet".to_owned(),
            1 => "tried once".into(),
            count => format!("tried {count} times"),
        };
        // Every try would be announced.
        view! {
            <li>
                <b>{name}</b>
                <span class="state">{badge}<small aria-live="off">{tries}</small></span>
                {removal.waits_for.clone().map(|why| view! { <span class="why">{why}</span> })}
            </li>
        }
        .into_any()
    }

    /// To an admin while it is stuck; else the same, disabled, with the reason.
    fn forget(&self) -> AnyView {
        let is_stuck = self.removals.iter().any(|removal| removal.is_stuck);
        let reason = match &self.forget {
            Some(href) if is_stuck => return view! { <a class="button danger" href=href.clone()>"Forget component"</a> }.into_any(),
            Some(_) => "Forget is for a deletion that is stuck: it leaves on the cluster what can't be removed.",
            None => "Only an organization admin can forget a component whose deletion is stuck.",
        };
        view! {
            <button type="button" class="button danger" disabled=true aria-describedby="why-not">"Forget component"</button>
            <small id="why-not">{reason}</small>
        }
        .into_any()
    }
}

/// The deletion on a page, which follows it by itself.
pub(super) fn live(going: Going, subject: &Subject, caller: &Caller) -> AnyView {
    let fragment = paths::fragments::deletion(&caller.organization_name, &subject.project.name, &subject.component.name);
    view! { <Live stream=paths::live(subject.component.id) fragment=fragment>{going.view()}</Live> }.into_any()
}

/// What stands in its place when the component is gone.
pub(in crate::web) fn gone(project: String) -> AnyView {
    view! {
        <article class="card" aria-label="Deleted" data-ended="">
            <section class="stacked"><p>"The component is deleted."</p><a class="button" href=project>"Go to the Component Listing"</a></section>
        </article>
    }
    .into_any()
}
