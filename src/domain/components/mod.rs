//! Components: what a developer brings an image for. Verbs over their rows; what runs is told by `deployments`.

mod new;
mod store;

use serde_json::json;

pub use self::{
    new::{FirstEndpoint, NewComponent, same_host},
    store::{Component, Listed, Progress, Status},
};
use super::{
    Caller, Context, audit, endpoints,
    organizations::Project,
    problem::{Error, Problems, Result},
    registries,
};

/// What kind of component it is (the words are the user's: "Service", ...).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Service,
}

impl Kind {
    /// The word in rows and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Service => "Service",
        }
    }
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == Self::Service.as_str() { Ok(Self::Service) } else { Err(text) }
    }
}

/// How many rows a page of the listing has.
pub const PAGE: usize = 50;

/// A page of a project's components in the order they were made, after the one named by its id (exclusive), each with
/// its newest deployment in every environment. One row more than [`PAGE`] tells that there is another page.
pub async fn list(context: &Context, caller: &Caller, project: &Project, after: Option<uuid::Uuid>) -> Result<Vec<Listed>> {
    let after = after.unwrap_or(uuid::Uuid::nil());
    let components = store::list(&context.db, caller.organization_id, project.id, after).await?;
    let statuses = store::statuses(&context.db, caller.organization_id, project.id, after).await?;
    Ok(components
        .into_iter()
        .map(|component| {
            let of_it = statuses.iter().filter(|status| status.component_id == component.id).cloned().collect();
            Listed { component, statuses: of_it }
        })
        .collect())
}

/// A component by its name.
pub async fn get(context: &Context, caller: &Caller, project: &Project, name: &str) -> Result<Component> {
    store::find(&context.db, caller.organization_id, project.id, name).await?.ok_or(Error::NotFound)
}

/// How far an organization has come, for its checklist.
pub async fn progress(context: &Context, caller: &Caller) -> Result<Progress> {
    Ok(store::progress(&context.db, caller.organization_id).await?)
}

/// Makes a component from an image in one of the organization's registries. Nothing runs until it is deployed.
pub async fn create(context: &Context, caller: &Caller, project: &Project, new: NewComponent) -> Result<Component> {
    let registries = registries::choices(context, caller).await?;
    let plan = new.parse(&registries)?;
    let component = Component {
        id: context.new_id(),
        organization_id: caller.organization_id,
        project_id: project.id,
        name: plan.name,
        display_name: plan.display_name,
        description: plan.description,
        kind: Kind::Service,
        registry_id: plan.registry_id,
        image: plan.image,
        endpoints_yaml: endpoints::write_a(&plan.endpoints),
        created_by: caller.email.clone(),
        created_at: context.now(),
    };
    let mut tx = context.db.begin().await?;
    let inserted = match store::insert(&mut tx, &component).await {
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
            return Err(Problems::one("registry", "required", "That registry was deleted meanwhile. Choose another one.").into());
        }
        inserted => inserted?,
    };
    if inserted == 0 {
        let message = format!("The project already has a component named {}. Choose another name.", component.name);
        return Err(Problems::one("name", "taken", message).into());
    }
    let entry = audit::Entry {
        organization_id: caller.organization_id,
        actor: &caller.email,
        origin: &caller.origin,
        action: "component.create",
        target_kind: "component",
        target_id: Some(component.id),
        target_name: &component.name,
        detail: json!({ "kind": component.kind.as_str(), "image": component.image.to_string(), "project": project.name }),
    };
    audit::write(context, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(component)
}

#[cfg(test)]
mod tests;
