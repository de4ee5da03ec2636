//! The Deployment of a Service or a Web Application.

use k8s_openapi::{
    api::apps::v1::{Deployment, DeploymentSpec},
    apimachinery::pkg::apis::meta::v1::LabelSelector,
};

use super::{
    labels, metadata,
    pod::{pod, template},
};
use crate::domain::deployments::{
    data_plane::Release,
    rollout::{MIN_READY_SECONDS, PROGRESS_DEADLINE_SECONDS},
};

/// The Deployment; none of a task. Its pods carry the deployment's id, so every deployment makes new pods, even of the
/// same image.
pub(in super::super) fn deployment(release: &Release) -> Option<Deployment> {
    if release.workload.kind().is_task() {
        return None;
    }
    let spec = DeploymentSpec {
        replicas: Some(as_i32(release.replicas)),
        selector: LabelSelector { match_labels: Some(labels::selector(release)), ..LabelSelector::default() },
        template: template(release, pod(release)),
        min_ready_seconds: Some(as_i32(MIN_READY_SECONDS)),
        progress_deadline_seconds: Some(as_i32(PROGRESS_DEADLINE_SECONDS)),
        revision_history_limit: Some(3),
        ..DeploymentSpec::default()
    };
    Some(Deployment { metadata: metadata(release, release.component_name.clone()), spec: Some(spec), ..Deployment::default() })
}

fn as_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
