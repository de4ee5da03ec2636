//! What Slipway asks of a data plane: the trait, what is handed over, and what is seen there.
//! Real: `outside::kubernetes`; for trying out: `outside::simulated`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use futures::stream::BoxStream;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    clock::Time,
    components::{SecurityProfile, Workload},
    endpoints::Endpoint,
    images::ImageReference,
    routes::{Capabilities, Entrance},
};

/// A data plane: where container workloads run.
#[async_trait]
pub trait DataPlane: Send + Sync {
    /// True for the in-memory one; pages that show its state say so.
    fn is_simulated(&self) -> bool;
    /// How requests come in, by configuration.
    fn entrance(&self) -> &Entrance;
    /// Makes the cluster's objects those of the release. May be repeated: the second time changes nothing.
    async fn apply(&self, release: &Release) -> Result<Vec<AppliedObject>, ApplyProblem>;
    /// Makes the Secret at its place hold the credential, and nothing else there what it is. May be repeated. Never
    /// makes the namespace: without one nothing pulls.
    async fn apply_pull_secret(&self, place: &SecretPlace, secret: &PullSecret) -> Result<AppliedObject, ApplyProblem>;
    /// Deletes the Secret at its place; one that is gone, or that is not ours, is as good.
    async fn remove_pull_secret(&self, place: &SecretPlace) -> Result<(), ApplyProblem>;
    /// Follows the rollout of an applied release: a snapshot at once and one at each change. Ends when the
    /// connection breaks; the caller asks again.
    async fn observe(&self, release: &Release) -> BoxStream<'static, Snapshot>;
    /// Deletes every object of a component in a namespace, and tells what is still there: a cluster ends pods by and by.
    /// Ask again until nothing is. A namespace that is gone holds nothing; one that is not ours is refused.
    async fn remove(&self, place: &Place, component_id: Uuid) -> Result<Vec<ObjectName>, ApplyProblem>;
    /// What an apply of the release would change: a dry run, which changes nothing. Objects of the component that the release no
    /// longer contains are in it too.
    async fn preview(&self, release: &Release) -> Result<Vec<PlannedObject>, ApplyProblem>;
    /// The objects that an apply of the release sends, in its order, without the content of secrets.
    async fn manifests(&self, release: &Release) -> Result<Vec<Manifest>, ApplyProblem>;
    /// What it offers for endpoints.
    async fn capabilities(&self) -> Result<Capabilities, ApplyProblem>;
    /// The platforms of its nodes, each once.
    async fn node_platforms(&self) -> Result<Vec<NodePlatform>, ApplyProblem>;
    /// The last lines a pod's container wrote; `previous` = the run before its last restart. At most 200 lines and 64 KiB.
    async fn last_log_lines(&self, release: &Release, pod: &str, previous: bool) -> Result<String, ApplyProblem>;
}

/// A namespace on the data plane and whose it is. Components of a project share it in each environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub organization_id: Uuid,
    pub project_id: Uuid,
    pub environment_id: Uuid,
    /// Kubernetes namespace; computed once per organization, project and environment.
    pub namespace: String,
}

/// Everything the data plane needs to know of one deployment.
#[derive(Clone, Debug)]
pub struct Release {
    pub place: Place,
    pub component_id: Uuid,
    pub deployment_id: Uuid,
    /// The registry that the image comes from.
    pub registry_id: Uuid,
    /// DNS-1123 label of at most 50 characters.
    pub component_name: String,
    /// Canonical reference with digest (or, where only the nodes can look, with tag).
    pub image: ImageReference,
    pub workload: Workload,
    /// Of a Service; empty for all other kinds.
    pub endpoints: Vec<Endpoint>,
    pub profile: SecurityProfile,
    /// What the pods list, if the registry asks for a credential; it lies at [`Release::secret_place`].
    pub pull_secret: Option<PullSecret>,
    /// 0: stopped; a Scheduled Task is suspended.
    pub replicas: u32,
    pub project_name: String,
    /// Host under which the environment's Public endpoints answer: `development-acme.apps.example.com`; none: not configured.
    pub base_host: Option<String>,
    /// Name of the endpoint that has the component's own path; none: the first.
    pub default_endpoint: Option<String>,
    /// Fields that other managers own are taken over.
    pub takes_over: bool,
    /// Uids of this component's objects here and of its pull secret, keyed `Kind/name`; an object that is not in it is
    /// created, never adopted unless it carries the labels of this component or, a pull secret, of its registry.
    pub known_uids: BTreeMap<String, String>,
}

impl Release {
    /// Where the credential of its registry lies.
    pub fn secret_place(&self) -> SecretPlace {
        let (place, registry_id) = (self.place.clone(), self.registry_id);
        let known_uid = self.known_uids.get(&format!("Secret/{}", secret_name(registry_id))).cloned();
        SecretPlace { place, registry_id, known_uid }
    }
}

/// Where a registry's credential lies: one Secret in a namespace, shared by all components whose images come from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPlace {
    pub place: Place,
    pub registry_id: Uuid,
    /// Uid of the Secret as it was applied last.
    pub known_uid: Option<String>,
}

impl SecretPlace {
    /// The Secret's name in its namespace.
    pub fn name(&self) -> String {
        secret_name(self.registry_id)
    }
}

/// `slw-registry-<last 8 hex digits of the registry's id>`: the first digits of a UUIDv7 are the time and would be shared
/// by registries of one minute.
pub(in crate::domain) fn secret_name(registry_id: Uuid) -> String {
    let id = registry_id.simple().to_string();
    format!("slw-registry-{}", &id[id.len() - 8..])
}

/// The credential that the data plane's nodes pull with.
#[derive(Clone, Debug)]
pub struct PullSecret {
    /// The registry's `credential_version` that this is.
    pub version: i64,
    /// The key under `auths`: the canonical host with port, `https://index.docker.io/v1/`, or host and path.
    pub auth_key: String,
    pub username: String,
    pub password: SecretString,
}

/// An object as it stands on the data plane after an apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedObject {
    pub kind: String,
    pub name: String,
    pub uid: String,
    /// True if this apply made it or changed it.
    pub changed: bool,
}

/// An object by its name in a namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectName {
    pub kind: String,
    pub name: String,
}

/// A platform, as images name it, and how many nodes have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct NodePlatform {
    /// `linux`, ...
    pub os: String,
    /// `amd64`, `arm64`, ...
    pub architecture: String,
    pub nodes: i32,
}

/// An object that an apply would send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub kind: String,
    pub name: String,
    /// YAML; the content of a Secret is left out.
    pub yaml: String,
}

/// What an apply would do with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plan {
    Create,
    Change,
    Keep,
    Delete,
}

/// An object and what an apply would do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedObject {
    pub kind: String,
    pub name: String,
    pub plan: Plan,
    /// YAML as it stands, without what the cluster adds by itself; none of one that is made.
    pub before: Option<String>,
    /// YAML as it would stand; none of one that goes.
    pub after: Option<String>,
    /// Fields that other managers own.
    pub conflicts: Vec<Conflict>,
}

/// A field that another manager owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// `kubectl-edit`
    pub manager: String,
    /// `.spec.replicas`
    pub field: String,
}

/// Why an apply did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyProblem {
    /// The cluster does not answer; worth trying again.
    #[error("The data plane can't be reached: {0}")]
    Unreachable(String),
    /// The namespace is not there (any more); the next deployment makes it.
    #[error("The namespace {namespace} does not exist on the data plane. The next deployment to it makes it.")]
    NoNamespace { namespace: String },
    /// An object of that name exists and is not ours.
    #[error("{kind} {name} already exists in this namespace and was not made by Slipway. Rename the component or delete that object.")]
    NotOurs { kind: String, name: String },
    /// An object of that name exists, and Slipway made it for another component.
    #[error(
        "{kind} {name} belongs to another component of Slipway, perhaps one that was forgotten; delete it on the cluster, then deploy again."
    )]
    OfAnotherComponent { kind: String, name: String },
    /// Another manager owns a field.
    #[error("Another manager owns fields of {kind} {name}: {detail}")]
    FieldConflict { kind: String, name: String, detail: String },
    /// Quota, admission webhook, permission or validation: the cluster's own words.
    #[error("The cluster refused {kind} {name}: {detail}")]
    Refused { kind: String, name: String, detail: String },
}

/// What is seen of a rollout at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The controller has seen the generation that was applied (`observedGeneration`).
    pub observed: bool,
    pub wanted: u32,
    pub updated: u32,
    /// Pods of the new release that are ready.
    pub ready: u32,
    /// Pods of the new release that have been ready for `minReadySeconds`.
    pub available: u32,
    /// Pods of earlier releases that still exist.
    pub old: u32,
    /// The controller gave up: its message.
    pub deadline_exceeded: Option<String>,
    /// Pods of the new release.
    pub pods: Vec<Pod>,
    /// Warnings the cluster recorded about the new release's objects, newest last.
    pub warnings: Vec<Warning>,
}

/// A pod of the new release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pod {
    pub name: String,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`
    pub phase: String,
    pub ready: bool,
    pub restarts: u32,
    /// Why its container waits: Kubernetes' reason and message (`ImagePullBackOff`, `CrashLoopBackOff`, ...).
    pub waiting: Option<Reason>,
    /// How its container's last run ended.
    pub last_exit: Option<Exit>,
    /// Why no node takes it.
    pub unschedulable: Option<String>,
    /// What its container runs, in the node's words (`imageID`); [`super::image_id`] reads it.
    pub image_id: Option<String>,
}

/// Kubernetes' own word and sentence for why a container waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub reason: String,
    pub message: String,
}

/// How a container's run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    pub code: i32,
    pub signal: Option<i32>,
    /// `Error`, `Completed`, `OOMKilled`, ...
    pub reason: String,
}

/// A warning event of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub at: Time,
    /// `Pod/greeter-6d5f...`
    pub object: String,
    pub reason: String,
    pub message: String,
    pub count: u32,
}
