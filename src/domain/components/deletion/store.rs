//! Rows of `component_removals`, and the end of all rows of a component. A remover writes only what is still its own.

use std::fmt;

use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    domain::{
        Context,
        clock::Time,
        components::Component,
        db::{Db, Tx},
        deployments::data_plane::ObjectName,
        pull_secrets::Lying,
    },
    execute, fetch_all, fetch_one, fetch_optional,
};

/// What of a component that is being deleted has yet to go from an environment.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Removal {
    pub environment_id: Uuid,
    /// Why it is still there, in one sentence; `None` if nobody has tried yet.
    pub waits_for: Option<String>,
    /// The last try failed, or it has been going on for too long: it may need a person.
    pub is_stuck: bool,
    /// Tries so far.
    pub attempts: i32,
}

/// An object that stays on a data plane when a component is forgotten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct LeftBehind {
    pub namespace: String,
    pub kind: String,
    pub name: String,
}

impl From<&Lying> for LeftBehind {
    fn from(secret: &Lying) -> Self {
        Self { namespace: secret.namespace.clone(), kind: "Secret".into(), name: secret.name() }
    }
}

/// `Deployment greeter in slw-acme-...`
impl fmt::Display for LeftBehind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} in {}", self.kind, self.name, self.namespace)
    }
}

/// A removal that a remover may write.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Claim {
    pub(super) organization_id: Uuid,
    pub(super) component_id: Uuid,
    pub(super) project_id: Uuid,
    pub(super) environment_id: Uuid,
    pub(super) looks: i32,
    pub(super) attempts: i32,
    pub(super) lease_owner: Uuid,
}

const ASK: &str = "UPDATE components SET deletion_asked_at = $3, deletion_asked_by = $4
    WHERE organization_id = $1 AND id = $2 AND deletion_asked_at IS NULL";

const QUEUE: &str = "INSERT INTO component_removals
    (organization_id, component_id, project_id, environment_id, looks, is_stuck, attempts, not_before, lease_until)
    SELECT DISTINCT organization_id, component_id, project_id, environment_id, 0, 1 = 0, 0, 0, 0 FROM deployments WHERE component_id = $1";

const REMOVALS: &str = "SELECT component_removals.environment_id, component_removals.waits_for, component_removals.is_stuck,
    component_removals.attempts FROM component_removals JOIN environments ON environments.id = component_removals.environment_id
    WHERE component_removals.organization_id = $1 AND component_removals.component_id = $2 ORDER BY environments.position";

// Where nobody could look yet, what was applied may be there.
const LEFT_BEHIND: &str = "SELECT namespaces.name AS namespace, cluster_objects.kind, cluster_objects.name FROM cluster_objects
    JOIN component_removals ON component_removals.component_id = cluster_objects.component_id
        AND component_removals.environment_id = cluster_objects.environment_id
    JOIN namespaces ON namespaces.project_id = component_removals.project_id
        AND namespaces.environment_id = component_removals.environment_id
    WHERE cluster_objects.organization_id = $1 AND cluster_objects.component_id = $2 AND cluster_objects.kind <> 'Namespace'
    AND component_removals.still_there IS NULL";

const STILL_THERE: &str = "SELECT namespaces.name, component_removals.still_there FROM component_removals
    JOIN namespaces ON namespaces.project_id = component_removals.project_id
        AND namespaces.environment_id = component_removals.environment_id
    WHERE component_removals.organization_id = $1 AND component_removals.component_id = $2
    AND component_removals.still_there IS NOT NULL";

const NAMESPACES: &str = "SELECT namespaces.name FROM component_removals
    JOIN namespaces ON namespaces.project_id = component_removals.project_id
        AND namespaces.environment_id = component_removals.environment_id
    WHERE component_removals.organization_id = $1 AND component_removals.component_id = $2 ORDER BY namespaces.name";

const IS_DUE: &str = "SELECT CAST(1 AS BIGINT) FROM component_removals AS due
    WHERE due.not_before <= (SELECT now FROM database_clock) AND due.lease_until < (SELECT now FROM database_clock)
    AND NOT EXISTS (SELECT 1 FROM deployments WHERE deployments.component_id = due.component_id
        AND deployments.environment_id = due.environment_id AND deployments.lease_until >= (SELECT now FROM database_clock)) LIMIT 1";

const CLAIM: &str = "UPDATE component_removals SET lease_owner = $1, lease_until = (SELECT now FROM database_clock) + $2
    WHERE (component_id, environment_id) = (SELECT due.component_id, due.environment_id FROM component_removals AS due
        WHERE due.not_before <= (SELECT now FROM database_clock) AND due.lease_until < (SELECT now FROM database_clock)
        AND NOT EXISTS (SELECT 1 FROM deployments WHERE deployments.component_id = due.component_id
            AND deployments.environment_id = due.environment_id AND deployments.lease_until >= (SELECT now FROM database_clock))
        ORDER BY due.not_before, due.component_id, due.environment_id LIMIT 1)
    AND lease_until < (SELECT now FROM database_clock)
    RETURNING organization_id, component_id, project_id, environment_id, looks, attempts, lease_owner";

const POSTPONE: &str = "UPDATE component_removals SET waits_for = $4, is_stuck = $5, attempts = attempts + 1, looks = $7,
    still_there = COALESCE($8, still_there), not_before = (SELECT now FROM database_clock) + $6, lease_owner = NULL, lease_until = 0
    WHERE component_id = $1 AND environment_id = $2 AND lease_owner = $3";

const HAND_BACK: &str = "UPDATE component_removals SET lease_owner = NULL, lease_until = 0
    WHERE component_id = $1 AND environment_id = $2 AND lease_owner = $3";

const BREAK_LEASES: &str = "UPDATE component_removals SET lease_owner = NULL, lease_until = 0 WHERE lease_until > 0";

const DONE: &str = "DELETE FROM component_removals WHERE component_id = $1 AND environment_id = $2 AND lease_owner = $3";

const REMAINING: &str = "SELECT COUNT(*) FROM component_removals WHERE component_id = $1";

// A write that changes nothing: of two removers that end at once the second waits, then sees what the first one did.
const LOCK: &str = "UPDATE components SET deletion_asked_at = deletion_asked_at WHERE id = $1";

const ENVIRONMENTS: &str = "SELECT DISTINCT environment_id FROM deployments WHERE component_id = $1 ORDER BY environment_id";

const DELETE_EVENTS: &str = "DELETE FROM deployment_events WHERE id IN (SELECT deployment_events.id FROM deployment_events
    JOIN deployments ON deployments.id = deployment_events.deployment_id WHERE deployments.component_id = $1 LIMIT $2)";

const DELETE_REMOVALS: &str = "DELETE FROM component_removals WHERE component_id = $1";

const DELETE_LAST_EVENTS: &str =
    "DELETE FROM deployment_events WHERE deployment_id IN (SELECT id FROM deployments WHERE component_id = $1)";

const DELETE_MANIFESTS: &str = "DELETE FROM deployment_objects WHERE deployment_id IN (SELECT id FROM deployments WHERE component_id = $1)";

const DELETE_DEPLOYMENTS: &str = "DELETE FROM deployments WHERE component_id = $1";

const DELETE_OBJECTS: &str = "DELETE FROM cluster_objects WHERE component_id = $1";

const DELETE_COMPONENT: &str = "DELETE FROM components WHERE id = $1";

/// Rows that one transaction deletes, so that nobody waits long for the writer.
const BATCH: i64 = 2000;

/// False if it was asked for already.
pub(super) async fn ask(tx: &mut Tx, component: &Component, by: &str, now: Time) -> Result<bool, sqlx::Error> {
    execute!(tx, ASK, component.organization_id, component.id, now, by).map(|rows| rows == 1)
}

/// One removal for each environment that it was ever deployed to; gives how many.
pub(super) async fn queue_removals(tx: &mut Tx, component: &Component) -> Result<u64, sqlx::Error> {
    execute!(tx, QUEUE, component.id)
}

pub(super) async fn removals(db: &Db, organization_id: Uuid, component_id: Uuid) -> Result<Vec<Removal>, sqlx::Error> {
    fetch_all!(db, Removal, REMOVALS, organization_id, component_id)
}

/// What was still there at the last look; where nobody could look, what was applied.
pub(super) async fn left_behind(db: &Db, organization_id: Uuid, component_id: Uuid) -> Result<Vec<LeftBehind>, sqlx::Error> {
    let mut left = fetch_all!(db, LeftBehind, LEFT_BEHIND, organization_id, component_id)?;
    for (namespace, Json(objects)) in fetch_all!(db, (String, Json<Vec<ObjectName>>), STILL_THERE, organization_id, component_id)? {
        let objects = objects.into_iter();
        left.extend(objects.map(|ObjectName { kind, name }| LeftBehind { namespace: namespace.clone(), kind, name }));
    }
    Ok(left)
}

/// Kubernetes namespaces of the removals.
pub(super) async fn namespaces(db: &Db, organization_id: Uuid, component_id: Uuid) -> Result<Vec<String>, sqlx::Error> {
    fetch_all!(db, (String,), NAMESPACES, organization_id, component_id).map(|rows| rows.into_iter().map(|(name,)| name).collect())
}

/// Whether any removal is due: a look that costs no write.
pub(super) async fn is_due(db: &Db) -> Result<bool, sqlx::Error> {
    Ok(fetch_optional!(db, (i64,), IS_DUE)?.is_some())
}

/// The removal that is due longest and that no deployment is in the way of.
pub(super) async fn claim(tx: &mut Tx, owner: Uuid, seconds: i64) -> Result<Option<Claim>, sqlx::Error> {
    fetch_optional!(tx, Claim, CLAIM, owner, seconds * Time::SECOND)
}

/// What a try came to that did not end its removal.
pub(super) struct Waiting {
    pub(super) waits_for: String,
    pub(super) is_stuck: bool,
    pub(super) looks: i32,
    /// `None` if nobody could look.
    pub(super) still_there: Option<Vec<ObjectName>>,
    pub(super) seconds: i64,
}

/// False if the removal is no longer the claim's.
pub(super) async fn postpone(tx: &mut Tx, claim: &Claim, waiting: &Waiting) -> Result<bool, sqlx::Error> {
    let Claim { component_id, environment_id, lease_owner, .. } = *claim;
    let Waiting { waits_for, is_stuck, looks, still_there, seconds } = waiting;
    let (later, still_there) = (seconds * Time::SECOND, still_there.as_ref().map(Json));
    execute!(tx, POSTPONE, component_id, environment_id, lease_owner, waits_for, *is_stuck, later, *looks, still_there)
        .map(|rows| rows == 1)
}

pub(super) async fn hand_back(tx: &mut Tx, claim: &Claim) -> Result<(), sqlx::Error> {
    execute!(tx, HAND_BACK, claim.component_id, claim.environment_id, claim.lease_owner).map(drop)
}

pub(super) async fn break_leases(tx: &mut Tx) -> Result<(), sqlx::Error> {
    execute!(tx, BREAK_LEASES).map(drop)
}

/// False if the removal is no longer the claim's.
pub(super) async fn done(tx: &mut Tx, claim: &Claim) -> Result<bool, sqlx::Error> {
    execute!(tx, DONE, claim.component_id, claim.environment_id, claim.lease_owner).map(|rows| rows == 1)
}

pub(super) async fn remaining(tx: &mut Tx, component_id: Uuid) -> Result<i64, sqlx::Error> {
    fetch_one!(tx, (i64,), REMAINING, component_id).map(|(count,)| count)
}

/// The same as a look from outside, which may be old at once.
pub(super) async fn remaining_now(db: &Db, component_id: Uuid) -> Result<i64, sqlx::Error> {
    fetch_one!(db, (i64,), REMAINING, component_id).map(|(count,)| count)
}

/// False if there is no such component any more.
pub(super) async fn lock(tx: &mut Tx, component_id: Uuid) -> Result<bool, sqlx::Error> {
    execute!(tx, LOCK, component_id).map(|rows| rows == 1)
}

/// Environments that it was ever deployed to.
pub(super) async fn environments(tx: &mut Tx, component_id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    fetch_all!(tx, (Uuid,), ENVIRONMENTS, component_id).map(|rows| rows.into_iter().map(|(id,)| id).collect())
}

/// Deletes the events of all its deployments, which may be many, a batch at a time.
pub(super) async fn delete_events(context: &Context, component_id: Uuid) -> Result<(), sqlx::Error> {
    loop {
        let mut tx = context.db.begin().await?;
        let deleted = execute!(tx, DELETE_EVENTS, component_id, BATCH)?;
        tx.commit().await?;
        if deleted < BATCH as u64 {
            return Ok(());
        }
    }
}

pub(super) async fn delete_removals(tx: &mut Tx, component_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, DELETE_REMOVALS, component_id).map(drop)
}

/// All its rows but those of the audit log.
pub(super) async fn delete_rows(tx: &mut Tx, component_id: Uuid) -> Result<(), sqlx::Error> {
    for statement in [DELETE_LAST_EVENTS, DELETE_MANIFESTS, DELETE_DEPLOYMENTS, DELETE_OBJECTS, DELETE_COMPONENT] {
        execute!(tx, statement, component_id)?;
    }
    Ok(())
}
