//! The best reason known when the progress deadline has passed.

use super::{Failure, PROGRESS_DEADLINE_SECONDS, crash, pull, sentence, unready};
use crate::domain::deployments::data_plane::{Pod, Snapshot, Warning};

/// Explains the deadline by the pods that are not ready, else by what kept pods from being made, else by the
/// controller's own `message`.
pub(super) fn failure(snapshot: &Snapshot, message: &str) -> Failure {
    let warnings = &snapshot.warnings;
    unready(snapshot)
        .find_map(|pod| explain(pod, warnings))
        .or_else(|| not_created(warnings))
        .or_else(|| unready(snapshot).find_map(|pod| anything(pod, warnings)))
        .unwrap_or_else(|| {
            Failure::new(
                "deadline",
                format!("The rollout made no progress for {PROGRESS_DEADLINE_SECONDS} seconds: {}.", sentence(message)),
                "Look at the pods' events, then deploy again.",
            )
        })
}

fn explain(pod: &Pod, warnings: &[Warning]) -> Option<Failure> {
    pull::at_deadline(pod, warnings)
        .or_else(|| unschedulable(pod))
        .or_else(|| not_made(pod))
        .or_else(|| crash::at_deadline(pod, warnings))
        .or_else(|| not_ready(pod, warnings))
}

/// The scheduler writes `0/3 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.`
fn unschedulable(pod: &Pod) -> Option<Failure> {
    let words = pod.unschedulable.as_ref()?;
    let lacking: Vec<&str> = ["cpu", "memory", "ephemeral-storage", "pods"]
        .into_iter()
        .filter(|resource| words.contains(&format!("Insufficient {resource}")) || (*resource == "pods" && words.contains("Too many pods")))
        .collect();
    let what = match lacking.as_slice() {
        [] => "No node takes the pod".to_owned(),
        resources => format!("No node has enough {} left for the pod", resources.join(" and ")),
    };
    Some(Failure::new(
        "unschedulable",
        format!("{what}: {}.", sentence(words)),
        "Free or add capacity on the cluster, or ask its operator about taints and node selectors; then deploy again.",
    ))
}

/// `CreateContainerError` and the like, which are tried again until the deadline.
fn not_made(pod: &Pod) -> Option<Failure> {
    let waiting =
        pod.waiting.as_ref().filter(|waiting| matches!(waiting.reason.as_str(), "CreateContainerError" | "CreateContainerConfigError"))?;
    Some(Failure::new(
        "container_config",
        format!("The container can't be made: {}.", sentence(&waiting.message)),
        "Check the image's ENTRYPOINT and CMD and the component's configuration; then deploy again.",
    ))
}

fn not_ready(pod: &Pod, warnings: &[Warning]) -> Option<Failure> {
    if pod.phase != "Running" {
        return None;
    }
    let probe = of_pod(pod, warnings).find_map(|warning| warning.message.strip_prefix("Readiness probe failed: "));
    let words = probe.map(|words| format!(": {}", sentence(words))).unwrap_or_default();
    let failure = Failure::new(
        "not_ready",
        format!("The container runs, but it did not become ready in {PROGRESS_DEADLINE_SECONDS} seconds{words}."),
        "Check that the program listens on the port of its first TCP endpoint and on all addresses (0.0.0.0), not only on localhost; then deploy again.",
    );
    Some(failure.with_log(pod, false))
}

/// Quota and admission keep the controller from making pods: there is no pod to look at.
fn not_created(warnings: &[Warning]) -> Option<Failure> {
    let words = sentence(&warnings.iter().rev().find(|warning| warning.reason == "FailedCreate")?.message);
    let words = words.strip_prefix("Error creating: ").unwrap_or(words);
    Some(if words.contains("exceeded quota") {
        Failure::new(
            "quota",
            format!("The namespace's quota leaves no room for the pod: {words}."),
            "Ask the cluster's operator for more quota, or stop something in this environment; then deploy again.",
        )
    } else {
        Failure::new(
            "deadline",
            format!("The cluster did not let the pod be made: {words}."),
            "Ask the cluster's operator which policy refuses it; then deploy again.",
        )
    })
}

/// A pod that never got as far as a container: its newest warning (a mount, the pod network) says the most.
fn anything(pod: &Pod, warnings: &[Warning]) -> Option<Failure> {
    let warning = of_pod(pod, warnings).next()?;
    Some(Failure::new(
        "deadline",
        format!("The pod did not start in {PROGRESS_DEADLINE_SECONDS} seconds: {}.", sentence(&warning.message)),
        "Ask the cluster's operator; then deploy again.",
    ))
}

/// The pod's warnings, newest first.
fn of_pod<'a>(pod: &Pod, warnings: &'a [Warning]) -> impl Iterator<Item = &'a Warning> {
    warnings.iter().rev().filter(move |warning| warning.object.strip_prefix("Pod/") == Some(pod.name.as_str()))
}
