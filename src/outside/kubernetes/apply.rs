//! Makes the cluster's objects those of a release: namespace, pull secret, Deployment, Service, and pruning.
//!
//! An object is ours if we stored its uid or if it carries our component's id; any other of the same name is refused.
//! Every write is a server-side apply, also the first: an object made by POST would leave its fields to a second
//! manager entry, and later applies could never remove them. A later apply carries the uid that was just seen, so a
//! stranger's object that took the name in between is not touched.

use std::{collections::BTreeSet, fmt::Debug};

use k8s_openapi::{
    NamespaceResourceScope,
    api::core::v1::{Namespace, Secret, Service},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use kube::{
    Api, Client, Resource,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, Preconditions},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    MANAGER,
    errors::{About, limited},
    manifests,
};
use crate::domain::deployments::data_plane::{AppliedObject, ApplyProblem, Release};

/// Applies all objects in the order they need each other, then prunes what the release no longer contains.
pub(super) async fn apply(client: &Client, release: &Release) -> Result<Vec<AppliedObject>, ApplyProblem> {
    let applying = Applying { client, release };
    let mut applied = vec![applying.namespace().await?];
    if let Some(secret) = manifests::pull_secret(release) {
        applied.push(applying.object(secret).await?);
    }
    if let Some(service) = manifests::service(release) {
        applied.push(applying.object(service).await?);
    }
    applied.push(applying.object(manifests::deployment(release)).await?);
    let kept: BTreeSet<_> = applied.iter().map(|object| object.uid.as_str()).collect();
    applying.prune::<Service>(&kept).await?;
    applying.prune::<Secret>(&kept).await?;
    Ok(applied)
}

struct Applying<'a> {
    client: &'a Client,
    release: &'a Release,
}

impl Applying<'_> {
    /// The namespace, made if it is missing. It is shared, so it is never changed afterwards.
    async fn namespace(&self) -> Result<AppliedObject, ApplyProblem> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let name = &self.release.namespace;
        let about = About { kind: "Namespace", name };
        if let Some(found) = limited(about, api.get_opt(name)).await? {
            return self.our_namespace(about, &found.metadata);
        }
        // By POST, as it is never applied again: the answer to a race with another component is 409, not a merge.
        let by_us = PostParams { field_manager: Some(MANAGER.into()), ..PostParams::default() };
        let wanted = manifests::namespace(self.release);
        let made = async {
            match api.create(&by_us, &wanted).await {
                Err(kube::Error::Api(status)) if status.is_already_exists() => api.get(name).await.map(|found| (found, false)),
                made => made.map(|made| (made, true)),
            }
        };
        match limited(about, made).await? {
            (made, true) => Ok(applied(about, &made.metadata, true)),
            (found, false) => self.our_namespace(about, &found.metadata),
        }
    }

    fn our_namespace(&self, about: About<'_>, found: &ObjectMeta) -> Result<AppliedObject, ApplyProblem> {
        let labels = found.labels.clone().unwrap_or_default();
        let is_ours = manifests::namespace_labels(self.release).iter().all(|(key, value)| labels.get(key) == Some(value));
        if is_ours { Ok(applied(about, found, false)) } else { Err(about.not_ours()) }
    }

    /// Applies one object. Only metadata is read back: a Secret's content never travels here.
    async fn object<K>(&self, mut object: K) -> Result<AppliedObject, ApplyProblem>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Serialize + DeserializeOwned + Clone + Debug,
    {
        let api: Api<K> = Api::namespaced(self.client.clone(), &self.release.namespace);
        let name = object.meta().name.clone().unwrap_or_default();
        let kind = K::kind(&());
        let about = About { kind: &kind, name: &name };
        let found = limited(about, api.get_metadata_opt(&name)).await?.map(|found| found.metadata);
        if let Some(found) = &found {
            if !self.is_ours(about, found) {
                return Err(about.not_ours());
            }
            object.meta_mut().uid = found.uid.clone();
        }
        let now = limited(about, api.patch_metadata(&name, &PatchParams::apply(MANAGER), &Patch::Apply(&object))).await?.metadata;
        let changed = found.is_none_or(|before| before.resource_version != now.resource_version);
        Ok(applied(about, &now, changed))
    }

    fn is_ours(&self, about: About<'_>, found: &ObjectMeta) -> bool {
        let known = self.release.known_uids.get(&format!("{}/{}", about.kind, about.name));
        let is_known = known.is_some() && known == found.uid.as_ref();
        is_known || label(found, manifests::COMPONENT) == Some(&self.release.component_id.to_string())
    }

    /// Deletes what carries this component's label and is not among `kept` uids.
    async fn prune<K>(&self, kept: &BTreeSet<&str>) -> Result<(), ApplyProblem>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + DeserializeOwned + Clone + Debug,
    {
        let api: Api<K> = Api::namespaced(self.client.clone(), &self.release.namespace);
        let kind = K::kind(&());
        let ours = ListParams::default().labels(&format!(
            "{}={},app.kubernetes.io/managed-by=slipway",
            manifests::COMPONENT,
            self.release.component_id
        ));
        let found = limited(About { kind: &kind, name: "list" }, api.list_metadata(&ours)).await?;
        for object in found.items.into_iter().map(|object| object.metadata) {
            let (Some(name), Some(uid)) = (object.name, object.uid) else { continue };
            if kept.contains(uid.as_str()) {
                continue;
            }
            let only_this = DeleteParams::default().preconditions(Preconditions { uid: Some(uid), resource_version: None });
            let about = About { kind: &kind, name: &name };
            limited(about, gone(&api, &name, &only_this)).await?;
        }
        Ok(())
    }
}

/// Deletes; an object that is gone already, or was replaced by another, is as good.
async fn gone<K>(api: &Api<K>, name: &str, only_this: &DeleteParams) -> kube::Result<()>
where
    K: Clone + DeserializeOwned + Debug,
{
    match api.delete(name, only_this).await {
        Err(kube::Error::Api(status)) if status.is_not_found() || status.is_conflict() => Ok(()),
        result => result.map(|_| ()),
    }
}

fn applied(about: About<'_>, now: &ObjectMeta, changed: bool) -> AppliedObject {
    AppliedObject { kind: about.kind.into(), name: about.name.into(), uid: now.uid.clone().unwrap_or_default(), changed }
}

fn label<'a>(metadata: &'a ObjectMeta, key: &str) -> Option<&'a String> {
    metadata.labels.as_ref().and_then(|labels| labels.get(key))
}
