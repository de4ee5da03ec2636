//! The main job as a person does it: register a registry, create a component, deploy, and look how it ended.

use std::time::Duration;

use axum::http::StatusCode;

use super::{Answer, Client, PROJECT, TestApp, create_greeter, eventually_within};

const LIST: &str = "/organizations/acme/settings/credentials/registries";
/// A rollout on a real cluster takes its time: a crash loop is told after three restarts with back-off.
pub(super) const PATIENCE: Duration = Duration::from_secs(150);

pub(crate) struct Story {
    pub(crate) app: TestApp,
    pub(crate) client: Client,
    pub(crate) host: String,
}

impl Story {
    /// `None` where there is no such registry.
    pub(crate) async fn with(host: Option<String>) -> Option<Self> {
        let host = host?;
        let app = TestApp::with_registries([host.clone()]).await;
        app.start_worker();
        Some(Self::on(app, host).await)
    }

    /// With a worker that the caller has started.
    pub(crate) async fn on(app: TestApp, host: String) -> Self {
        let client = app.set_up_and_sign_in().await;
        Self { app, client, host }
    }

    pub(crate) async fn add_registry(&mut self, authentication: &str, password: &str) {
        let fields = [
            ("organization", "acme"),
            ("display_name", "Test Registry"),
            ("authentication", authentication),
            ("host", self.host.as_str()),
            ("username", "tester"),
            ("password", password),
        ];
        self.client.post_form("/do/add_registry", &fields).await.goes_to(LIST);
    }

    pub(crate) async fn test_connection(&mut self) -> Answer {
        let id = self.app.registry_id("Test Registry").await.to_string();
        self.client.submit("/do/check_registry", &[("organization", "acme"), ("registry", &id)]).await.is(StatusCode::OK)
    }

    /// Of a registry that only the nodes can look into.
    pub(crate) async fn test_connection_is_refused(&mut self) {
        let id = self.app.registry_id("Test Registry").await.to_string();
        let fields = [("organization", "acme"), ("registry", id.as_str())];
        let answer = self.client.fetch("/do/check_registry", &fields).await.is(StatusCode::CONFLICT);
        assert_eq!(answer.json()["code"], "checked_by_nodes");
    }

    pub(crate) async fn create(&mut self) {
        let registry = self.app.registry_id("Test Registry").await;
        create_greeter(&mut self.client, registry, &self.host).await;
    }

    /// The Deploy page once the newest deployment has ended.
    pub(crate) async fn ended(&mut self) -> Answer {
        let page = format!("{PROJECT}/components/greeter/deploy");
        let ask = async || {
            let open = "SELECT COUNT(*) FROM deployments WHERE state IN ('queued', 'resolving', 'applying', 'rolling_out')";
            (self.app.count(open).await == 0).then_some(())
        };
        eventually_within(PATIENCE, "the deployment to end", ask).await;
        self.client.get(&page).await.is(StatusCode::OK)
    }
}
