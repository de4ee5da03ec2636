//! HTTPRoute and GRPCRoute of the Gateway API: as much of the kinds as a release uses. Nothing here is read from a cluster.

use std::borrow::Cow;

use k8s_openapi::{NamespaceResourceScope, apimachinery::pkg::apis::meta::v1::ObjectMeta};
use kube::{Resource, core::TypeMeta};
use serde::{Deserialize, Serialize};

use super::metadata;
use crate::domain::{
    deployments::data_plane::Release,
    routes::{GatewayName, Route, object_name},
};

pub(in super::super) const GROUP: &str = "gateway.networking.k8s.io";

pub(in crate::outside) type HttpRoute = Attached<HttpRule>;
pub(in crate::outside) type GrpcRoute = Attached<GrpcRule>;

/// A route that attaches to a Gateway; its rules tell its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::outside) struct Attached<R> {
    #[serde(flatten)]
    types: TypeMeta,
    metadata: ObjectMeta,
    spec: Spec<R>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec<R> {
    parent_refs: Vec<Parent>,
    hostnames: Vec<String>,
    rules: Vec<R>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Parent {
    namespace: String,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Backend {
    name: String,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::outside) struct HttpRule {
    matches: Vec<Match>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    filters: Vec<Filter>,
    backend_refs: Vec<Backend>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Match {
    path: PathMatch,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PathMatch {
    #[serde(rename = "type")]
    type_: Cow<'static, str>,
    value: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    #[serde(rename = "type")]
    type_: Cow<'static, str>,
    url_rewrite: Rewrite,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Rewrite {
    path: RewrittenPath,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RewrittenPath {
    #[serde(rename = "type")]
    type_: Cow<'static, str>,
    replace_prefix_match: String,
}

/// Without matches: every method of every service that the host is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::outside) struct GrpcRule {
    backend_refs: Vec<Backend>,
}

/// The names of the kind whose rules these are.
pub(in crate::outside) trait Rule {
    const KIND: &'static str;
    const PLURAL: &'static str;
}

impl Rule for HttpRule {
    const KIND: &'static str = "HTTPRoute";
    const PLURAL: &'static str = "httproutes";
}

impl Rule for GrpcRule {
    const KIND: &'static str = "GRPCRoute";
    const PLURAL: &'static str = "grpcroutes";
}

impl<R: Rule> Resource for Attached<R> {
    type DynamicType = ();
    type Scope = NamespaceResourceScope;

    fn kind((): &()) -> Cow<'_, str> {
        R::KIND.into()
    }

    fn group((): &()) -> Cow<'_, str> {
        GROUP.into()
    }

    fn version((): &()) -> Cow<'_, str> {
        "v1".into()
    }

    fn plural((): &()) -> Cow<'_, str> {
        R::PLURAL.into()
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

/// What begins with the path goes to the port, with the path rewritten where the route says so.
pub(super) fn http_route(release: &Release, route: &Route, gateway: &GatewayName) -> HttpRoute {
    let path = PathMatch { type_: "PathPrefix".into(), value: route.path.clone() };
    let rewrite = |to: &String| Filter {
        type_: "URLRewrite".into(),
        url_rewrite: Rewrite { path: RewrittenPath { type_: "ReplacePrefixMatch".into(), replace_prefix_match: to.clone() } },
    };
    let filters = route.rewrite.iter().map(rewrite).collect();
    attached(release, route, gateway, HttpRule { matches: vec![Match { path }], filters, backend_refs: vec![backend(release, route)] })
}

pub(super) fn grpc_route(release: &Release, route: &Route, gateway: &GatewayName) -> GrpcRoute {
    attached(release, route, gateway, GrpcRule { backend_refs: vec![backend(release, route)] })
}

fn attached<R: Rule>(release: &Release, route: &Route, gateway: &GatewayName, rule: R) -> Attached<R> {
    Attached {
        types: TypeMeta::resource::<Attached<R>>(),
        metadata: metadata(release, object_name(&release.component_name, &route.slug)),
        spec: Spec {
            parent_refs: vec![Parent { namespace: gateway.namespace.clone(), name: gateway.name.clone() }],
            hostnames: route.host.iter().cloned().collect(),
            rules: vec![rule],
        },
    }
}

/// The component's Service, which has the port of every endpoint.
fn backend(release: &Release, route: &Route) -> Backend {
    Backend { name: release.component_name.clone(), port: route.port }
}
