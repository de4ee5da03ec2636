//! The Component Listing of a project.

use leptos::prelude::*;

use super::{
    frame::{Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{
        components::{self, Filter, Listed, PAGE},
        organizations::{self, Environment},
    },
    web::{
        parts::{EmptyState, Moment, StateBadge, Table},
        paths,
    },
};

pub(super) fn listing() -> AnyView {
    let project = segment("project");
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let project = organizations::project(context, &caller, &project).await?;
        let after = request.query("after");
        let mut rows = components::list(context, &caller, &project, &Filter::default(), after.as_deref()).await?;
        let environments = organizations::environments(context, &caller).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|row| format!("{}?after={}", paths::project(&organization, &project.name), row.name));
        let flash = take_flash(&request).await;
        let create = paths::new_component(&organization, &project.name);
        let body = if rows.is_empty() && after.is_none() {
            view! {
                <EmptyState title="No components yet" text="A component runs one image: bring one from a registry and deploy it." href=create.clone() action="Create a component"/>
            }
            .into_any()
        } else {
            let (now, zone) = (context.now(), request.time_zone());
            let heads = environments.iter().map(|environment| environment.display_name.clone());
            let columns =
                ["Name", "Type", "Image"].map(str::to_owned).into_iter().chain(heads).chain(["Last deployment".to_owned()]).collect();
            let base = paths::project(&organization, &project.name);
            let rows = rows
                .into_iter()
                .map(|row| {
                    let made = row.last().map(|last| view! { <Moment time=last.created_at now=now zone=zone.clone()/> }).into_any();
                    listed(&base, row, &environments, made)
                })
                .collect();
            view! {
                <Table label="Components" columns=columns rows=rows/>
                {next.map(|href| view! { <p class="pagination"><a class="button" href=href>"Next page"</a></p> })}
            }
            .into_any()
        };
        let framed = Framed {
            title: project.display_name.clone(),
            description: "Component Listing".into(),
            action: Some(view! { <a class="button main" href=create><span aria-hidden="true">"+"</span>"Create"</a> }.into_any()),
            place: Place::Project(project),
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

fn listed(project: &str, row: Listed, environments: &[Environment], made: AnyView) -> Vec<AnyView> {
    let states = environments.iter().map(|environment| {
        let status = row.statuses.iter().find(|status| status.environment_id == environment.id);
        match status {
            Some(status) => view! { <StateBadge state=status.state/> }.into_any(),
            None => view! { <span class="dim">"Not deployed"</span> }.into_any(),
        }
    });
    let kind = view! { <span class="badge plain">{row.kind.label()}</span> }.into_any();
    let name = view! { <a href=format!("{project}/components/{}", row.name)>{row.display_name}</a> }.into_any();
    let image = view! { <span class="mono break">{row.image.familiar()}</span> }.into_any();
    let made = view! { <span class="dim">{made}</span> }.into_any();
    [name, kind, image].into_iter().chain(states).chain([made]).collect()
}
