//! What Slipway knows: rules, verbs and rows. No HTTP, no pages, no Kubernetes client in here.

pub mod audit;
pub mod clock;
pub mod components;
pub mod db;
pub mod deployments;
pub mod endpoints;
pub mod images;
pub mod nodes;
pub mod organizations;
pub mod people;
pub mod problem;
pub mod pull_secrets;
pub mod registries;
pub mod routes;
pub mod schedule;
pub mod schemas;
#[cfg(test)]
pub(crate) mod testing;
pub mod vault;

use std::sync::Arc;

use uuid::Uuid;

use self::{
    clock::{Clock, Entropy, Time},
    db::Db,
    deployments::changes::Changes,
    registries::{TagCache, client::RegistryClient},
    vault::Vault,
};

/// What every verb works with. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub vault: Arc<Vault>,
    pub registry_client: Arc<dyn RegistryClient>,
    /// Tags that registries listed within the last minute.
    pub tag_cache: TagCache,
    /// Tells live pages and the worker of this process that something was committed.
    pub changes: Changes,
}

impl Context {
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    pub fn new_id(&self) -> Uuid {
        clock::new_id(&*self.clock, &*self.entropy)
    }
}

/// Who asks, in which organization, and from where. Made by the web's session layer or by a command.
#[derive(Clone, Debug)]
pub struct Caller {
    pub person_id: Uuid,
    /// E-mail address, as shown in "by ..." and in the audit log.
    pub email: String,
    pub organization_id: Uuid,
    /// As addresses and as pages name the organization.
    pub organization_name: String,
    pub organization_display_name: String,
    pub role: people::Role,
    pub origin: Origin,
}

impl Caller {
    /// Whether the caller may change what belongs to the organization as a whole.
    pub fn is_admin(&self) -> bool {
        self.role == people::Role::Admin
    }

    /// [`problem::Error::Forbidden`] unless the caller is an admin.
    pub fn must_be_admin(&self) -> problem::Result<()> {
        if self.is_admin() { Ok(()) } else { Err(problem::Error::Forbidden) }
    }
}

/// Where a request came from, for the audit log.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub address: String,
    pub request_id: String,
}
