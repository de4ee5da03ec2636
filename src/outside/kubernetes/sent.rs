//! What an apply sends, as plain data: for people to read, and for dry runs. Pure. Never holds a credential: of a Secret,
//! only that it is there.

use k8s_openapi::api::core::v1::Secret;
use kube::{Resource, core::ApiResource};
use serde::Serialize;
use serde_json::Value;

use super::{
    manifests::{self, Wanted},
    yaml,
};
use crate::domain::{
    deployments::data_plane::{Manifest, Release},
    routes::{Capabilities, Entrance},
};

/// An object that an apply sends.
pub(in crate::outside) struct Sent {
    pub(super) resource: ApiResource,
    /// As it is sent, but for the content of a Secret.
    pub(in crate::outside) content: Value,
}

/// Everything that an apply of the release sends: namespace, pull secret, and what the release wants.
pub(in crate::outside) fn sent(release: &Release, entrance: &Entrance, capabilities: &Capabilities) -> Vec<Sent> {
    let mut sent = vec![Sent::of(&manifests::namespace(&release.place))];
    if let Some(secret) = &release.pull_secret {
        let shown = Secret { data: None, ..manifests::pull_secret(&release.secret_place(), secret) };
        sent.push(Sent::of(&shown));
    }
    sent.extend(manifests::of(release, entrance, capabilities).iter().map(Sent::wanted));
    sent
}

impl Sent {
    fn of<K: Resource<DynamicType = ()> + Serialize>(object: &K) -> Self {
        // What Kubernetes types hold always is JSON.
        Self { resource: ApiResource::erase::<K>(&()), content: serde_json::to_value(object).unwrap_or_default() }
    }

    fn wanted(wanted: &Wanted) -> Self {
        match wanted {
            Wanted::NetworkPolicy(object) => Self::of(object),
            Wanted::Service(object) => Self::of(object),
            Wanted::Deployment(object) => Self::of(object.as_ref()),
            Wanted::CronJob(object) => Self::of(object.as_ref()),
            Wanted::HttpRoute(object) => Self::of(object),
            Wanted::GrpcRoute(object) => Self::of(object),
            Wanted::Ingress(object) => Self::of(object),
        }
    }

    pub(in crate::outside) fn kind(&self) -> &str {
        &self.resource.kind
    }

    pub(in crate::outside) fn name(&self) -> &str {
        self.content["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// As people read it.
    pub(in crate::outside) fn manifest(&self) -> Manifest {
        Manifest { kind: self.kind().to_owned(), name: self.name().to_owned(), yaml: yaml::write(&self.content) }
    }
}
