//! The Deployment of a Service component: pods, their security context, resources and readiness.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentSpec},
        core::v1::{
            Capabilities, Container, ContainerPort, LocalObjectReference, PodSecurityContext, PodSpec, PodTemplateSpec, Probe,
            ResourceRequirements, SeccompProfile, SecurityContext, TCPSocketAction,
        },
    },
    apimachinery::pkg::{
        api::resource::Quantity,
        apis::meta::v1::{LabelSelector, ObjectMeta},
        util::intstr::IntOrString,
    },
};

use super::{labels, metadata, ports};
use crate::domain::deployments::{
    data_plane::Release,
    rollout::{MEMORY_LIMIT_MIB, MIN_READY_SECONDS, PROGRESS_DEADLINE_SECONDS},
};

/// What stock images such as nginx need to start as root and give the rights away.
const CAPABILITIES: [&str; 7] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID", "KILL", "NET_BIND_SERVICE"];

/// The Deployment. Its pods carry the deployment's id, so every deployment makes new pods, even of the same image.
pub(in super::super) fn deployment(release: &Release) -> Deployment {
    let template = PodTemplateSpec {
        metadata: Some(ObjectMeta { labels: Some(labels::object_labels(release)), ..ObjectMeta::default() }),
        spec: Some(pod(release)),
    };
    let spec = DeploymentSpec {
        replicas: Some(as_i32(release.replicas)),
        selector: LabelSelector { match_labels: Some(labels::selector(release)), ..LabelSelector::default() },
        template,
        min_ready_seconds: Some(as_i32(MIN_READY_SECONDS)),
        progress_deadline_seconds: Some(as_i32(PROGRESS_DEADLINE_SECONDS)),
        revision_history_limit: Some(3),
        ..DeploymentSpec::default()
    };
    Deployment { metadata: metadata(release, release.component_name.clone()), spec: Some(spec), ..Deployment::default() }
}

fn pod(release: &Release) -> PodSpec {
    // Its own registry's only, whichever others lie in the namespace.
    let pull_secrets = release.pull_secret.iter().map(|_| LocalObjectReference { name: release.secret_place().name() }).collect();
    PodSpec {
        containers: vec![container(release)],
        image_pull_secrets: Some(pull_secrets).filter(|secrets: &Vec<_>| !secrets.is_empty()),
        automount_service_account_token: Some(false),
        security_context: Some(PodSecurityContext {
            seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".into(), ..SeccompProfile::default() }),
            ..PodSecurityContext::default()
        }),
        ..PodSpec::default()
    }
}

/// The component's name, with an ending where there is no readiness probe. A server-side apply takes only the fields we
/// wrote out of a probe; the defaults stay behind, and the cluster refuses a probe without a handler. Under another name
/// the whole container is replaced, in the same apply.
pub(in super::super) fn container_name(release: &Release) -> String {
    let ending = if readiness(release).is_some() { "" } else { "-unprobed" };
    format!("{}{ending}", release.component_name)
}

fn container(release: &Release) -> Container {
    // A tag may move: only a digest is the same image wherever it was pulled.
    let pull_policy = if release.image.digest().is_some() { "IfNotPresent" } else { "Always" };
    Container {
        name: container_name(release),
        image: Some(release.image.pinned()),
        image_pull_policy: Some(pull_policy.into()),
        ports: Some(container_ports(release)).filter(|ports| !ports.is_empty()),
        readiness_probe: readiness(release),
        resources: Some(resources()),
        security_context: Some(default_profile()),
        ..Container::default()
    }
}

fn container_ports(release: &Release) -> Vec<ContainerPort> {
    let port = |port: super::Port| ContainerPort {
        name: Some(port.name()),
        container_port: port.number.into(),
        protocol: Some(port.protocol.into()),
        ..ContainerPort::default()
    };
    ports(release).into_iter().map(port).collect()
}

/// TCP on the first TCP endpoint's port, in the order of the file; none where there is no such endpoint.
fn readiness(release: &Release) -> Option<Probe> {
    let endpoint = release.endpoints.iter().find(|endpoint| endpoint.kind != super::EndpointKind::Udp)?;
    let tcp_socket = TCPSocketAction { port: IntOrString::Int(endpoint.port.into()), ..TCPSocketAction::default() };
    Some(Probe { tcp_socket: Some(tcp_socket), period_seconds: Some(5), ..Probe::default() })
}

fn resources() -> ResourceRequirements {
    let quantities =
        |cpu: &str, memory: String| BTreeMap::from([("cpu".into(), Quantity(cpu.into())), ("memory".into(), Quantity(memory))]);
    ResourceRequirements {
        requests: Some(quantities("50m", "64Mi".into())),
        limits: Some(quantities("1", format!("{MEMORY_LIMIT_MIB}Mi"))),
        ..ResourceRequirements::default()
    }
}

fn default_profile() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".into()]), add: Some(CAPABILITIES.map(String::from).to_vec()) }),
        ..SecurityContext::default()
    }
}

fn as_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
