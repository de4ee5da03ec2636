//! Deployments: immutable releases of a component to an environment. [`deploy`] is the one door through which every caller
//! comes; the [`worker`] is the one writer of their state; [`rollout`] judges what is seen of them.

mod action;
mod change;
pub mod changes;
pub mod data_plane;
mod door;
pub mod feed;
pub mod image_id;
mod orders;
mod permitted;
mod release;
pub mod rollout;
mod state;
mod store;
#[cfg(test)]
mod tests;
pub mod worker;

use uuid::Uuid;

use self::door::Schemas;
pub use self::{
    action::Action,
    change::Change,
    orders::{Order, cancel, order, previous_images},
    permitted::{Permitted, Verb, permitted},
    release::release_of,
    state::State,
    store::{Deployment, Event, PreviousImage, Recent, StoredObject},
};
use super::{
    Caller, Context,
    components::{Component, being_deleted},
    db::Tx,
    organizations::Environment,
    problem::{Error, Result},
};

/// Update Image: queues a deployment of a new image with the component's current endpoints and settings, in one transaction
/// with its audit row. Problems name `tag`, `image`, `registry`, `previous` or `endpoints`.
pub async fn deploy(
    context: &Context,
    caller: &Caller,
    component: &Component,
    environment: &Environment,
    change: Change,
) -> Result<Deployment> {
    let chosen = change::chosen(context, caller, component, change).await?;
    let mut tx = context.db.begin().await?;
    // First, as it locks the component. And whose settings were saved before this moment are deployed, whatever the caller saw.
    let stored = store::set_component_image(&mut tx, component.id, chosen.registry_id, &chosen.image).await?;
    let component = stored.ok_or_else(|| being_deleted(component))?;
    let component = door::settle_endpoints(&mut tx, component).await?;
    let mut new = Deployment::queued(context, caller, &component, environment, chosen.image);
    new.digest = chosen.digest.or(new.digest);
    new.source_id = chosen.previous;
    door::enqueue(context, &mut tx, caller.into(), &component, &new, Schemas::OfComponent).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(new)
}

/// In the transaction that begins to delete a component: ends what is still open of it, wherever it goes.
pub(super) async fn cancel_for_deletion(context: &Context, tx: &mut Tx, component: &Component) -> Result<()> {
    store::cancel_for_deletion(tx, component.id, context.now()).await?;
    announce(context, tx, component.organization_id, component.id).await
}

/// In a transaction: tells live pages that something about a component changes.
pub(super) async fn announce(context: &Context, tx: &mut Tx, organization_id: Uuid, component_id: Uuid) -> Result<()> {
    Ok(store::announce(tx, context, organization_id, component_id).await?)
}

/// The newest deployment of a component in an environment.
pub async fn newest(context: &Context, component: &Component, environment_id: Uuid) -> Result<Option<Deployment>> {
    Ok(store::newest(&context.db, component.organization_id, component.id, environment_id).await?)
}

/// The deployment that serves in an environment: the one that is Active.
pub async fn serving(context: &Context, component: &Component, environment_id: Uuid) -> Result<Option<Deployment>> {
    Ok(store::serving(&context.db, component.organization_id, component.id, environment_id).await?)
}

/// How many rows a page of the history has.
pub const PAGE: usize = 20;

/// A page of a component's deployments, newest first, before the one named (exclusive). One row more than [`PAGE`]
/// tells that there is another page.
pub async fn history(context: &Context, component: &Component, before: Option<Uuid>) -> Result<Vec<Deployment>> {
    Ok(store::history(&context.db, component.organization_id, component.id, before.unwrap_or(Uuid::max())).await?)
}

/// How many deployments a component's overview tells of.
const RECENT: i64 = 5;

/// The newest deployments of a component, newest first, each with what happened to it last.
pub async fn recent(context: &Context, component: &Component) -> Result<Vec<Recent>> {
    Ok(store::recent(&context.db, component.organization_id, component.id, RECENT).await?)
}

/// One deployment of a component.
pub async fn get(context: &Context, component: &Component, id: Uuid) -> Result<Deployment> {
    store::find(&context.db, component.organization_id, component.id, id).await?.ok_or(Error::NotFound)
}

/// What happened to a deployment so far, oldest first; the newest 200.
pub async fn events(context: &Context, deployment: &Deployment) -> Result<Vec<Event>> {
    let mut events = store::events(&context.db, deployment.organization_id, deployment.id).await?;
    events.reverse();
    Ok(events)
}

/// The objects that a deployment was made of, in the order they were applied; none before that.
pub async fn objects(context: &Context, deployment: &Deployment) -> Result<Vec<StoredObject>> {
    Ok(store::objects(&context.db, deployment.organization_id, deployment.id).await?)
}

/// The deployments that this one took the place of before they were Active, newest first.
pub async fn overtaken(context: &Context, deployment: &Deployment) -> Result<Vec<Deployment>> {
    Ok(store::overtaken(&context.db, deployment).await?)
}

/// Deletes what live pages no longer need (a day) and events that are too old (90 days, contract: "Limits"), a batch at a time.
pub async fn sweep(context: &Context) -> Result<()> {
    let now = context.now();
    let mut tx = context.db.begin().await?;
    store::delete_changes(&mut tx, now.plus_seconds(-DAY)).await?;
    store::delete_events(&mut tx, now.plus_seconds(-90 * DAY)).await?;
    Ok(tx.commit().await?)
}

const DAY: i64 = 86_400;

/// Whether a person is a member of the organization that a component belongs to: for event streams, which know only its id.
pub async fn visible_to(context: &Context, person_id: Uuid, component_id: Uuid) -> Result<bool> {
    Ok(store::visible(&context.db, person_id, component_id).await?)
}
