//! No page waits: with a registry and a data plane that never answer, every page comes at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use axum::http::StatusCode;
use futures::stream::{self, BoxStream, StreamExt as _};
use slipway::domain::deployments::data_plane::{
    AppliedObject, ApplyProblem, DataPlane, Manifest, NodePlatform, ObjectName, Place, PlannedObject, PullSecret, Release, SecretPlace,
    Snapshot,
};
use slipway::domain::routes::{Capabilities, Entrance};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::support::{Acme, PAGES, PROJECT, TestApp, deploy_tag, eventually};

const AT_ONCE: Duration = Duration::from_millis(100);
/// What a page that was asked to wait may take: 3 seconds, and its own work.
const PATIENCE: Duration = Duration::from_millis(3_500);

/// Takes everything and never answers.
struct SilentDataPlane;

#[async_trait]
impl DataPlane for SilentDataPlane {
    fn is_simulated(&self) -> bool {
        false
    }

    fn entrance(&self) -> &Entrance {
        const NOTHING: &Entrance = &Entrance { domain: None, gateway: None, ingress_class: None };
        NOTHING
    }

    async fn preview(&self, _: &Release) -> Result<Vec<PlannedObject>, ApplyProblem> {
        std::future::pending().await
    }

    async fn manifests(&self, _: &Release) -> Result<Vec<Manifest>, ApplyProblem> {
        std::future::pending().await
    }

    async fn capabilities(&self) -> Result<Capabilities, ApplyProblem> {
        std::future::pending().await
    }

    async fn apply(&self, _: &Release) -> Result<Vec<AppliedObject>, ApplyProblem> {
        std::future::pending().await
    }

    async fn apply_pull_secret(&self, _: &SecretPlace, _: &PullSecret) -> Result<AppliedObject, ApplyProblem> {
        std::future::pending().await
    }

    async fn remove_pull_secret(&self, _: &SecretPlace) -> Result<(), ApplyProblem> {
        std::future::pending().await
    }

    async fn remove(&self, _: &Place, _: Uuid) -> Result<Vec<ObjectName>, ApplyProblem> {
        std::future::pending().await
    }

    async fn node_platforms(&self) -> Result<Vec<NodePlatform>, ApplyProblem> {
        std::future::pending().await
    }

    async fn observe(&self, _: &Release) -> BoxStream<'static, Snapshot> {
        stream::pending().boxed()
    }

    async fn last_log_lines(&self, _: &Release, _: &str, _: bool) -> Result<String, ApplyProblem> {
        std::future::pending().await
    }
}

/// The median of five loads, after one that is not counted.
async fn median_time(client: &mut crate::support::Client, path: &str) -> Duration {
    client.get(path).await;
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let answer = client.get(path).await;
        times.push(start.elapsed());
        assert!(matches!(answer.status, StatusCode::OK | StatusCode::SEE_OTHER), "{path}: {}", answer.status);
    }
    times.sort();
    times[2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_waits_for_a_registry_or_a_data_plane() {
    // Connections are taken by the system's queue, and nobody ever reads from them.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = silent.local_addr().unwrap().to_string();
    let app = TestApp::with_registries([host.clone()]).await;
    let mut client = app.set_up_and_sign_in().await;
    app.start_worker_on(Arc::new(SilentDataPlane));
    let acme = Acme::furnish_at(&app, &mut client, &host).await;
    let asking = async || (app.count("SELECT COUNT(*) FROM deployments WHERE state = 'resolving'").await == 1).then_some(());
    eventually("the worker to ask the silent registry", asking).await;
    for page in PAGES.iter().filter(|page| !page.waits) {
        let took = median_time(&mut client, &page.path(&acme)).await;
        assert!(took < AT_ONCE, "{} took {took:?}", page.pattern);
    }
    for path in [filled_in(&acme, &host, ""), filled_in(&acme, &host, "/check")] {
        let took = median_time(&mut client, &path).await;
        assert!(took < AT_ONCE, "{path} took {took:?}");
    }
}

/// The Create form, or the check of its answers, for an image at a host.
fn filled_in(acme: &Acme, host: &str, step: &str) -> String {
    let typed = format!("type=manual_task&display_name=Other&source=registry&registry={}&image={host}/acme/greeter", acme.registry);
    format!("{PROJECT}/components/new{step}?{typed}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_was_asked_to_wait_waits_three_seconds_at_most() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = silent.local_addr().unwrap().to_string();
    let app = TestApp::with_registries([host.clone()]).await;
    let mut client = app.set_up_and_sign_in().await;
    let acme = Acme::furnish_at(&app, &mut client, &host).await;
    let asked = PAGES.iter().filter(|page| page.waits).map(|page| page.path(&acme));
    for path in asked.chain([format!("{}&inspect=1", filled_in(&acme, &host, ""))]) {
        let before = Instant::now();
        client.get(&path).await.is(StatusCode::OK).shows("did not answer within 3 seconds");
        assert!(before.elapsed() < PATIENCE, "{path} took {:?}", before.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_waits_while_an_apply_hangs() {
    let (app, mut client) = TestApp::set_up().await;
    app.start_worker_on(Arc::new(SilentDataPlane));
    let acme = Acme::furnish(&app, &mut client).await;
    let hanging = async || (app.count("SELECT COUNT(*) FROM deployments WHERE state = 'applying'").await == 1).then_some(());
    eventually("the worker to hang in the data plane", hanging).await;
    for page in PAGES.iter().filter(|page| page.is_of_organization()) {
        let took = median_time(&mut client, &page.path(&acme)).await;
        let limit = if page.waits { PATIENCE } else { AT_ONCE };
        assert!(took < limit, "{} took {took:?}", page.pattern);
    }
    let before = Instant::now();
    deploy_tag(&mut client, "1.1").await;
    assert!(before.elapsed() < AT_ONCE * 2, "queueing a deployment took {:?}", before.elapsed());
}
