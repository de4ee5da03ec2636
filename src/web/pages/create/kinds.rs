//! The first question: what kind of component is it? Cards that are links, so that the choice has an address.

use leptos::prelude::*;

use super::typed::carried;
use crate::{
    domain::components::Kind,
    web::{
        form::FormState,
        parts::{ProblemSummary, icons},
        paths,
    },
};

/// A card for each type, and the samples below. What is typed already goes along.
pub(super) fn choice(organization: &str, project: &str, form: &FormState, samples: Vec<super::samples::Tile>) -> AnyView {
    let page = paths::new_component(organization, project);
    let card = |kind: Kind| {
        let others = carried(form).filter(|(name, _)| *name != "type");
        let href = paths::with_query(&page, [("type", kind.as_str())].into_iter().chain(others));
        view! {
            <li class="tile">
                <span class="monogram" aria-hidden="true">{icon(kind)}</span>
                <a href=href>{kind.label()}</a>
                <small>{when_to_choose(kind)}</small>
            </li>
        }
    };
    let cards = Kind::ALL.into_iter().map(card).collect_view();
    let samples = (!samples.is_empty()).then(|| {
        let tiles = samples.into_iter().map(|tile| tile.view(&page)).collect_view();
        view! {
            <section aria-labelledby="samples">
                <h2 class="section" id="samples">"Nothing at hand? Try a sample"</h2>
                <ul class="tiles samples">{tiles}</ul>
            </section>
        }
    });
    view! {
        <div class="kinds">
            <ProblemSummary problems=form.problems.clone()/>
            <p class="lead" id="field-type" tabindex="-1">"What type of component is it?"</p>
            <ul class="tiles">{cards}</ul>
            {samples}
            <p class="dim"><a href=paths::guide("create-a-component")>"How to create a component"</a></p>
        </div>
    }
    .into_any()
}

fn when_to_choose(kind: Kind) -> &'static str {
    match kind {
        Kind::Service => "For an API or a backend: keeps running and answers other programs by REST, GraphQL, gRPC, WebSocket, TCP or UDP.",
        Kind::WebApplication => "For what people open in a browser: keeps running and serves pages on one port.",
        Kind::ScheduledTask => "For what is due again and again, such as a nightly report: runs to its end at the times you set.",
        Kind::ManualTask => {
            "For what is needed now and then, such as a migration: runs to its end when somebody starts it. This version prepares it and can't start it yet."
        }
    }
}

fn icon(kind: Kind) -> AnyView {
    match kind {
        Kind::Service => icons::service(),
        Kind::WebApplication => icons::window(),
        Kind::ScheduledTask => icons::clock(),
        Kind::ManualTask => icons::play(),
    }
}
