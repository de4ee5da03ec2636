//! The labels that mark objects as ours and tell whose they are.

use std::collections::BTreeMap;

use crate::domain::deployments::data_plane::Release;

pub(in super::super) const COMPONENT: &str = "slipway.dev/component-id";
pub(in super::super) const DEPLOYMENT: &str = "slipway.dev/deployment-id";

/// Of the namespace: it is shared by the components of a project in an environment.
pub(in super::super) fn namespace_labels(release: &Release) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("slipway.dev/organization-id".into(), release.organization_id.to_string()),
        ("slipway.dev/project-id".into(), release.project_id.to_string()),
        ("slipway.dev/environment-id".into(), release.environment_id.to_string()),
        ("app.kubernetes.io/managed-by".into(), "slipway".into()),
    ])
}

/// Of every object of a component, its pods included.
pub(in super::super) fn object_labels(release: &Release) -> BTreeMap<String, String> {
    let mut labels = namespace_labels(release);
    labels.extend([
        (COMPONENT.into(), release.component_id.to_string()),
        (DEPLOYMENT.into(), release.deployment_id.to_string()),
        ("app.kubernetes.io/name".into(), release.component_name.clone()),
        ("app.kubernetes.io/instance".into(), release.component_name.clone()),
    ]);
    labels
}

/// What tells a component's pods from all others. A Deployment's selector can never be changed: only what stays.
pub(super) fn selector(release: &Release) -> BTreeMap<String, String> {
    BTreeMap::from([(COMPONENT.into(), release.component_id.to_string())])
}
