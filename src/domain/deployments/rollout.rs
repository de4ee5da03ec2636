//! Judges a rollout: from one snapshot of the data plane to "moving", "active" or "failed, because".
//! Pure. Never talks to a cluster, never waits, keeps no state between snapshots.

mod crash;
mod deadline;
mod pull;
#[cfg(test)]
mod tests;

use super::data_plane::{Pod, Snapshot};

/// Seconds a pod must stay ready before it counts as available (`minReadySeconds`).
pub const MIN_READY_SECONDS: u32 = 5;
/// Seconds without progress after which the controller gives up (`progressDeadlineSeconds`).
pub const PROGRESS_DEADLINE_SECONDS: u32 = 300;
/// Memory a container may use, in MiB.
pub const MEMORY_LIMIT_MIB: u32 = 512;
/// A new pod whose container was restarted this often, and is not ready, fails the deployment.
pub const MAX_RESTARTS: u32 = 3;

/// What a snapshot means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not there yet; `step` is for people: `Starting pods, 1 of 2 ready`.
    Moving { step: String },
    /// Every pod of the release is available and no earlier one is left.
    Active,
    /// It will not get there by itself.
    Failed(Failure),
}

/// Why a rollout failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// One of `credential_refused`, `image_not_found`, `pull_rate_limited`, `no_platform`, `invalid_image_name`,
    /// `container_config`, `crash_loop`, `out_of_memory`, `not_ready`, `unschedulable`, `quota`, `deadline`.
    pub code: &'static str,
    /// One sentence: what happened, with the cluster's own words where they help.
    pub message: String,
    /// What to do next.
    pub next: String,
    /// The pod whose last lines show more.
    pub log_of: Option<LogSource>,
}

/// A container run whose log is worth reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSource {
    pub pod: String,
    /// The run before the last restart.
    pub previous: bool,
}

impl Failure {
    fn new(code: &'static str, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self { code, message: message.into(), next: next.into(), log_of: None }
    }

    fn with_log(mut self, pod: &Pod, previous: bool) -> Self {
        self.log_of = Some(LogSource { pod: pod.name.clone(), previous });
        self
    }
}

/// Judges one snapshot. A finished rollout wins over old trouble; what can't pass fails at once; anything else waits
/// for the controller's progress deadline.
pub fn judge(snapshot: &Snapshot) -> Verdict {
    if is_complete(snapshot) {
        return Verdict::Active;
    }
    if let Some(failure) = unready(snapshot).find_map(|pod| fails_at_once(pod, snapshot)) {
        return Verdict::Failed(failure);
    }
    match &snapshot.deadline_exceeded {
        Some(message) if snapshot.observed => Verdict::Failed(deadline::failure(snapshot, message)),
        _ => Verdict::Moving { step: step(snapshot) },
    }
}

/// `kubectl rollout status`: the controller has seen this generation, all pods are of it, none of an earlier one is
/// left, and all are available.
fn is_complete(snapshot: &Snapshot) -> bool {
    snapshot.observed && snapshot.updated == snapshot.wanted && snapshot.old == 0 && snapshot.available >= snapshot.wanted
}

fn unready(snapshot: &Snapshot) -> impl Iterator<Item = &Pod> {
    snapshot.pods.iter().filter(|pod| !pod.ready)
}

fn fails_at_once(pod: &Pod, snapshot: &Snapshot) -> Option<Failure> {
    pull::fails_at_once(pod, &snapshot.warnings).or_else(|| invalid_config(pod)).or_else(|| crash::fails_at_once(pod, &snapshot.warnings))
}

/// The kubelet could not make the container from what the pod says.
fn invalid_config(pod: &Pod) -> Option<Failure> {
    let waiting = pod.waiting.as_ref()?;
    // Says that the kubelet's cache is not filled yet, which passes.
    if waiting.reason != "CreateContainerConfigError" || waiting.message.contains("failed to sync") {
        return None;
    }
    let words = sentence(&waiting.message);
    Some(if words.contains("runAsNonRoot") {
        let why = if words.contains("will run as root") { "it runs as root" } else { "the cluster can't tell that its user is not root" };
        Failure::new(
            "container_config",
            format!("The security profile Restricted does not let the image run: {why}. The cluster says: {words}."),
            "Build the image with a numeric USER that is not 0, or choose the security profile Default in the component's Settings; then deploy again.",
        )
    } else {
        Failure::new(
            "container_config",
            format!("The container can't be made from its configuration: {words}."),
            "Correct the component's configuration so that everything it refers to exists; then deploy again.",
        )
    })
}

fn step(snapshot: &Snapshot) -> String {
    let Snapshot { wanted, ready, available, old, .. } = snapshot;
    if !snapshot.observed {
        "Waiting for the cluster to take up the deployment".into()
    } else if ready < wanted || snapshot.updated < *wanted {
        format!("Starting pods, {ready} of {wanted} ready{}", hint(snapshot))
    } else if available < wanted {
        format!("Checking that pods stay ready, {available} of {wanted} available")
    } else {
        format!("Stopping earlier pods, {old} left")
    }
}

/// What holds the first pod up, if it is already known and may still pass.
fn hint(snapshot: &Snapshot) -> String {
    let trouble = unready(snapshot).find_map(|pod| {
        pull::hint(pod, &snapshot.warnings)
            .or_else(|| pod.unschedulable.as_ref().map(|_| "no node has room yet".to_owned()))
            .or_else(|| (pod.restarts > 0).then(|| format!("a container was restarted {}", times(pod.restarts))))
    });
    trouble.map(|trouble| format!("; {trouble}")).unwrap_or_default()
}

fn times(count: u32) -> String {
    match count {
        1 => "once".into(),
        2 => "twice".into(),
        _ => format!("{count} times"),
    }
}

/// A cluster's words without the full stop, so that they end one of our own sentences.
fn sentence(words: &str) -> &str {
    words.trim().trim_end_matches('.')
}
