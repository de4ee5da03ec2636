//! Create a component: its type, then one form, then the answers to look over. Every step but the last is a GET, and what is
//! typed lives in its address: Back and reload keep it. Only asking for an inspection waits for a registry.

mod answers;
mod form;
mod identity;
mod image;
mod inspection;
mod kinds;
mod missing;
mod post;
mod samples;
mod schedule;
mod settings;
mod source;
mod typed;

use leptos::prelude::*;

use self::{form::Sheet, typed::kind_of};
pub(in crate::web) use self::{
    identity::{Wanted, name_preview},
    image::image_preview,
    inspection::{Asked, inspection},
    post::create_component,
    samples::check_samples,
    schedule::{Timing, schedule_fields, schedule_preview},
    typed::{FIELDS, registry_of, with_registry},
};
use super::{
    frame::{Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{
        Caller,
        components::{self, Kind},
        organizations::{self, Project},
        problem::{Error, Result},
        registries,
    },
    web::{answer, flash::Flash, form::FormState, request::Request},
};

/// `/../components/new`: the types, or the form of the one that is chosen.
pub(super) fn new() -> AnyView {
    let project = segment("project");
    page(|request| async move {
        let caller = request.caller()?;
        let project = organizations::project(&request.app.context, &caller, &project).await?;
        let flash = take_flash(&request).await;
        let came_back = flash.form.clone().filter(|form| form.form == typed::FORM);
        let form = came_back.unwrap_or_else(|| typed::from_query(&request));
        fill_in(request, caller, project, flash, form).await
    })
}

/// `/../components/new/check`: the answers, or the form again with all that is wrong.
pub(super) fn check() -> AnyView {
    let project = segment("project");
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let project = organizations::project(context, &caller, &project).await?;
        let mut flash = take_flash(&request).await;
        let mut form = typed::from_query(&request);
        if kind_of(&form).is_none() {
            return fill_in(request, caller, project, flash, form).await;
        }
        match components::plan(context, &caller, &project, typed::new_component(&form)).await {
            Ok(plan) => Ok(answers::page(&request, &caller, project, flash, &form, plan)),
            Err(Error::Invalid(problems)) => {
                form.problems = typed::by_fields(problems, &form);
                flash.form = Some(form.clone());
                fill_in(request, caller, project, flash, form).await
            }
            Err(error) => Err(error),
        }
    })
}

/// The step that is still to be filled in.
async fn fill_in(request: Request, caller: Caller, project: Project, flash: Flash, mut form: FormState) -> Result<AnyView> {
    let (context, organization) = (&request.app.context, caller.organization_name.as_str());
    if let (true, Some(sort)) = (caller.is_admin(), request.query("add_registry")) {
        return Ok(answer::redirect_page(&missing::way_to_add(organization, &project.name, &sort, &form)));
    }
    let registries = registries::choices(context, &caller).await?;
    let (description, body) = if registries.is_empty() {
        let helpers = missing::Helpers::find(context, &caller).await?;
        (AT_FIRST, missing::whole_page(organization, &project.name, &form, &helpers))
    } else if let (Some(kind), None) = (kind_of(&form), request.query("change_type")) {
        let inspected = inspection::asked_for(&request, &caller, &mut form).await;
        let helpers = missing::Helpers::find(context, &caller).await?;
        let named = identity::Said::find(context, &caller, &project, &identity::Wanted::of(&form)).await?;
        let sheet = Sheet { request: &request, organization, project: &project.name, kind, form: &form, registries: &registries, helpers };
        (about(kind), sheet.view(named, inspected))
    } else {
        (AT_FIRST, kinds::choice(organization, &project.name, &form, samples::tiles(&request.app.config.samples, &registries)))
    };
    let framed = Framed {
        place: Place::Project(project),
        title: "Create a component".into(),
        description: description.into(),
        action: None,
        flash,
        body,
    };
    Ok(framed.view(&request, Some(&caller)))
}

const AT_FIRST: &str = "A component runs one image, brought from a registry of the organization.";

/// What a kind of component does, in a sentence.
fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Service => "A Service keeps running and answers on its endpoints.",
        Kind::WebApplication => "A Web Application keeps running and serves pages to browsers on one port.",
        Kind::ScheduledTask => "A Scheduled Task runs to its end, at the times of its schedule.",
        Kind::ManualTask => "A Manual Task runs to its end, whenever somebody starts it. This version prepares it and can't start it yet.",
    }
}
