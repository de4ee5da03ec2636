//! Organizations, their projects and environments, and how the first of them comes to be.
//! Owns the rule for names that everything in an organization shares.

mod founding;
mod hosts;
mod master_key;
mod names;
mod namespaces;
mod setup_code;
mod store;

use uuid::Uuid;

pub use self::{
    founding::{NewInstallation, SetupGate, create_organization, needs_setup, setup},
    hosts::{host_prefix, likely_host_prefix},
    master_key::check_master_key,
    names::{check_display_name, check_name, suggest_name},
    namespaces::{likely_namespace, namespace, stored_namespace},
    setup_code::{check_setup_code, setup_code},
};
use super::{
    Caller, Context,
    problem::{Error, Result},
    routes::PublicDomain,
};

/// The tenant: people, registries, projects and environments belong to one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Organization {
    pub id: Uuid,
    /// Unique on this console, in URLs; never changes.
    pub name: String,
    pub display_name: String,
}

/// A group of components.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Project {
    pub id: Uuid,
    /// Unique in the organization, in URLs; never changes.
    pub name: String,
    pub display_name: String,
}

/// Where components are deployed to, in the order of promotion.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Environment {
    pub id: Uuid,
    /// Unique in the organization, in URLs; never changes.
    pub name: String,
    pub display_name: String,
    /// 1 is the first, where the webhook deploys to.
    pub position: i32,
    pub production: bool,
    /// First label of the host under which its Public endpoints answer; given with the first deployment to it.
    pub host_prefix: Option<String>,
}

impl Environment {
    /// The host under which its Public endpoints answer: `development-acme.apps.example.com`.
    pub fn base_host(&self, domain: &PublicDomain) -> Option<String> {
        self.host_prefix.as_ref().map(|prefix| format!("{prefix}.{}", domain.host))
    }
}

/// The caller's organization.
pub async fn organization(context: &Context, caller: &Caller) -> Result<Organization> {
    store::organization(&context.db, caller.organization_id).await?.ok_or(Error::NotFound)
}

/// The organization's projects, by display name.
pub async fn projects(context: &Context, caller: &Caller) -> Result<Vec<Project>> {
    Ok(store::projects(&context.db, caller.organization_id).await?)
}

/// The organization's project of a name; [`Error::NotFound`] when there is none.
pub async fn project(context: &Context, caller: &Caller, name: &str) -> Result<Project> {
    store::project(&context.db, caller.organization_id, name).await?.ok_or(Error::NotFound)
}

/// The organization's environments in the order of promotion.
pub async fn environments(context: &Context, caller: &Caller) -> Result<Vec<Environment>> {
    Ok(store::environments(&context.db, caller.organization_id).await?)
}

/// The organization's environment of a name; [`Error::NotFound`] when there is none.
pub async fn environment(context: &Context, caller: &Caller, name: &str) -> Result<Environment> {
    store::environment(&context.db, caller.organization_id, name).await?.ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests;
