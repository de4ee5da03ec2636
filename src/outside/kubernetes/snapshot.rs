//! Reads a snapshot out of Kubernetes objects. Pure.

#[cfg(test)]
mod tests;

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentCondition},
        core::v1::{ContainerState, Event, Pod, PodCondition},
    },
    apimachinery::pkg::apis::meta::v1::Time as ClusterTime,
};

use super::manifests;
use crate::domain::{
    clock::Time,
    deployments::data_plane::{self as seen, Exit, Reason, Release, Snapshot, Warning},
};

/// What the Deployment, the release's pods and the namespace's events say together.
pub(super) fn snapshot<'a>(
    release: &Release,
    deployment: Option<&Deployment>,
    pods: impl Iterator<Item = &'a Pod>,
    events: impl Iterator<Item = &'a Event>,
) -> Snapshot {
    let container = manifests::container_name(release);
    let pods: Vec<_> = pods.filter(|pod| pod.metadata.deletion_timestamp.is_none()).map(|pod| read_pod(pod, &container)).collect();
    let mut warnings: Vec<_> = events.filter_map(|event| warning(event, &pods)).collect();
    let mut snapshot = Snapshot { wanted: release.replicas, ready: count_ready(&pods), ..Snapshot::default() };
    if let Some(deployment) = deployment.filter(|deployment| is_of(release, deployment)) {
        read_deployment(deployment, &mut snapshot, &mut warnings);
    }
    warnings.sort_by_key(|warning| warning.at);
    Snapshot { pods, warnings, ..snapshot }
}

fn count_ready(pods: &[seen::Pod]) -> u32 {
    as_u32(pods.iter().filter(|pod| pod.ready).count())
}

/// Whether the Deployment stands as this release left it, not as an earlier or a later one did.
fn is_of(release: &Release, deployment: &Deployment) -> bool {
    let labels = deployment.metadata.labels.as_ref();
    labels.and_then(|labels| labels.get(manifests::DEPLOYMENT)) == Some(&release.deployment_id.to_string())
}

fn read_deployment(deployment: &Deployment, snapshot: &mut Snapshot, warnings: &mut Vec<Warning>) {
    let status = deployment.status.clone().unwrap_or_default();
    let count = |number: Option<i32>| as_u32(number.unwrap_or_default());
    if let Some(spec) = &deployment.spec {
        snapshot.wanted = spec.replicas.map_or(1, as_u32);
    }
    snapshot.observed = status.observed_generation.unwrap_or_default() >= deployment.metadata.generation.unwrap_or_default();
    snapshot.updated = count(status.updated_replicas);
    snapshot.old = count(status.replicas).saturating_sub(snapshot.updated);
    // The status counts pods of all releases. Those of earlier ones are taken to be available, so this never says too much.
    snapshot.available = count(status.available_replicas).saturating_sub(snapshot.old).min(snapshot.ready);
    for condition in status.conditions.unwrap_or_default() {
        match (condition.type_.as_str(), condition.status.as_str(), condition.reason.as_deref()) {
            ("Progressing", "False", Some("ProgressDeadlineExceeded")) => {
                snapshot.deadline_exceeded = Some(condition.message.unwrap_or_default())
            }
            ("ReplicaFailure", "True", _) => warnings.push(not_created(deployment, condition)),
            _ => {}
        }
    }
}

/// Quota or admission refused a pod: written on the ReplicaSet, and repeated here.
fn not_created(deployment: &Deployment, condition: DeploymentCondition) -> Warning {
    Warning {
        at: time(condition.last_update_time.as_ref().or(condition.last_transition_time.as_ref())),
        object: format!("Deployment/{}", deployment.metadata.name.as_deref().unwrap_or_default()),
        reason: condition.reason.unwrap_or_default(),
        message: condition.message.unwrap_or_default(),
        count: 1,
    }
}

/// The pod and its `container`: others may have been added to it, by a service mesh for example.
fn read_pod(pod: &Pod, container: &str) -> seen::Pod {
    let status = pod.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default();
    let container = status.container_statuses.unwrap_or_default().into_iter().find(|status| status.name == container);
    let mut seen = seen::Pod {
        name: pod.metadata.name.clone().unwrap_or_default(),
        phase: status.phase.unwrap_or_else(|| "Pending".into()),
        ready: conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True"),
        unschedulable: conditions.iter().find_map(unschedulable),
        ..seen::Pod::default()
    };
    if let Some(container) = container {
        seen.restarts = as_u32(container.restart_count);
        seen.image_id = Some(container.image_id).filter(|id| !id.is_empty());
        let state = container.state.unwrap_or_default();
        seen.last_exit = exit(&state).or_else(|| exit(&container.last_state.unwrap_or_default()));
        seen.waiting = state
            .waiting
            .map(|waiting| Reason { reason: waiting.reason.unwrap_or_default(), message: waiting.message.unwrap_or_default() });
    }
    seen
}

fn unschedulable(condition: &PodCondition) -> Option<String> {
    let is_refused =
        condition.type_ == "PodScheduled" && condition.status == "False" && condition.reason.as_deref() == Some("Unschedulable");
    is_refused.then(|| condition.message.clone().unwrap_or_default())
}

fn exit(state: &ContainerState) -> Option<Exit> {
    let ended = state.terminated.as_ref()?;
    Some(Exit {
        code: ended.exit_code,
        signal: ended.signal.filter(|signal| *signal != 0),
        reason: ended.reason.clone().unwrap_or_default(),
    })
}

/// A warning about one of `pods`.
fn warning(event: &Event, pods: &[seen::Pod]) -> Option<Warning> {
    let about = &event.involved_object;
    let name = about.name.as_deref()?;
    let is_ours =
        event.type_.as_deref() == Some("Warning") && about.kind.as_deref() == Some("Pod") && pods.iter().any(|pod| pod.name == name);
    is_ours.then(|| Warning {
        at: event_time(event),
        object: format!("Pod/{name}"),
        reason: event.reason.clone().unwrap_or_default(),
        message: event.message.clone().unwrap_or_default(),
        count: as_u32(event.series.as_ref().and_then(|series| series.count).or(event.count).unwrap_or(1)),
    })
}

/// The last time it happened: events of the newer API have no `lastTimestamp`.
fn event_time(event: &Event) -> Time {
    let series = event.series.as_ref().and_then(|series| series.last_observed_time.as_ref());
    match series.or(event.event_time.as_ref()) {
        Some(at) if event.last_timestamp.is_none() => Time(at.0.as_microsecond()),
        _ => time(event.last_timestamp.as_ref().or(event.metadata.creation_timestamp.as_ref())),
    }
}

fn time(at: Option<&ClusterTime>) -> Time {
    Time(at.map(|at| at.0.as_microsecond()).unwrap_or_default())
}

fn as_u32<N: TryInto<u32>>(number: N) -> u32 {
    number.try_into().unwrap_or_default()
}
