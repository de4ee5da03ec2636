//! A data plane that does what the test's script says, step by step.

use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

use super::secrets::ScriptedSecrets;
use crate::domain::{
    components::Workload,
    deployments::data_plane::{
        AppliedObject, ApplyProblem, DataPlane, Manifest, NodePlatform, ObjectName, Place, PlannedObject, PullSecret, Release, SecretPlace,
        Snapshot,
    },
    routes::{Capabilities, Entrance},
};

/// Applies go well unless a problem is written; a rollout that no snapshots were written for stands still.
#[derive(Default)]
pub(crate) struct ScriptedDataPlane {
    pub(crate) entrance: Entrance,
    pub(crate) secrets: ScriptedSecrets,
    /// `None` = never answers.
    problems: Mutex<VecDeque<Option<ApplyProblem>>>,
    applied: Mutex<Vec<Release>>,
    rollouts: Mutex<VecDeque<UnboundedReceiver<Snapshot>>>,
    observers: AtomicUsize,
    log: Mutex<Option<String>>,
    removals: Mutex<VecDeque<Result<Vec<ObjectName>, ApplyProblem>>>,
    removed: Mutex<Vec<(String, Uuid)>>,
    nodes: Mutex<Option<Vec<NodePlatform>>>,
    read_logs: Mutex<Vec<(String, bool)>>,
}

impl ScriptedDataPlane {
    /// The next apply ends with this; those after the last problem go well.
    pub(crate) fn refuses(&self, problem: ApplyProblem) {
        self.problems.lock().unwrap().push_back(Some(problem));
    }

    /// The next apply reaches the data plane, but its answer never comes.
    pub(crate) fn hangs(&self) {
        self.problems.lock().unwrap().push_back(None);
    }

    /// What the next observer sees; when the sender is dropped, the connection breaks.
    pub(crate) fn next_rollout(&self) -> UnboundedSender<Snapshot> {
        let (sender, receiver) = unbounded_channel();
        self.rollouts.lock().unwrap().push_back(receiver);
        sender
    }

    /// The next observer sees these snapshots, and then the connection breaks.
    pub(crate) fn shows(&self, snapshots: impl IntoIterator<Item = Snapshot>) {
        let rollout = self.next_rollout();
        snapshots.into_iter().for_each(|snapshot| rollout.send(snapshot).unwrap());
    }

    /// What every container wrote; until then logs can't be read.
    pub(crate) fn logs(&self, text: &str) {
        *self.log.lock().unwrap() = Some(text.to_owned());
    }

    /// The next removal ends with this; those after the last one find nothing left.
    pub(crate) fn removes(&self, outcome: Result<Vec<ObjectName>, ApplyProblem>) {
        self.removals.lock().unwrap().push_back(outcome);
    }

    /// Namespace and component of each removal that was asked for.
    pub(crate) fn removed(&self) -> Vec<(String, Uuid)> {
        self.removed.lock().unwrap().clone()
    }

    /// What the nodes are from now on; until then the data plane can't be reached for it.
    pub(crate) fn nodes(&self, nodes: Vec<NodePlatform>) {
        *self.nodes.lock().unwrap() = Some(nodes);
    }

    /// The releases handed over so far, those that were refused too.
    pub(crate) fn applied(&self) -> Vec<Release> {
        self.applied.lock().unwrap().clone()
    }

    /// How often somebody began to observe.
    pub(crate) fn observers(&self) -> usize {
        self.observers.load(Ordering::SeqCst)
    }

    /// Pods whose logs were read, and whether of the run before.
    pub(crate) fn read_logs(&self) -> Vec<(String, bool)> {
        self.read_logs.lock().unwrap().clone()
    }
}

#[async_trait]
impl DataPlane for ScriptedDataPlane {
    fn is_simulated(&self) -> bool {
        true
    }

    fn entrance(&self) -> &Entrance {
        &self.entrance
    }

    async fn preview(&self, release: &Release) -> Result<Vec<PlannedObject>, ApplyProblem> {
        let _ = release;
        Ok(Vec::new())
    }

    async fn manifests(&self, release: &Release) -> Result<Vec<Manifest>, ApplyProblem> {
        let written = |object: AppliedObject| Manifest { yaml: format!("kind: {}\n", object.kind), kind: object.kind, name: object.name };
        Ok(applied_objects(release).into_iter().map(written).collect())
    }

    async fn capabilities(&self) -> Result<Capabilities, ApplyProblem> {
        Ok(Capabilities::default())
    }

    async fn apply(&self, release: &Release) -> Result<Vec<AppliedObject>, ApplyProblem> {
        self.applied.lock().unwrap().push(release.clone());
        let problem = self.problems.lock().unwrap().pop_front();
        match problem {
            Some(Some(problem)) => Err(problem),
            Some(None) => std::future::pending().await,
            None => {
                let secret = release.pull_secret.as_ref().map(|secret| self.secrets.put(&release.secret_place(), secret));
                Ok(applied_objects(release).into_iter().chain(secret).collect())
            }
        }
    }

    async fn apply_pull_secret(&self, place: &SecretPlace, secret: &PullSecret) -> Result<AppliedObject, ApplyProblem> {
        self.secrets.apply(place, secret).await
    }

    async fn remove_pull_secret(&self, place: &SecretPlace) -> Result<(), ApplyProblem> {
        self.secrets.remove(place).await
    }

    async fn remove(&self, place: &Place, component_id: Uuid) -> Result<Vec<ObjectName>, ApplyProblem> {
        self.removed.lock().unwrap().push((place.namespace.clone(), component_id));
        self.removals.lock().unwrap().pop_front().unwrap_or_else(|| Ok(Vec::new()))
    }

    async fn node_platforms(&self) -> Result<Vec<NodePlatform>, ApplyProblem> {
        self.nodes.lock().unwrap().clone().ok_or_else(|| ApplyProblem::Unreachable("no answer".into()))
    }

    async fn observe(&self, _: &Release) -> BoxStream<'static, Snapshot> {
        self.observers.fetch_add(1, Ordering::SeqCst);
        match self.rollouts.lock().unwrap().pop_front() {
            Some(receiver) => stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|next| (next, receiver)) }).boxed(),
            None => stream::pending().boxed(),
        }
    }

    async fn last_log_lines(&self, _: &Release, pod: &str, previous: bool) -> Result<String, ApplyProblem> {
        self.read_logs.lock().unwrap().push((pod.to_owned(), previous));
        self.log.lock().unwrap().clone().ok_or_else(|| ApplyProblem::Unreachable("no answer".into()))
    }
}

/// What an apply that goes well makes of the component's own; the uids stay those of the component.
pub(crate) fn applied_objects(release: &Release) -> Vec<AppliedObject> {
    let kinds: &[_] = match release.workload {
        Workload::Service | Workload::WebApplication { .. } => &["Deployment", "Service"],
        Workload::ScheduledTask(_) => &["CronJob"],
        Workload::ManualTask => &[],
    };
    let object = |kind: &&str| AppliedObject {
        kind: (*kind).into(),
        name: release.component_name.clone(),
        uid: format!("{kind} of {}", release.component_id),
        changed: true,
    };
    kinds.iter().map(object).collect()
}

/// The snapshot of a rollout that is complete.
pub(crate) fn ready() -> Snapshot {
    Snapshot { observed: true, wanted: 1, updated: 1, ready: 1, available: 1, ..Snapshot::default() }
}
