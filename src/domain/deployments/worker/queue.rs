//! The queue: which deployment a worker may claim, for how long, and what it writes about it. Every write asks whether the
//! lease is still the writer's, so that a worker that lost it changes nothing.

use sqlx::types::Json;
use uuid::Uuid;

use super::LEASE_SECONDS;
use crate::{
    domain::{
        Context,
        clock::Time,
        components::Kind,
        db::Tx,
        deployments::{
            State,
            data_plane::{AppliedObject, Manifest, Place, Snapshot},
            orders,
            release::Names,
            store::{self, Deployment},
        },
        organizations,
        problem::Result,
        pull_secrets,
        registries::Authentication,
    },
    execute, fetch_one, fetch_optional,
};

/// A deployment this worker may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Claim {
    pub id: Uuid,
    pub lease_owner: Uuid,
}

/// Whose component is worked the least comes first, so that one with many environments keeps nobody waiting; then who waits longest.
const CLAIM: &str = "UPDATE deployments SET lease_owner = $1, lease_until = (SELECT now FROM database_clock) + $2
    WHERE id = (SELECT candidate.id FROM deployments AS candidate
        WHERE candidate.state IN ('queued', 'resolving', 'applying', 'rolling_out')
        AND candidate.not_before <= (SELECT now FROM database_clock) AND candidate.lease_until < (SELECT now FROM database_clock)
        AND NOT EXISTS (SELECT 1 FROM deployments AS other WHERE other.component_id = candidate.component_id
            AND other.environment_id = candidate.environment_id AND other.id <> candidate.id
            AND other.lease_until > 0 AND other.lease_until >= (SELECT now FROM database_clock))
        ORDER BY (SELECT count(*) FROM deployments AS busy WHERE busy.component_id = candidate.component_id
            AND busy.lease_until > 0 AND busy.lease_until >= (SELECT now FROM database_clock)),
            candidate.not_before, candidate.id LIMIT 1)
    AND state IN ('queued', 'resolving', 'applying', 'rolling_out') AND lease_until < (SELECT now FROM database_clock)
    RETURNING id, lease_owner";

const RENEW: &str = "UPDATE deployments SET lease_until = (SELECT now FROM database_clock) + $3
    WHERE id = $1 AND lease_owner = $2 AND state IN ('queued', 'resolving', 'applying', 'rolling_out')";

const HOLDS: &str = "SELECT CAST(1 AS BIGINT) FROM deployments
    WHERE id = $1 AND lease_owner = $2 AND state IN ('queued', 'resolving', 'applying', 'rolling_out')";

const HAND_BACK: &str = "UPDATE deployments SET lease_owner = NULL, lease_until = 0 WHERE id = $1 AND lease_owner = $2";

// What was sent to the data plane last may still be on its way: a removal comes after it.
const DELAY_REMOVAL: &str = "UPDATE component_removals SET not_before = (SELECT now FROM database_clock) + $2
    WHERE (component_id, environment_id) = (SELECT component_id, environment_id FROM deployments WHERE id = $1)";

const FIRST_ACTIVE: &str = "UPDATE organizations SET first_active_at = $2 WHERE id = $1 AND first_active_at IS NULL";

const BREAK_LEASES: &str = "UPDATE deployments SET lease_owner = NULL, lease_until = 0 WHERE lease_until > 0";

const POSTPONE: &str = "UPDATE deployments SET attempts = attempts + 1, not_before = (SELECT now FROM database_clock) + $3
    WHERE id = $1 AND lease_owner = $2 AND state IN ('queued', 'resolving', 'applying', 'rolling_out')";

const LOAD: &str =
    "SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload,
    profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over FROM deployments WHERE id = $1 AND lease_owner = $2 AND state IN ('queued', 'resolving', 'applying', 'rolling_out')";

const MOVE: &str =
    "UPDATE deployments SET state = $3, attempts = 0, digest = COALESCE($4, digest), resolved_at = COALESCE($5, resolved_at),
    applied_at = COALESCE($6, applied_at) WHERE id = $1 AND lease_owner = $2 AND state = $7";

const SEE: &str = "UPDATE deployments SET snapshot = $3 WHERE id = $1 AND lease_owner = $2 AND state = 'rolling_out'";

const END: &str =
    "UPDATE deployments SET state = $3, ended_at = $4, problem_code = $5, problem_message = $6, problem_next = $7, log_tail = $8,
    digest = COALESCE(digest, $10), lease_owner = NULL, lease_until = 0 WHERE id = $1 AND lease_owner = $2 AND state = $9";

const REPLACE: &str = "UPDATE deployments SET state = $4 WHERE component_id = $1 AND environment_id = $2 AND state = 'active' AND id <> $3";

const PUT_OBJECT: &str =
    "INSERT INTO cluster_objects (organization_id, component_id, environment_id, kind, name, uid) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (component_id, environment_id, kind, name) DO UPDATE SET uid = excluded.uid";

const AUTHENTICATION: &str = "SELECT authentication FROM registries WHERE organization_id = $1 AND id = $2";

const NAMES: &str = "SELECT projects.name, components.name FROM components JOIN projects ON projects.id = components.project_id
    WHERE components.id = $1";

const FORGET_MANIFESTS: &str = "DELETE FROM deployment_objects WHERE deployment_id = $1";

const PUT_MANIFEST: &str = "INSERT INTO deployment_objects (organization_id, deployment_id, position, kind, name, manifest)
    VALUES ($1, $2, $3, $4, $5, $6)";

/// Locks the component first, as whoever orders a deployment does.
const ROLLS_BACK: &str = "UPDATE components SET image = image WHERE id = $1 AND deletion_asked_at IS NULL RETURNING auto_rollback";

const LAST_EVENT: &str = "SELECT message FROM deployment_events WHERE deployment_id = $1 ORDER BY id DESC LIMIT 1";

const REMOVAL_DELAY_SECONDS: i64 = 2;

/// How a deployment ended badly.
pub(super) struct Failure {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) next: String,
    pub(super) log_tail: Option<String>,
}

/// What a move to the next state learned.
#[derive(Default)]
pub(super) struct Learned {
    pub(super) digest: Option<String>,
    pub(super) resolved_at: Option<Time>,
    pub(super) applied_at: Option<Time>,
    pub(super) objects: Vec<AppliedObject>,
    pub(super) manifests: Vec<Manifest>,
}

pub(super) async fn claim(context: &Context, owner: Uuid) -> Result<Option<Claim>> {
    let mut tx = context.db.begin().await?;
    let claim = fetch_optional!(tx, Claim, CLAIM, owner, LEASE_SECONDS * Time::SECOND)?;
    tx.commit().await?;
    Ok(claim)
}

/// False if the lease is lost.
pub(super) async fn renew(context: &Context, claim: &Claim) -> Result<bool> {
    let mut tx = context.db.begin().await?;
    let renewed = execute!(tx, RENEW, claim.id, claim.lease_owner, LEASE_SECONDS * Time::SECOND)? == 1;
    tx.commit().await?;
    Ok(renewed)
}

pub(super) async fn holds(context: &Context, claim: &Claim) -> Result<bool> {
    Ok(fetch_optional!(context.db, (i64,), HOLDS, claim.id, claim.lease_owner)?.is_some())
}

pub(super) async fn hand_back(context: &Context, claim: &Claim) -> Result<()> {
    let mut tx = context.db.begin().await?;
    let changed = execute!(tx, HAND_BACK, claim.id, claim.lease_owner)?;
    if changed > 0 {
        execute!(tx, DELAY_REMOVAL, claim.id, REMOVAL_DELAY_SECONDS * Time::SECOND)?;
    }
    tx.commit().await?;
    if changed > 0 {
        context.changes.signal(); // a newer deployment may have waited for the lease
    }
    Ok(())
}

pub(super) async fn break_leases(context: &Context) -> Result<()> {
    let mut tx = context.db.begin().await?;
    execute!(tx, BREAK_LEASES)?;
    Ok(tx.commit().await?)
}

/// Puts the next try off and says why.
pub(super) async fn postpone(context: &Context, claim: &Claim, deployment: &Deployment, why: &str, seconds: i64) -> Result<()> {
    let mut tx = context.db.begin().await?;
    if execute!(tx, POSTPONE, claim.id, claim.lease_owner, seconds * Time::SECOND)? == 0 {
        return Ok(()); // the lease is lost
    }
    // A data plane that is away for an hour says the same at every try.
    let last = fetch_optional!(tx, (String,), LAST_EVENT, claim.id)?;
    if last.is_none_or(|(last,)| last != why) {
        tell(context, &mut tx, deployment, "warning", why).await?;
    }
    tx.commit().await?;
    context.changes.signal();
    Ok(())
}

/// The claimed deployment as it stands; `None` if the lease is lost.
pub(super) async fn load(context: &Context, claim: &Claim) -> Result<Option<Deployment>> {
    Ok(fetch_optional!(context.db, Deployment, LOAD, claim.id, claim.lease_owner)?)
}

/// Moves to the next state with an event. False if the lease is lost.
pub(super) async fn advance(
    context: &Context,
    claim: &Claim,
    deployment: &Deployment,
    next: State,
    learned: Learned,
    event: &str,
) -> Result<bool> {
    debug_assert!(deployment.state.may_become(next));
    let mut tx = context.db.begin().await?;
    let moved = execute!(
        tx,
        MOVE,
        claim.id,
        claim.lease_owner,
        next.as_str(),
        learned.digest,
        learned.resolved_at,
        learned.applied_at,
        deployment.state.as_str()
    )?;
    if moved == 0 {
        return Ok(false);
    }
    put_objects(&mut tx, deployment, &learned.objects).await?;
    put_manifests(&mut tx, deployment, &learned.manifests).await?;
    tell(context, &mut tx, deployment, "info", event).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(true)
}

/// Notes what is seen of the rollout, with the events that are news. False if the lease is lost.
pub(super) async fn see(context: &Context, claim: &Claim, deployment: &Deployment, snapshot: &Snapshot, news: &[String]) -> Result<bool> {
    let mut tx = context.db.begin().await?;
    if execute!(tx, SEE, claim.id, claim.lease_owner, Json(snapshot))? == 0 {
        return Ok(false);
    }
    for message in news {
        store::add_event(&mut tx, context, deployment, "warning", message).await?;
    }
    store::announce(&mut tx, context, deployment.organization_id, deployment.component_id).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(true)
}

/// How a deployment ends.
struct Ending {
    state: State,
    failure: Option<Failure>,
    /// What the nodes pulled, where the registry could not be asked; one that is stored already stays.
    digest: Option<String>,
    event: String,
}

/// Ends as Active; what served before is replaced, in the same transaction.
pub(super) async fn activate(context: &Context, claim: &Claim, deployment: &Deployment, pulled: Option<String>) -> Result<()> {
    let event = match pulled.as_ref().filter(|_| deployment.digest.is_none()) {
        Some(digest) => format!("Active: all pods are ready; the nodes pulled {digest}"),
        None if deployment.replicas == 0 => stopped(deployment.workload.kind()).into(),
        None => active(deployment.workload.kind()).into(),
    };
    end(context, claim, deployment, Ending { state: State::Active, failure: None, digest: pulled, event }).await
}

/// What being Active means for a kind.
fn active(kind: Kind) -> &'static str {
    match kind {
        Kind::Service | Kind::WebApplication => "Active: all pods are ready",
        Kind::ScheduledTask => "Active: the schedule is in place",
        Kind::ManualTask => "Active: ready to be run",
    }
}

/// What being stopped means for a kind; a Manual Task can't be.
fn stopped(kind: Kind) -> &'static str {
    match kind {
        Kind::Service | Kind::WebApplication => "Stopped: no pod is left",
        Kind::ScheduledTask | Kind::ManualTask => "Stopped: the schedule is suspended",
    }
}

/// Ends as Failed.
pub(super) async fn fail(context: &Context, claim: &Claim, deployment: &Deployment, failure: Failure) -> Result<()> {
    let event = failure.message.clone();
    end(context, claim, deployment, Ending { state: State::Failed, failure: Some(failure), digest: None, event }).await
}

async fn end(context: &Context, claim: &Claim, deployment: &Deployment, ending: Ending) -> Result<()> {
    let Ending { state, failure, digest, event } = ending;
    debug_assert!(deployment.state.may_become(state));
    let mut tx = context.db.begin().await?;
    let rolls_back = fetch_optional!(tx, (bool,), ROLLS_BACK, deployment.component_id)?.is_some_and(|(rolls_back,)| rolls_back);
    let (code, message, next, log) = match failure {
        Some(failure) => (Some(failure.code), Some(failure.message), Some(failure.next), failure.log_tail),
        None => (None, None, None, None),
    };
    let seen = deployment.state.as_str();
    let now = context.now();
    let ended = execute!(tx, END, claim.id, claim.lease_owner, state.as_str(), now, code, message, next, log, seen, digest)?;
    if ended == 0 {
        return Ok(()); // the lease is lost: another process ends it
    }
    if state == State::Active {
        let followed_by = if deployment.replicas == 0 { State::Stopped } else { State::Replaced };
        execute!(tx, REPLACE, deployment.component_id, deployment.environment_id, deployment.id, followed_by.as_str())?;
        execute!(tx, FIRST_ACTIVE, deployment.organization_id, now)?;
    }
    pull_secrets::uses_ended(&mut tx, deployment.project_id, deployment.environment_id).await?;
    tell(context, &mut tx, deployment, if state == State::Failed { "error" } else { "info" }, &event).await?;
    if state == State::Failed && rolls_back {
        orders::roll_back_by_itself(context, &mut tx, deployment).await?;
    }
    tx.commit().await?;
    context.changes.signal();
    Ok(())
}

async fn tell(context: &Context, tx: &mut Tx, deployment: &Deployment, level: &str, message: &str) -> Result<()> {
    store::add_event(tx, context, deployment, level, message).await?;
    store::announce(tx, context, deployment.organization_id, deployment.component_id).await?;
    Ok(())
}

/// Whether only the data plane's nodes can look into the deployment's registry.
pub(super) async fn is_by_nodes(context: &Context, deployment: &Deployment) -> Result<bool> {
    let (text,) = fetch_one!(context.db, (String,), AUTHENTICATION, deployment.organization_id, deployment.registry_id)?;
    Ok(Authentication::try_from(text).is_ok_and(Authentication::is_by_nodes))
}

/// Where on the data plane a deployment goes, and what things are called there; what has no name yet is given one.
pub(super) async fn names(context: &Context, deployment: &Deployment) -> Result<Names> {
    let Deployment { organization_id, project_id, environment_id, .. } = *deployment;
    let mut tx = context.db.begin().await?;
    let namespace = organizations::namespace(&mut tx, organization_id, project_id, environment_id).await?;
    let host_prefix = organizations::host_prefix(&mut tx, organization_id, environment_id).await?;
    tx.commit().await?;
    let (project, component) = fetch_one!(context.db, (String, String), NAMES, deployment.component_id)?;
    Ok(Names { place: Place { organization_id, project_id, environment_id, namespace }, project, component, host_prefix })
}

/// As sent; nothing in the place of what an earlier try of this state kept, if it is not known this time.
async fn put_manifests(tx: &mut Tx, deployment: &Deployment, manifests: &[Manifest]) -> Result<()> {
    if manifests.is_empty() {
        return Ok(());
    }
    execute!(tx, FORGET_MANIFESTS, deployment.id)?;
    for (position, manifest) in (0_i32..).zip(manifests) {
        let Manifest { kind, name, yaml } = manifest;
        execute!(tx, PUT_MANIFEST, deployment.organization_id, deployment.id, position, kind, name, yaml)?;
    }
    Ok(())
}

async fn put_objects(tx: &mut Tx, deployment: &Deployment, objects: &[AppliedObject]) -> Result<()> {
    for object in objects {
        execute!(
            tx,
            PUT_OBJECT,
            deployment.organization_id,
            deployment.component_id,
            deployment.environment_id,
            &object.kind,
            &object.name,
            &object.uid
        )?;
    }
    Ok(())
}
