//! What a 404 says. The cluster's own names the object that is not there; where its version lacks a kind it names nothing.
//! Any other comes from something in front of the cluster (a load balancer, a proxy), which knows nothing of objects: it
//! is never taken for "gone", or a cluster out of reach would read as an empty one.

use kube::core::Status;

/// Whether the cluster says that this object is not there. `plural` is the kind's in addresses: `namespaces`.
pub(super) fn is_gone(status: &Status, plural: &str, name: &str) -> bool {
    let is_named = status.details.as_ref().is_some_and(|details| details.kind == plural && details.name == name);
    status.is_not_found() && is_named
}

/// The kinds that a cluster may lack, and since when or with what it has them: every cluster has the others.
pub(super) fn where_served(kind: &str) -> Option<&'static str> {
    match kind {
        "CronJob" => Some("batch/v1 CronJob, which Kubernetes has since 1.21, with time zones since 1.25"),
        "Ingress" => Some("networking.k8s.io/v1 Ingress, which Kubernetes has since 1.19"),
        "HTTPRoute" => Some("gateway.networking.k8s.io/v1 HTTPRoute, which comes with the Gateway API"),
        "GRPCRoute" => Some("gateway.networking.k8s.io/v1 GRPCRoute, which comes with the Gateway API"),
        _ => None,
    }
}

/// Whether the cluster says that it has no such kind. It does so within a group that it has in a status without a name, or
/// else in a plain text.
pub(super) fn is_not_served(status: &Status, kind: &str) -> bool {
    let is_own = status.reason == "NotFound" || status.message == "404 page not found";
    where_served(kind).is_some() && status.code == 404 && names_nothing(status) && is_own
}

/// Whether it tells of no object at all.
pub(super) fn names_nothing(status: &Status) -> bool {
    status.details.as_ref().is_none_or(|details| details.name.is_empty())
}
