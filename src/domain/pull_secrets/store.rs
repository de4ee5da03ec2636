//! Rows of `pull_secrets`. Each write of an outcome asks whether the row is still the writer's.

use uuid::Uuid;

use super::{Lying, Time};
use crate::{
    domain::{
        db::{Db, Tx},
        registries::Authentication,
    },
    execute, fetch_all, fetch_optional,
};

/// Where a registry's credential lies, as the registry's page shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Placed {
    /// Display names.
    pub project: String,
    pub environment: String,
    /// Kubernetes namespace.
    pub namespace: String,
    /// When the credential that lies there was brought there, or brought back; `None` if none does yet.
    pub applied_at: Option<Time>,
    /// Why it could not be brought there last, in one sentence; it is tried again.
    pub problem: Option<String>,
    /// It is the registry's present credential.
    pub in_step: bool,
}

/// What a row is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Key {
    pub(super) registry_id: Uuid,
    pub(super) project_id: Uuid,
    pub(super) environment_id: Uuid,
}

/// A row that the keeper may write.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Claim {
    #[sqlx(flatten)]
    pub(super) key: Key,
    pub(super) organization_id: Uuid,
    pub(super) uid: Option<String>,
    pub(super) applied_version: i64,
    pub(super) applied_at: Option<Time>,
    pub(super) attempts: i32,
    pub(super) lease_owner: Uuid,
}

/// What lies there now.
pub(super) struct Outcome {
    /// `None` = nothing.
    pub(super) uid: Option<String>,
    pub(super) version: i64,
    pub(super) applied_at: Option<Time>,
}

/// What a registry says about its credential.
#[derive(sqlx::FromRow)]
pub(super) struct RegistryRow {
    pub(super) host: String,
    pub(super) path_prefix: Option<String>,
    #[sqlx(try_from = "String")]
    pub(super) authentication: Authentication,
    pub(super) credential_version: i64,
    pub(super) username: Option<String>,
    pub(super) sealed_password: Option<Vec<u8>>,
}

const OF_REGISTRY: &str = "SELECT projects.display_name AS project, environments.display_name AS environment, namespaces.name AS namespace,
    pull_secrets.applied_at, pull_secrets.problem, pull_secrets.applied_version = registries.credential_version AS in_step
    FROM pull_secrets JOIN registries ON registries.id = pull_secrets.registry_id
    JOIN projects ON projects.id = pull_secrets.project_id JOIN environments ON environments.id = pull_secrets.environment_id
    JOIN namespaces ON namespaces.project_id = pull_secrets.project_id AND namespaces.environment_id = pull_secrets.environment_id
    WHERE pull_secrets.organization_id = $1 AND pull_secrets.registry_id = $2
    AND (pull_secrets.uid IS NOT NULL OR registries.sealed_password IS NOT NULL)
    ORDER BY projects.display_name, environments.position, projects.id LIMIT 200";

const REGISTRY: &str = "SELECT host, path_prefix, authentication, credential_version, username, sealed_password FROM registries WHERE organization_id = $1 AND id = $2";

const NAMESPACE: &str = "SELECT name FROM namespaces WHERE project_id = $1 AND environment_id = $2";

const TAKE_UP: &str = "INSERT INTO pull_secrets
    (organization_id, registry_id, project_id, environment_id, applied_version, attempts, not_before, lease_owner, lease_until)
    VALUES ($1, $2, $3, $4, 0, 0, 0, $5, (SELECT now FROM database_clock) + $6)
    ON CONFLICT (registry_id, project_id, environment_id)
    DO UPDATE SET not_before = 0, lease_owner = excluded.lease_owner, lease_until = excluded.lease_until RETURNING uid";

const IS_DUE: &str = "SELECT CAST(1 AS BIGINT) FROM pull_secrets AS due JOIN registries ON registries.id = due.registry_id
    WHERE due.lease_until < (SELECT now FROM database_clock) AND (due.not_before <= (SELECT now FROM database_clock)
        OR (due.attempts = 0 AND due.applied_version <> registries.credential_version)) LIMIT 1";

// A new credential is no reason to hurry where the last apply failed: that waits for its next try.
const CLAIM: &str = "UPDATE pull_secrets SET lease_owner = $1, lease_until = (SELECT now FROM database_clock) + $2
    WHERE (registry_id, project_id, environment_id) = (SELECT due.registry_id, due.project_id, due.environment_id
        FROM pull_secrets AS due JOIN registries ON registries.id = due.registry_id
        WHERE due.lease_until < (SELECT now FROM database_clock) AND (due.not_before <= (SELECT now FROM database_clock)
            OR (due.attempts = 0 AND due.applied_version <> registries.credential_version))
        ORDER BY due.not_before, due.registry_id, due.project_id, due.environment_id LIMIT 1)
    AND lease_until < (SELECT now FROM database_clock)
    RETURNING registry_id, project_id, environment_id, organization_id, uid, applied_version, applied_at, attempts, lease_owner";

const NOTE: &str = "UPDATE pull_secrets SET uid = $5, applied_version = $6, applied_at = $7, problem = NULL, attempts = 0,
    not_before = (SELECT now FROM database_clock) + $8, lease_owner = NULL, lease_until = 0
    WHERE registry_id = $1 AND project_id = $2 AND environment_id = $3 AND lease_owner = $4";

const NOTE_PROBLEM: &str = "UPDATE pull_secrets SET problem = $5, attempts = attempts + 1,
    not_before = (SELECT now FROM database_clock) + $6, lease_owner = NULL, lease_until = 0
    WHERE registry_id = $1 AND project_id = $2 AND environment_id = $3 AND lease_owner = $4";

const MAKE_DUE: &str = "UPDATE pull_secrets SET attempts = 0, not_before = 0, lease_owner = NULL, lease_until = 0
    WHERE registry_id = $1 AND project_id = $2 AND environment_id = $3";

const HAND_BACK: &str = "UPDATE pull_secrets SET lease_owner = NULL, lease_until = 0
    WHERE registry_id = $1 AND project_id = $2 AND environment_id = $3 AND lease_owner = $4";

const BREAK_LEASES: &str = "UPDATE pull_secrets SET lease_owner = NULL, lease_until = 0 WHERE lease_until > 0";

const IS_USED: &str =
    "SELECT CAST(1 AS BIGINT) FROM registry_uses WHERE registry_id = $1 AND project_id = $2 AND environment_id = $3 LIMIT 1";

const DELETE_UNUSED: &str = "DELETE FROM pull_secrets
    WHERE registry_id = $1 AND project_id = $2 AND environment_id = $3 AND lease_owner = $4
    AND NOT EXISTS (SELECT 1 FROM registry_uses AS uses
        WHERE uses.registry_id = $1 AND uses.project_id = $2 AND uses.environment_id = $3)";

// Whoever is at work on one will find it is no longer the owner, and make it due again; until then nobody else begins.
const MAKE_UNUSED_DUE: &str = "UPDATE pull_secrets SET not_before = 0, lease_owner = NULL
    WHERE project_id = $1 AND environment_id = $2 AND NOT EXISTS (SELECT 1 FROM registry_uses AS uses
        WHERE uses.registry_id = pull_secrets.registry_id AND uses.project_id = $1 AND uses.environment_id = $2)";

const ONLY_USED_BY: &str =
    "SELECT namespaces.name AS namespace, pull_secrets.registry_id, pull_secrets.project_id, pull_secrets.environment_id FROM pull_secrets
    JOIN namespaces ON namespaces.project_id = pull_secrets.project_id AND namespaces.environment_id = pull_secrets.environment_id
    WHERE pull_secrets.organization_id = $1 AND pull_secrets.uid IS NOT NULL
    AND EXISTS (SELECT 1 FROM component_removals JOIN deployments ON deployments.component_id = component_removals.component_id
            AND deployments.environment_id = component_removals.environment_id
        WHERE component_removals.component_id = $2 AND component_removals.environment_id = pull_secrets.environment_id
        AND deployments.registry_id = pull_secrets.registry_id AND deployments.project_id = pull_secrets.project_id)
    AND NOT EXISTS (SELECT 1 FROM deployments WHERE deployments.registry_id = pull_secrets.registry_id
        AND deployments.project_id = pull_secrets.project_id AND deployments.environment_id = pull_secrets.environment_id
        AND deployments.component_id <> $2)";

const FORGET: &str = "DELETE FROM pull_secrets WHERE registry_id = $1 AND project_id = $2 AND environment_id = $3
    AND NOT EXISTS (SELECT 1 FROM deployments WHERE deployments.registry_id = $1
        AND deployments.project_id = $2 AND deployments.environment_id = $3)";

pub(super) async fn of_registry(db: &Db, organization_id: Uuid, registry_id: Uuid) -> Result<Vec<Placed>, sqlx::Error> {
    fetch_all!(db, Placed, OF_REGISTRY, organization_id, registry_id)
}

pub(super) async fn registry(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Option<RegistryRow>, sqlx::Error> {
    fetch_optional!(db, RegistryRow, REGISTRY, organization_id, id)
}

pub(super) async fn namespace(db: &Db, key: Key) -> Result<Option<String>, sqlx::Error> {
    Ok(fetch_optional!(db, (String,), NAMESPACE, key.project_id, key.environment_id)?.map(|(name,)| name))
}

/// Makes the row if there is none and marks it as the owner's, whoever's it was; gives the uid that is known.
pub(super) async fn take_up(
    tx: &mut Tx,
    organization_id: Uuid,
    key: Key,
    owner: Uuid,
    seconds: i64,
) -> Result<Option<String>, sqlx::Error> {
    let Key { registry_id, project_id, environment_id } = key;
    let lease = seconds * Time::SECOND;
    let row = fetch_optional!(tx, (Option<String>,), TAKE_UP, organization_id, registry_id, project_id, environment_id, owner, lease)?;
    Ok(row.and_then(|(uid,)| uid))
}

/// Whether any row is due: a look that costs no write.
pub(super) async fn is_due(db: &Db) -> Result<bool, sqlx::Error> {
    Ok(fetch_optional!(db, (i64,), IS_DUE)?.is_some())
}

/// The row that is due longest, if any is. `None` also if another replica was quicker.
pub(super) async fn claim(tx: &mut Tx, owner: Uuid, seconds: i64) -> Result<Option<Claim>, sqlx::Error> {
    fetch_optional!(tx, Claim, CLAIM, owner, seconds * Time::SECOND)
}

/// False if the row is no longer the owner's.
pub(super) async fn note(tx: &mut Tx, key: Key, owner: Uuid, outcome: &Outcome, again_in: i64) -> Result<bool, sqlx::Error> {
    let Key { registry_id, project_id, environment_id } = key;
    let Outcome { uid, version, applied_at } = outcome;
    let again = again_in * Time::SECOND;
    execute!(tx, NOTE, registry_id, project_id, environment_id, owner, uid, version, applied_at, again).map(|rows| rows == 1)
}

/// False if the row is no longer the owner's.
pub(super) async fn note_problem(tx: &mut Tx, key: Key, owner: Uuid, problem: &str, again_in: i64) -> Result<bool, sqlx::Error> {
    let Key { registry_id, project_id, environment_id } = key;
    let again = again_in * Time::SECOND;
    execute!(tx, NOTE_PROBLEM, registry_id, project_id, environment_id, owner, problem, again).map(|rows| rows == 1)
}

/// Due at once, and nobody's: an owner that is still at work will not note what it did.
pub(super) async fn make_due(tx: &mut Tx, key: Key) -> Result<(), sqlx::Error> {
    execute!(tx, MAKE_DUE, key.registry_id, key.project_id, key.environment_id).map(drop)
}

pub(super) async fn hand_back(tx: &mut Tx, key: Key, owner: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, HAND_BACK, key.registry_id, key.project_id, key.environment_id, owner).map(drop)
}

pub(super) async fn break_leases(tx: &mut Tx) -> Result<(), sqlx::Error> {
    execute!(tx, BREAK_LEASES).map(drop)
}

/// Whether what runs there, or is on its way there, pulls with the credential.
pub(super) async fn is_used(db: &Db, key: Key) -> Result<bool, sqlx::Error> {
    fetch_optional!(db, (i64,), IS_USED, key.registry_id, key.project_id, key.environment_id).map(|row| row.is_some())
}

/// Each secret in the places of a component's removals that no other component uses.
pub(super) async fn only_used_by(db: &Db, organization_id: Uuid, component_id: Uuid) -> Result<Vec<Lying>, sqlx::Error> {
    fetch_all!(db, Lying, ONLY_USED_BY, organization_id, component_id)
}

pub(super) async fn forget(tx: &mut Tx, key: Key) -> Result<(), sqlx::Error> {
    execute!(tx, FORGET, key.registry_id, key.project_id, key.environment_id).map(drop)
}

/// False if it is used again, or if the row is no longer the owner's.
pub(super) async fn delete_unused(tx: &mut Tx, key: Key, owner: Uuid) -> Result<bool, sqlx::Error> {
    execute!(tx, DELETE_UNUSED, key.registry_id, key.project_id, key.environment_id, owner).map(|rows| rows == 1)
}

pub(super) async fn make_unused_due(tx: &mut Tx, project_id: Uuid, environment_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, MAKE_UNUSED_DUE, project_id, environment_id).map(drop)
}
