//! The Deploy page: the pipeline from the Build Area through the environments, and the panels that open over it.

mod build_area;
mod buttons;
mod changes;
mod confirm;
mod environment;
mod facts;
mod inputs;
mod invoke;
pub(in crate::web) mod orders;
mod pipeline;
mod previous;
mod progress;
pub(in crate::web) mod review;
mod typed;
mod update;

use leptos::prelude::*;

pub use self::pipeline::Pipeline;
pub(super) use self::{
    buttons::Buttons,
    facts::{facts, stage},
    progress::{failure, happened, in_place, progress, waits},
    typed::FIELDS,
};
use super::{
    frame::{Entry, Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{components, organizations, problem::Error},
    islands::Live,
    web::{flash::Flash, paths, request::Request},
};

/// What is open over the page.
enum Open {
    Nothing,
    Update,
    /// The confirmation of an order about an environment, which is named.
    Confirm(confirm::Asked, String),
}

pub(super) fn show() -> AnyView {
    whole(Open::Nothing)
}

/// The page with the Update Image & Deploy panel open.
pub(super) fn update() -> AnyView {
    whole(Open::Update)
}

pub(super) fn promote() -> AnyView {
    whole(Open::Confirm(confirm::Asked::Promote, segment("environment")))
}

pub(super) fn roll_back() -> AnyView {
    whole(Open::Confirm(confirm::Asked::RollBack, segment("environment")))
}

pub(super) fn stop() -> AnyView {
    whole(Open::Confirm(confirm::Asked::Stop, segment("environment")))
}

pub(super) fn cancel() -> AnyView {
    whole(Open::Confirm(confirm::Asked::Cancel, segment("environment")))
}

fn whole(open: Open) -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let flash = take_flash(&request).await;
        with_panel(request, project, component, flash, open).await
    })
}

async fn with_panel(request: Request, project: String, component: String, flash: Flash, open: Open) -> Result<AnyView, Error> {
    let (context, caller) = (&request.app.context, request.caller()?);
    let organization = caller.organization_name.clone();
    let project = organizations::project(context, &caller, &project).await?;
    let component = components::get(context, &caller, &project, &component).await?;
    let pipeline = Pipeline::load(&request, &caller, &organization, &project, &component).await?;
    let form = flash.form.clone().unwrap_or_default();
    let panel = match open {
        // What is being deleted is not deployed: the panel's address then shows the page, which says why.
        Open::Update if component.deletion_asked_at.is_none() => {
            Some(update::panel_form(&request, &caller, &project, &component, form).await?)
        }
        Open::Nothing | Open::Update => None,
        Open::Confirm(asked, environment) => Some(confirm::panel(&request, &pipeline, asked, &environment, form).await?),
    };
    let description = pipeline.description();
    let (stream, fragment) = (paths::live(component.id), paths::fragments::pipeline(&organization, &project.name, &component.name));
    let body = view! { <Live stream=stream fragment=fragment>{pipeline.view()}</Live> }.into_any();
    let framed = Framed {
        title: "Deploy".into(),
        description,
        place: Place::Component(project, Box::new(component), Entry::Deploy),
        action: Some(view! { <a class="button quiet" href=paths::guide("deploy")>"How to deploy"</a> }.into_any()),
        flash,
        body,
    };
    Ok(framed.view_behind(panel, &request, Some(&caller)))
}
