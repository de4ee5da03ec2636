//! The NetworkPolicy of a Service or a Web Application: who may reach which port of its pods. It says nothing of what they
//! reach themselves. A task has none: its pods listen for nobody.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::networking::v1::{NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec},
    apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString},
};

use super::{Port, labels, metadata};
use crate::domain::{
    components::Workload,
    deployments::data_plane::Release,
    endpoints::Visibility,
    routes::{Capabilities, Entrance, PublicBy, Route},
};

/// Kubernetes puts it on each namespace, since 1.21.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// Who may reach a port; ordered from the fewest to the most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Callers {
    Project,
    Organization,
    /// And the Gateway.
    Gateway,
    Anyone,
}

/// The policy; none of a task. Of a Service without endpoints it lets nobody in.
pub(super) fn network_policy(
    release: &Release,
    routes: &[Route],
    entrance: &Entrance,
    capabilities: &Capabilities,
) -> Option<NetworkPolicy> {
    if release.workload.kind().is_task() {
        return None;
    }
    let knows_gateway = entrance.gateway.is_some() && capabilities.labels_namespaces();
    let rule = |(port, callers): (Port, Callers)| NetworkPolicyIngressRule {
        from: from(callers, release, entrance),
        ports: Some(vec![NetworkPolicyPort {
            port: Some(IntOrString::Int(port.number.into())),
            protocol: Some(port.protocol.into()),
            ..NetworkPolicyPort::default()
        }]),
    };
    let spec = NetworkPolicySpec {
        pod_selector: Some(LabelSelector { match_labels: Some(labels::selector(release)), ..LabelSelector::default() }),
        policy_types: Some(vec!["Ingress".into()]),
        ingress: Some(callers(release, routes, knows_gateway).into_iter().map(rule).collect()),
        ..NetworkPolicySpec::default()
    };
    Some(NetworkPolicy { metadata: metadata(release, release.component_name.clone()), spec: Some(spec) })
}

/// The callers of each port: of several endpoints on one, those of the widest. What only the Gateway brings in need not be
/// open to others; where the callers of an Ingress or a load balancer come from is not known.
fn callers(release: &Release, routes: &[Route], knows_gateway: bool) -> BTreeMap<Port, Callers> {
    let of_public = |name: &str| {
        let by_gateway = |route: &Route| route.endpoint == name && matches!(route.by, PublicBy::HttpRoute | PublicBy::GrpcRoute);
        if knows_gateway && routes.iter().any(by_gateway) { Callers::Gateway } else { Callers::Anyone }
    };
    let mut callers = BTreeMap::new();
    if let Workload::WebApplication { port } = release.workload {
        callers.insert(Port { number: port, protocol: "TCP" }, of_public(&release.component_name));
    }
    for endpoint in &release.endpoints {
        let these = match endpoint.widest_visibility() {
            Visibility::Project => Callers::Project,
            Visibility::Organization => Callers::Organization,
            Visibility::Public => of_public(&endpoint.name),
        };
        let widest = callers.entry(Port { number: endpoint.port, protocol: endpoint.kind.protocol() }).or_insert(these);
        *widest = these.max(*widest);
    }
    callers
}

/// None: no condition on where a call comes from. The organization's namespaces are those in the same environment, the
/// component's own among them.
fn from(callers: Callers, release: &Release, entrance: &Entrance) -> Option<Vec<NetworkPolicyPeer>> {
    let organization = || namespaces(labels::of_organization(&release.place));
    match callers {
        Callers::Project => Some(vec![NetworkPolicyPeer { pod_selector: Some(LabelSelector::default()), ..NetworkPolicyPeer::default() }]),
        Callers::Organization => Some(vec![organization()]),
        Callers::Gateway => {
            let gateway =
                entrance.gateway.iter().map(|gateway| namespaces(BTreeMap::from([(NAMESPACE_NAME.into(), gateway.namespace.clone())])));
            Some([organization()].into_iter().chain(gateway).collect())
        }
        Callers::Anyone => None,
    }
}

/// All pods of the namespaces that have these labels.
fn namespaces(labels: BTreeMap<String, String>) -> NetworkPolicyPeer {
    let selector = LabelSelector { match_labels: Some(labels), ..LabelSelector::default() };
    NetworkPolicyPeer { namespace_selector: Some(selector), ..NetworkPolicyPeer::default() }
}
