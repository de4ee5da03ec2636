//! The organization's overview: its projects, and the checklist of a new one.

use leptos::prelude::*;

use super::{
    first_steps,
    frame::{Entry, Framed, Place},
    page,
    registries::expiry,
    take_flash,
};
use crate::{
    domain::{
        organizations, people,
        problem::Error,
        registries::{self, Expiry, Registry},
    },
    web::{answer::redirect_page, guard::Person, paths, request::Request},
};

/// `/`: the person's first organization.
pub(super) fn home() -> AnyView {
    page(|request| async move {
        let person = request.parts.extensions.get::<Person>().ok_or(Error::NotFound)?;
        let memberships = people::memberships(&request.app.context, person.id).await?;
        let first = memberships.first().ok_or(Error::NotFound)?;
        Ok(redirect_page(&paths::organization(&first.organization_name)))
    })
}

pub(super) fn overview() -> AnyView {
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let projects = organizations::projects(context, &caller).await?;
        let flash = take_flash(&request).await;
        let create = projects.first().map(|project| paths::new_component(&organization, &project.name)).unwrap_or_default();
        let checklist = first_steps::card(context, &caller, create).await?;
        let cards = projects
            .iter()
            .map(|project| {
                view! {
                    <li class="card project">
                        <a href=paths::project(&organization, &project.name)>{project.display_name.clone()}</a>
                        <span class="dim mono">{project.name.clone()}</span>
                    </li>
                }
            })
            .collect_view();
        let ending = registries::ending(context, &caller).await?;
        let warnings = ending.iter().map(|registry| warning(registry, &organization, &request)).collect_view();
        let body = view! {
            {warnings}
            {checklist}
            <h2 class="section">"Projects"</h2>
            <ul class="project-list">{cards}</ul>
        }
        .into_any();
        let framed = Framed {
            place: Place::Organization(Entry::Projects),
            title: "Overview".into(),
            description: "Projects hold components; components run your images.".into(),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

/// A credential that has ended or soon will.
fn warning(registry: &Registry, organization: &str, request: &Request) -> AnyView {
    let now = request.app.context.now();
    let class = if registry.expiry(now) == Some(Expiry::Ended) { "note bad expiry" } else { "note warn expiry" };
    let (href, text) = (paths::registry(organization, registry.id), expiry::sentence(registry, now, &request.time_zone()));
    view! { <p class=class><a href=href>{registry.display_name.clone()}</a>": "{text}</p> }.into_any()
}
