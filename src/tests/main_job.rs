//! The main job against real registries: register, test, inspect, create, deploy, and see it Active or why it is not.

use axum::http::StatusCode;

use crate::support::{PROJECT, Story, deploy_tag, environment, tags_of};

#[tokio::test]
async fn a_private_image_becomes_active() {
    let Some(mut story) = Story::with(environment::private_registry()).await else { return };
    story.add_registry("basic", "secret").await;
    story.test_connection().await.shows("The connection works").shows("Reachable");
    let registry = story.app.registry_id("Test Registry").await;
    let query = format!("type=service&registry={registry}&image={}/acme/greeter:1.0&inspect=1", story.host);
    let page = story.client.get(&format!("{PROJECT}/components/new?{query}")).await.is(StatusCode::OK);
    assert_eq!(page.field("endpoint_port").as_deref(), Some("8080"));
    page.shows("linux/amd64").shows("/greeter").shows("10014");

    story.create().await;
    deploy_tag(&mut story.client, "1.0").await;
    story.ended().await.shows("Active").shows("acme/greeter:1.0").shows("sha256:").shows("Simulated data plane");
    deploy_tag(&mut story.client, "1.1").await;
    story.ended().await.shows("acme/greeter:1.1");
    assert_eq!(story.app.count("SELECT COUNT(*) FROM deployments WHERE state = 'active'").await, 1);
    assert_eq!(story.app.count("SELECT COUNT(*) FROM deployments WHERE state = 'replaced'").await, 1);
}

#[tokio::test]
async fn a_wrong_password_is_told_before_and_after_deploying() {
    let Some(mut story) = Story::with(environment::private_registry()).await else { return };
    story.add_registry("basic", "wrong").await;
    story.test_connection().await.shows("The registry refused the credential").shows("Credential refused").hides("wrong\"");
    story.create().await;
    deploy_tag(&mut story.client, "1.0").await;
    story.ended().await.shows("Failed").shows("refused the credential").shows("Test the connection under Settings");
}

#[tokio::test]
async fn a_crash_is_told_with_its_exit_code_and_log() {
    let Some(mut story) = Story::with(environment::registry()).await else { return };
    story.add_registry("public", "").await;
    story.test_connection().await.shows("The connection works");
    story.create().await;
    deploy_tag(&mut story.client, "1.0").await;
    story.ended().await.shows("Active");
    deploy_tag(&mut story.client, "1.2-crash").await;
    let page =
        story.ended().await.shows("Failed").shows("code 1").shows("could not connect to the database").shows("Last lines of the log");
    page.shows("acme/greeter:1.0 still serves.");
}

#[tokio::test]
async fn a_tag_that_is_not_there_fails_and_says_so() {
    let Some(mut story) = Story::with(environment::registry()).await else { return };
    story.add_registry("public", "").await;
    story.create().await;
    deploy_tag(&mut story.client, "9.9").await;
    story.ended().await.shows("Failed").shows("The registry has no");
    let registry = story.app.registry_id("Test Registry").await;
    let tags = |image: &str| format!("/fragments/organizations/acme/tags?registry={registry}&image={}/{image}&used=1.0", story.host);
    let listed = story.client.get(&tags("acme/greeter")).await.is(StatusCode::OK);
    assert_eq!(tags_of(&listed), ["latest", "1.2-crash", "1.1", "1.0"]);
    listed.shows("1.0In use").shows("4 tags");
    story.client.get(&tags("acme/nothing")).await.is(StatusCode::OK).shows("The registry has no repository").shows("acme/nothing");
}
