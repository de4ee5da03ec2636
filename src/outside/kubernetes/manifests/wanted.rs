//! The list of what a release wants in its namespace: an apply sends it, a dry run tries it, pages show it.

use k8s_openapi::api::{
    apps::v1::Deployment,
    batch::v1::CronJob,
    core::v1::Service,
    networking::v1::{Ingress, NetworkPolicy},
};
use kube::Resource;

use super::{
    cron_job, deployment,
    gateway::{GrpcRoute, HttpRoute, grpc_route, http_route},
    ingress::ingress,
    load_balancer::load_balancer,
    network_policy::network_policy,
    service, subject,
};
use crate::domain::{
    deployments::data_plane::Release,
    routes::{Capabilities, Entrance, PublicBy, routes},
};

/// An object that a release wants, of whichever kind. Who does something with each matches on the kind and calls one
/// function that is generic over it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::outside) enum Wanted {
    NetworkPolicy(NetworkPolicy),
    Service(Service),
    Deployment(Box<Deployment>),
    CronJob(Box<CronJob>),
    HttpRoute(HttpRoute),
    GrpcRoute(GrpcRoute),
    Ingress(Ingress),
}

/// Everything that a release wants besides its namespace and its registry's pull secret, in the order in which an apply
/// reports it: network policy, Services (the component's, then load balancers), workload, routes in the order of the file.
pub(in crate::outside) fn of(release: &Release, entrance: &Entrance, capabilities: &Capabilities) -> Vec<Wanted> {
    let routes = routes(&subject(release), entrance, capabilities);
    let by = |by: PublicBy| routes.iter().filter(move |route| route.by == by);
    let gateway =
        |kind: PublicBy| by(kind).zip(std::iter::repeat(entrance.gateway.as_ref())).filter_map(|(route, gateway)| Some((route, gateway?)));

    let mut wanted = Vec::new();
    wanted.extend(network_policy(release, &routes, entrance, capabilities).map(Wanted::NetworkPolicy));
    wanted.extend(service(release).map(Wanted::Service));
    wanted.extend(by(PublicBy::LoadBalancer).map(|route| Wanted::Service(load_balancer(release, route))));
    wanted.extend(deployment(release).map(|deployment| Wanted::Deployment(Box::new(deployment))));
    wanted.extend(cron_job(release).map(|cron_job| Wanted::CronJob(Box::new(cron_job))));
    wanted.extend(gateway(PublicBy::HttpRoute).map(|(route, gateway)| Wanted::HttpRoute(http_route(release, route, gateway))));
    wanted.extend(gateway(PublicBy::GrpcRoute).map(|(route, gateway)| Wanted::GrpcRoute(grpc_route(release, route, gateway))));
    wanted.extend(by(PublicBy::Ingress).map(|route| Wanted::Ingress(ingress(release, route, entrance))));
    wanted
}

impl Wanted {
    /// `Deployment`, as Kubernetes writes it.
    pub(in crate::outside) fn kind(&self) -> &'static str {
        match self {
            Self::NetworkPolicy(_) => "NetworkPolicy",
            Self::Service(_) => "Service",
            Self::Deployment(_) => "Deployment",
            Self::CronJob(_) => "CronJob",
            Self::HttpRoute(_) => "HTTPRoute",
            Self::GrpcRoute(_) => "GRPCRoute",
            Self::Ingress(_) => "Ingress",
        }
    }

    pub(in crate::outside) fn name(&self) -> &str {
        let metadata = match self {
            Self::NetworkPolicy(object) => object.meta(),
            Self::Service(object) => object.meta(),
            Self::Deployment(object) => object.meta(),
            Self::CronJob(object) => object.meta(),
            Self::HttpRoute(object) => object.meta(),
            Self::GrpcRoute(object) => object.meta(),
            Self::Ingress(object) => object.meta(),
        };
        metadata.name.as_deref().unwrap_or_default()
    }

    /// Must be there before pods are: they are closed from their first moment, and a Service's variables are in them.
    pub(in super::super) fn is_before_pods(&self) -> bool {
        matches!(self, Self::NetworkPolicy(_) | Self::Service(_))
    }
}
