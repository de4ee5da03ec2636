//! What a simulated rollout looks like after so many ticks. Pure.
//!
//! The tag chooses the play: `-crash`, `-oom` and `-unready` at its end act that failure out, any other succeeds.

use crate::{
    domain::{
        clock::Time,
        components::Workload,
        deployments::{
            data_plane::{Exit, Pod, Reason, Release, Snapshot, Warning},
            rollout::MAX_RESTARTS,
        },
        endpoints::EndpointKind,
        routes::{Capabilities, Entrance},
    },
    outside::kubernetes::wanted,
};

/// Ticks until the pods run, until they are ready, and until the rollout is over.
const RUNNING: u128 = 1;
const READY: u128 = 2;
const OVER: u128 = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Play {
    Success,
    Crash,
    OutOfMemory,
    Unready,
}

impl Play {
    fn of(release: &Release) -> Self {
        let tag = release.image.tag().unwrap_or_default();
        match tag.rsplit_once('-').map(|(_, ending)| ending) {
            Some("crash") => Self::Crash,
            Some("oom") => Self::OutOfMemory,
            Some("unready") => Self::Unready,
            _ => Self::Success,
        }
    }

    fn exit(self) -> Option<Exit> {
        match self {
            Self::Crash => Some(Exit { code: 1, signal: None, reason: "Error".into() }),
            Self::OutOfMemory => Some(Exit { code: 137, signal: None, reason: "OOMKilled".into() }),
            Self::Success | Self::Unready => None,
        }
    }
}

/// Kind and name of the objects that a cluster would have of this component, and the namespace: from the manifests of a real one.
pub(super) fn objects(release: &Release, entrance: &Entrance, capabilities: &Capabilities) -> Vec<(&'static str, String)> {
    let wanted = wanted(release, entrance, capabilities);
    let own = wanted.iter().map(|object| (object.kind(), object.name().to_owned()));
    [("Namespace", release.place.namespace.clone())].into_iter().chain(own).collect()
}

/// The snapshot after `ticks` whole ticks.
pub(super) fn at(release: &Release, ticks: u128) -> Snapshot {
    let play = Play::of(release);
    let wanted = release.replicas;
    let is_ready = play == Play::Success && ticks >= READY;
    let is_over = ticks >= OVER;
    Snapshot {
        observed: true,
        wanted,
        updated: wanted,
        ready: if is_ready { wanted } else { 0 },
        available: if is_ready && is_over { wanted } else { 0 },
        old: 0,
        deadline_exceeded: (play == Play::Unready && is_over)
            .then(|| format!("Deployment {:?} exceeded its progress deadline (simulated)", release.component_name)),
        pods: (0..wanted).map(|number| pod(release, play, ticks, number)).collect(),
        warnings: if play == Play::Unready && ticks > RUNNING {
            (0..wanted).map(|number| not_ready(release, number)).collect()
        } else {
            Vec::new()
        },
    }
}

fn pod(release: &Release, play: Play, ticks: u128, number: u32) -> Pod {
    let mut pod = Pod { name: pod_name(release, number), phase: "Pending".into(), ..Pod::default() };
    if ticks < RUNNING {
        pod.waiting = Some(Reason { reason: "ContainerCreating".into(), message: String::new() });
        return pod;
    }
    pod.phase = "Running".into();
    pod.ready = play == Play::Success && ticks >= READY;
    // Of a tag that only nodes could resolve, nothing is known here: none is made up.
    pod.image_id = release.image.digest().map(|_| release.image.pinned());
    if let Some(exit) = play.exit() {
        // One restart a tick: the last one falls on the end of the play.
        pod.restarts = u32::try_from(ticks - RUNNING).unwrap_or(MAX_RESTARTS).min(MAX_RESTARTS);
        pod.last_exit = Some(exit);
        pod.waiting =
            Some(Reason { reason: "CrashLoopBackOff".into(), message: "back-off restarting failed container (simulated)".into() });
    }
    pod
}

fn pod_name(release: &Release, number: u32) -> String {
    let id = release.deployment_id.simple().to_string();
    format!("{}-{}-{number}", release.component_name, &id[id.len() - 8..])
}

fn not_ready(release: &Release, number: u32) -> Warning {
    Warning {
        at: Time(0),
        object: format!("Pod/{}", pod_name(release, number)),
        reason: "Unhealthy".into(),
        message: format!("Readiness probe failed: dial tcp 10.0.0.1:{}: connect: connection refused (simulated)", port(release)),
        count: 1,
    }
}

fn port(release: &Release) -> u16 {
    let of_endpoints = || release.endpoints.iter().find(|endpoint| endpoint.kind != EndpointKind::Udp).map(|endpoint| endpoint.port);
    match release.workload {
        Workload::WebApplication { port } => port,
        _ => of_endpoints().unwrap_or(8080),
    }
}

/// The lines a container of this play would have written.
pub(super) fn log(release: &Release) -> String {
    let head = format!(
        "(simulated) This log was made by Slipway's simulated data plane; no container ran.\n(simulated) starting {}\n",
        release.image.pinned()
    );
    let tail = match Play::of(release) {
        Play::Success => format!("listening on 0.0.0.0:{}", port(release)),
        Play::Unready => format!("listening on 127.0.0.1:{}", port(release)),
        Play::Crash => "fatal: could not connect to the database at db:5432: connection refused\n(simulated) exiting with code 1".into(),
        Play::OutOfMemory => "loading the catalogue into memory\n(simulated) 498 MiB in use".into(),
    };
    format!("{head}(simulated) {tail}\n")
}
