//! Rows of `deployments` as pages and verbs see them; the queue's own statements are in `worker::queue`.

use std::collections::BTreeMap;

use sqlx::types::Json;
use uuid::Uuid;

use super::{Action, PAGE, State, data_plane::Snapshot};
use crate::{
    domain::{
        Caller, Context,
        clock::{Time, first_id_of},
        components::{Component, SecurityProfile, Workload},
        db::{Db, Tx},
        images::ImageReference,
        organizations::Environment,
    },
    execute, fetch_all, fetch_optional,
};

/// One deployment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Deployment {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub project_id: Uuid,
    pub component_id: Uuid,
    pub environment_id: Uuid,
    pub registry_id: Uuid,
    /// What was asked for.
    #[sqlx(try_from = "String")]
    pub image: ImageReference,
    /// What the worker found it to be: `sha256:...`.
    pub digest: Option<String>,
    pub endpoints_yaml: String,
    #[sqlx(json)]
    pub workload: Workload,
    #[sqlx(try_from = "String")]
    pub profile: SecurityProfile,
    #[sqlx(try_from = "String")]
    pub state: State,
    /// The rollout as seen last.
    pub snapshot: Option<Json<Snapshot>>,
    /// Why it failed: code, sentence, next step, and the last lines of the container's log.
    pub problem_code: Option<String>,
    pub problem_message: Option<String>,
    pub problem_next: Option<String>,
    pub log_tail: Option<String>,
    pub created_by: String,
    pub created_at: Time,
    pub resolved_at: Option<Time>,
    pub applied_at: Option<Time>,
    pub ended_at: Option<Time>,
    /// How often the present state was tried.
    pub attempts: i32,
    /// What kind of order it is.
    #[sqlx(try_from = "String")]
    pub action: Action,
    /// The deployment whose release this one takes.
    pub source_id: Option<Uuid>,
    /// Why a person rolled back.
    pub reason: Option<String>,
    /// 0: stopped; of a Scheduled Task, its schedule is suspended.
    pub replicas: i32,
    /// Name of the endpoint that has the component's own path; of a Service.
    pub default_endpoint: Option<String>,
    /// Fields that other managers own are taken over.
    pub takes_over: bool,
}

impl Deployment {
    /// A new one of an image with the component's present endpoints and settings.
    pub(super) fn queued(
        context: &Context,
        caller: &Caller,
        component: &Component,
        environment: &Environment,
        image: ImageReference,
    ) -> Self {
        Self {
            id: context.new_id(),
            organization_id: component.organization_id,
            project_id: component.project_id,
            component_id: component.id,
            environment_id: environment.id,
            registry_id: component.registry_id,
            digest: image.digest().map(str::to_owned),
            image,
            endpoints_yaml: component.endpoints_yaml.clone(),
            workload: component.workload.clone(),
            profile: component.profile,
            state: State::Queued,
            snapshot: None,
            problem_code: None,
            problem_message: None,
            problem_next: None,
            log_tail: None,
            created_by: caller.email.clone(),
            created_at: context.now(),
            resolved_at: None,
            applied_at: None,
            ended_at: None,
            attempts: 0,
            action: Action::Deploy,
            source_id: None,
            reason: None,
            replicas: 1,
            default_endpoint: component.default_endpoint.clone(),
            takes_over: false,
        }
    }

    /// A new one of the same release: image by the same digest, endpoints and settings.
    pub(super) fn again(&self, context: &Context, created_by: &str, environment_id: Uuid, action: Action) -> Self {
        Self {
            id: context.new_id(),
            environment_id,
            state: State::Queued,
            snapshot: None,
            problem_code: None,
            problem_message: None,
            problem_next: None,
            log_tail: None,
            created_by: created_by.to_owned(),
            created_at: context.now(),
            resolved_at: None,
            applied_at: None,
            ended_at: None,
            attempts: 0,
            action,
            source_id: Some(self.id),
            reason: None,
            takes_over: false,
            ..self.clone()
        }
    }

    /// Something was or may have been put on the data plane for it, or its image is known: it can be had again.
    pub(super) fn is_repeatable(&self) -> bool {
        self.digest.is_some() || self.applied_at.is_some()
    }
}

/// An image that a component ran or tried, as its newest deployment had it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PreviousImage {
    pub deployment_id: Uuid,
    pub environment_id: Uuid,
    pub registry_id: Uuid,
    #[sqlx(try_from = "String")]
    pub image: ImageReference,
    /// `sha256:...`; never missing.
    pub digest: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub created_by: String,
    pub created_at: Time,
    /// It is Active in some environment.
    pub runs: bool,
}

/// An object of a deployment, as it was applied; the content of secrets is left out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredObject {
    pub kind: String,
    pub name: String,
    /// YAML.
    pub manifest: String,
}

/// Something that happened to a deployment, in plain words.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    pub at: Time,
    /// `info`, `warning` or `error`
    pub level: String,
    pub message: String,
}

/// A deployment in a few words, with what happened to it last.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Recent {
    pub id: Uuid,
    pub environment_id: Uuid,
    #[sqlx(try_from = "String")]
    pub image: ImageReference,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub created_by: String,
    pub created_at: Time,
    /// Its last event, in plain words; `None` when its events are gone with the years.
    pub last_event: Option<String>,
}

const INSERT: &str = "INSERT INTO deployments (id, organization_id, project_id, component_id, environment_id, registry_id, image, digest,
    endpoints_yaml, workload, profile, state, created_by, created_at, action, source_id, reason, replicas, default_endpoint, takes_over,
    attempts, not_before, lease_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', $12, $13, $14, $15, $16, $17, $18, $19, 0,
    (SELECT now FROM database_clock), 0)";

const SUPERSEDE: &str = "UPDATE deployments SET state = CASE WHEN state IN ('queued', 'resolving') THEN 'superseded' ELSE 'cancelled' END,
    ended_at = $3, problem_code = 'overtaken', problem_message = $4
    WHERE component_id = $1 AND environment_id = $2 AND state IN ('queued', 'resolving', 'applying', 'rolling_out') RETURNING id";

const CANCEL_FOR_DELETION: &str =
    "UPDATE deployments SET state = CASE WHEN state IN ('queued', 'resolving') THEN 'superseded' ELSE 'cancelled' END,
    ended_at = $2, problem_code = 'deleted', problem_message = 'The component is being deleted.'
    WHERE component_id = $1 AND state IN ('queued', 'resolving', 'applying', 'rolling_out')";

const CANCEL: &str = "UPDATE deployments SET state = 'cancelled', ended_at = $4, problem_code = 'cancelled', problem_message = $5
    WHERE organization_id = $1 AND component_id = $2 AND id = $3 AND state IN ('queued', 'resolving', 'applying', 'rolling_out')";

/// Changes nothing: the worker waits until this transaction ends.
const LOCK: &str = "UPDATE deployments SET attempts = attempts WHERE organization_id = $1 AND component_id = $2 AND id = $3";

/// Those that ended at the moment in which the newer one was queued.
const OVERTAKEN: &str =
    "SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload,
    profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over FROM deployments
    WHERE organization_id = $1 AND component_id = $2 AND environment_id = $3 AND id < $4 AND ended_at = $5 AND problem_code = 'overtaken'
    ORDER BY id DESC LIMIT 20";

// Each digest once, as its newest deployment had it.
const PREVIOUS_IMAGES: &str = "SELECT newest.id AS deployment_id, newest.environment_id, newest.registry_id, newest.image, newest.digest,
    newest.state, newest.created_by, newest.created_at, EXISTS (SELECT 1 FROM deployments AS running
        WHERE running.component_id = newest.component_id AND running.digest = newest.digest AND running.state = 'active'
        AND running.replicas > 0) AS runs
    FROM deployments AS newest WHERE newest.organization_id = $1 AND newest.component_id = $2 AND newest.digest IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM deployments AS later WHERE later.component_id = newest.component_id
        AND later.digest = newest.digest AND later.id > newest.id)
    ORDER BY newest.id DESC LIMIT 50";

const KEEP_SCHEMAS_OF: &str = "INSERT INTO deployment_schemas (organization_id, deployment_id, file_name, kind, summary, bytes, sha256)
    SELECT organization_id, $2, file_name, kind, summary, bytes, sha256 FROM deployment_schemas WHERE deployment_id = $1";

/// Changes nothing: whoever comes next waits until this transaction ends.
const LOCK_COMPONENT: &str = "UPDATE components SET image = image WHERE organization_id = $1 AND id = $2 AND deletion_asked_at IS NULL
    RETURNING id, organization_id, project_id, name, display_name, description, workload, registry_id, image, endpoints_yaml,
    profile, webhook_repository, default_endpoint, auto_rollback, revision, deletion_asked_at, created_by, created_at";

const SET_DEFAULT_ENDPOINT: &str = "UPDATE components SET default_endpoint = $2 WHERE id = $1";

const SET_COMPONENT_IMAGE: &str = "UPDATE components SET image = $2, registry_id = $3 WHERE id = $1 AND deletion_asked_at IS NULL
    RETURNING id, organization_id, project_id, name, display_name, description, workload, registry_id, image, endpoints_yaml,
    profile, webhook_repository, default_endpoint, auto_rollback, revision, deletion_asked_at, created_by, created_at";

const NEWEST: &str =
    "SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload,
    profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over FROM deployments WHERE organization_id = $1 AND component_id = $2 AND environment_id = $3 ORDER BY id DESC LIMIT 1";

const SERVING: &str = "SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload,
    profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over FROM deployments WHERE organization_id = $1 AND component_id = $2 AND environment_id = $3 AND state = 'active' ORDER BY id DESC LIMIT 1";

const HISTORY: &str =
    "SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload,
    profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over FROM deployments WHERE organization_id = $1 AND component_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";

const FIND: &str =
    "SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload,
    profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over FROM deployments WHERE organization_id = $1 AND component_id = $2 AND id = $3";

const RECENT: &str = "SELECT deployments.id, deployments.environment_id, deployments.image, deployments.state, deployments.created_by,
    deployments.created_at, (SELECT message FROM deployment_events WHERE deployment_id = deployments.id ORDER BY id DESC LIMIT 1) AS last_event
    FROM deployments WHERE deployments.organization_id = $1 AND deployments.component_id = $2 ORDER BY deployments.id DESC LIMIT $3";

const OBJECT_UIDS: &str =
    "SELECT kind, name, uid FROM cluster_objects WHERE organization_id = $1 AND component_id = $2 AND environment_id = $3";

const OBJECTS: &str =
    "SELECT kind, name, manifest FROM deployment_objects WHERE organization_id = $1 AND deployment_id = $2 ORDER BY position";

const ADD_EVENT: &str =
    "INSERT INTO deployment_events (id, organization_id, deployment_id, at, level, message) VALUES ($1, $2, $3, $4, $5, $6)";

const EVENTS: &str =
    "SELECT at, level, message FROM deployment_events WHERE organization_id = $1 AND deployment_id = $2 ORDER BY id DESC LIMIT 200";

// The newest stay: readers look back over them.
const DELETE_CHANGES: &str = "DELETE FROM changes WHERE sequence IN (SELECT sequence FROM changes
    WHERE at < $1 AND sequence < (SELECT max(sequence) - 1000 FROM changes) ORDER BY sequence LIMIT 5000)";

const DELETE_EVENTS: &str =
    "DELETE FROM deployment_events WHERE id IN (SELECT id FROM deployment_events WHERE id < $1 ORDER BY id LIMIT 5000)";

const ANNOUNCE: &str = "INSERT INTO changes (organization_id, component_id, at) VALUES ($1, $2, $3)";

const VISIBLE: &str = "SELECT CAST(1 AS BIGINT) FROM components
    JOIN memberships ON memberships.organization_id = components.organization_id WHERE memberships.person_id = $1 AND components.id = $2";

pub(super) async fn insert(tx: &mut Tx, new: &Deployment) -> Result<(), sqlx::Error> {
    execute!(
        tx,
        INSERT,
        new.id,
        new.organization_id,
        new.project_id,
        new.component_id,
        new.environment_id,
        new.registry_id,
        new.image.to_string(),
        &new.digest,
        &new.endpoints_yaml,
        Json(&new.workload),
        new.profile.as_str(),
        &new.created_by,
        new.created_at,
        new.action.as_str(),
        new.source_id,
        &new.reason,
        new.replicas,
        &new.default_endpoint,
        new.takes_over
    )
    .map(drop)
}

/// Ends what is still open before `new` in its environment, and says why; gives the ids of what it ended.
pub(super) async fn supersede(tx: &mut Tx, new: &Deployment, why: &str) -> Result<Vec<Uuid>, sqlx::Error> {
    let ended = fetch_all!(tx, (Uuid,), SUPERSEDE, new.component_id, new.environment_id, new.created_at, why)?;
    Ok(ended.into_iter().map(|(id,)| id).collect())
}

/// Ends one that is open; false if it has ended already.
pub(super) async fn cancel(tx: &mut Tx, deployment: &Deployment, now: Time, why: &str) -> Result<bool, sqlx::Error> {
    let ended = execute!(tx, CANCEL, deployment.organization_id, deployment.component_id, deployment.id, now, why)?;
    Ok(ended == 1)
}

pub(super) async fn overtaken(db: &Db, by: &Deployment) -> Result<Vec<Deployment>, sqlx::Error> {
    fetch_all!(db, Deployment, OVERTAKEN, by.organization_id, by.component_id, by.environment_id, by.id, by.created_at)
}

pub(super) async fn previous_images(db: &Db, organization_id: Uuid, component_id: Uuid) -> Result<Vec<PreviousImage>, sqlx::Error> {
    fetch_all!(db, PreviousImage, PREVIOUS_IMAGES, organization_id, component_id)
}

/// The new deployment gets the schema files of the one that it repeats.
pub(super) async fn keep_schemas_of(tx: &mut Tx, source_id: Uuid, new_id: Uuid) -> Result<u64, sqlx::Error> {
    execute!(tx, KEEP_SCHEMAS_OF, source_id, new_id)
}

/// The component as it is now, and nobody else's until the transaction ends; `None` if it is going away.
pub(super) async fn lock_component(tx: &mut Tx, organization_id: Uuid, component_id: Uuid) -> Result<Option<Component>, sqlx::Error> {
    fetch_optional!(tx, Component, LOCK_COMPONENT, organization_id, component_id)
}

pub(super) async fn set_default_endpoint(tx: &mut Tx, component_id: Uuid, name: Option<&str>) -> Result<u64, sqlx::Error> {
    execute!(tx, SET_DEFAULT_ENDPOINT, component_id, name)
}

pub(super) async fn cancel_for_deletion(tx: &mut Tx, component_id: Uuid, now: Time) -> Result<u64, sqlx::Error> {
    execute!(tx, CANCEL_FOR_DELETION, component_id, now)
}

/// The component as it is then; `None` if it is going away.
pub(super) async fn set_component_image(
    tx: &mut Tx,
    component_id: Uuid,
    registry_id: Uuid,
    image: &ImageReference,
) -> Result<Option<Component>, sqlx::Error> {
    fetch_optional!(tx, Component, SET_COMPONENT_IMAGE, component_id, image.to_string(), registry_id)
}

/// As [`newest`] and [`serving`], within the transaction that decides by them.
pub(super) async fn standing_in(
    tx: &mut Tx,
    organization_id: Uuid,
    component_id: Uuid,
    environment_id: Uuid,
) -> Result<(Option<Deployment>, Option<Deployment>), sqlx::Error> {
    let newest = fetch_optional!(tx, Deployment, NEWEST, organization_id, component_id, environment_id)?;
    Ok((newest, fetch_optional!(tx, Deployment, SERVING, organization_id, component_id, environment_id)?))
}

/// The deployment as it is now, and nobody else's until the transaction ends.
pub(super) async fn locked(tx: &mut Tx, organization_id: Uuid, component_id: Uuid, id: Uuid) -> Result<Option<Deployment>, sqlx::Error> {
    execute!(tx, LOCK, organization_id, component_id, id)?;
    find_in(tx, organization_id, component_id, id).await
}

pub(super) async fn find_in(tx: &mut Tx, organization_id: Uuid, component_id: Uuid, id: Uuid) -> Result<Option<Deployment>, sqlx::Error> {
    fetch_optional!(tx, Deployment, FIND, organization_id, component_id, id)
}

pub(super) async fn newest(
    db: &Db,
    organization_id: Uuid,
    component_id: Uuid,
    environment_id: Uuid,
) -> Result<Option<Deployment>, sqlx::Error> {
    fetch_optional!(db, Deployment, NEWEST, organization_id, component_id, environment_id)
}

pub(super) async fn serving(
    db: &Db,
    organization_id: Uuid,
    component_id: Uuid,
    environment_id: Uuid,
) -> Result<Option<Deployment>, sqlx::Error> {
    fetch_optional!(db, Deployment, SERVING, organization_id, component_id, environment_id)
}

pub(super) async fn history(db: &Db, organization_id: Uuid, component_id: Uuid, before: Uuid) -> Result<Vec<Deployment>, sqlx::Error> {
    fetch_all!(db, Deployment, HISTORY, organization_id, component_id, before, PAGE as i64 + 1)
}

pub(super) async fn recent(db: &Db, organization_id: Uuid, component_id: Uuid, limit: i64) -> Result<Vec<Recent>, sqlx::Error> {
    fetch_all!(db, Recent, RECENT, organization_id, component_id, limit)
}

/// Uids of the component's objects in its environment, keyed `Kind/name`.
pub(super) async fn object_uids(db: &Db, of: &Deployment) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let rows = fetch_all!(db, (String, String, String), OBJECT_UIDS, of.organization_id, of.component_id, of.environment_id)?;
    Ok(rows.into_iter().map(|(kind, name, uid)| (format!("{kind}/{name}"), uid)).collect())
}

pub(super) async fn objects(db: &Db, organization_id: Uuid, deployment_id: Uuid) -> Result<Vec<StoredObject>, sqlx::Error> {
    fetch_all!(db, StoredObject, OBJECTS, organization_id, deployment_id)
}

pub(super) async fn find(db: &Db, organization_id: Uuid, component_id: Uuid, id: Uuid) -> Result<Option<Deployment>, sqlx::Error> {
    fetch_optional!(db, Deployment, FIND, organization_id, component_id, id)
}

pub(super) async fn add_event(
    tx: &mut Tx,
    context: &Context,
    deployment: &Deployment,
    level: &str,
    message: &str,
) -> Result<(), sqlx::Error> {
    add_event_of(tx, context, deployment.organization_id, deployment.id, level, message).await
}

pub(super) async fn add_event_of(
    tx: &mut Tx,
    context: &Context,
    organization_id: Uuid,
    deployment_id: Uuid,
    level: &str,
    message: &str,
) -> Result<(), sqlx::Error> {
    execute!(tx, ADD_EVENT, context.new_id(), organization_id, deployment_id, context.now(), level, message).map(drop)
}

pub(super) async fn events(db: &Db, organization_id: Uuid, deployment_id: Uuid) -> Result<Vec<Event>, sqlx::Error> {
    fetch_all!(db, Event, EVENTS, organization_id, deployment_id)
}

/// Tells live pages that something about the component changed.
pub(super) async fn announce(tx: &mut Tx, context: &Context, organization_id: Uuid, component_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, ANNOUNCE, organization_id, component_id, context.now()).map(drop)
}

pub(super) async fn visible(db: &Db, person_id: Uuid, component_id: Uuid) -> Result<bool, sqlx::Error> {
    fetch_optional!(db, (i64,), VISIBLE, person_id, component_id).map(|row| row.is_some())
}

pub(super) async fn delete_changes(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE_CHANGES, before)
}

/// By their ids, which sort by time.
pub(super) async fn delete_events(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE_EVENTS, first_id_of(before))
}
