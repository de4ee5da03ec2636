//! Where endpoints answer: hosts, paths and URLs by visibility, and by which kind of object the cluster serves a Public one.
//! Pure: the Kubernetes objects and the pages are made from the same routes.

mod address;
mod label;
#[cfg(test)]
mod tests;
mod way_in;

use serde::{Deserialize, Serialize};

pub use self::{
    address::addresses,
    label::object_name,
    way_in::{public_by, routes},
};
use super::{
    components::Workload,
    endpoints::{Endpoint, EndpointKind, Visibility},
};

/// What a data plane offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// `1.33`
    pub version: String,
    /// Serves `gateway.networking.k8s.io/v1` HTTPRoute.
    pub http_route: bool,
    /// Serves `gateway.networking.k8s.io/v1` GRPCRoute.
    pub grpc_route: bool,
    /// Something is known to enforce NetworkPolicies; `None`: not known.
    pub enforces_network_policies: Option<bool>,
}

impl Capabilities {
    /// Whether each namespace carries its name as the label `kubernetes.io/metadata.name`: since 1.21. Not of a version that
    /// can't be read.
    pub fn labels_namespaces(&self) -> bool {
        let mut parts = self.version.split('.').map(|part| part.parse::<u32>().ok());
        parts.next().flatten().zip(parts.next().flatten()).is_some_and(|version| version >= (1, 21))
    }
}

/// How requests come into the data plane, by configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entrance {
    /// Public endpoints answer below it.
    pub domain: Option<PublicDomain>,
    /// The Gateway that HTTPRoutes and GRPCRoutes attach to.
    pub gateway: Option<GatewayName>,
    pub ingress_class: Option<String>,
}

/// `SLIPWAY_PUBLIC_DOMAIN`: `apps.example.com`, with `http://` before it where nothing ends TLS, and a port where it is not
/// the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicDomain {
    /// `http` or `https`
    pub scheme: &'static str,
    pub host: String,
    pub port: Option<u16>,
}

/// `SLIPWAY_GATEWAY`: `namespace/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayName {
    pub namespace: String,
    pub name: String,
}

/// The kind of object that serves a Public endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicBy {
    HttpRoute,
    GrpcRoute,
    Ingress,
    /// TCP and UDP: a Service of type LoadBalancer.
    LoadBalancer,
}

/// What routes are made of: a release, or what a page knows of one.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub project: &'a str,
    pub component: &'a str,
    pub namespace: &'a str,
    pub workload: &'a Workload,
    pub endpoints: &'a [Endpoint],
    pub default_endpoint: Option<&'a str>,
    pub base_host: Option<&'a str>,
}

/// One endpoint's way in from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Name of the endpoint; of a Web Application, the component's.
    pub endpoint: String,
    /// Label for objects and hosts, unique in the component; empty of a Web Application, which has one way in.
    pub slug: String,
    pub by: PublicBy,
    /// None of a LoadBalancer.
    pub host: Option<String>,
    /// What a request's path begins with: `/shop/greeter`; on an own host the endpoint's context, or `/`.
    pub path: String,
    /// What takes the place of `path` on the way to the container; none: nothing is rewritten.
    pub rewrite: Option<String>,
    pub port: u16,
    /// `TCP` or `UDP`
    pub protocol: &'static str,
}

/// Where an endpoint answers, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Name of the endpoint; of a Web Application, what it is.
    pub name: String,
    /// `REST`, ..., `HTTP` of a Web Application.
    pub speaks: &'static str,
    pub kind: Option<EndpointKind>,
    pub visibilities: Vec<Visibility>,
    /// Inside the project's namespace and, if the visibility allows, from the organization's: `http://greeter.slw-acme:8080/v1`.
    pub inside: String,
    /// The Public URL, or why there is none; `None` if it is not Public.
    pub public: Option<Result<String, &'static str>>,
}
