//! Components: what a developer brings an image for. Verbs over their rows; what runs is told by `deployments`.

mod deletion;
mod endpoint_file;
mod kind;
mod listing;
mod new;
mod settings;
mod store;
mod workload;

use serde_json::json;

pub(super) use self::listing::search_pattern;
pub use self::{
    deletion::{Deletion, LeftBehind, Removal, Remover, delete, forget, left_behind, places, removals},
    endpoint_file::{EndpointFile, save_endpoints},
    kind::Kind,
    listing::{Filter, First, Listed, PAGE, Status, StatusFilter, first, list},
    new::{FirstEndpoint, NewComponent, Plan, check_name, same_host},
    settings::{Settings, being_deleted, update},
    store::{Component, Progress},
    workload::{SecurityProfile, Workload},
};
use super::{
    Caller, Context, audit,
    db::Tx,
    endpoints,
    organizations::Project,
    problem::{Error, Problems, Result},
    registries,
};

/// A component by its name.
pub async fn get(context: &Context, caller: &Caller, project: &Project, name: &str) -> Result<Component> {
    store::find(&context.db, caller.organization_id, project.id, name).await?.ok_or(Error::NotFound)
}

/// How far an organization has come, for its checklist.
pub async fn progress(context: &Context, caller: &Caller) -> Result<Progress> {
    Ok(store::progress(&context.db, caller.organization_id).await?)
}

/// What a component that is typed would be; all problems at once, a name that is taken included. Writes nothing.
pub async fn plan(context: &Context, caller: &Caller, project: &Project, new: NewComponent) -> Result<Plan> {
    let registries = registries::choices(context, caller).await?;
    let is_taken = match new.wanted_name() {
        Some(name) => !name_is_free(context, caller, project, &name).await?,
        None => false,
    };
    Ok(new.parse(&registries, is_taken)?)
}

/// Whether a name can still be given in a project.
pub async fn name_is_free(context: &Context, caller: &Caller, project: &Project, name: &str) -> Result<bool> {
    Ok(store::find(&context.db, caller.organization_id, project.id, name).await?.is_none())
}

/// Makes a component from an image in one of the organization's registries. Nothing runs until it is deployed.
pub async fn create(context: &Context, caller: &Caller, project: &Project, new: NewComponent) -> Result<Component> {
    let plan = plan(context, caller, project, new).await?;
    let component = Component {
        id: context.new_id(),
        organization_id: caller.organization_id,
        project_id: project.id,
        name: plan.name,
        display_name: plan.display_name,
        description: plan.description,
        workload: plan.workload,
        registry_id: plan.registry.id,
        image: plan.image,
        endpoints_yaml: endpoints::write_a(&plan.endpoints),
        profile: plan.profile,
        webhook_repository: None,
        default_endpoint: None,
        auto_rollback: false,
        revision: 1,
        deletion_asked_at: None,
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
        return Err(new::name_taken(&component.name).into());
    }
    let detail = json!({ "kind": component.kind().as_str(), "image": component.image.to_string(), "project": project.name });
    record(context, &mut tx, caller, "component.create", &component, detail).await?;
    tx.commit().await?;
    Ok(component)
}

/// Writes what a caller did with a component into the audit log.
async fn record(
    context: &Context,
    tx: &mut Tx,
    caller: &Caller,
    action: &'static str,
    component: &Component,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry {
        organization_id: caller.organization_id,
        actor: &caller.email,
        origin: &caller.origin,
        action,
        target_kind: "component",
        target_id: Some(component.id),
        target_name: &component.name,
        detail,
    };
    audit::write(context, tx, entry).await
}

#[cfg(test)]
mod tests;
