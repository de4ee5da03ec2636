//! Container registries of an organization: verbs over their rows, and the credential that stays sealed.
//! The trait to speak to a registry is in [`client`]; a password never leaves this module but as an [`Access`].

mod authentication;
mod ca;
pub mod client;
mod credential;
pub mod docker_config;
mod guidance;
mod life;
mod new;
mod store;
mod vendor;
mod vendor_host;

use secrecy::ExposeSecret as _;
use serde_json::json;
use uuid::Uuid;

use self::client::{Access, CheckReport, Login, RegistryProblem};
pub use self::{
    authentication::Authentication,
    ca::check_ca_certificates,
    credential::{Credential, check_login},
    guidance::{Guidance, guidance},
    life::{Expiry, NewSecret, edit, rotate},
    new::{NewRegistry, Registration},
    store::{Registry, Usage},
    vendor::{Vendor, check_host},
};
use super::{
    Caller, Context, audit,
    problem::{Error, Problems, Result},
};

/// How many rows a page of the list has.
pub const PAGE: usize = 50;

/// A page of the organization's registries by display name, after the one named (exclusive); one row more than
/// [`PAGE`] tells that there is another page.
pub async fn list(context: &Context, caller: &Caller, after: Option<&str>) -> Result<Vec<Registry>> {
    Ok(store::list(&context.db, caller.organization_id, &after.unwrap_or_default().to_lowercase()).await?)
}

/// All registries of the organization for a choice in a form, by display name; at most 500.
pub async fn choices(context: &Context, caller: &Caller) -> Result<Vec<Registry>> {
    Ok(store::choices(&context.db, caller.organization_id).await?)
}

/// A registry of the organization; [`Error::NotFound`] when there is none.
pub async fn get(context: &Context, caller: &Caller, id: Uuid) -> Result<Registry> {
    store::find(&context.db, caller.organization_id, id).await?.ok_or(Error::NotFound)
}

/// Adds a registry; its password is sealed for the new row.
pub async fn add(context: &Context, caller: &Caller, new: NewRegistry) -> Result<Registry> {
    caller.must_be_admin()?;
    let registration = new.parse()?;
    let id = context.new_id();
    let sealed = match &registration.login {
        Some(login) => Some(context.vault.seal(&*context.entropy, caller.organization_id, id, &login.password)?),
        None => None,
    };
    let mut tx = context.db.begin().await?;
    let registry = Registry::new(id, caller, &registration, context.now());
    if store::insert(&mut tx, &registry, sealed).await? == 0 {
        let message = format!("There is already a registry called {}. Choose another name.", registry.display_name);
        return Err(Problems::one("display_name", "taken", message).into());
    }
    let detail = json!({ "host": registry.host, "authentication": registry.authentication.as_str(), "username": registry.username });
    record(context, &mut tx, caller, "registry.add", &registry, detail).await?;
    tx.commit().await?;
    Ok(registry)
}

/// Deletes a registry that no component uses.
pub async fn delete(context: &Context, caller: &Caller, id: Uuid) -> Result<Registry> {
    caller.must_be_admin()?;
    let registry = get(context, caller, id).await?;
    let mut tx = context.db.begin().await?;
    if store::delete(&mut tx, caller.organization_id, id).await? == 0 {
        let users = names(&users(context, caller, id).await?);
        let users = if users.is_empty() { "earlier deployments".to_owned() } else { users };
        return Err(Error::Conflict {
            code: "registry_in_use",
            message: format!("{} is used by {users}. Move them to another registry first.", registry.display_name),
        });
    }
    record(context, &mut tx, caller, "registry.delete", &registry, json!({ "host": registry.host })).await?;
    tx.commit().await?;
    Ok(registry)
}

/// The first components that use a registry, at most eleven.
pub async fn users(context: &Context, caller: &Caller, id: Uuid) -> Result<Vec<Usage>> {
    Ok(store::users(&context.db, caller.organization_id, id).await?)
}

fn names(users: &[Usage]) -> String {
    let mut names: Vec<&str> = users.iter().take(10).map(|user| user.component.as_str()).collect();
    if users.len() > names.len() {
        names.push("others");
    }
    names.join(", ")
}

/// Tries what was typed without saving it. The outer error is bad input, the inner one the registry's answer.
pub async fn try_out(context: &Context, caller: &Caller, new: NewRegistry) -> Result<Result<CheckReport, RegistryProblem>> {
    caller.must_be_admin()?;
    let new = NewRegistry { display_name: "Tried".into(), ..new }.parse()?;
    let access = Access { registry_id: None, host: new.host, login: new.login, ca_certificates: new.ca_certificates };
    Ok(context.registry_client.check(&access, new.test_repository.as_deref()).await)
}

/// Tries a saved registry and notes the outcome as its last check.
pub async fn check(context: &Context, caller: &Caller, id: Uuid) -> Result<Result<CheckReport, RegistryProblem>> {
    let access = access(context, caller.organization_id, id).await?;
    let repository = get(context, caller, id).await?.test_repository;
    let outcome = context.registry_client.check(&access, repository.as_deref()).await;
    let mut tx = context.db.begin().await?;
    store::note_check(&mut tx, id, context.now(), &outcome).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// What the registry client needs to speak to a saved registry: opens the sealed password.
pub async fn access(context: &Context, organization_id: Uuid, id: Uuid) -> Result<Access> {
    let row = store::credential(&context.db, organization_id, id).await?.ok_or(Error::NotFound)?;
    let login = match (row.username, row.sealed_password) {
        (Some(username), Some(sealed)) => Some(Login { username, password: context.vault.open_sealed(organization_id, id, &sealed)? }),
        _ => None,
    };
    Ok(Access { registry_id: Some(id), host: row.host, login, ca_certificates: row.ca_certificates })
}

async fn record(
    context: &Context,
    tx: &mut super::db::Tx,
    caller: &Caller,
    action: &'static str,
    registry: &Registry,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry {
        organization_id: caller.organization_id,
        actor: &caller.email,
        origin: &caller.origin,
        action,
        target_kind: "registry",
        target_id: Some(registry.id),
        target_name: &registry.display_name,
        detail,
    };
    audit::write(context, tx, entry).await
}

/// A login whose password is empty counts as none typed.
fn is_blank(password: &secrecy::SecretString) -> bool {
    password.expose_secret().is_empty()
}

#[cfg(test)]
mod tests;
