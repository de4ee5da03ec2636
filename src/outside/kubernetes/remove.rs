//! Takes a component off the cluster: everything with its label in its namespace, and nothing else there. Never the
//! namespace itself, nor a registry's pull secret: others use them.

#[cfg(test)]
mod tests;

use k8s_openapi::api::{
    apps::v1::{Deployment, ReplicaSet},
    batch::v1::{CronJob, Job},
    core::v1::{Pod, Secret, Service},
    networking::v1::{Ingress, NetworkPolicy},
};
use kube::{Client, api::DeleteParams};
use uuid::Uuid;

use super::{
    manifests::{GrpcRoute, HttpRoute},
    objects::{Object, Objects},
};
use crate::domain::{
    deployments::data_plane::{ApplyProblem, ObjectName, Place},
    routes::Capabilities,
};

/// Deletes what is there and tells what still is, in the order of kind and name.
pub(super) async fn remove(
    client: &Client,
    place: &Place,
    component_id: Uuid,
    capabilities: &Capabilities,
) -> Result<Vec<ObjectName>, ApplyProblem> {
    let component = Component { objects: Objects { client, place }, id: component_id, capabilities };
    if !component.objects.has_our_namespace().await? {
        return Ok(Vec::new());
    }
    component.delete_all().await?;
    component.what_is_left().await
}

struct Component<'a> {
    objects: Objects<'a>,
    id: Uuid,
    /// Of a route that is not served there is none, and it is not asked for.
    capabilities: &'a Capabilities,
}

impl Component<'_> {
    /// Ways in go first, so that nobody is led to what is ending; then what makes others. The policy goes last. ReplicaSets and Pods go with their
    /// owners, but for those that lost theirs by hand.
    async fn delete_all(&self) -> Result<(), ApplyProblem> {
        if self.capabilities.http_route {
            self.delete::<HttpRoute>().await?;
        }
        if self.capabilities.grpc_route {
            self.delete::<GrpcRoute>().await?;
        }
        self.delete::<Ingress>().await?;
        self.delete::<CronJob>().await?;
        self.delete::<Job>().await?;
        self.delete::<Deployment>().await?;
        self.delete::<ReplicaSet>().await?;
        self.delete::<Service>().await?;
        // Of earlier versions, which made a pull secret for each component.
        self.delete::<Secret>().await?;
        self.delete::<Pod>().await?;
        self.delete::<NetworkPolicy>().await
    }

    async fn delete<K: Object>(&self) -> Result<(), ApplyProblem> {
        for found in self.objects.of_component::<K>(self.id).await? {
            if found.deletion_timestamp.is_none() {
                // It stays until its pods are gone, so that what is left can be seen.
                self.objects.delete::<K>(found, DeleteParams::foreground()).await?;
            }
        }
        Ok(())
    }

    async fn what_is_left(&self) -> Result<Vec<ObjectName>, ApplyProblem> {
        let mut left = Vec::new();
        if self.capabilities.http_route {
            self.list::<HttpRoute>(&mut left).await?;
        }
        if self.capabilities.grpc_route {
            self.list::<GrpcRoute>(&mut left).await?;
        }
        self.list::<Ingress>(&mut left).await?;
        self.list::<CronJob>(&mut left).await?;
        self.list::<Job>(&mut left).await?;
        self.list::<Deployment>(&mut left).await?;
        self.list::<ReplicaSet>(&mut left).await?;
        self.list::<Service>(&mut left).await?;
        self.list::<Secret>(&mut left).await?;
        self.list::<Pod>(&mut left).await?;
        self.list::<NetworkPolicy>(&mut left).await?;
        left.sort();
        Ok(left)
    }

    async fn list<K: Object>(&self, left: &mut Vec<ObjectName>) -> Result<(), ApplyProblem> {
        let found = self.objects.of_component::<K>(self.id).await?;
        left.extend(found.into_iter().map(|found| ObjectName { kind: K::kind(&()).into_owned(), name: found.name.unwrap_or_default() }));
        Ok(())
    }
}
