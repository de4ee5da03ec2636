//! Orders on what was deployed already: promote, redeploy, roll back, stop, start, cancel.

use serde_json::json;
use uuid::Uuid;

use super::{
    Action, Deployment, PreviousImage, Verb,
    door::{self, Orderer, Schemas},
    permitted, store,
};
use crate::domain::{
    Caller, Context, Origin, audit,
    components::{Component, being_deleted},
    db::Tx,
    organizations::{self, Environment},
    problem::{Error, Problem, Result},
};

/// Characters of the reason for a rollback.
const MAX_REASON: usize = 500;

/// Who orders what nobody ordered.
const SYSTEM: &str = "system";

/// What to do in an environment with a release that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// The deployment that is Active in the environment before this one, here.
    Promote {
        source: Uuid,
    },
    /// What is Active here, again.
    Redeploy,
    /// What failed here last by a field conflict, again, and the fields of other managers become ours.
    TakeOver,
    RollBack {
        to: Uuid,
        /// At most 500 characters; may be empty.
        reason: String,
    },
    Stop,
    Start,
}

impl Order {
    /// By which the table of permitted verbs knows it. Whether a promotion is allowed, its source's environment says.
    fn verb(&self) -> Option<Verb> {
        match self {
            Self::Promote { .. } => None,
            Self::Redeploy => Some(Verb::Redeploy),
            Self::TakeOver => Some(Verb::TakeOver),
            Self::RollBack { .. } => Some(Verb::RollBack),
            Self::Stop => Some(Verb::Stop),
            Self::Start => Some(Verb::Start),
        }
    }
}

/// Queues a deployment by an order, through the same door as [`super::deploy`]. [`Error::Conflict`] (`not_permitted`) if the
/// table of permitted verbs does not allow it now; problems name `to`, `source` or `reason`.
pub async fn order(
    context: &Context,
    caller: &Caller,
    component: &Component,
    environment: &Environment,
    order: Order,
) -> Result<Deployment> {
    let before = match order {
        Order::Promote { .. } => Some(environment_before(context, caller, environment).await?),
        _ => None,
    };
    let mut tx = context.db.begin().await?;
    let locked = store::lock_component(&mut tx, caller.organization_id, component.id).await?;
    let component = locked.ok_or_else(|| being_deleted(component))?;
    let standing = store::standing_in(&mut tx, caller.organization_id, component.id, environment.id).await?;
    if let Some(verb) = order.verb() {
        permitted(verb, &component, standing.0.as_ref(), standing.1.as_ref()).map_err(not_permitted)?;
    }
    let ordered = Ordered { context, caller, component: &component, environment, standing };
    let new = match order {
        Order::Promote { source } => ordered.promoted(&mut tx, before, source).await?,
        Order::RollBack { to, reason } => ordered.rolled_back(&mut tx, to, &reason).await?,
        Order::TakeOver => {
            Deployment { takes_over: true, ..ordered.newest()?.again(context, &caller.email, environment.id, Action::Redeploy) }
        }
        Order::Redeploy => ordered.current()?.again(context, &caller.email, environment.id, Action::Redeploy),
        Order::Stop => Deployment { replicas: 0, ..ordered.current()?.again(context, &caller.email, environment.id, Action::Stop) },
        Order::Start => Deployment { replicas: 1, ..ordered.current()?.again(context, &caller.email, environment.id, Action::Start) },
    };
    let source = Schemas::OfDeployment(new.source_id.unwrap_or(new.id));
    door::enqueue(context, &mut tx, caller.into(), &component, &new, source).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(new)
}

/// The environment that is promoted from to this one.
async fn environment_before(context: &Context, caller: &Caller, environment: &Environment) -> Result<Environment> {
    let all = organizations::environments(context, caller).await?;
    let before = all.into_iter().rfind(|other| other.position < environment.position);
    before.ok_or_else(|| not_permitted("It is the first environment: deploy to it instead."))
}

fn not_permitted(why: &'static str) -> Error {
    Error::Conflict { code: "not_permitted", message: why.into() }
}

/// An order within its transaction, with what stands in its environment: the newest deployment and the Active one.
struct Ordered<'a> {
    context: &'a Context,
    caller: &'a Caller,
    component: &'a Component,
    environment: &'a Environment,
    standing: (Option<Deployment>, Option<Deployment>),
}

impl Ordered<'_> {
    fn newest(&self) -> Result<&Deployment> {
        self.standing.0.as_ref().ok_or(Error::NotFound)
    }

    fn current(&self) -> Result<&Deployment> {
        self.standing.1.as_ref().ok_or(Error::NotFound)
    }

    /// The same digest, endpoints and settings. What is Active by now is looked at again: a promotion is of what was seen.
    async fn promoted(&self, tx: &mut Tx, before: Option<Environment>, source: Uuid) -> Result<Deployment> {
        let before = before.ok_or(Error::NotFound)?;
        let (newest, current) = store::standing_in(tx, self.caller.organization_id, self.component.id, before.id).await?;
        permitted(Verb::Promote, self.component, newest.as_ref(), current.as_ref()).map_err(not_permitted)?;
        match current {
            Some(current) if current.id == source => {
                Ok(current.again(self.context, &self.caller.email, self.environment.id, Action::Promote))
            }
            _ => {
                let message = format!("Something else is active in {} by now. Look at it again, then promote.", before.display_name);
                Err(Problem::new("source", "changed_meanwhile", message).into())
            }
        }
    }

    /// Everything of an earlier deployment to this environment; one that was a stop runs again.
    async fn rolled_back(&self, tx: &mut Tx, to: Uuid, reason: &str) -> Result<Deployment> {
        let reason = reason.trim();
        if reason.chars().count() > MAX_REASON {
            let message = format!("The reason has more than {MAX_REASON} characters. Shorten it.");
            return Err(Problem::new("reason", "too_long", message).into());
        }
        let found = store::find_in(tx, self.caller.organization_id, self.component.id, to).await?;
        let source = found.filter(|found| found.environment_id == self.environment.id && found.is_repeatable());
        let Some(source) = source else {
            let message = format!("Choose a deployment to {} that got as far as an image.", self.environment.display_name);
            return Err(Problem::new("to", "required", message).into());
        };
        Ok(Deployment {
            replicas: source.replicas.max(1),
            reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
            ..source.again(self.context, &self.caller.email, self.environment.id, Action::RollBack)
        })
    }
}

/// Ends what is on its way in an environment. What reached the data plane is undone by a deployment of what was Active
/// before, which is returned; none where nothing was, or where nothing had reached it yet.
pub async fn cancel(context: &Context, caller: &Caller, component: &Component, deployment_id: Uuid) -> Result<Option<Deployment>> {
    let mut tx = context.db.begin().await?;
    let locked = store::lock_component(&mut tx, caller.organization_id, component.id).await?;
    let component = locked.ok_or_else(|| being_deleted(component))?;
    let found = store::locked(&mut tx, caller.organization_id, component.id, deployment_id).await?;
    let deployment = found.ok_or(Error::NotFound)?;
    let why = format!("{} cancelled it.", caller.email);
    if !store::cancel(&mut tx, &deployment, context.now(), &why).await? {
        return Err(not_permitted("It has ended already."));
    }
    store::add_event(&mut tx, context, &deployment, "warning", &why).await?;
    store::announce(&mut tx, context, deployment.organization_id, component.id).await?;
    let entry = audit::Entry {
        organization_id: caller.organization_id,
        actor: &caller.email,
        origin: &caller.origin,
        action: "deployment.cancel",
        target_kind: "component",
        target_id: Some(component.id),
        target_name: &component.name,
        detail: json!({ "deployment": deployment.id, "environment": deployment.environment_id }),
    };
    audit::write(context, &mut tx, entry).await?;
    let restored = restored(context, &mut tx, caller, &component, &deployment).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(restored)
}

/// What was Active before, again, if an apply of what was cancelled may have been under way.
async fn restored(
    context: &Context,
    tx: &mut Tx,
    caller: &Caller,
    component: &Component,
    cancelled: &Deployment,
) -> Result<Option<Deployment>> {
    if !cancelled.state.reaches_data_plane() {
        return Ok(None);
    }
    let (_, current) = store::standing_in(tx, caller.organization_id, component.id, cancelled.environment_id).await?;
    let Some(current) = current else { return Ok(None) };
    let new = current.again(context, &caller.email, cancelled.environment_id, Action::Restore);
    door::enqueue(context, tx, caller.into(), component, &new, Schemas::OfDeployment(current.id)).await?;
    Ok(Some(new))
}

/// In the transaction that ends a failed deployment: queues what is Active there, once; a rollback that failed is left to
/// people.
pub(super) async fn roll_back_by_itself(context: &Context, tx: &mut Tx, failed: &Deployment) -> Result<()> {
    if failed.action == Action::AutoRollBack || failed.applied_at.is_none() {
        return Ok(()); // nothing of it is on the data plane
    }
    let Some(component) = store::lock_component(tx, failed.organization_id, failed.component_id).await? else { return Ok(()) };
    let (newest, current) = store::standing_in(tx, failed.organization_id, failed.component_id, failed.environment_id).await?;
    let Some(current) = current.filter(|_| newest.is_some_and(|newest| newest.id == failed.id)) else { return Ok(()) };
    let new = Deployment {
        reason: Some(format!("{} failed.", failed.image.familiar())),
        ..current.again(context, SYSTEM, failed.environment_id, Action::AutoRollBack)
    };
    let by = Orderer { name: SYSTEM, origin: &Origin { address: SYSTEM.into(), request_id: String::new() } };
    door::enqueue(context, tx, by, &component, &new, Schemas::OfDeployment(current.id)).await
}

/// Every image that the component ever ran or tried, each digest once, newest first; at most 50.
pub async fn previous_images(context: &Context, component: &Component) -> Result<Vec<PreviousImage>> {
    Ok(store::previous_images(&context.db, component.organization_id, component.id).await?)
}
