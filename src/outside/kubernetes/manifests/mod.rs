//! The Kubernetes objects of a release, as data. Pure: makes objects, never sends them.
//!
//! [`of`] is the one list of what a release wants besides its namespace and its registry's pull secret.

mod cron_job;
mod deployment;
mod gateway;
mod ingress;
mod labels;
mod load_balancer;
mod network_policy;
mod pod;
#[cfg(test)]
mod tests;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use k8s_openapi::{
    ByteString,
    api::core::v1::{Namespace, Secret, Service, ServicePort, ServiceSpec},
    apimachinery::pkg::{apis::meta::v1::ObjectMeta, util::intstr::IntOrString},
};
use secrecy::ExposeSecret as _;

pub(super) use self::{
    cron_job::cron_job,
    deployment::deployment,
    labels::{COMPONENT, DEPLOYMENT, REGISTRY, is_of_a_component, namespace_labels, object_labels, of_component},
    pod::container_name,
};
pub(in crate::outside) use self::{
    gateway::{GrpcRoute, HttpRoute},
    wanted::{Wanted, of},
};
use crate::domain::{
    components::Workload,
    deployments::data_plane::{Place, PullSecret, Release, SecretPlace},
    routes::Subject,
};

/// The namespace of an organization's project in an environment.
pub(super) fn namespace(place: &Place) -> Namespace {
    Namespace {
        metadata: ObjectMeta { name: Some(place.namespace.clone()), labels: Some(namespace_labels(place)), ..ObjectMeta::default() },
        ..Namespace::default()
    }
}

/// The credential that the nodes pull with. Holds the password: send it, never print it.
pub(super) fn pull_secret(at: &SecretPlace, pull: &PullSecret) -> Secret {
    let metadata = ObjectMeta {
        name: Some(at.name()),
        namespace: Some(at.place.namespace.clone()),
        labels: Some(labels::secret_labels(at)),
        ..ObjectMeta::default()
    };
    Secret {
        metadata,
        type_: Some("kubernetes.io/dockerconfigjson".into()),
        data: Some(BTreeMap::from([(".dockerconfigjson".to_owned(), ByteString(docker_config(pull)))])),
        ..Secret::default()
    }
}

fn docker_config(pull: &PullSecret) -> Vec<u8> {
    let password = pull.password.expose_secret();
    let auth = BASE64.encode(format!("{}:{password}", pull.username));
    let entry = serde_json::json!({ "username": pull.username, "password": password, "auth": auth });
    serde_json::json!({ "auths": { pull.auth_key.as_str(): entry } }).to_string().into_bytes()
}

/// The Service in front of the pods; none without ports, as Kubernetes wants at least one.
pub(super) fn service(release: &Release) -> Option<Service> {
    let ports: Vec<_> = ports(release).into_iter().map(service_port).collect();
    if ports.is_empty() {
        return None;
    }
    let spec = ServiceSpec {
        type_: Some("ClusterIP".into()),
        selector: Some(labels::selector(release)),
        ports: Some(ports),
        ..ServiceSpec::default()
    };
    Some(Service { metadata: metadata(release, release.component_name.clone()), spec: Some(spec), ..Service::default() })
}

fn service_port(port: Port) -> ServicePort {
    ServicePort {
        name: Some(port.name()),
        port: port.number.into(),
        target_port: Some(IntOrString::Int(port.number.into())),
        protocol: Some(port.protocol.into()),
        ..ServicePort::default()
    }
}

fn metadata(release: &Release, name: String) -> ObjectMeta {
    ObjectMeta {
        name: Some(name),
        namespace: Some(release.place.namespace.clone()),
        labels: Some(object_labels(release)),
        ..ObjectMeta::default()
    }
}

/// What the routes of a release are made of.
fn subject(release: &Release) -> Subject<'_> {
    Subject {
        project: &release.project_name,
        component: &release.component_name,
        namespace: &release.place.namespace,
        workload: &release.workload,
        endpoints: &release.endpoints,
        default_endpoint: release.default_endpoint.as_deref(),
        base_host: release.base_host.as_deref(),
    }
}

/// A port of the container, once per protocol however many endpoints share it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Port {
    number: u16,
    /// `TCP` or `UDP`
    protocol: &'static str,
}

impl Port {
    /// `p8080-tcp`: at most 15 characters, as port names must be.
    fn name(self) -> String {
        format!("p{}-{}", self.number, self.protocol.to_lowercase())
    }
}

/// Of a Service, those of its endpoints; of a Web Application, its one; a task listens on none.
fn ports(release: &Release) -> BTreeSet<Port> {
    match release.workload {
        Workload::Service => {
            release.endpoints.iter().map(|endpoint| Port { number: endpoint.port, protocol: endpoint.kind.protocol() }).collect()
        }
        Workload::WebApplication { port } => BTreeSet::from([Port { number: port, protocol: "TCP" }]),
        Workload::ScheduledTask(_) | Workload::ManualTask => BTreeSet::new(),
    }
}
