//! The labels that mark objects as ours and tell whose they are.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use uuid::Uuid;

use crate::domain::deployments::data_plane::{Place, Release, SecretPlace};

/// Of pull secrets, which no component owns: pruning by component leaves them.
pub(in super::super) const REGISTRY: &str = "slipway.dev/registry-id";
pub(in super::super) const COMPONENT: &str = "slipway.dev/component-id";
pub(in super::super) const DEPLOYMENT: &str = "slipway.dev/deployment-id";
const ORGANIZATION: &str = "slipway.dev/organization-id";
const ENVIRONMENT: &str = "slipway.dev/environment-id";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// Of the namespace: it is shared by the components of a project in an environment.
pub(in super::super) fn namespace_labels(place: &Place) -> BTreeMap<String, String> {
    BTreeMap::from([
        (ORGANIZATION.into(), place.organization_id.to_string()),
        ("slipway.dev/project-id".into(), place.project_id.to_string()),
        (ENVIRONMENT.into(), place.environment_id.to_string()),
        (MANAGED_BY.into(), "slipway".into()),
    ])
}

/// What the namespaces of an organization's projects in one environment have in common.
pub(super) fn of_organization(place: &Place) -> BTreeMap<String, String> {
    BTreeMap::from([(ORGANIZATION.into(), place.organization_id.to_string()), (ENVIRONMENT.into(), place.environment_id.to_string())])
}

/// Of every object of a component, its pods included.
pub(in super::super) fn object_labels(release: &Release) -> BTreeMap<String, String> {
    let mut labels = namespace_labels(&release.place);
    labels.extend([
        (COMPONENT.into(), release.component_id.to_string()),
        (DEPLOYMENT.into(), release.deployment_id.to_string()),
        ("app.kubernetes.io/name".into(), release.component_name.clone()),
        ("app.kubernetes.io/instance".into(), release.component_name.clone()),
    ]);
    labels
}

/// Of the Secret with a registry's credential.
pub(super) fn secret_labels(secret: &SecretPlace) -> BTreeMap<String, String> {
    let mut labels = namespace_labels(&secret.place);
    labels.insert(REGISTRY.into(), secret.registry_id.to_string());
    labels
}

/// The label selector of everything that is ours and of this component.
pub(in super::super) fn of_component(component_id: Uuid) -> String {
    format!("{COMPONENT}={component_id},{MANAGED_BY}=slipway")
}

/// Whether an object was made by Slipway for a component, whichever.
pub(in super::super) fn is_of_a_component(found: &ObjectMeta) -> bool {
    let labels = found.labels.as_ref();
    labels.is_some_and(|labels| labels.contains_key(COMPONENT) && labels.get(MANAGED_BY).is_some_and(|by| by == "slipway"))
}

/// What tells a component's pods from all others. A Deployment's selector can never be changed: only what stays.
pub(super) fn selector(release: &Release) -> BTreeMap<String, String> {
    BTreeMap::from([(COMPONENT.into(), release.component_id.to_string())])
}
