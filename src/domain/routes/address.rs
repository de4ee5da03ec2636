//! The URLs of endpoints, for people.

use super::{Address, Capabilities, Entrance, PublicBy, PublicDomain, Route, Subject, public_by, routes, way_in::web_by};
use crate::domain::{
    components::Workload,
    endpoints::{Endpoint, EndpointKind, Visibility},
};

const BY_LOAD_BALANCER: &str = "The cluster gives its load balancer an address: `kubectl get services` shows it as EXTERNAL-IP.";
const NOT_DEPLOYED: &str = "The environment's host is given with the first deployment to it.";

/// Where everything answers, in the order of the file.
pub fn addresses(subject: &Subject<'_>, entrance: &Entrance, capabilities: &Capabilities) -> Vec<Address> {
    let routes = routes(subject, entrance, capabilities);
    match subject.workload {
        Workload::Service => {
            let of_endpoint = |endpoint: &Endpoint| {
                let route = routes.iter().find(|route| route.endpoint == endpoint.name);
                Address {
                    name: endpoint.name.clone(),
                    speaks: endpoint.kind.as_str(),
                    kind: Some(endpoint.kind),
                    visibilities: endpoint.visibilities.clone(),
                    inside: endpoint.cluster_url(subject.component, subject.namespace),
                    public: (endpoint.widest_visibility() == Visibility::Public)
                        .then(|| public(Some(endpoint.kind), public_by(endpoint.kind, entrance, capabilities), route, entrance)),
                }
            };
            subject.endpoints.iter().map(of_endpoint).collect()
        }
        Workload::WebApplication { port } => vec![Address {
            name: "Web Application".into(),
            speaks: "HTTP",
            kind: None,
            visibilities: vec![Visibility::Public],
            inside: format!("http://{}.{}:{port}", subject.component, subject.namespace),
            public: Some(public(None, web_by(entrance, capabilities), routes.first(), entrance)),
        }],
        Workload::ScheduledTask(_) | Workload::ManualTask => Vec::new(),
    }
}

/// The Public URL by the route that there is, or why there is none.
fn public(
    kind: Option<EndpointKind>,
    by: Result<PublicBy, &'static str>,
    route: Option<&Route>,
    entrance: &Entrance,
) -> Result<String, &'static str> {
    let by = by?;
    if by == PublicBy::LoadBalancer {
        return Err(BY_LOAD_BALANCER);
    }
    let url = entrance.domain.as_ref().zip(route).and_then(|(domain, route)| url(kind, domain, route));
    url.ok_or(NOT_DEPLOYED)
}

/// As the caller writes it: of GRPC, which knows no URL, host and port.
fn url(kind: Option<EndpointKind>, domain: &PublicDomain, route: &Route) -> Option<String> {
    let host = route.host.as_deref()?;
    let is_tls = domain.scheme == "https";
    if kind == Some(EndpointKind::Grpc) {
        return Some(format!("{host}:{}", domain.port.unwrap_or(if is_tls { 443 } else { 80 })));
    }
    let scheme = match (kind, is_tls) {
        (Some(EndpointKind::Ws), true) => "wss",
        (Some(EndpointKind::Ws), false) => "ws",
        (_, true) => "https",
        (_, false) => "http",
    };
    let port = domain.port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}{}", route.path))
}
