//! Overview of a component: what it is and where it runs.

use leptos::prelude::*;

use super::{
    frame::{Entry, Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{components, deployments, endpoints, organizations, registries},
    web::{
        parts::{Moment, StateBadge},
        paths,
    },
};

pub(super) fn overview() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let registry = registries::get(context, &caller, component.registry_id).await?;
        let recent = deployments::history(context, &component, None).await?;
        let flash = take_flash(&request).await;
        let (now, zone) = (context.now(), request.time_zone());
        let endpoints = endpoints::read(&component.endpoints_yaml)
            .endpoints
            .into_iter()
            .map(|endpoint| view! { <li><b>{endpoint.name}</b>" "<span class="badge plain">{endpoint.kind.as_str()}</span>" port "<span class="mono">{endpoint.port}</span></li> })
            .collect_view();
        let recent = recent
            .into_iter()
            .take(5)
            .map(|deployment| {
                let href = paths::deployment(&organization, &project.name, &component.name, deployment.id);
                view! {
                    <li>
                        <StateBadge state=deployment.state/>" "<a class="mono break" href=href>{deployment.image.familiar()}</a>
                        " "<small><Moment time=deployment.created_at now=now zone=zone.clone()/></small>
                    </li>
                }
            })
            .collect_view();
        let deploy = paths::deploy(&organization, &project.name, &component.name);
        let description = (!component.description.is_empty())
            .then(|| view! { <dt>"Description"</dt><dd class="wrap">{component.description.clone()}</dd> });
        let body = view! {
            <div class="columns">
                <article class="card">
                    <header><h2>"What it is"</h2><span class="badge plain">{component.kind().label()}</span></header>
                    <section>
                        <dl class="facts">
                            <dt>"Name"</dt><dd class="mono">{component.name.clone()}</dd>
                            <dt>"Image"</dt><dd class="mono break">{component.image.familiar()}</dd>
                            <dt>"Registry"</dt><dd><a href=paths::registry(&organization, registry.id)>{registry.display_name}</a></dd>
                            {description}
                            <dt>"Created"</dt><dd>{component.created_by.clone()}", "<Moment time=component.created_at now=now zone=zone.clone()/></dd>
                        </dl>
                    </section>
                    <section><h2>"Endpoints"</h2><ul class="plain-list">{endpoints}</ul></section>
                </article>
                <article class="card">
                    <header><h2>"Latest deployments"</h2></header>
                    <section><ul class="plain-list">{recent}</ul></section>
                    <footer><a class="button" href=deploy>"Go to Deploy"</a></footer>
                </article>
            </div>
        }
        .into_any();
        let framed = Framed {
            title: component.display_name.clone(),
            description: format!("{} in {}", component.kind().label(), project.display_name),
            place: Place::Component(project, Box::new(component), Entry::Overview),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}
