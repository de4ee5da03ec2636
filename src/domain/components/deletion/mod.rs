//! Deleting a component: what it has on data planes goes first, by a queue of its own ([`Remover`]); then its rows go. The
//! audit log keeps what was done with it. While a data plane can't be reached it waits, and an admin may forget it.

mod remover;
mod store;
#[cfg(test)]
mod tests;

use serde_json::json;

pub use self::{
    remover::Remover,
    store::{LeftBehind, Removal},
};
use super::{Component, record, store as components};
use crate::domain::{
    Caller, Context,
    db::Tx,
    deployments,
    problem::{Error, Problem, Problems, Result},
    pull_secrets, schemas,
};

/// How far a deletion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It was never deployed, so nothing was in its way.
    Gone,
    /// Its objects are being removed from the data planes.
    UnderWay,
}

/// Begins to delete a component, whose name was typed to confirm it. What is being deployed of it is cancelled, and
/// nothing of it can be deployed any more. A second time changes nothing.
pub async fn delete(context: &Context, caller: &Caller, component: &Component, typed_name: &str) -> Result<Deletion> {
    confirm(component, typed_name)?;
    if component.organization_id != caller.organization_id {
        return Err(Error::NotFound);
    }
    let mut tx = context.db.begin().await?;
    // First, as it locks the component: a deployment at this moment comes before it and is cancelled, or is refused.
    if !store::ask(&mut tx, component, &caller.email, context.now()).await? {
        drop(tx);
        let is_there = components::get(&context.db, component.organization_id, component.id).await?.is_some();
        return Ok(if is_there { Deletion::UnderWay } else { Deletion::Gone });
    }
    deployments::cancel_for_deletion(context, &mut tx, component).await?;
    record(context, &mut tx, caller, "component.delete", component, json!({ "image": component.image.to_string() })).await?;
    let places = store::queue_removals(&mut tx, component).await?;
    if places == 0 {
        erase(&mut tx, component).await?;
    }
    tx.commit().await?;
    context.changes.signal();
    Ok(if places == 0 { Deletion::Gone } else { Deletion::UnderWay })
}

/// Where something of a component that is being deleted has yet to go, in the order of environments.
pub async fn removals(context: &Context, caller: &Caller, component: &Component) -> Result<Vec<Removal>> {
    Ok(store::removals(&context.db, caller.organization_id, component.id).await?)
}

/// What would stay on data planes if it were forgotten now, as far as it is known: what was there at the last look, else what
/// was applied. A release that was cut off half-way may have left more ([`places`]).
pub async fn left_behind(context: &Context, caller: &Caller, component: &Component) -> Result<Vec<LeftBehind>> {
    let mut left = store::left_behind(&context.db, caller.organization_id, component.id).await?;
    left.extend(pull_secrets::only_used_by(context, caller, component.id).await?.iter().map(LeftBehind::from));
    left.sort();
    Ok(left)
}

/// The namespaces that something of a component that is being deleted may be in.
pub async fn places(context: &Context, caller: &Caller, component: &Component) -> Result<Vec<String>> {
    Ok(store::namespaces(&context.db, caller.organization_id, component.id).await?)
}

/// Ends a deletion that a data plane does not answer to: the rows go, what is there stays ([`left_behind`]).
pub async fn forget(context: &Context, caller: &Caller, component: &Component, typed_name: &str) -> Result<()> {
    caller.must_be_admin()?;
    confirm(component, typed_name)?;
    if component.organization_id != caller.organization_id {
        return Err(Error::NotFound);
    }
    let mut tx = context.db.begin().await?;
    // From here on no removal ends: what is read now is what is told.
    if !store::lock(&mut tx, component.id).await? {
        return Err(Error::NotFound); // it has gone by itself meanwhile
    }
    if !removals(context, caller, component).await?.iter().any(|removal| removal.is_stuck) {
        return Err(not_stuck(component));
    }
    let left: Vec<_> = left_behind(context, caller, component).await?.iter().map(ToString::to_string).collect();
    let secrets = pull_secrets::only_used_by(context, caller, component.id).await?;
    record(context, &mut tx, caller, "component.forget", component, json!({ "left_behind": left })).await?;
    store::delete_removals(&mut tx, component.id).await?;
    erase(&mut tx, component).await?;
    pull_secrets::forget(&mut tx, &secrets).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(())
}

/// Deletes the rows of a component of which nothing is left to remove.
async fn erase(tx: &mut Tx, component: &Component) -> Result<()> {
    let environments = store::environments(tx, component.id).await?;
    schemas::forget(tx, component.id).await?;
    store::delete_rows(tx, component.id).await?;
    for environment_id in environments {
        pull_secrets::uses_ended(tx, component.project_id, environment_id).await?;
    }
    Ok(())
}

fn confirm(component: &Component, typed_name: &str) -> Result<(), Problems> {
    if typed_name.trim() == component.name {
        return Ok(());
    }
    Err(Problem::new("confirm", "not_confirmed", format!("Type {} to confirm: this can't be undone.", component.name)).into())
}

fn not_stuck(component: &Component) -> Error {
    Error::Conflict {
        code: "not_stuck",
        message: format!(
            "{} can be forgotten only while its deletion waits for a data plane that does not let it go on.",
            component.display_name
        ),
    }
}
