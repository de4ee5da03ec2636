//! Makes the cluster's objects those of a release: namespace, pull secret, what its kind of component has, and pruning.
//!
//! An object is ours if we stored its uid or if it carries our component's id; any other of the same name is refused. What
//! does not need each other goes to the cluster at the same time; what is told, and which problem, never depends on who is first.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use futures::future::join_all;
use k8s_openapi::api::{
    core::v1::{Secret, Service},
    networking::v1::{Ingress, NetworkPolicy},
};
use kube::{
    Client,
    api::{DeleteParams, PatchParams},
};
use serde::Serialize;

use super::{
    MANAGER,
    errors::{About, limited},
    manifests::{self, GrpcRoute, HttpRoute, Wanted},
    objects::{Mark, Object, Objects},
    pull_secrets,
};
use crate::domain::{
    deployments::data_plane::{AppliedObject, ApplyProblem, Release},
    routes::{Capabilities, Entrance},
};

/// Applies all objects, those that pods need before what makes pods, then prunes what the release no longer contains. Tells
/// them in the order of [`manifests::of`], after namespace and pull secret.
pub(super) async fn apply(
    client: &Client,
    release: &Release,
    entrance: &Entrance,
    capabilities: &Capabilities,
) -> Result<Vec<AppliedObject>, ApplyProblem> {
    let mut how = PatchParams::apply(MANAGER);
    how.force = release.takes_over;
    let applying = Applying { objects: Objects { client, place: &release.place }, release, how };
    let (before_pods, others): (Vec<_>, Vec<_>) =
        manifests::of(release, entrance, capabilities).into_iter().partition(Wanted::is_before_pods);
    applying.must_keep_time_zones(&others).await?; // before anything is made

    let mut applied = vec![applying.objects.namespace().await?];
    let (secret, before_pods) = tokio::join!(applying.pull_secret(), applying.all(before_pods));
    applied.extend(secret?);
    applied.extend(before_pods?);
    applied.extend(applying.all(others).await?);
    applying.prune_all(&applied, capabilities).await?;
    Ok(applied)
}

struct Applying<'a> {
    objects: Objects<'a>,
    release: &'a Release,
    how: PatchParams,
}

impl Applying<'_> {
    async fn pull_secret(&self) -> Result<Option<AppliedObject>, ApplyProblem> {
        let Some(secret) = &self.release.pull_secret else { return Ok(None) };
        pull_secrets::apply_in(&self.objects, &self.release.secret_place(), secret, &self.how).await.map(Some)
    }

    /// Applies these at the same time and waits for each, so that the problem told is the first in their order.
    async fn all(&self, wanted: Vec<Wanted>) -> Result<Vec<AppliedObject>, ApplyProblem> {
        join_all(wanted.into_iter().map(|wanted| self.wanted(wanted))).await.into_iter().collect()
    }

    async fn wanted(&self, wanted: Wanted) -> Result<AppliedObject, ApplyProblem> {
        match wanted {
            Wanted::NetworkPolicy(object) => self.object(object).await,
            Wanted::Service(object) => self.object(object).await,
            Wanted::Deployment(object) => self.object(*object).await,
            Wanted::CronJob(object) => self.object(*object).await,
            Wanted::HttpRoute(object) => self.object(object).await,
            Wanted::GrpcRoute(object) => self.object(object).await,
            Wanted::Ingress(object) => self.object(object).await,
        }
    }

    async fn object<K: Object + Serialize>(&self, object: K) -> Result<AppliedObject, ApplyProblem> {
        let key = format!("{}/{}", K::kind(&()), object.meta().name.as_deref().unwrap_or_default());
        let known_uid = self.release.known_uids.get(&key).map(String::as_str);
        let ours = Mark { known_uid, label: manifests::COMPONENT, id: self.release.component_id };
        self.objects.apply_by(object, &ours, &self.how).await
    }

    /// From 1.21 to 1.24 a cluster takes a CronJob and may leave its time zone out without a word: its runs would come at
    /// wrong times. An earlier one has no such kind. A version that can't be read is left to the apply.
    async fn must_keep_time_zones(&self, wanted: &[Wanted]) -> Result<(), ApplyProblem> {
        let Some(name) = wanted.iter().find(|wanted| matches!(wanted, Wanted::CronJob(_))).map(Wanted::name) else { return Ok(()) };
        let asked = About { kind: "the request for", name: "its version" };
        let version = limited(asked, self.objects.client.apiserver_version()).await?;
        if !is_before_1_25(&version.major, &version.minor) {
            return Ok(());
        }
        Err(About { kind: "CronJob", name }.refused(format!(
            "it is Kubernetes {}.{}, which has no time zones for it; they are there since 1.25",
            version.major, version.minor
        )))
    }

    /// A component keeps its kind, so of other workloads nothing can be left over. No release has Secrets of its own; earlier
    /// versions made a pull secret for each component.
    async fn prune_all(&self, applied: &[AppliedObject], capabilities: &Capabilities) -> Result<(), ApplyProblem> {
        let kept: BTreeSet<_> = applied.iter().map(|object| object.uid.as_str()).collect();
        let (services, secrets, policies, ingresses, http_routes, grpc_routes) = tokio::join!(
            self.prune::<Service>(&kept, true),
            self.prune::<Secret>(&kept, true),
            self.prune::<NetworkPolicy>(&kept, true),
            self.prune::<Ingress>(&kept, true),
            self.prune::<HttpRoute>(&kept, capabilities.http_route),
            self.prune::<GrpcRoute>(&kept, capabilities.grpc_route),
        );
        [services, secrets, policies, ingresses, http_routes, grpc_routes].into_iter().collect()
    }

    /// Deletes what carries this component's label and was not just applied. Of a kind that is not served there is nothing, and
    /// it is not asked for: who may not list it would be told so before it is said to be missing.
    async fn prune<K: Object>(&self, kept: &BTreeSet<&str>, is_served: bool) -> Result<(), ApplyProblem> {
        if !is_served {
            return Ok(());
        }
        for found in self.objects.of_component::<K>(self.release.component_id).await? {
            if !found.uid.as_deref().is_some_and(|uid| kept.contains(uid)) {
                // Its pods go by and by: nothing of the release waits for them.
                self.objects.delete::<K>(found, DeleteParams::background()).await?;
            }
        }
        Ok(())
    }
}

/// Vendors write more than the number: `24+`, `21-eks-4`.
fn is_before_1_25(major: &str, minor: &str) -> bool {
    let digits = minor.split(|end: char| !end.is_ascii_digit()).next().unwrap_or_default();
    major == "1" && digits.parse::<u32>().is_ok_and(|minor| minor < 25)
}
