//! A registry that only the cluster's nodes can look into: nothing is asked of it, and every page says so.

use axum::http::StatusCode;

use crate::support::{PROJECT, Story, TestApp, deploy_tag};

const LIST: &str = "/organizations/acme/settings/credentials/registries";

#[tokio::test]
async fn what_only_nodes_can_see_is_deployed_by_its_tag() {
    let app = TestApp::new().await;
    app.start_worker();
    // Nothing answers there: whoever asks it, fails.
    let mut story = Story::on(app, "registry.invalid".into()).await;
    story.add_registry("vendor_specific", "").await;
    story.client.get(LIST).await.shows("By the nodes");
    let id = story.app.registry_id("Test Registry").await;
    story.client.get(&format!("{LIST}/{id}")).await.shows("The cluster's nodes have access of their own").hides("Pull secrets");

    let tags = format!("/fragments/organizations/acme/tags?registry={id}&image=registry.invalid/acme/greeter");
    story.client.get(&tags).await.is(StatusCode::OK).shows("By the nodes").shows("Type the tag.");
    let inspection = format!("/fragments/organizations/acme/inspection?registry={id}&image=registry.invalid/acme/greeter:1.0");
    story.client.get(&inspection).await.is(StatusCode::OK).shows("By the nodes");
    story.test_connection_is_refused().await;

    story.create().await;
    story.client.get(&format!("{PROJECT}/components/greeter/deploy")).await.shows("runs by tag").hides("by digest");
    deploy_tag(&mut story.client, "1.1").await;
    story.ended().await.shows("Active").shows("Not known: the nodes resolved the tag and named no digest").hides("sha256:");
}
