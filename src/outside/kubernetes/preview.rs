//! What an apply would change, by a server-side dry run: the cluster's own answer, defaults and webhooks included. Changes
//! nothing, and sends no credential: a Secret is only looked for.

pub(in crate::outside) mod clean;
#[cfg(test)]
mod tests;

use futures::future::{try_join, try_join_all};
use k8s_openapi::api::{
    core::v1::{Secret, Service},
    networking::v1::{Ingress, NetworkPolicy},
};
use kube::{
    Api, Client,
    api::{DynamicObject, ListParams, Patch, PatchParams},
    core::{ApiResource, PartialObjectMeta},
};
use serde_json::{Value, json};

use self::clean::clean;
use super::{
    MANAGER,
    errors::{About, field_conflicts, limited},
    manifests::{self, GrpcRoute, HttpRoute},
    not_found::is_gone,
    objects::{Mark, Objects},
    sent::{self, Sent},
    yaml,
};
use crate::domain::{
    deployments::data_plane::{ApplyProblem, Conflict, Plan, PlannedObject, Release},
    routes::{Capabilities, Entrance},
};

/// What an apply of the release would do with each of its objects, in its order, and with those that it no longer contains. Where
/// the namespace is not there yet all is new, and the cluster is not asked further.
pub(super) async fn preview(
    client: &Client,
    release: &Release,
    entrance: &Entrance,
    capabilities: &Capabilities,
) -> Result<Vec<PlannedObject>, ApplyProblem> {
    let sent = sent::sent(release, entrance, capabilities);
    let objects = Objects { client, place: &release.place };
    if !objects.has_our_namespace().await? {
        return Ok(sent.iter().map(made).collect());
    }
    let preview = Preview { client, release, capabilities };
    let each = try_join_all(sent.iter().map(|sent| preview.plan(sent)));
    let (mut planned, left_over) = try_join(each, preview.left_over(&sent)).await?;
    planned.extend(left_over);
    Ok(planned)
}

/// An object that is made as it is sent.
pub(in crate::outside) fn made(sent: &Sent) -> PlannedObject {
    planned(sent.kind(), sent.name(), None, Some(text(&sent.content)))
}

/// What becomes of an object, by how it stands and how it would stand.
pub(in crate::outside) fn planned(kind: &str, name: &str, before: Option<String>, after: Option<String>) -> PlannedObject {
    let plan = match (&before, &after) {
        (None, _) => Plan::Create,
        (_, None) => Plan::Delete,
        (before, after) if before == after => Plan::Keep,
        _ => Plan::Change,
    };
    PlannedObject { kind: kind.into(), name: name.into(), plan, before, after, conflicts: Vec::new() }
}

/// As it is compared and shown.
pub(in crate::outside) fn text(object: &Value) -> String {
    yaml::write(&clean(object.clone()))
}

struct Preview<'a> {
    client: &'a Client,
    release: &'a Release,
    capabilities: &'a Capabilities,
}

impl Preview<'_> {
    async fn plan(&self, sent: &Sent) -> Result<PlannedObject, ApplyProblem> {
        let about = About { kind: sent.kind(), name: sent.name() };
        let found = self.find(sent, about).await?;
        if let Some(found) = &found
            && sent.kind() != "Namespace"
        {
            self.mark(about).must_be_on(about, &found.metadata)?;
        }
        let before = found.as_ref().map(|found| text(&content(&sent.resource, found)));
        // The namespace is shared and never changed; what a Secret holds is its keeper's affair, and not sent for a look.
        if matches!(sent.kind(), "Namespace" | "Secret") {
            let after = before.clone().unwrap_or_else(|| text(&sent.content));
            return Ok(planned(about.kind, about.name, before, Some(after)));
        }
        let uid = found.and_then(|found| found.metadata.uid);
        let (after, conflicts) = self.dry_run(sent, about, uid).await?;
        let after = text(&content(&sent.resource, &after));
        Ok(PlannedObject { conflicts, ..planned(about.kind, about.name, before, Some(after)) })
    }

    /// As it would stand, and whose fields it would take: where there are such, as if they were taken over.
    async fn dry_run(&self, sent: &Sent, about: About<'_>, uid: Option<String>) -> Result<(DynamicObject, Vec<Conflict>), ApplyProblem> {
        let mut content = sent.content.clone();
        if let Some(uid) = uid {
            content["metadata"]["uid"] = uid.into();
        }
        let api = self.api(&sent.resource);
        let asked = PatchParams::apply(MANAGER).dry_run();
        let mut conflicts = Vec::new();
        if !self.release.takes_over {
            let answer = limited(about, async {
                match api.patch(about.name, &asked, &Patch::Apply(&content)).await {
                    Err(kube::Error::Api(status)) if !field_conflicts(&status).is_empty() => Ok(Err(field_conflicts(&status))),
                    answer => answer.map(Ok),
                }
            });
            match answer.await? {
                Ok(after) => return Ok((after, conflicts)),
                Err(found) => conflicts = found,
            }
        }
        let after = limited(about, api.patch(about.name, &asked.force(), &Patch::Apply(&content))).await?;
        Ok((after, conflicts))
    }

    /// What an apply would prune.
    async fn left_over(&self, sent: &[Sent]) -> Result<Vec<PlannedObject>, ApplyProblem> {
        let kinds = self.pruned_kinds();
        let found = try_join_all(kinds.iter().map(|resource| self.of_component(resource))).await?;
        let is_wanted = |object: &PlannedObject| sent.iter().any(|sent| (sent.kind(), sent.name()) == (&object.kind, &object.name));
        Ok(found.into_iter().flatten().filter(|object| !is_wanted(object)).collect())
    }

    /// Those of which a release can have fewer than the one before it, as far as the cluster serves them.
    fn pruned_kinds(&self) -> Vec<ApiResource> {
        let mut kinds = vec![
            ApiResource::erase::<NetworkPolicy>(&()),
            ApiResource::erase::<Service>(&()),
            ApiResource::erase::<Ingress>(&()),
            ApiResource::erase::<Secret>(&()),
        ];
        kinds.extend(self.capabilities.http_route.then(|| ApiResource::erase::<HttpRoute>(&())));
        kinds.extend(self.capabilities.grpc_route.then(|| ApiResource::erase::<GrpcRoute>(&())));
        kinds
    }

    async fn of_component(&self, resource: &ApiResource) -> Result<Vec<PlannedObject>, ApplyProblem> {
        let (api, kind) = (self.api(resource), resource.kind.as_str());
        let ours = ListParams::default().labels(&manifests::of_component(self.release.component_id));
        let listed = async {
            match kind {
                "Secret" => api.list_metadata(&ours).await.map(|found| found.items.into_iter().map(bare).collect::<Vec<_>>()),
                _ => api.list(&ours).await.map(|found| found.items),
            }
        };
        let found = limited(About { kind, name: "list" }, listed).await?;
        let goes = |object: &DynamicObject| {
            planned(kind, object.metadata.name.as_deref().unwrap_or_default(), Some(text(&content(resource, object))), None)
        };
        Ok(found.iter().map(goes).collect())
    }

    /// The object as it stands; of a Secret, what it is called and marked with.
    async fn find(&self, sent: &Sent, about: About<'_>) -> Result<Option<DynamicObject>, ApplyProblem> {
        let api = self.api(&sent.resource);
        let found = async {
            let found = match about.kind {
                "Secret" => api.get_metadata(about.name).await.map(bare),
                _ => api.get(about.name).await,
            };
            match found {
                Err(kube::Error::Api(status)) if is_gone(&status, &sent.resource.plural, about.name) => Ok(None),
                found => found.map(Some),
            }
        };
        limited(about, found).await
    }

    fn api(&self, resource: &ApiResource) -> Api<DynamicObject> {
        match resource.kind.as_str() {
            "Namespace" => Api::all_with(self.client.clone(), resource),
            _ => Api::namespaced_with(self.client.clone(), &self.release.place.namespace, resource),
        }
    }

    fn mark(&self, about: About<'_>) -> Mark<'_> {
        let known_uid = self.release.known_uids.get(&format!("{}/{}", about.kind, about.name)).map(String::as_str);
        match about.kind {
            "Secret" => Mark { known_uid, label: manifests::REGISTRY, id: self.release.registry_id },
            _ => Mark { known_uid, label: manifests::COMPONENT, id: self.release.component_id },
        }
    }
}

fn bare(found: PartialObjectMeta<DynamicObject>) -> DynamicObject {
    DynamicObject { types: None, metadata: found.metadata, data: json!({}) }
}

/// The whole object; in lists, and of metadata alone, the cluster does not say what it is.
fn content(resource: &ApiResource, object: &DynamicObject) -> Value {
    let mut content = object.data.clone();
    content["apiVersion"] = resource.api_version.as_str().into();
    content["kind"] = resource.kind.as_str().into();
    content["metadata"] = serde_json::to_value(&object.metadata).unwrap_or_default();
    content
}
