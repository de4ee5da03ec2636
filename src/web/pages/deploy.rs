//! The Deploy page: the pipeline from the Build Area to the environment, and the Update Image & Deploy panel.

mod cards;
mod inputs;
mod previous;
pub(in crate::web) mod review;
mod typed;
mod update;

use leptos::prelude::*;

pub use self::cards::Pipeline;
pub(super) use self::cards::{facts, failure, happened, in_place, progress};
pub(super) use self::typed::FIELDS;
use super::{
    frame::{Entry, Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{components, organizations, problem::Error},
    islands::Live,
    web::{flash::Flash, paths, request::Request},
};

pub(super) fn show() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let flash = take_flash(&request).await;
        whole(request, project, component, flash, false).await
    })
}

/// The page with the Update Image & Deploy panel open.
pub(super) fn update() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let flash = take_flash(&request).await;
        whole(request, project, component, flash, true).await
    })
}

async fn whole(request: Request, project: String, component: String, flash: Flash, with_panel: bool) -> Result<AnyView, Error> {
    let (context, caller) = (&request.app.context, request.caller()?);
    let organization = caller.organization_name.clone();
    let project = organizations::project(context, &caller, &project).await?;
    let component = components::get(context, &caller, &project, &component).await?;
    let pipeline = Pipeline::load(&request, &caller, &organization, &project, &component).await?;
    // What is being deleted is not deployed: the panel's address then shows the page, which says why.
    let with_panel = with_panel && component.deletion_asked_at.is_none();
    let panel = match with_panel {
        true => Some(update::panel_form(&request, &caller, &project, &component, flash.form.clone().unwrap_or_default()).await?),
        false => None,
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
