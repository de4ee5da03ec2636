//! Makes the cluster's objects those of a release: namespace, pull secret, Deployment, Service, and pruning.
//!
//! An object is ours if we stored its uid or if it carries our component's id; any other of the same name is refused.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Secret, Service};
use kube::{Api, Client, api::ListParams};
use serde::Serialize;

use super::{
    errors::{About, limited},
    manifests,
    objects::{Mark, Object, Objects},
    pull_secrets,
};
use crate::domain::deployments::data_plane::{AppliedObject, ApplyProblem, Release};

/// Applies all objects in the order they need each other, then prunes what the release no longer contains.
pub(super) async fn apply(client: &Client, release: &Release) -> Result<Vec<AppliedObject>, ApplyProblem> {
    let applying = Applying { objects: Objects { client, place: &release.place }, release };
    let mut applied = vec![applying.objects.namespace().await?];
    if let Some(secret) = &release.pull_secret {
        applied.push(pull_secrets::apply_in(&applying.objects, &release.secret_place(), secret).await?);
    }
    if let Some(service) = manifests::service(release) {
        applied.push(applying.object(service).await?);
    }
    applied.push(applying.object(manifests::deployment(release)).await?);
    let kept: BTreeSet<_> = applied.iter().map(|object| object.uid.as_str()).collect();
    applying.prune::<Service>(&kept).await?;
    // No release has Secrets of its own; earlier versions made a pull secret for each component.
    applying.prune::<Secret>(&kept).await?;
    Ok(applied)
}

struct Applying<'a> {
    objects: Objects<'a>,
    release: &'a Release,
}

impl Applying<'_> {
    async fn object<K: Object + Serialize>(&self, object: K) -> Result<AppliedObject, ApplyProblem> {
        let key = format!("{}/{}", K::kind(&()), object.meta().name.as_deref().unwrap_or_default());
        let known_uid = self.release.known_uids.get(&key).map(String::as_str);
        self.objects.apply(object, &Mark { known_uid, label: manifests::COMPONENT, id: self.release.component_id }).await
    }

    /// Deletes what carries this component's label and is not among `kept` uids.
    async fn prune<K: Object>(&self, kept: &BTreeSet<&str>) -> Result<(), ApplyProblem> {
        let api: Api<K> = self.objects.api();
        let ours = ListParams::default().labels(&format!(
            "{}={},app.kubernetes.io/managed-by=slipway",
            manifests::COMPONENT,
            self.release.component_id
        ));
        let found = limited(About { kind: &K::kind(&()), name: "list" }, api.list_metadata(&ours)).await?;
        for object in found.items.into_iter().map(|object| object.metadata) {
            if !object.uid.as_deref().is_some_and(|uid| kept.contains(uid)) {
                self.objects.delete::<K>(object).await?;
            }
        }
        Ok(())
    }
}
