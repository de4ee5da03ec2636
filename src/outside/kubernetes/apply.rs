//! Makes the cluster's objects those of a release: namespace, pull secret, what its kind of component has, and pruning.
//!
//! An object is ours if we stored its uid or if it carries our component's id; any other of the same name is refused.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use k8s_openapi::api::{
    batch::v1::CronJob,
    core::v1::{Secret, Service},
};
use kube::{Client, api::DeleteParams};
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
    let mut applying = Applying { objects: Objects { client, place: &release.place }, release, applied: Vec::new() };
    let cron_job = manifests::cron_job(release);
    if let Some(cron_job) = &cron_job {
        applying.must_keep_time_zones(cron_job).await?; // before anything is made
    }
    applying.applied.push(applying.objects.namespace().await?);
    if let Some(secret) = &release.pull_secret {
        applying.applied.push(pull_secrets::apply_in(&applying.objects, &release.secret_place(), secret).await?);
    }
    applying.object(manifests::service(release)).await?;
    applying.object(manifests::deployment(release)).await?;
    applying.object(cron_job).await?;
    applying.prune::<Service>().await?;
    // A component keeps its kind, so of other kinds nothing can be left over. No release has Secrets of its own; earlier
    // versions made a pull secret for each component.
    applying.prune::<Secret>().await?;
    Ok(applying.applied)
}

struct Applying<'a> {
    objects: Objects<'a>,
    release: &'a Release,
    applied: Vec<AppliedObject>,
}

impl Applying<'_> {
    /// Applies an object that the release contains.
    async fn object<K: Object + Serialize>(&mut self, object: Option<K>) -> Result<(), ApplyProblem> {
        let Some(object) = object else { return Ok(()) };
        let key = format!("{}/{}", K::kind(&()), object.meta().name.as_deref().unwrap_or_default());
        let known_uid = self.release.known_uids.get(&key).map(String::as_str);
        let ours = Mark { known_uid, label: manifests::COMPONENT, id: self.release.component_id };
        self.applied.push(self.objects.apply(object, &ours).await?);
        Ok(())
    }

    /// From 1.21 to 1.24 a cluster takes a CronJob and may leave its time zone out without a word: its runs would come at
    /// wrong times. An earlier one has no such kind. A version that can't be read is left to the apply.
    async fn must_keep_time_zones(&self, cron_job: &CronJob) -> Result<(), ApplyProblem> {
        let asked = About { kind: "the request for", name: "its version" };
        let version = limited(asked, self.objects.client.apiserver_version()).await?;
        if !is_before_1_25(&version.major, &version.minor) {
            return Ok(());
        }
        let about = About { kind: "CronJob", name: cron_job.metadata.name.as_deref().unwrap_or_default() };
        Err(about.refused(format!(
            "it is Kubernetes {}.{}, which has no time zones for it; they are there since 1.25",
            version.major, version.minor
        )))
    }

    /// Deletes what carries this component's label and was not just applied.
    async fn prune<K: Object>(&self) -> Result<(), ApplyProblem> {
        let kept: BTreeSet<_> = self.applied.iter().map(|object| object.uid.as_str()).collect();
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
