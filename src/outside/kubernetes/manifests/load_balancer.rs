//! The Service of type LoadBalancer of a Public TCP or UDP endpoint: one for each, with its port alone.

use k8s_openapi::api::core::v1::{Service, ServiceSpec};

use super::{Port, labels, metadata, service_port};
use crate::domain::{
    deployments::data_plane::Release,
    routes::{Route, object_name},
};

pub(super) fn load_balancer(release: &Release, route: &Route) -> Service {
    let spec = ServiceSpec {
        type_: Some("LoadBalancer".into()),
        selector: Some(labels::selector(release)),
        ports: Some(vec![service_port(Port { number: route.port, protocol: route.protocol })]),
        ..ServiceSpec::default()
    };
    Service { metadata: metadata(release, object_name(&release.component_name, &route.slug)), spec: Some(spec), ..Service::default() }
}
