//! Rows of `registries`.

use sqlx::types::Json;
use uuid::Uuid;

use super::{
    Authentication, PAGE, Registration, Vendor,
    client::{CheckReport, RegistryProblem},
};
use crate::{
    domain::{
        Caller,
        clock::Time,
        db::{Db, Tx},
    },
    execute, fetch_all, fetch_optional,
};

/// A registry as pages see it: never with its password.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Registry {
    pub id: Uuid,
    pub organization_id: Uuid,
    /// Unique in the organization without regard to case.
    pub display_name: String,
    #[sqlx(try_from = "String")]
    pub vendor: Vendor,
    #[sqlx(try_from = "String")]
    pub authentication: Authentication,
    /// Canonical host with port.
    pub host: String,
    /// The credential serves only repositories under it; no slash at either end.
    pub path_prefix: Option<String>,
    pub username: Option<String>,
    /// PEM of issuers besides those the machine trusts.
    pub ca_certificates: Option<String>,
    /// Repository from which a check tries to pull.
    pub test_repository: Option<String>,
    /// When the credential ends, where that is known.
    pub expires_at: Option<Time>,
    /// One more with every new credential or host.
    pub credential_version: i64,
    /// Who gave the present credential, and when, if not who added the registry.
    pub credential_changed_by: Option<String>,
    pub credential_changed_at: Option<Time>,
    /// E-mail address of who added it.
    pub created_by: String,
    pub created_at: Time,
    pub checked_at: Option<Time>,
    /// Code of what the last check found wrong; `None` if it went well.
    pub check_problem: Option<String>,
    pub check_message: Option<String>,
    /// What the last check that went well found.
    pub check_report: Option<Json<CheckReport>>,
    /// Number of components that use it.
    pub components: i64,
}

impl Registry {
    pub(super) fn new(id: Uuid, caller: &Caller, registration: &Registration, now: Time) -> Self {
        Self {
            id,
            organization_id: caller.organization_id,
            display_name: registration.display_name.clone(),
            vendor: registration.vendor,
            authentication: registration.authentication,
            host: registration.host.clone(),
            path_prefix: registration.path_prefix.clone(),
            username: registration.login.as_ref().map(|login| login.username.clone()),
            ca_certificates: registration.ca_certificates.clone(),
            test_repository: registration.test_repository.clone(),
            expires_at: registration.expires_at,
            credential_version: 1,
            credential_changed_by: None,
            credential_changed_at: None,
            created_by: caller.email.clone(),
            created_at: now,
            checked_at: None,
            check_problem: None,
            check_message: None,
            check_report: None,
            components: 0,
        }
    }
}

/// A component that uses a registry.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Usage {
    /// Names, for the address of its page.
    pub project: String,
    pub name: String,
    /// Display name.
    pub component: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct CredentialRow {
    pub(super) host: String,
    pub(super) username: Option<String>,
    pub(super) sealed_password: Option<Vec<u8>>,
    pub(super) ca_certificates: Option<String>,
}

const LIST: &str = "SELECT id, organization_id, display_name, vendor, authentication, host, path_prefix, username,
    ca_certificates, test_repository, expires_at, credential_version, credential_changed_by, credential_changed_at, created_by, created_at,
    checked_at, check_problem, check_message, check_report, (SELECT count(*) FROM components WHERE components.registry_id = registries.id) AS components
    FROM registries WHERE organization_id = $1 AND display_name_key > $2 ORDER BY display_name_key LIMIT $3";

const CHOICES: &str = "SELECT id, organization_id, display_name, vendor, authentication, host, path_prefix, username,
    ca_certificates, test_repository, expires_at, credential_version, credential_changed_by, credential_changed_at, created_by, created_at,
    checked_at, check_problem, check_message, check_report, CAST(0 AS BIGINT) AS components
    FROM registries WHERE organization_id = $1 ORDER BY display_name_key LIMIT 500";

const FIND: &str = "SELECT id, organization_id, display_name, vendor, authentication, host, path_prefix, username,
    ca_certificates, test_repository, expires_at, credential_version, credential_changed_by, credential_changed_at, created_by, created_at,
    checked_at, check_problem, check_message, check_report, (SELECT count(*) FROM components WHERE components.registry_id = registries.id) AS components
    FROM registries WHERE organization_id = $1 AND id = $2";

const INSERT: &str = "INSERT INTO registries (id, organization_id, display_name, display_name_key, authentication, host, username,
    sealed_password, created_by, created_at, vendor, path_prefix, ca_certificates, test_repository, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (organization_id, display_name_key) DO NOTHING";

const DELETE: &str = "DELETE FROM registries WHERE organization_id = $1 AND id = $2
    AND NOT EXISTS (SELECT 1 FROM components WHERE components.registry_id = $2)
    AND NOT EXISTS (SELECT 1 FROM deployments WHERE deployments.registry_id = $2)";

const USERS: &str = "SELECT projects.name AS project, components.name AS name, components.display_name AS component FROM components
    JOIN projects ON projects.id = components.project_id
    WHERE components.organization_id = $1 AND components.registry_id = $2 ORDER BY components.id LIMIT 11";

const CREDENTIAL: &str = "SELECT host, username, sealed_password, ca_certificates FROM registries WHERE organization_id = $1 AND id = $2";

const NOTE_CHECK: &str = "UPDATE registries SET checked_at = $2, check_problem = $3, check_message = $4, check_report = $5 WHERE id = $1";

const UPDATE: &str = "UPDATE registries SET display_name = $2, display_name_key = $3, vendor = $4, authentication = $5, host = $6,
    path_prefix = $7, username = $8, ca_certificates = $9, test_repository = $10, expires_at = $11 WHERE id = $1";

const UPDATE_SECRET: &str = "UPDATE registries SET sealed_password = $2, credential_version = credential_version + 1,
    credential_changed_by = $3, credential_changed_at = $4 WHERE id = $1";

pub(super) async fn list(db: &Db, organization_id: Uuid, after: &str) -> Result<Vec<Registry>, sqlx::Error> {
    fetch_all!(db, Registry, LIST, organization_id, after, PAGE as i64 + 1)
}

pub(super) async fn choices(db: &Db, organization_id: Uuid) -> Result<Vec<Registry>, sqlx::Error> {
    fetch_all!(db, Registry, CHOICES, organization_id)
}

pub(super) async fn find(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Option<Registry>, sqlx::Error> {
    fetch_optional!(db, Registry, FIND, organization_id, id)
}

/// Rows written: 0 if the name is taken.
pub(super) async fn insert(tx: &mut Tx, registry: &Registry, sealed: Option<Vec<u8>>) -> Result<u64, sqlx::Error> {
    execute!(
        tx,
        INSERT,
        registry.id,
        registry.organization_id,
        &registry.display_name,
        registry.display_name.to_lowercase(),
        registry.authentication.as_str(),
        &registry.host,
        &registry.username,
        sealed,
        &registry.created_by,
        registry.created_at,
        registry.vendor.as_str(),
        &registry.path_prefix,
        &registry.ca_certificates,
        &registry.test_repository,
        registry.expires_at
    )
}

/// Rows deleted: 0 if it is used.
pub(super) async fn delete(tx: &mut Tx, organization_id: Uuid, id: Uuid) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE, organization_id, id)
}

pub(super) async fn users(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Vec<Usage>, sqlx::Error> {
    fetch_all!(db, Usage, USERS, organization_id, id)
}

pub(super) async fn credential(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Option<CredentialRow>, sqlx::Error> {
    fetch_optional!(db, CredentialRow, CREDENTIAL, organization_id, id)
}

pub(super) async fn note_check(tx: &mut Tx, id: Uuid, at: Time, outcome: &Result<CheckReport, RegistryProblem>) -> Result<(), sqlx::Error> {
    let problem = outcome.as_ref().err();
    let report = outcome.as_ref().ok().map(|report| Json(*report));
    execute!(tx, NOTE_CHECK, id, at, problem.map(RegistryProblem::code), problem.map(RegistryProblem::sentence), report).map(drop)
}

/// Writes what a form changed; the secret only where there is a new one, with who gave it and when.
pub(super) async fn update(
    tx: &mut Tx,
    present: &Registry,
    new: &Registration,
    sealed: Option<Vec<u8>>,
    changed_by: Option<(&str, Time)>,
) -> Result<(), sqlx::Error> {
    let username = new.login.as_ref().map(|login| login.username.as_str());
    execute!(
        tx,
        UPDATE,
        present.id,
        &new.display_name,
        new.display_name.to_lowercase(),
        new.vendor.as_str(),
        new.authentication.as_str(),
        &new.host,
        &new.path_prefix,
        username,
        &new.ca_certificates,
        &new.test_repository,
        new.expires_at
    )?;
    if let (Some(sealed), Some((by, at))) = (sealed, changed_by) {
        execute!(tx, UPDATE_SECRET, present.id, sealed, by, at)?;
    }
    Ok(())
}
