//! Rows of `registries`.

use sqlx::types::Json;
use uuid::Uuid;

use super::{
    Authentication, PAGE, Registration, Vendor,
    checks::Due,
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
    /// One more with every change.
    pub revision: i64,
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
        let connection = &registration.connection;
        Self {
            id,
            organization_id: caller.organization_id,
            display_name: registration.display_name.clone(),
            vendor: connection.vendor,
            authentication: connection.authentication,
            host: connection.host.clone(),
            path_prefix: connection.path_prefix.clone(),
            username: connection.secret.username().map(str::to_owned),
            ca_certificates: connection.ca_certificates.clone(),
            test_repository: connection.test_repository.clone(),
            expires_at: connection.expires_at,
            revision: 1,
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

    /// As the form says it is to be; what is not on the form stays.
    pub(super) fn with(&self, registration: &Registration) -> Self {
        let connection = &registration.connection;
        Self {
            display_name: registration.display_name.clone(),
            vendor: connection.vendor,
            authentication: connection.authentication,
            host: connection.host.clone(),
            path_prefix: connection.path_prefix.clone(),
            username: connection.secret.username().map(str::to_owned),
            ca_certificates: connection.ca_certificates.clone(),
            test_repository: connection.test_repository.clone(),
            expires_at: connection.expires_at,
            ..self.clone()
        }
    }

    /// Signed by who changed it, if it is another credential now.
    pub(super) fn by(self, caller: &Caller, now: Time, other_credential: bool) -> Self {
        let after = Self { revision: self.revision + 1, ..self };
        if !other_credential {
            return after;
        }
        Self {
            credential_version: after.credential_version + 1,
            credential_changed_by: Some(caller.email.clone()),
            credential_changed_at: Some(now),
            ..after.unchecked()
        }
    }

    /// What an earlier check found is no longer said of it.
    pub(super) fn unchecked(self) -> Self {
        Self { checked_at: None, check_problem: None, check_message: None, check_report: None, ..self }
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
    ca_certificates, test_repository, expires_at, revision, credential_version, credential_changed_by, credential_changed_at, created_by, created_at,
    checked_at, check_problem, check_message, check_report, (SELECT count(*) FROM components WHERE components.registry_id = registries.id) AS components
    FROM registries WHERE organization_id = $1 AND display_name_key > $2 ORDER BY display_name_key LIMIT $3";

const CHOICES: &str = "SELECT id, organization_id, display_name, vendor, authentication, host, path_prefix, username,
    ca_certificates, test_repository, expires_at, revision, credential_version, credential_changed_by, credential_changed_at, created_by, created_at,
    checked_at, check_problem, check_message, check_report, CAST(0 AS BIGINT) AS components
    FROM registries WHERE organization_id = $1 ORDER BY display_name_key LIMIT 500";

const FIND: &str = "SELECT id, organization_id, display_name, vendor, authentication, host, path_prefix, username,
    ca_certificates, test_repository, expires_at, revision, credential_version, credential_changed_by, credential_changed_at, created_by, created_at,
    checked_at, check_problem, check_message, check_report, (SELECT count(*) FROM components WHERE components.registry_id = registries.id) AS components
    FROM registries WHERE organization_id = $1 AND id = $2";

const ENDING: &str = "SELECT id, organization_id, display_name, vendor, authentication, host, path_prefix, username,
    ca_certificates, test_repository, expires_at, revision, credential_version, credential_changed_by, credential_changed_at, created_by, created_at,
    checked_at, check_problem, check_message, check_report, CAST(0 AS BIGINT) AS components
    FROM registries WHERE organization_id = $1 AND expires_at <= $2 ORDER BY expires_at, id LIMIT 5";

const INSERT: &str = "INSERT INTO registries (id, organization_id, display_name, display_name_key, vendor, authentication, host,
    path_prefix, username, sealed_password, ca_certificates, test_repository, expires_at, created_by, created_at, next_check_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)
    ON CONFLICT (organization_id, display_name_key) DO NOTHING";

const UPDATE: &str = "UPDATE registries SET display_name = $4, display_name_key = $5, vendor = $6, authentication = $7, host = $8,
    path_prefix = $9, username = $10, sealed_password = CASE WHEN $11 = 1 THEN sealed_password ELSE $12 END, ca_certificates = $13,
    test_repository = $14, expires_at = $15, revision = $16, credential_version = $17, credential_changed_by = $18,
    credential_changed_at = $19, checked_at = $20, check_problem = $21, check_message = $22, check_report = $23, next_check_at = 0
    WHERE organization_id = $1 AND id = $2 AND revision = $3
    AND (host = $8 OR NOT EXISTS (SELECT 1 FROM components WHERE components.registry_id = $2))";

const IMAGES: &str = "SELECT display_name, image FROM components WHERE organization_id = $1 AND registry_id = $2 ORDER BY id";

const DELETE: &str = "DELETE FROM registries WHERE organization_id = $1 AND id = $2
    AND NOT EXISTS (SELECT 1 FROM components WHERE components.registry_id = $2)
    AND NOT EXISTS (SELECT 1 FROM deployments WHERE deployments.registry_id = $2)";

const USERS: &str = "SELECT projects.name AS project, components.name AS name, components.display_name AS component FROM components
    JOIN projects ON projects.id = components.project_id
    WHERE components.organization_id = $1 AND components.registry_id = $2 ORDER BY components.id LIMIT 11";

const CREDENTIAL: &str = "SELECT host, username, sealed_password, ca_certificates FROM registries WHERE organization_id = $1 AND id = $2";

const NOTE_CHECK: &str = "UPDATE registries SET checked_at = $3, check_problem = $4, check_message = $5, check_report = $6,
    next_check_at = (SELECT now FROM database_clock) + $7 WHERE id = $1 AND revision = $2";

const IS_CHECK_DUE: &str = "SELECT CAST(1 AS BIGINT) FROM registries
    WHERE next_check_at <= (SELECT now FROM database_clock) AND authentication <> 'vendor_specific' LIMIT 1";

const CLAIM_CHECK: &str = "UPDATE registries SET next_check_at = (SELECT now FROM database_clock) + $1
    WHERE id = (SELECT candidate.id FROM registries AS candidate WHERE candidate.next_check_at <= (SELECT now FROM database_clock)
        AND candidate.authentication <> 'vendor_specific' ORDER BY candidate.next_check_at LIMIT 1)
    AND next_check_at <= (SELECT now FROM database_clock)
    RETURNING id, organization_id";

pub(super) async fn list(db: &Db, organization_id: Uuid, after: &str) -> Result<Vec<Registry>, sqlx::Error> {
    fetch_all!(db, Registry, LIST, organization_id, after, PAGE as i64 + 1)
}

pub(super) async fn choices(db: &Db, organization_id: Uuid) -> Result<Vec<Registry>, sqlx::Error> {
    fetch_all!(db, Registry, CHOICES, organization_id)
}

pub(super) async fn ending(db: &Db, organization_id: Uuid, until: Time) -> Result<Vec<Registry>, sqlx::Error> {
    fetch_all!(db, Registry, ENDING, organization_id, until)
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
        registry.vendor.as_str(),
        registry.authentication.as_str(),
        &registry.host,
        &registry.path_prefix,
        &registry.username,
        sealed,
        &registry.ca_certificates,
        &registry.test_repository,
        registry.expires_at,
        &registry.created_by,
        registry.created_at
    )
}

/// What becomes of the sealed password: it stays, or it is this.
pub(super) struct Changed {
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) keeps: bool,
}

/// Rows written: 0 if somebody else changed it since `revision`, or if it is to move while components use it. Its next check
/// is due at once.
pub(super) async fn update(tx: &mut Tx, revision: i64, after: &Registry, secret: Changed) -> Result<u64, sqlx::Error> {
    execute!(
        tx,
        UPDATE,
        after.organization_id,
        after.id,
        revision,
        &after.display_name,
        after.display_name.to_lowercase(),
        after.vendor.as_str(),
        after.authentication.as_str(),
        &after.host,
        &after.path_prefix,
        &after.username,
        i64::from(secret.keeps),
        secret.sealed,
        &after.ca_certificates,
        &after.test_repository,
        after.expires_at,
        after.revision,
        after.credential_version,
        &after.credential_changed_by,
        after.credential_changed_at,
        after.checked_at,
        &after.check_problem,
        &after.check_message,
        &after.check_report
    )
}

/// Rows deleted: 0 if it is used.
pub(super) async fn delete(tx: &mut Tx, organization_id: Uuid, id: Uuid) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE, organization_id, id)
}

pub(super) async fn users(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Vec<Usage>, sqlx::Error> {
    fetch_all!(db, Usage, USERS, organization_id, id)
}

/// Display name and image of every component that uses a registry.
pub(super) async fn images(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Vec<(String, String)>, sqlx::Error> {
    fetch_all!(db, (String, String), IMAGES, organization_id, id)
}

pub(super) async fn credential(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Option<CredentialRow>, sqlx::Error> {
    fetch_optional!(db, CredentialRow, CREDENTIAL, organization_id, id)
}

/// Notes the outcome, unless the registry was changed while it was asked: its next check is due then.
pub(super) async fn note_check(
    tx: &mut Tx,
    registry: &Registry,
    at: Time,
    outcome: &Result<CheckReport, RegistryProblem>,
    next_seconds: i64,
) -> Result<(), sqlx::Error> {
    let problem = outcome.as_ref().err();
    execute!(
        tx,
        NOTE_CHECK,
        registry.id,
        registry.revision,
        at,
        problem.map(RegistryProblem::code),
        problem.map(RegistryProblem::sentence),
        outcome.as_ref().ok().map(Json),
        next_seconds * Time::SECOND
    )
    .map(drop)
}

pub(super) async fn is_check_due(db: &Db) -> Result<bool, sqlx::Error> {
    Ok(fetch_optional!(db, (i64,), IS_CHECK_DUE)?.is_some())
}

pub(super) async fn claim_check(tx: &mut Tx, seconds: i64) -> Result<Option<Due>, sqlx::Error> {
    fetch_optional!(tx, Due, CLAIM_CHECK, seconds * Time::SECOND)
}
