//! The deployments of a component: all of them, and one.

use leptos::prelude::*;
use uuid::Uuid;

use super::{
    deploy::{facts, failure, happened, in_place, progress},
    frame::{Entry, Framed, Place},
    kinds, page, segment, take_flash,
};
use crate::{
    domain::{
        components::{self, Workload},
        deployments::{self, Deployment, Event, PAGE},
        organizations,
        problem::Error,
    },
    islands::Live,
    web::{
        parts::{EmptyState, Moment, SimulatedNote, StateBadge, Table},
        paths,
        request::Request,
    },
};

pub(super) fn history() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let before = request.query("before").and_then(|id| Uuid::parse_str(&id).ok());
        let mut rows = deployments::history(context, &component, before).await?;
        let environments = organizations::environments(context, &caller).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let base = paths::deployments(&organization, &project.name, &component.name);
        let next = rows.last().filter(|_| more).map(|row| format!("{base}?before={}", row.id));
        let flash = take_flash(&request).await;
        let (now, zone) = (context.now(), request.time_zone());
        let body = if rows.is_empty() && before.is_none() {
            let deploy = paths::update_image(&organization, &project.name, &component.name);
            view! { <EmptyState title="Nothing was deployed yet" text="Every deployment is kept here, with what happened to it." href=deploy action="Update Image & Deploy"/> }.into_any()
        } else {
            let rows = rows
                .into_iter()
                .map(|row| {
                    let environment = environments.iter().find(|environment| environment.id == row.environment_id);
                    vec![
                        view! { <a class="mono break" href=format!("{base}/{}", row.id)>{row.image.familiar()}</a> }.into_any(),
                        environment.map(|environment| environment.display_name.clone()).into_any(),
                        view! { <StateBadge state=row.state/> }.into_any(),
                        view! { <span class="break">{row.created_by}</span> }.into_any(),
                        view! { <span class="dim"><Moment time=row.created_at now=now zone=zone.clone()/></span> }.into_any(),
                    ]
                })
                .collect();
            let columns = ["Image", "Environment", "State", "By", "When"].map(str::to_owned).to_vec();
            view! {
                <Table label="Deployments" columns=columns rows=rows/>
                {next.map(|href| view! { <p class="pagination"><a class="button" href=href>"Older deployments"</a></p> })}
            }
            .into_any()
        };
        let framed = Framed {
            title: "Deployments".into(),
            description: format!("What was deployed of {}, newest first.", component.display_name),
            place: Place::Component(project, Box::new(component), Entry::History),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

pub(super) fn show() -> AnyView {
    let (project, component, deployment) = (segment("project"), segment("component"), segment("deployment"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let id = Uuid::parse_str(&deployment).map_err(|_| Error::NotFound)?;
        let deployment = deployments::get(context, &component, id).await?;
        let events = deployments::events(context, &deployment).await?;
        let flash = take_flash(&request).await;
        let (stream, fragment) =
            (paths::live(component.id), paths::fragments::deployment(&organization, &project.name, &component.name, id));
        let card = card(&request, &deployment, &events);
        let body = if deployment.state.is_open() { view! { <Live stream=stream fragment=fragment>{card}</Live> }.into_any() } else { card };
        let framed = Framed {
            title: deployment.image.familiar(),
            description: format!("Deployment of {}", component.display_name),
            place: Place::Component(project, Box::new(component), Entry::History),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

/// One deployment's card; also a fragment of live pages.
pub(in crate::web) fn card(request: &Request, deployment: &Deployment, events: &[Event]) -> AnyView {
    let (now, zone) = (request.app.context.now(), request.time_zone());
    view! {
        {request.app.simulated.then(|| view! { <SimulatedNote/> })}
        <article class="card narrow" role="region" aria-label="Deployment">
            <header><h2>"Deployment"</h2><StateBadge state=deployment.state/></header>
            <section>{facts(deployment, now, &zone)}</section>
            {progress(deployment)}
            {in_place(deployment)}
            {failure(deployment)}
            {happened(events, now, &zone)}
            {made_with(deployment)}
        </article>
    }
    .into_any()
}

/// What the release was made with beside its image: the file of a Service, the settings of any other kind.
fn made_with(deployment: &Deployment) -> AnyView {
    match deployment.workload {
        Workload::Service => {
            view! { <section><h2>"endpoints.yaml"</h2><pre class="code" tabindex="0">{deployment.endpoints_yaml.clone()}</pre></section> }
                .into_any()
        }
        _ => {
            let settings = kinds::settings(&deployment.workload, &deployment.endpoints_yaml);
            view! { <section><h2>"Settings"</h2><dl class="facts">{settings}</dl></section> }.into_any()
        }
    }
}
