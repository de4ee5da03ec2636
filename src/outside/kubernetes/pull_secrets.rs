//! The Secret with a registry's credential in a namespace: its apply and its removal. It is ours if we stored its uid or
//! if it carries the registry's id. What another manager wrote into it is told as a conflict, not overwritten.

#[cfg(test)]
mod tests;

use k8s_openapi::api::core::v1::Secret;
use kube::{
    Client,
    api::{DeleteParams, PatchParams},
};

use super::{
    MANAGER,
    errors::About,
    manifests,
    objects::{Mark, Objects, find},
};
use crate::domain::deployments::data_plane::{AppliedObject, ApplyProblem, PullSecret, SecretPlace};

/// Applies the Secret in a namespace that must be there.
pub(super) async fn apply(client: &Client, at: &SecretPlace, secret: &PullSecret) -> Result<AppliedObject, ApplyProblem> {
    let objects = Objects { client, place: &at.place };
    objects.must_be_our_namespace().await?;
    apply_in(&objects, at, secret, &PatchParams::apply(MANAGER)).await
}

/// Applies the Secret in a namespace that is known to be ours.
pub(super) async fn apply_in(
    objects: &Objects<'_>,
    at: &SecretPlace,
    secret: &PullSecret,
    how: &PatchParams,
) -> Result<AppliedObject, ApplyProblem> {
    objects.apply_by(manifests::pull_secret(at, secret), &mark(at), how).await
}

/// Deletes the Secret if it is ours.
pub(super) async fn remove(client: &Client, at: &SecretPlace) -> Result<(), ApplyProblem> {
    let objects = Objects { client, place: &at.place };
    let name = at.name();
    match find(&objects.api::<Secret>(), About { kind: "Secret", name: &name }).await? {
        Some(found) if mark(at).is_on(&found) => objects.delete::<Secret>(found, DeleteParams::default()).await,
        _ => Ok(()),
    }
}

fn mark(at: &SecretPlace) -> Mark<'_> {
    Mark { known_uid: at.known_uid.as_deref(), label: manifests::REGISTRY, id: at.registry_id }
}
