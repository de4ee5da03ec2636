//! A data plane in memory, for trying the console out without a cluster.
//!
//! Acts rollouts out over a few ticks and says in its logs that it is simulated. Owns no rows: what it forgets in a
//! restart it makes again from the release. Never looks an image up; the worker does that before it applies.

mod plan;
mod scene;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::Instant;
use uuid::Uuid;

use crate::config;
use crate::domain::deployments::data_plane::{
    AppliedObject, ApplyProblem, DataPlane, Manifest, NodePlatform, ObjectName, Place, PlannedObject, PullSecret, Release, SecretPlace,
    Snapshot,
};
use crate::domain::routes::{Capabilities, Entrance};
use crate::outside::entrance::entrance;
use crate::outside::kubernetes::sent::{Sent, sent};

/// Rollouts in memory. Cheap to clone; clones share what they know.
#[derive(Clone)]
pub struct SimulatedDataPlane {
    tick: Duration,
    entrance: Entrance,
    stage: Arc<Mutex<Stage>>,
}

#[derive(Default)]
struct Stage {
    /// By namespace and component: one at a time.
    rollouts: BTreeMap<(String, Uuid), Rollout>,
    /// Namespace and registry of each pull secret. Nothing here pulls, so nothing keeps the credential itself.
    pull_secrets: BTreeSet<(String, Uuid)>,
}

struct Rollout {
    deployment_id: Uuid,
    since: Instant,
    /// Uids of the objects by `Kind/name`, kept over deployments as a cluster does.
    objects: BTreeMap<String, String>,
    /// What a preview compares with.
    standing: plan::Standing,
}

impl SimulatedDataPlane {
    /// A rollout moves one step each `tick`: with a second, it takes about four.
    pub fn new(tick: Duration) -> Self {
        Self { tick: tick.max(Duration::from_millis(1)), entrance: Entrance::default(), stage: Arc::default() }
    }

    /// The same with the configured entrance: it is told on the pages, and nothing answers there.
    pub fn behind(self, configured: &config::Entrance) -> Self {
        Self { entrance: entrance(configured), ..self }
    }

    /// Makes the release the one that runs at its place; the same one goes on as it was. Returns what changed.
    fn enter(&self, release: &Release) -> Vec<AppliedObject> {
        let secret = release.pull_secret.as_ref().map(|_| self.put_secret(&release.secret_place()));
        let mut stage = self.stage();
        let rollout = stage.rollouts.entry(place(release)).or_insert_with(|| Rollout::of(release));
        let is_new = rollout.objects.is_empty() || rollout.deployment_id != release.deployment_id;
        if rollout.deployment_id != release.deployment_id {
            *rollout = Rollout { objects: std::mem::take(&mut rollout.objects), ..Rollout::of(release) };
        }
        let mut objects: Vec<_> = scene::objects(release, &self.entrance, &capabilities())
            .into_iter()
            .map(|(kind, name)| rollout.object(release, kind, name, is_new))
            .collect();
        rollout.objects = objects.iter().map(|object| (format!("{}/{}", object.kind, object.name), object.uid.clone())).collect();
        rollout.standing = plan::own(release, &self.entrance);
        objects.extend(secret);
        objects
    }

    fn put_secret(&self, at: &SecretPlace) -> AppliedObject {
        let changed = self.stage().pull_secrets.insert((at.place.namespace.clone(), at.registry_id));
        AppliedObject { kind: "Secret".into(), name: at.name(), uid: format!("simulated-secret-{}", at.registry_id), changed }
    }

    /// What is seen of the release now: nothing of it once a later one has taken its place.
    fn look(&self, release: &Release) -> Snapshot {
        match self.stage().rollouts.get(&place(release)) {
            Some(rollout) if rollout.deployment_id == release.deployment_id => {
                scene::at(release, rollout.since.elapsed().as_nanos() / self.tick.as_nanos())
            }
            _ => Snapshot { wanted: release.replicas, ..Snapshot::default() },
        }
    }

    /// What stands at the place of a release, as far as it concerns it.
    fn standing(&self, release: &Release) -> plan::Standing {
        let stage = self.stage();
        let namespace = &release.place.namespace;
        let mut standing = stage.rollouts.get(&place(release)).map(|rollout| rollout.standing.clone()).unwrap_or_default();
        if stage.rollouts.keys().any(|(within, _)| within == namespace) {
            standing.extend(plan::shared(release, &self.entrance, "Namespace"));
        }
        if stage.pull_secrets.contains(&(namespace.clone(), release.registry_id)) {
            standing.extend(plan::shared(release, &self.entrance, "Secret"));
        }
        standing
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rollout {
    fn of(release: &Release) -> Self {
        Self { deployment_id: release.deployment_id, since: Instant::now(), objects: BTreeMap::new(), standing: plan::Standing::new() }
    }

    /// The namespace never changes once it is there; what carries the deployment's id does with each deployment.
    fn object(&self, release: &Release, kind: &str, name: String, is_new: bool) -> AppliedObject {
        let known = self.objects.get(&format!("{kind}/{name}")).cloned();
        let changed = known.is_none() || (is_new && kind != "Namespace");
        let uid = known.unwrap_or_else(|| format!("simulated-{}-{name}-{}", kind.to_lowercase(), release.component_id));
        AppliedObject { kind: kind.into(), name, uid, changed }
    }
}

/// Everything is served; nothing is known to enforce network policies, as there is no network.
fn capabilities() -> Capabilities {
    Capabilities { version: "1.33".into(), http_route: true, grpc_route: true, enforces_network_policies: None }
}

fn place(release: &Release) -> (String, Uuid) {
    (release.place.namespace.clone(), release.component_id)
}

#[async_trait]
impl DataPlane for SimulatedDataPlane {
    fn is_simulated(&self) -> bool {
        true
    }

    fn entrance(&self) -> &Entrance {
        &self.entrance
    }

    async fn preview(&self, release: &Release) -> Result<Vec<PlannedObject>, ApplyProblem> {
        Ok(plan::plan(release, &self.entrance, self.standing(release)))
    }

    async fn manifests(&self, release: &Release) -> Result<Vec<Manifest>, ApplyProblem> {
        Ok(sent(release, &self.entrance, &capabilities()).iter().map(Sent::manifest).collect())
    }

    async fn capabilities(&self) -> Result<Capabilities, ApplyProblem> {
        Ok(capabilities())
    }

    async fn apply(&self, release: &Release) -> Result<Vec<AppliedObject>, ApplyProblem> {
        Ok(self.enter(release))
    }

    async fn apply_pull_secret(&self, place: &SecretPlace, _: &PullSecret) -> Result<AppliedObject, ApplyProblem> {
        Ok(self.put_secret(place))
    }

    async fn remove_pull_secret(&self, place: &SecretPlace) -> Result<(), ApplyProblem> {
        self.stage().pull_secrets.remove(&(place.place.namespace.clone(), place.registry_id));
        Ok(())
    }

    async fn remove(&self, place: &Place, component_id: Uuid) -> Result<Vec<ObjectName>, ApplyProblem> {
        self.stage().rollouts.remove(&(place.namespace.clone(), component_id));
        Ok(Vec::new())
    }

    /// Of the machine that it runs on.
    async fn node_platforms(&self) -> Result<Vec<NodePlatform>, ApplyProblem> {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        Ok(vec![NodePlatform { os: "linux".into(), architecture: architecture.into(), nodes: 1 }])
    }

    async fn observe(&self, release: &Release) -> BoxStream<'static, Snapshot> {
        let is_forgotten = !self.stage().rollouts.contains_key(&place(release));
        if is_forgotten {
            self.enter(release);
        }
        let looks = stream::unfold((self.clone(), release.clone(), None), |(plane, release, last)| async move {
            let mut now = plane.look(&release);
            while last.as_ref() == Some(&now) {
                tokio::time::sleep(plane.tick).await;
                now = plane.look(&release);
            }
            Some((now.clone(), (plane, release, Some(now))))
        });
        looks.boxed()
    }

    async fn last_log_lines(&self, release: &Release, _pod: &str, _previous: bool) -> Result<String, ApplyProblem> {
        Ok(scene::log(release))
    }
}
