//! One object at a time in a namespace of ours: whose it is, its apply, its deletion.
//!
//! Every write is a server-side apply, also the first: an object made by POST would leave its fields to a second
//! manager entry, and later applies could never remove them. A later apply carries the uid that was just seen, so a
//! stranger's object that took the name in between is not touched.

use std::fmt::Debug;

use k8s_openapi::{NamespaceResourceScope, api::core::v1::Namespace, apimachinery::pkg::apis::meta::v1::ObjectMeta};
use kube::{
    Api, Client, Resource,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, Preconditions},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    MANAGER,
    errors::{About, limited},
    manifests,
    not_found::{is_gone, is_not_served},
};
use crate::domain::deployments::data_plane::{AppliedObject, ApplyProblem, Place};

/// What a namespace of ours can hold.
pub(super) trait Object: Resource<DynamicType = (), Scope = NamespaceResourceScope> + DeserializeOwned + Clone + Debug {}

impl<K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + DeserializeOwned + Clone + Debug> Object for K {}

/// Tells our objects from strangers' of the same name: by the uid that was stored, or by a label with an id of ours.
pub(super) struct Mark<'a> {
    pub(super) known_uid: Option<&'a str>,
    pub(super) label: &'static str,
    pub(super) id: Uuid,
}

impl Mark<'_> {
    pub(super) fn is_on(&self, found: &ObjectMeta) -> bool {
        let is_known = self.known_uid.is_some() && self.known_uid == found.uid.as_deref();
        let label = found.labels.as_ref().and_then(|labels| labels.get(self.label));
        is_known || label == Some(&self.id.to_string())
    }

    /// A problem if the object that was found is not ours.
    pub(super) fn must_be_on(&self, about: About<'_>, found: &ObjectMeta) -> Result<(), ApplyProblem> {
        if self.is_on(found) {
            return Ok(());
        }
        let is_of_another = manifests::is_of_a_component(found);
        Err(if is_of_another { about.of_another_component() } else { about.not_ours() })
    }
}

/// A namespace on the cluster, and what we do in it.
pub(super) struct Objects<'a> {
    pub(super) client: &'a Client,
    pub(super) place: &'a Place,
}

impl Objects<'_> {
    pub(super) fn api<K: Object>(&self) -> Api<K> {
        Api::namespaced(self.client.clone(), &self.place.namespace)
    }

    /// The namespace, made if it is missing. It is shared, so it is never changed afterwards.
    pub(super) async fn namespace(&self) -> Result<AppliedObject, ApplyProblem> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let name = &self.place.namespace;
        let about = About { kind: "Namespace", name };
        if let Some(found) = find(&api, about).await? {
            return self.our_namespace(about, &found);
        }
        // By POST, as it is never applied again: the answer to a race with another component is 409, not a merge.
        let by_us = PostParams { field_manager: Some(MANAGER.into()), ..PostParams::default() };
        let wanted = manifests::namespace(self.place);
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

    /// A problem unless the namespace is there and ours: a secret must not come into a stranger's hands that took the name.
    pub(super) async fn must_be_our_namespace(&self) -> Result<(), ApplyProblem> {
        let there = self.has_our_namespace().await?;
        if there { Ok(()) } else { Err(ApplyProblem::NoNamespace { namespace: self.place.namespace.clone() }) }
    }

    /// Whether the namespace is there; a problem if it is not ours.
    pub(super) async fn has_our_namespace(&self) -> Result<bool, ApplyProblem> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let name = &self.place.namespace;
        let about = About { kind: "Namespace", name };
        match find(&api, about).await? {
            Some(found) => self.our_namespace(about, &found).map(|_| true),
            None => Ok(false),
        }
    }

    fn our_namespace(&self, about: About<'_>, found: &ObjectMeta) -> Result<AppliedObject, ApplyProblem> {
        let labels = found.labels.clone().unwrap_or_default();
        let is_ours = manifests::namespace_labels(self.place).iter().all(|(key, value)| labels.get(key) == Some(value));
        if is_ours { Ok(applied(about, found, false)) } else { Err(about.not_ours()) }
    }

    /// Applies one object; by force, it takes fields over that other managers own. Only metadata is read back: a Secret's
    /// content never travels here.
    pub(super) async fn apply_by<K: Object + Serialize>(
        &self,
        mut object: K,
        ours: &Mark<'_>,
        how: &PatchParams,
    ) -> Result<AppliedObject, ApplyProblem> {
        let api: Api<K> = self.api();
        let name = object.meta().name.clone().unwrap_or_default();
        let kind = K::kind(&());
        let about = About { kind: &kind, name: &name };
        let found = find(&api, about).await?;
        if let Some(found) = &found {
            ours.must_be_on(about, found)?;
            object.meta_mut().uid = found.uid.clone();
        }
        let now = limited(about, api.patch_metadata(&name, how, &Patch::Apply(&object))).await?.metadata;
        let changed = found.is_none_or(|before| before.resource_version != now.resource_version);
        Ok(applied(about, &now, changed))
    }

    /// What is there of a kind and carries the component's label; none of a kind that the cluster does not serve.
    pub(super) async fn of_component<K: Object>(&self, component_id: Uuid) -> Result<Vec<ObjectMeta>, ApplyProblem> {
        let api: Api<K> = self.api();
        let ours = ListParams::default().labels(&manifests::of_component(component_id));
        let kind = K::kind(&());
        let listed = async {
            match api.list_metadata(&ours).await {
                // A list of a kind that is served is found, however empty, even in a namespace that is not there.
                Err(kube::Error::Api(status)) if is_not_served(&status, &kind) => Ok(Vec::new()),
                listed => listed.map(|found| found.items.into_iter().map(|object| object.metadata).collect()),
            }
        };
        limited(About { kind: &kind, name: "list" }, listed).await
    }

    /// Deletes the object that was found, with `how` for what it owns; one that is gone already, or was replaced by
    /// another, is as good.
    pub(super) async fn delete<K: Object>(&self, found: ObjectMeta, how: DeleteParams) -> Result<(), ApplyProblem> {
        let (Some(name), Some(uid)) = (found.name, found.uid) else { return Ok(()) };
        let api: Api<K> = self.api();
        let only_this = how.preconditions(Preconditions { uid: Some(uid), resource_version: None });
        let deleted = async {
            match api.delete(&name, &only_this).await {
                Err(kube::Error::Api(status)) if is_gone(&status, &K::plural(&()), &name) || status.is_conflict() => Ok(()),
                result => result.map(drop),
            }
        };
        limited(About { kind: &K::kind(&()), name: &name }, deleted).await
    }
}

/// The metadata of an object; none only where the cluster itself says that it is not there.
pub(super) async fn find<K>(api: &Api<K>, about: About<'_>) -> Result<Option<ObjectMeta>, ApplyProblem>
where
    K: Resource<DynamicType = ()> + DeserializeOwned + Clone + Debug,
{
    let found = async {
        match api.get_metadata(about.name).await {
            Err(kube::Error::Api(status)) if is_gone(&status, &K::plural(&()), about.name) => Ok(None),
            found => found.map(|found| Some(found.metadata)),
        }
    };
    limited(about, found).await
}

fn applied(about: About<'_>, now: &ObjectMeta, changed: bool) -> AppliedObject {
    AppliedObject { kind: about.kind.into(), name: about.name.into(), uid: now.uid.clone().unwrap_or_default(), changed }
}
