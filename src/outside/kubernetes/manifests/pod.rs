//! The pods of every kind of component: one container, its security context, resources, ports and readiness.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{
        Capabilities, Container, ContainerPort, LocalObjectReference, PodSecurityContext, PodSpec, PodTemplateSpec, Probe,
        ResourceRequirements, SeccompProfile, SecurityContext, TCPSocketAction,
    },
    apimachinery::pkg::{api::resource::Quantity, apis::meta::v1::ObjectMeta, util::intstr::IntOrString},
};

use super::{labels, ports};
use crate::domain::{
    components::{SecurityProfile, Workload},
    deployments::{data_plane::Release, rollout::MEMORY_LIMIT_MIB},
    endpoints::EndpointKind,
};

/// What stock images such as nginx need to start as root and give the rights away.
const CAPABILITIES: [&str; 7] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID", "KILL", "NET_BIND_SERVICE"];

/// The template that pods are made from. They carry the deployment's id, so that each can be told from earlier ones.
pub(super) fn template(release: &Release, spec: PodSpec) -> PodTemplateSpec {
    PodTemplateSpec {
        metadata: Some(ObjectMeta { labels: Some(labels::object_labels(release)), ..ObjectMeta::default() }),
        spec: Some(spec),
    }
}

pub(super) fn pod(release: &Release) -> PodSpec {
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

/// The component's name, with an ending where a Service has no readiness probe. A server-side apply takes only the fields
/// we wrote out of a probe; the defaults stay behind, and the cluster refuses a probe without a handler. Under another
/// name the whole container is replaced, in the same apply. A task never has a probe.
pub(in super::super) fn container_name(release: &Release) -> String {
    let lost_its_probe = !release.workload.kind().is_task() && readiness(release).is_none();
    format!("{}{}", release.component_name, if lost_its_probe { "-unprobed" } else { "" })
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
        security_context: Some(security(release.profile)),
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

/// TCP on the port of [`probed_port`].
fn readiness(release: &Release) -> Option<Probe> {
    let tcp_socket = TCPSocketAction { port: IntOrString::Int(probed_port(release)?.into()), ..TCPSocketAction::default() };
    Some(Probe { tcp_socket: Some(tcp_socket), period_seconds: Some(5), ..Probe::default() })
}

/// A Web Application's one port; of a Service's endpoints the first that is TCP, in the order of the file.
fn probed_port(release: &Release) -> Option<u16> {
    match release.workload {
        Workload::Service => release.endpoints.iter().find(|endpoint| endpoint.kind != EndpointKind::Udp).map(|endpoint| endpoint.port),
        Workload::WebApplication { port } => Some(port),
        Workload::ScheduledTask(_) | Workload::ManualTask => None,
    }
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

/// No profile may gain rights. Default keeps what stock images need to start as root; Restricted is never root and has none.
fn security(profile: SecurityProfile) -> SecurityContext {
    let (add, run_as_non_root) = match profile {
        SecurityProfile::Default => (Some(CAPABILITIES.map(String::from).to_vec()), None),
        SecurityProfile::Restricted => (None, Some(true)),
    };
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".into()]), add }),
        run_as_non_root,
        ..SecurityContext::default()
    }
}
