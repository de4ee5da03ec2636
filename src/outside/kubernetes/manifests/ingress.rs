//! The Ingress of an endpoint or a Web Application, where no HTTPRoute can be.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressSpec, IngressTLS,
    ServiceBackendPort,
};

use super::metadata;
use crate::domain::{
    deployments::data_plane::Release,
    routes::{Entrance, Route, object_name},
};

/// One host of its own. Where callers come by TLS, the host is named for it and no Secret is: the controller's own (wildcard)
/// certificate serves it.
pub(super) fn ingress(release: &Release, route: &Route, entrance: &Entrance) -> Ingress {
    let is_tls = entrance.domain.as_ref().is_some_and(|domain| domain.scheme == "https");
    let tls = IngressTLS { hosts: Some(route.host.iter().cloned().collect()), secret_name: None };
    let spec = IngressSpec {
        ingress_class_name: entrance.ingress_class.clone(),
        rules: Some(vec![rule(release, route)]),
        tls: is_tls.then(|| vec![tls]),
        ..IngressSpec::default()
    };
    Ingress { metadata: metadata(release, object_name(&release.component_name, &route.slug)), spec: Some(spec), ..Ingress::default() }
}

fn rule(release: &Release, route: &Route) -> IngressRule {
    let port = ServiceBackendPort { number: Some(route.port.into()), ..ServiceBackendPort::default() };
    let service = IngressServiceBackend { name: release.component_name.clone(), port: Some(port) };
    let path = HTTPIngressPath {
        path: Some(route.path.clone()),
        path_type: "Prefix".into(),
        backend: IngressBackend { service: Some(service), ..IngressBackend::default() },
    };
    IngressRule { host: route.host.clone(), http: Some(HTTPIngressRuleValue { paths: vec![path] }) }
}
