//! What the data plane is handed for a deployment: by the worker, with the opened credential, and for previews without.

use uuid::Uuid;

use super::{
    Change, Deployment, change,
    data_plane::{Place, PullSecret, Release},
    store,
};
use crate::domain::{
    Caller, Context,
    components::Component,
    endpoints,
    organizations::{self, Environment, Project},
    problem::Result,
    pull_secrets,
    routes::PublicDomain,
};

/// Where a deployment goes, and what things are called there.
pub(super) struct Names {
    pub(super) place: Place,
    pub(super) project: String,
    pub(super) component: String,
    /// Of the environment's host.
    pub(super) host_prefix: String,
}

/// The release of a deployment.
pub(super) async fn of_deployment(
    context: &Context,
    deployment: &Deployment,
    names: Names,
    domain: Option<&PublicDomain>,
    pull_secret: Option<PullSecret>,
) -> Result<Release> {
    let image = match &deployment.digest {
        Some(digest) => deployment.image.with_digest(digest)?,
        None => deployment.image.clone(),
    };
    Ok(Release {
        place: names.place,
        component_id: deployment.component_id,
        deployment_id: deployment.id,
        registry_id: deployment.registry_id,
        component_name: names.component,
        image,
        workload: deployment.workload.clone(),
        endpoints: endpoints::read(&deployment.endpoints_yaml).endpoints,
        profile: deployment.profile,
        pull_secret,
        replicas: deployment.replicas.unsigned_abs(),
        project_name: names.project,
        base_host: domain.map(|domain| format!("{}.{}", names.host_prefix, domain.host)),
        default_endpoint: deployment.default_endpoint.clone(),
        takes_over: deployment.takes_over,
        known_uids: store::object_uids(&context.db, deployment).await?,
    })
}

/// What the data plane would be handed if the change were deployed now; resolves no tag and writes nothing. Its pull secret
/// has no password: a preview must not send it. Problems are those of [`super::deploy`].
pub async fn release_of(
    context: &Context,
    caller: &Caller,
    (project, component): (&Project, &Component),
    environment: &Environment,
    domain: Option<&PublicDomain>,
    change: Change,
) -> Result<Release> {
    let chosen = change::chosen(context, caller, component, change).await?;
    let mut planned = Deployment::queued(context, caller, component, environment, chosen.image);
    planned.registry_id = chosen.registry_id;
    planned.digest = chosen.digest.or(planned.digest);
    // No row will ever have it.
    planned.id = Uuid::nil();
    let names = Names {
        place: Place {
            organization_id: caller.organization_id,
            project_id: project.id,
            environment_id: environment.id,
            namespace: organizations::likely_namespace(context, caller, project, environment).await?,
        },
        project: project.name.clone(),
        component: component.name.clone(),
        host_prefix: organizations::likely_host_prefix(caller, environment),
    };
    let secret = pull_secrets::without_password(context, caller.organization_id, chosen.registry_id).await?;
    of_deployment(context, &planned, names, domain, secret).await
}
