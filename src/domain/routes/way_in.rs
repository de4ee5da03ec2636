//! By which kind of object something Public is served, and by which host and path.

use super::{Capabilities, Entrance, PublicBy, Route, Subject, label::host_label};
use crate::domain::{
    components::Workload,
    endpoints::{Endpoint, EndpointKind, Visibility, slug},
};

const NO_DOMAIN: &str =
    "This console has no domain for Public endpoints. Who runs it can name one with SLIPWAY_PUBLIC_DOMAIN; until then choose Organization.";
const NO_GRPC_ROUTE: &str =
    "A Public GRPC endpoint needs GRPCRoute of the Gateway API, which the cluster does not serve. Choose Project or Organization.";
const NO_GATEWAY: &str = "A Public GRPC endpoint needs a Gateway. Who runs this console can name one with SLIPWAY_GATEWAY; until then choose \
    Project or Organization.";

/// By which object an endpoint of a kind would be Public, or why it can't be: one sentence for the form.
pub fn public_by(kind: EndpointKind, entrance: &Entrance, capabilities: &Capabilities) -> Result<PublicBy, &'static str> {
    match kind {
        EndpointKind::Tcp | EndpointKind::Udp => Ok(PublicBy::LoadBalancer),
        _ if entrance.domain.is_none() => Err(NO_DOMAIN),
        EndpointKind::Grpc if !capabilities.grpc_route => Err(NO_GRPC_ROUTE),
        EndpointKind::Grpc if entrance.gateway.is_none() => Err(NO_GATEWAY),
        EndpointKind::Grpc => Ok(PublicBy::GrpcRoute),
        EndpointKind::Rest | EndpointKind::GraphQL | EndpointKind::Ws => Ok(http_by(entrance, capabilities)),
    }
}

/// The same of a Web Application, which is always Public.
pub(super) fn web_by(entrance: &Entrance, capabilities: &Capabilities) -> Result<PublicBy, &'static str> {
    if entrance.domain.is_none() { Err(NO_DOMAIN) } else { Ok(http_by(entrance, capabilities)) }
}

/// An HTTPRoute attaches to a Gateway; without one, or without the kind, there are Ingresses.
fn http_by(entrance: &Entrance, capabilities: &Capabilities) -> PublicBy {
    if capabilities.http_route && entrance.gateway.is_some() { PublicBy::HttpRoute } else { PublicBy::Ingress }
}

/// The ways in of everything that is Public and can be, in the order of the file.
pub fn routes(subject: &Subject<'_>, entrance: &Entrance, capabilities: &Capabilities) -> Vec<Route> {
    match subject.workload {
        Workload::Service => {
            subject.endpoints.iter().filter_map(|endpoint| of_endpoint(subject, endpoint, entrance, capabilities)).collect()
        }
        Workload::WebApplication { port } => of_web(subject, *port, entrance, capabilities).into_iter().collect(),
        Workload::ScheduledTask(_) | Workload::ManualTask => Vec::new(),
    }
}

fn of_endpoint(subject: &Subject<'_>, endpoint: &Endpoint, entrance: &Entrance, capabilities: &Capabilities) -> Option<Route> {
    if endpoint.widest_visibility() < Visibility::Public {
        return None;
    }
    let by = public_by(endpoint.kind, entrance, capabilities).ok()?;
    let slug = slug(&endpoint.name);
    let own_host = || subject.base_host.map(|base| format!("{}.{base}", host_label(&[&slug, subject.component, subject.project])));
    let (host, path, rewrite) = match by {
        PublicBy::LoadBalancer => (None, String::new(), None),
        PublicBy::GrpcRoute => (Some(own_host()?), "/".into(), None),
        // Only what lies below the context is an endpoint: nothing else of the port is let out.
        PublicBy::Ingress => (Some(own_host()?), context(endpoint).to_owned(), None),
        PublicBy::HttpRoute => {
            let path = shared_path(subject, endpoint, &slug);
            let rewrite = Some(context(endpoint).to_owned()).filter(|context| *context != path);
            (Some(subject.base_host?.to_owned()), path, rewrite)
        }
    };
    let (port, protocol) = (endpoint.port, endpoint.kind.protocol());
    Some(Route { endpoint: endpoint.name.clone(), slug, by, host, path, rewrite, port, protocol })
}

fn of_web(subject: &Subject<'_>, port: u16, entrance: &Entrance, capabilities: &Capabilities) -> Option<Route> {
    let by = web_by(entrance, capabilities).ok()?;
    let host = format!("{}.{}", host_label(&[subject.component, subject.project]), subject.base_host?);
    let endpoint = subject.component.to_owned();
    Some(Route { endpoint, slug: String::new(), by, host: Some(host), path: "/".into(), rewrite: None, port, protocol: "TCP" })
}

/// The path on the host that all components of an environment share.
fn shared_path(subject: &Subject<'_>, endpoint: &Endpoint, slug: &str) -> String {
    let own = format!("/{}/{}", subject.project, subject.component);
    if default_endpoint(subject) == Some(endpoint.name.as_str()) { own } else { format!("{own}/{slug}") }
}

/// Name of the endpoint that has the component's own path: the marked one, else the first that has a path at all. Whether it
/// is Public does not count, so that a change of one endpoint's visibility moves no other.
fn default_endpoint<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    let mut with_path = subject.endpoints.iter().filter(|endpoint| endpoint.kind.has_context()).map(|endpoint| endpoint.name.as_str());
    let first = with_path.clone().next();
    with_path.find(|name| Some(*name) == subject.default_endpoint).or(first)
}

/// Without the slash at its end, which says nothing in a prefix.
pub(super) fn context(endpoint: &Endpoint) -> &str {
    match endpoint.context.as_deref().unwrap_or("/").trim_end_matches('/') {
        "" => "/",
        context => context,
    }
}
