//! Releases for the tests of this folder.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::KubernetesDataPlane;
use crate::{
    config::{Config, DataPlaneConfig, Egress},
    domain::{
        components::{SecurityProfile, Workload},
        deployments::data_plane::{Place, PullSecret, Release},
        endpoints::{Endpoint, EndpointKind, Visibility},
        images::ImageReference,
        schedule::{Concurrency, Schedule},
    },
};

pub(super) fn release() -> Release {
    let digest = "0123456789abcdef".repeat(4);
    Release {
        place: place("slw-acme-shop-dev-1234abcd"),
        component_id: Uuid::from_u128(0x0d),
        deployment_id: Uuid::from_u128(0x0e),
        registry_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_00c0_ffee),
        component_name: "greeter".into(),
        image: image(&format!("registry.example.com/shop/greeter@sha256:{digest}")),
        endpoints: vec![endpoint("metrics", 9125, EndpointKind::Udp), endpoint("api", 9090, EndpointKind::Rest)],
        workload: Workload::Service,
        profile: SecurityProfile::Default,
        pull_secret: None,
        replicas: 2,
        project_name: "shop".into(),
        base_host: None,
        default_endpoint: None,
        takes_over: false,
        known_uids: BTreeMap::new(),
    }
}

/// The same component as another kind; only a Service has endpoints.
pub(super) fn release_of(workload: Workload) -> Release {
    Release { workload, endpoints: Vec::new(), ..release() }
}

pub(super) fn every_night() -> Workload {
    Workload::ScheduledTask(Schedule { cron: "0 3 * * *".into(), time_zone: "Europe/Berlin".into(), concurrency: Concurrency::Forbid })
}

pub(super) fn place(namespace: &str) -> Place {
    Place {
        organization_id: Uuid::from_u128(0x0a),
        project_id: Uuid::from_u128(0x0b),
        environment_id: Uuid::from_u128(0x0c),
        namespace: namespace.into(),
    }
}

pub(super) fn image(text: &str) -> ImageReference {
    ImageReference::parse(text).unwrap()
}

pub(super) fn endpoint(name: &str, port: u16, kind: EndpointKind) -> Endpoint {
    Endpoint {
        name: name.into(),
        display_name: None,
        port,
        kind,
        visibilities: vec![Visibility::Project],
        context: Some("/".into()),
        schema_file_path: None,
    }
}

pub(super) fn pull_secret(auth_key: &str, password: &str) -> PullSecret {
    PullSecret { version: 1, auth_key: auth_key.into(), username: "tester".into(), password: password.to_owned().into() }
}

/// Connected to a cluster without TLS and credential.
pub(super) async fn plane_at(server: &str) -> KubernetesDataPlane {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    let kubeconfig = format!(
        "{{apiVersion: v1, kind: Config, current-context: c, clusters: [{{name: c, cluster: {{server: '{server}'}}}}], \
        users: [{{name: u, user: {{}}}}], contexts: [{{name: c, context: {{cluster: c, user: u}}}}]}}"
    );
    std::fs::write(&path, kubeconfig).unwrap();
    let mut config = Config::read(&|_| None).unwrap();
    config.data_plane = DataPlaneConfig::Kubeconfig(path);
    config.data_plane_egress = Egress::Any;
    KubernetesDataPlane::connect(&config).await.unwrap()
}
