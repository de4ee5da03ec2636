//! HTTP and pages: the server half of the console. Reads through domain verbs, writes through domain verbs, owns no rules.

pub mod answer;
pub mod api;
pub mod assets;
pub mod flash;
pub mod form;
mod fragments;
mod guard;
mod health;
mod live;
pub mod metrics;
pub mod pages;
pub mod parts;
pub mod paths;
mod people;
mod registries;
mod request;
pub mod router;
mod schemas;
pub mod security;
pub mod session;
mod way_back;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    domain::{
        Context,
        deployments::{data_plane::DataPlane, feed::Feed},
        organizations::SetupGate,
    },
};

/// What every handler and page can reach. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub context: Context,
    pub feed: Feed,
    /// Remembers that the first person exists.
    pub setup: SetupGate,
    /// The data plane is the simulated one: pages that show its state say so.
    pub simulated: bool,
    /// For previews, which ask it; nothing else here does.
    pub data_plane: Arc<dyn DataPlane>,
    /// Cancelled when the server stops: event streams end first.
    pub shutdown: CancellationToken,
}
