//! What a cluster offers for endpoints: its version, the routes of the Gateway API, and whether something enforces policies.

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use k8s_openapi::api::apps::v1::DaemonSet;
use kube::{Api, Client, Resource, api::ListParams};
use tokio::{sync::Mutex, time::Instant};

use super::{
    errors::{About, limited},
    manifests::{GrpcRoute, HttpRoute},
    not_found::is_not_served,
};
use crate::domain::{deployments::data_plane::ApplyProblem, routes::Capabilities};

/// A cluster gets the Gateway API once in its life; an apply need not ask each time.
const FRESH: Duration = Duration::from_secs(60);

/// DaemonSets that enforce NetworkPolicies, by where their makers put them: what stands in any other namespace may be
/// anything of that name.
const ENFORCERS: [(&str, &str); 12] = [
    ("kube-system", "calico-node"),
    ("calico-system", "calico-node"),
    ("kube-system", "canal"),
    ("kube-system", "cilium"),
    ("cilium", "cilium"),
    ("kube-system", "anetd"),
    ("kube-system", "kube-router"),
    ("kube-system", "antrea-agent"),
    ("kube-system", "weave-net"),
    ("weave", "weave-net"),
    ("kube-system", "azure-npm"),
    ("openshift-ovn-kubernetes", "ovnkube-node"),
];

/// What was discovered last, and when. Clones share it; who comes while one asks waits for that answer.
#[derive(Clone, Default)]
pub(super) struct Cache(Arc<Mutex<Option<(Instant, Capabilities)>>>);

impl Cache {
    pub(super) async fn get(&self, client: &Client) -> Result<Capabilities, ApplyProblem> {
        let mut kept = self.0.lock().await;
        if let Some((at, capabilities)) = kept.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
            tracing::trace!(seconds = at.elapsed().as_secs(), "what the cluster offers is still fresh");
            return Ok(capabilities.clone());
        }
        let found = discover(client).await?;
        *kept = Some((Instant::now(), found.clone()));
        Ok(found)
    }
}

async fn discover(client: &Client) -> Result<Capabilities, ApplyProblem> {
    let (version, routes, enforces) = tokio::join!(version(client), routes(client), enforces_network_policies(client));
    let (http_route, grpc_route) = routes?;
    Ok(Capabilities { version: version?, http_route, grpc_route, enforces_network_policies: enforces })
}

/// `1.33`: vendors write more than the number of the minor version (`24+`, `21-eks-4`).
async fn version(client: &Client) -> Result<String, ApplyProblem> {
    let asked = About { kind: "the request for", name: "its version" };
    let version = limited(asked, client.apiserver_version()).await?;
    let minor = version.minor.split(|end: char| !end.is_ascii_digit()).next().unwrap_or_default();
    Ok(if minor.is_empty() { String::new() } else { format!("{}.{minor}", version.major) })
}

/// Whether HTTPRoute and GRPCRoute are served in the version that we write.
async fn routes(client: &Client) -> Result<(bool, bool), ApplyProblem> {
    let kind = HttpRoute::kind(&());
    let served = async {
        match client.list_api_group_resources(&HttpRoute::api_version(&())).await {
            Err(kube::Error::Api(status)) if is_not_served(&status, &kind) => Ok(Vec::new()),
            listed => listed.map(|listed| listed.resources),
        }
    };
    let resources = limited(About { kind: "the request for", name: "its Gateway API" }, served).await?;
    let has = |plural: &str| resources.iter().any(|resource| resource.name == plural);
    Ok((has(&HttpRoute::plural(&())), has(&GrpcRoute::plural(&()))))
}

/// Known only to be so: some enforcers have no DaemonSet, and we may not be allowed to look.
async fn enforces_network_policies(client: &Client) -> Option<bool> {
    let api: Api<DaemonSet> = Api::all(client.clone());
    let about = About { kind: "the list of", name: "DaemonSets" };
    let found = limited(about, api.list_metadata(&ListParams::default())).await;
    let found = found.inspect_err(|problem| tracing::debug!(%problem, "it can't be seen whether network policies are enforced")).ok()?;
    let is_known =
        |namespace: Option<&str>, name: Option<&str>| ENFORCERS.iter().any(|known| (Some(known.0), Some(known.1)) == (namespace, name));
    let enforces = found.items.iter().any(|set| is_known(set.metadata.namespace.as_deref(), set.metadata.name.as_deref()));
    enforces.then_some(true)
}
