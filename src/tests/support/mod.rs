//! What the tests speak: an application, people who use it, and the outside systems around it.

mod acme;
mod answer;
mod app;
mod client;
mod database;
pub(crate) mod environment;
pub(crate) mod kinds;
mod registry;
mod routes;
pub(crate) mod sources;
mod story;

use std::{fmt::Debug, time::Duration};

pub(crate) use self::{
    acme::Acme,
    acme::{PROJECT, add_public_registry, create_greeter, deploy_tag},
    answer::{Answer, tags_of},
    app::{EMAIL, PASSWORD, TestApp},
    client::Client,
    client::{form, upload},
    database::TestDatabase,
    registry::FakeRegistry,
    routes::{PAGES, filled, form_paths, plain_routes},
    story::Story,
};

/// Asks until there is an answer, for at most half a minute; a test that waits in vain says what for.
pub(crate) async fn eventually<T: Debug>(what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(Duration::from_secs(30), what, ask).await
}

/// The same with another limit.
pub(crate) async fn eventually_within<T: Debug>(limit: Duration, what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
    let mut ask = ask;
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(limit, asking).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
