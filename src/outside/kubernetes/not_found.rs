//! What a 404 says. The cluster's own names the object that is not there; where its version lacks a kind it names nothing.
//! Any other comes from something in front of the cluster (a load balancer, a proxy), which knows nothing of objects: it
//! is never taken for "gone", or a cluster out of reach would read as an empty one.

use kube::core::Status;

/// Whether the cluster says that this object is not there. `plural` is the kind's in addresses: `namespaces`.
pub(super) fn is_gone(status: &Status, plural: &str, name: &str) -> bool {
    let is_named = status.details.as_ref().is_some_and(|details| details.kind == plural && details.name == name);
    status.is_not_found() && is_named
}

/// Whether the cluster says that it has no such kind. Only of CronJob, which batch/v1 has since 1.21: every cluster has
/// the others. It does so within a group that it has in a status without a name, or else in a plain text.
pub(super) fn is_not_served(status: &Status, kind: &str) -> bool {
    let is_own = status.reason == "NotFound" || status.message == "404 page not found";
    kind == "CronJob" && status.code == 404 && names_nothing(status) && is_own
}

/// Whether it tells of no object at all.
pub(super) fn names_nothing(status: &Status) -> bool {
    status.details.as_ref().is_none_or(|details| details.name.is_empty())
}
