//! What an apply sends, as plain data: for people to read, and for dry runs. Pure. Never holds a credential: of a Secret,
//! only that it is there.

use kube::{Resource, core::ApiResource};
use serde::Serialize;
use serde_json::Value;

use super::{manifests, yaml};
use crate::domain::deployments::data_plane::{Manifest, Release};

/// An object that an apply sends.
pub(in crate::outside) struct Sent {
    pub(super) resource: ApiResource,
    /// As it is sent, but for the content of a Secret.
    pub(in crate::outside) content: Value,
}

/// Everything that an apply of the release sends, in its order.
pub(in crate::outside) fn sent(release: &Release) -> Vec<Sent> {
    let secret = release.pull_secret.as_ref().map(|secret| manifests::pull_secret(&release.secret_place(), secret));
    let all = [
        Some(Sent::of(&manifests::namespace(&release.place))),
        secret.map(|mut secret| {
            secret.data = None;
            Sent::of(&secret)
        }),
        manifests::service(release).as_ref().map(Sent::of),
        manifests::deployment(release).as_ref().map(Sent::of),
        manifests::cron_job(release).as_ref().map(Sent::of),
    ];
    all.into_iter().flatten().collect()
}

impl Sent {
    fn of<K: Resource<DynamicType = ()> + Serialize>(object: &K) -> Self {
        // What Kubernetes types hold always is JSON.
        Self { resource: ApiResource::erase::<K>(&()), content: serde_json::to_value(object).unwrap_or_default() }
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
