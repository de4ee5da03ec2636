//! Container registries of an organization: verbs over their rows, and the credential that stays sealed.
//! The trait to speak to a registry is in [`client`]; a password never leaves this module but as an [`Access`].
//!
//! Members use registries and look at them; only admins change them or try hosts out.

mod authentication;
mod ca;
mod change;
pub mod checks;
pub mod client;
mod credential;
pub mod docker_config;
mod fields;
mod guidance;
mod life;
mod new;
mod store;
mod tags;
mod vendor;
mod vendor_host;

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uuid::Uuid;

use self::client::{Access, CheckReport, Login, RegistryProblem};
pub use self::{
    authentication::Authentication,
    ca::check_ca_certificates,
    change::{edit, rotate},
    credential::{Credential, check_login},
    guidance::{Guidance, guidance},
    life::{Expiry, NewSecret},
    new::{Connection, NewRegistry, Registration, Secret},
    store::{Registry, Usage},
    tags::{BY_THE_NODES, Tag, TagCache, TagPage, Tags, inspect, sweep, tags},
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

/// The registries whose credential has ended or will within two weeks, those first that end first; at most five.
pub async fn ending(context: &Context, caller: &Caller) -> Result<Vec<Registry>> {
    Ok(store::ending(&context.db, caller.organization_id, context.now().plus_seconds(life::WARNING_SECONDS)).await?)
}

/// A registry of the organization; [`Error::NotFound`] when there is none.
pub async fn get(context: &Context, caller: &Caller, id: Uuid) -> Result<Registry> {
    store::find(&context.db, caller.organization_id, id).await?.ok_or(Error::NotFound)
}

/// Adds a registry; its password is sealed for the new row. Its first check is due at once.
pub async fn add(context: &Context, caller: &Caller, new: NewRegistry) -> Result<Registry> {
    caller.must_be_admin()?;
    let registration = new.parse(None, context.now())?;
    let id = context.new_id();
    let sealed = seal(context, caller, id, &registration.connection.secret)?;
    let mut tx = context.db.begin().await?;
    let registry = Registry::new(id, caller, &registration, context.now());
    if store::insert(&mut tx, &registry, sealed).await? == 0 {
        return Err(name_taken(&registry.display_name).into());
    }
    record(context, &mut tx, caller, "registry.add", &registry, facts(&registry)).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(registry)
}

/// Deletes a registry that no component uses.
pub async fn delete(context: &Context, caller: &Caller, id: Uuid) -> Result<Registry> {
    caller.must_be_admin()?;
    let registry = get(context, caller, id).await?;
    let mut tx = context.db.begin().await?;
    let deleted = match store::delete(&mut tx, caller.organization_id, id).await {
        // A component that is being made at this moment: its row came after we looked.
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => 0,
        deleted => deleted?,
    };
    if deleted == 0 {
        drop(tx);
        let users = names(&users(context, caller, id).await?);
        let users = if users.is_empty() { "earlier deployments".to_owned() } else { users };
        return Err(Error::Conflict {
            code: "registry_in_use",
            message: format!("{} is used by {users}, so it can't be deleted.", registry.display_name),
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
    let connection = new.parse_connection(None, context.now())?;
    if connection.authentication.is_by_nodes() {
        return Err(by_nodes(&connection.host));
    }
    let login = connection.secret.login().cloned();
    let access = Access { registry_id: None, host: connection.host, login, ca_certificates: connection.ca_certificates };
    Ok(context.registry_client.check(&access, connection.test_repository.as_deref()).await)
}

/// Tries a saved registry and notes the outcome as its last check.
pub async fn check(context: &Context, caller: &Caller, id: Uuid) -> Result<Result<CheckReport, RegistryProblem>> {
    let registry = get(context, caller, id).await?;
    checks::check(context, &registry).await
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

fn by_nodes(host: &str) -> Error {
    Error::Conflict {
        code: "checked_by_nodes",
        message: format!(
            "The cluster's nodes sign in to {host} by themselves, so this console can't look into it. The first deployment shows whether they may pull."
        ),
    }
}

fn seal(context: &Context, caller: &Caller, id: Uuid, secret: &Secret) -> Result<Option<Vec<u8>>> {
    let Some(login) = secret.login() else { return Ok(None) };
    Ok(Some(context.vault.seal(&*context.entropy, caller.organization_id, id, &login.password)?))
}

fn name_taken(display_name: &str) -> Problems {
    let message = format!("There is already a registry called {display_name}. Choose another name.");
    Problems::one("display_name", "taken", message)
}

/// What the audit log tells of a registry: all but its secret.
fn facts(registry: &Registry) -> Value {
    json!({
        "display_name": registry.display_name,
        "vendor": registry.vendor.as_str(),
        "authentication": registry.authentication.as_str(),
        "host": registry.host,
        "path_prefix": registry.path_prefix,
        "username": registry.username,
        "expires_at": registry.expires_at.map(super::clock::Time::rfc3339),
        "ca_certificates": registry.ca_certificates.is_some(),
        "test_repository": registry.test_repository,
    })
}

async fn record(
    context: &Context,
    tx: &mut super::db::Tx,
    caller: &Caller,
    action: &'static str,
    registry: &Registry,
    detail: Value,
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
fn is_blank(secret: &secrecy::SecretString) -> bool {
    secret.expose_secret().trim().is_empty()
}

#[cfg(test)]
mod tests;
