//! The organization most tests work in: `acme` with a registry, a component and a deployment of it.

use uuid::Uuid;

use super::{Client, TestApp};
use slipway::fetch_one;

pub(crate) const PROJECT: &str = "/organizations/acme/projects/web-shop";

/// What the paths of a furnished organization need.
pub(crate) struct Acme {
    pub(crate) registry: Uuid,
    pub(crate) component: Uuid,
    pub(crate) deployment: Uuid,
}

impl Acme {
    /// Furnishes the organization through its forms: a registry, the component `greeter`, and a queued deployment.
    pub(crate) async fn furnish(app: &TestApp, client: &mut Client) -> Self {
        let host = app.registry.host();
        Self::furnish_at(app, client, &host).await
    }

    /// The same, with the registry at another host.
    pub(crate) async fn furnish_at(app: &TestApp, client: &mut Client, host: &str) -> Self {
        add_public_registry(client, host).await;
        let registry = app.registry_id("Test Registry").await;
        create_greeter(client, registry, host).await;
        deploy_tag(client, "1.0").await;
        let db = &app.context().db;
        let (component,) = fetch_one!(db, (Uuid,), "SELECT id FROM components WHERE name = 'greeter'").unwrap();
        let (deployment,) = fetch_one!(db, (Uuid,), "SELECT id FROM deployments").unwrap();
        Self { registry, component, deployment }
    }
}

pub(crate) async fn add_public_registry(client: &mut Client, host: &str) {
    let fields = [("organization", "acme"), ("display_name", "Test Registry"), ("authentication", "public"), ("host", host)];
    client.post_form("/do/add_registry", &fields).await.goes_to("/organizations/acme/settings/credentials/registries");
}

pub(crate) async fn create_greeter(client: &mut Client, registry: Uuid, host: &str) {
    let (registry, image) = (registry.to_string(), format!("{host}/acme/greeter:1.0"));
    let fields = [
        ("organization", "acme"),
        ("project", "web-shop"),
        ("type", "service"),
        ("display_name", "Greeter"),
        ("registry", registry.as_str()),
        ("image", image.as_str()),
        ("endpoint_name", "default"),
        ("endpoint_port", "8080"),
        ("endpoint_type", "REST"),
        ("endpoint_context", "/"),
        ("endpoint_visibility", "Project"),
    ];
    client.post_form("/do/create_component", &fields).await.goes_to(&format!("{PROJECT}/components/greeter/deploy"));
}

pub(crate) async fn deploy_tag(client: &mut Client, tag: &str) {
    let fields = [("organization", "acme"), ("project", "web-shop"), ("component", "greeter"), ("by", "tag"), ("tag", tag)];
    client.post_form("/do/deploy_image", &fields).await.goes_to(&format!("{PROJECT}/components/greeter/deploy"));
}
