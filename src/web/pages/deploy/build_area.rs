//! The first card of the pipeline: the component's image, the way to a new deployment, and what was deployed before.

use leptos::prelude::*;

use super::{Pipeline, stage};
use crate::{
    domain::{components::Kind, deployments::Deployment},
    web::{
        pages::kinds,
        parts::{Badge, Moment},
        paths,
    },
};

pub(super) fn card(pipeline: &Pipeline) -> AnyView {
    let (component, registry) = (&pipeline.component, &pipeline.registry);
    let image = &component.image;
    let recent = pipeline.recent.iter().take(5).map(|deployment| recent_row(pipeline, deployment)).collect_view();
    let history = paths::deployments(&pipeline.organization, &pipeline.project.name, &component.name);
    view! {
        <article class="card" aria-label="Build Area">
            <header><h2>"Build Area"</h2><span class="badge plain">{component.kind().label()}</span></header>
            <section>
                <dl class="facts">
                    <dt>"Image"</dt><dd class="mono break">{image.repository().to_owned()}</dd>
                    <dt>"Tag"</dt><dd class="mono break">{image.tag().or(image.digest()).unwrap_or_default().to_owned()}</dd>
                    <dt>"Registry"</dt><dd><a href=paths::registry(&pipeline.organization, registry.id)>{registry.display_name.clone()}</a></dd>
                    {kinds::settings(&component.workload, &component.endpoints_yaml)}
                </dl>
                {endpoints_link(pipeline)}
            </section>
            <section class="stacked">{update_button(pipeline)}</section>
            {(!pipeline.recent.is_empty()).then(|| view! {
                <section>
                    <h2>"Previous deployments"</h2>
                    <ul class="rows">{recent}</ul>
                    <p><a href=history>"All deployments"</a></p>
                </section>
            })}
        </article>
    }
    .into_any()
}

/// The way to the endpoints of a Service.
fn endpoints_link(pipeline: &Pipeline) -> Option<AnyView> {
    let component = &pipeline.component;
    let href = paths::endpoints(&pipeline.organization, &pipeline.project.name, &component.name);
    let is_open = component.kind() == Kind::Service && component.deletion_asked_at.is_none();
    is_open.then(|| view! { <p class="below"><a href=href>"Endpoints of the next deployment"</a></p> }.into_any())
}

/// The way to a new deployment; of a component that is being deleted, why there is none.
fn update_button(pipeline: &Pipeline) -> AnyView {
    if pipeline.component.deletion_asked_at.is_some() {
        let text = "The component is being deleted: nothing more of it can be deployed.";
        return view! { <p class="dim">{text}</p> }.into_any();
    }
    let update = paths::update_image(&pipeline.organization, &pipeline.project.name, &pipeline.component.name);
    view! { <a class="button main wide" href=update>"Update Image & Deploy"</a> }.into_any()
}

fn recent_row(pipeline: &Pipeline, deployment: &Deployment) -> AnyView {
    let href = paths::deployment(&pipeline.organization, &pipeline.project.name, &pipeline.component.name, deployment.id);
    let name = deployment.image.tag().or(deployment.image.digest()).unwrap_or_default().to_owned();
    let (tone, word) = stage(deployment);
    view! {
        <li>
            <a class="mono" href=href>{name}</a>
            <Badge tone=tone>{word}</Badge>
            <small><Moment time=deployment.created_at now=pipeline.now zone=pipeline.zone.clone()/></small>
        </li>
    }
    .into_any()
}
