//! The door: how a deployment gets into the queue, whoever asks. Everything here runs in the caller's transaction, which
//! holds the component's lock, so that of two orders at once the second sees what the first one queued.

use serde_json::json;
use uuid::Uuid;

use super::{Action, Deployment, store};
use crate::domain::{
    Caller, Context, Origin, audit,
    components::{Component, Kind},
    db::Tx,
    endpoints,
    problem::{Problem, Result},
};

/// Whom the audit log and the history name.
#[derive(Clone, Copy)]
pub(super) struct Orderer<'a> {
    pub(super) name: &'a str,
    pub(super) origin: &'a Origin,
}

impl<'a> From<&'a Caller> for Orderer<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self { name: &caller.email, origin: &caller.origin }
    }
}

/// Where the schema files of a new deployment come from.
#[derive(Clone, Copy)]
pub(super) enum Schemas {
    OfComponent,
    OfDeployment(Uuid),
}

/// Ends what is still open in the deployment's environment, and queues it with its files, event, audit row and change.
/// What has not reached the data plane is superseded; what is rolling out is cancelled, as only the newest can become what
/// runs. Both are told by whom.
pub(super) async fn enqueue(
    context: &Context,
    tx: &mut Tx,
    by: Orderer<'_>,
    component: &Component,
    new: &Deployment,
    schemas: Schemas,
) -> Result<()> {
    let why = overtaken_by(new);
    for ended in store::supersede(tx, new, &why).await? {
        store::add_event_of(tx, context, new.organization_id, ended, "warning", &why).await?;
    }
    store::insert(tx, new).await?;
    match schemas {
        Schemas::OfComponent => {}
        Schemas::OfDeployment(source) => drop(store::keep_schemas_of(tx, source, new.id).await?),
    }
    store::add_event(tx, context, new, "info", "Queued").await?;
    store::announce(tx, context, new.organization_id, new.component_id).await?;
    let mut detail = json!({ "deployment": new.id, "environment": new.environment_id, "image": new.image.to_string() });
    if new.action != Action::Deploy {
        detail["action"] = json!(new.action.as_str());
        detail["source"] = json!(new.source_id);
    }
    if new.takes_over {
        detail["takes_over"] = json!(true);
    }
    let entry = audit::Entry {
        organization_id: new.organization_id,
        actor: by.name,
        origin: by.origin,
        action: "deployment.create",
        target_kind: "component",
        target_id: Some(component.id),
        target_name: &component.name,
        detail,
    };
    audit::write(context, tx, entry).await
}

fn overtaken_by(new: &Deployment) -> String {
    let what = match new.action {
        Action::Deploy => String::new(),
        other => format!("{}: ", other.label()),
    };
    format!("A newer deployment ({what}{} by {}) took its place before this one became active.", new.image.familiar(), new.created_by)
}

/// A Service is deployed only with endpoints that can be read; one of them has the component's own path.
pub(super) async fn settle_endpoints(tx: &mut Tx, mut component: Component) -> Result<Component> {
    if component.kind() != Kind::Service {
        return Ok(component);
    }
    let reading = endpoints::read(&component.endpoints_yaml);
    if !reading.is_ok() {
        let message = "The component's endpoints have problems; correct them before deploying.";
        return Err(Problem::new("endpoints", "endpoints_invalid", message).into());
    }
    let is_one_of_them = |name: &String| reading.endpoints.iter().any(|endpoint| endpoint.name == *name);
    if !component.default_endpoint.as_ref().is_some_and(is_one_of_them) {
        component.default_endpoint = reading.endpoints.first().map(|first| first.name.clone());
        store::set_default_endpoint(tx, component.id, component.default_endpoint.as_deref()).await?;
    }
    Ok(component)
}
