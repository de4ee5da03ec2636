//! The Component Listing of a project: searched, filtered, and a page at a time. Its state lives in the address.

mod narrowing;

use jiff::tz::TimeZone;
use leptos::prelude::*;

use self::narrowing::Narrowing;
use super::{
    first_steps,
    frame::{Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{
        clock::Time,
        components::{self, Listed, PAGE, Status},
        organizations::{self, Environment},
    },
    web::{
        parts::{Badge, EmptyState, Moment, StateBadge, Table, Tone},
        paths,
    },
};

pub(super) fn listing() -> AnyView {
    let project = segment("project");
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let project = organizations::project(context, &caller, &project).await?;
        let base = paths::project(&caller.organization_name, &project.name);
        let (narrowing, after) = (Narrowing::of(&request), request.query("after"));
        let mut rows = components::list(context, &caller, &project, &narrowing.filter, after.as_deref()).await?;
        let environments = organizations::environments(context, &caller).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let flash = take_flash(&request).await;
        let create = paths::new_component(&caller.organization_name, &project.name);
        let body = if rows.is_empty() && after.is_none() && narrowing.is_none() {
            let steps = first_steps::card(context, &caller, create.clone()).await?;
            view! {
                <EmptyState title="No components yet" text="A component runs one image: bring one from a registry and deploy it." href=create.clone() action="Create a component"/>
                {steps}
            }
            .into_any()
        } else {
            let next = rows.last().filter(|_| more).map(|row| narrowing.page(&base, Some(&row.name)));
            let first = after.is_some().then(|| narrowing.page(&base, None));
            view! {
                {narrowing.form(&base)}
                {if rows.is_empty() { nothing(&base, &narrowing) } else { table(&base, rows, &environments, context.now(), &request.time_zone()) }}
                {pagination(first, next)}
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

/// Nothing is on this page, which is not the same as nothing in the project.
fn nothing(base: &str, narrowing: &Narrowing) -> AnyView {
    if narrowing.is_none() {
        return view! { <EmptyState title="No more components" text="The listing ends before this page." href=base action="First page"/> }
            .into_any();
    }
    let text = "Search looks at names and images; type and status narrow it further.";
    view! { <EmptyState title="No component matches" text=text href=base action="Clear filters"/> }.into_any()
}

fn pagination(first: Option<String>, next: Option<String>) -> Option<AnyView> {
    let button = |href: Option<String>, label| href.map(|href| view! { <a class="button" href=href>{label}</a> });
    (first.is_some() || next.is_some())
        .then(|| view! { <p class="pagination buttons">{button(first, "First page")}{button(next, "Next page")}</p> }.into_any())
}

fn table(base: &str, rows: Vec<Listed>, environments: &[Environment], now: Time, zone: &TimeZone) -> AnyView {
    let heads = environments.iter().map(|environment| environment.display_name.clone());
    let columns = ["Name", "Type", "Image"].map(str::to_owned).into_iter().chain(heads).chain(["Last deployment".to_owned()]).collect();
    let rows = rows.into_iter().map(|row| cells(base, row, environments, now, zone)).collect();
    view! { <div class="listing"><Table label="Components" columns=columns rows=rows/></div> }.into_any()
}

fn cells(base: &str, row: Listed, environments: &[Environment], now: Time, zone: &TimeZone) -> Vec<AnyView> {
    let states = environments.iter().map(|environment| state(row.statuses.iter().find(|status| status.environment_id == environment.id)));
    let states: Vec<_> = states.collect();
    let last = row.last().map(|last| deployed(last, now, zone)).into_any();
    let leaving = row.is_being_deleted.then(|| view! { " "<Badge tone=Tone::Warn>"Being deleted"</Badge> });
    let (image, name) = (row.image.familiar(), row.display_name);
    // The host is the same for most rows; what tells them apart must not be cut off.
    let short = image.strip_prefix(row.image.host()).map(|rest| rest.trim_start_matches('/')).unwrap_or(&image).to_owned();
    let first = [
        view! { <a href=format!("{base}/components/{}", row.name) title=name.clone()>{name.clone()}</a>{leaving} }.into_any(),
        view! { <span class="badge plain">{row.kind.label()}</span> }.into_any(),
        view! { <span class="mono cut" title=image>{short}</span> }.into_any(),
    ];
    first.into_iter().chain(states).chain([last]).collect()
}

fn state(status: Option<&Status>) -> AnyView {
    match status {
        Some(status) => view! { <StateBadge state=status.state/> }.into_any(),
        None => view! { <span class="dim when">"Not deployed"</span> }.into_any(),
    }
}

fn deployed(last: &Status, now: Time, zone: &TimeZone) -> AnyView {
    let by = last.created_by.clone();
    view! { <span class="dim cut" title=by.clone()><Moment time=last.created_at now=now zone=zone.clone()/>", "{by.clone()}</span> }
        .into_any()
}
