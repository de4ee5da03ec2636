//! The checklist of a new organization, until something of it has run.

use leptos::prelude::*;

use crate::{
    domain::{Caller, Context, components, problem::Result},
    web::{
        parts::{CheckItem, Checklist},
        paths,
    },
};

/// `create` is where a component is made. `None` when all is done.
pub(super) async fn card(context: &Context, caller: &Caller, create: String) -> Result<Option<AnyView>> {
    let progress = components::progress(context, caller).await?;
    if progress.deployed {
        return Ok(None);
    }
    let organization = &caller.organization_name;
    let first = components::first(context, caller).await?;
    let deploy = first.map_or_else(|| paths::guide("deploy"), |first| paths::deploy(organization, &first.project, &first.component));
    // Only an admin can add one; to anybody else the list says so.
    let register = if caller.is_admin() { paths::new_registry(organization) } else { paths::registries(organization) };
    let items = vec![
        CheckItem { label: "Register a container registry".into(), href: register, done: progress.own_registry },
        CheckItem { label: "Create a component from an image".into(), href: create, done: progress.component },
        CheckItem { label: "Deploy it".into(), href: deploy, done: progress.deployed },
    ];
    Ok(Some(view! { <Checklist title="First steps" items=items/> }.into_any()))
}
