//! Orders on what was deployed already: promote, redeploy, roll back, stop, start, cancel.

use uuid::Uuid;

use super::{Change, Deployment, PreviousImage, data_plane::Release};
use crate::domain::{
    Caller, Context,
    components::Component,
    organizations::Environment,
    problem::{Error, Result},
};

/// What to do in an environment with a release that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// The deployment that is Active in another environment, here.
    Promote {
        source: Uuid,
    },
    /// What is Active here, again.
    Redeploy,
    /// What failed here last by a field conflict, again, and the fields of other managers become ours.
    TakeOver,
    RollBack {
        to: Uuid,
        reason: String,
    },
    Stop,
    Start,
}

/// Queues a deployment by an order, through the same door as [`super::deploy`]. [`Error::Conflict`] (`not_permitted`) if the
/// table of permitted verbs does not allow it now; problems name `to`, `source` or `reason`.
pub async fn order(
    _context: &Context,
    _caller: &Caller,
    _component: &Component,
    _environment: &Environment,
    _order: Order,
) -> Result<Deployment> {
    Err(Error::NotFound)
}

/// Ends what is on its way in an environment. What reached the data plane is undone by a deployment of what was Active
/// before, which is returned; none where nothing was.
pub async fn cancel(_context: &Context, _caller: &Caller, _component: &Component, _deployment_id: Uuid) -> Result<Option<Deployment>> {
    Err(Error::NotFound)
}

/// Every image that the component ever ran or tried, each digest once, newest first; at most 50.
pub async fn previous_images(_context: &Context, _component: &Component) -> Result<Vec<PreviousImage>> {
    Ok(Vec::new())
}

/// What the data plane would be handed if the change were deployed now; resolves nothing, opens no credential, writes
/// nothing. Problems are those of [`super::deploy`]. For previews.
pub async fn release_of(
    _context: &Context,
    _caller: &Caller,
    _component: &Component,
    _environment: &Environment,
    _change: Change,
) -> Result<Release> {
    Err(Error::NotFound)
}
