//! What an update would change: the page with and without scripts, its fragment, and who may see either.

use axum::http::StatusCode;
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path_regex},
};

use crate::support::{Acme, Client, PROJECT, TestApp, eventually};

const FRAGMENT: &str = "/fragments/organizations/acme/projects/web-shop/components/greeter/review";

fn page(query: &str) -> String {
    format!("{PROJECT}/components/greeter/deploy/update/review{query}")
}

/// An organization whose `greeter:1.0` is Active.
async fn active() -> (TestApp, Client, Acme) {
    let (app, mut client) = TestApp::set_up().await;
    app.start_worker();
    let acme = Acme::furnish(&app, &mut client).await;
    let ended = async || (app.count("SELECT COUNT(*) FROM deployments WHERE state = 'active'").await == 1).then_some(());
    eventually("the deployment to be active", ended).await;
    (app, client, acme)
}

#[tokio::test]
async fn what_stays_and_what_changes_is_told_beside_what_is_active() {
    let (_app, mut client, acme) = active().await;
    let same = client.get(&page("")).await.is(StatusCode::OK).shows("What changes").shows("Against what is Active in Development");
    let same = same.shows("The same digest as what runs").shows("The file stays as it is.").hides("Changes<");
    assert_eq!(same.field("seen"), Some(acme.deployment.to_string()));
    let other = client.get(&page("?by=tag&tag=1.1")).await.is(StatusCode::OK).shows("acme/greeter:1.1").shows("Kubernetes objects");
    let hidden = ["organization", "project", "component", "by", "tag"].map(|name| other.field(name).unwrap());
    assert_eq!(hidden, ["acme", "web-shop", "greeter", "tag", "1.1"]);
    assert!(other.text().contains("/deploy/update?by=tag&amp;tag=1.1"), "the way back keeps what was typed");
    let previous = client.get(&page(&format!("?by=previous&previous={}", acme.deployment))).await.is(StatusCode::OK);
    previous.shows("The same digest as what runs");
}

#[tokio::test]
async fn before_the_first_deployment_all_of_it_is_new() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    client
        .get(&page(""))
        .await
        .is(StatusCode::OK)
        .shows("Nothing is Active in Development yet")
        .shows("The first image of this component here.");
}

#[tokio::test]
async fn with_scripts_the_page_comes_first_and_the_fragment_after_it() {
    let (app, mut client, _) = active().await;
    // `base.js` leaves it.
    client.remember("tz", "UTC");
    let before = app.registry.requests().await;
    let first = client.get(&page("?by=tag&tag=1.1")).await.is(StatusCode::OK).shows("have not been asked for yet");
    assert_eq!(app.registry.requests().await, before, "the page asks nobody");
    assert!(first.text().contains("<leptos-island") && first.text().contains(&format!("{FRAGMENT}?by=tag")), "{}", first.text());
    client.get(&page("?by=tag&tag=1.1&look=now")).await.is(StatusCode::OK).shows("Kubernetes objects");
    client.get(&format!("{FRAGMENT}?by=tag&tag=1.0")).await.is(StatusCode::OK).shows("The same digest as what runs");
    client.get(&format!("{FRAGMENT}?by=tag&tag=no+tag!")).await.is(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn bad_input_leads_back_to_the_panel_and_nothing_typed_is_lost() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    for (query, field) in
        [("?by=tag&tag=no+tag!", "tag"), ("?by=url&image=UPPER/case:!", "image"), ("?by=previous", "previous"), ("?by=x", "by")]
    {
        let answer = client.get(&page(query)).await.goes_to(&format!("{PROJECT}/components/greeter/deploy/update"));
        let panel = client.get(&answer.location()).await.is(StatusCode::OK);
        assert_eq!(panel.problem_fields(), [field], "{query}");
    }
    client.get(&page("?by=tag&tag=no+tag!")).await;
    let panel = client.get(&format!("{PROJECT}/components/greeter/deploy/update")).await;
    assert_eq!(panel.field("tag").as_deref(), Some("no tag!"));
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 1, "a look deploys nothing");
}

#[tokio::test]
async fn a_tag_that_moved_is_said_and_a_registry_that_refuses_forbids_nothing() {
    let server = MockServer::start().await;
    let host = server.address().to_string();
    let app = TestApp::with_registries([host.clone()]).await;
    let mut client = app.set_up_and_sign_in().await;
    app.start_worker();
    let moved = |digit: &str| {
        ResponseTemplate::new(200)
            .insert_header("docker-content-digest", format!("sha256:{}", digit.repeat(64)).as_str())
            .set_body_raw(json!({}).to_string(), "application/vnd.oci.image.manifest.v1+json")
    };
    let first = Mock::given(method("HEAD")).and(path_regex("/manifests/")).respond_with(moved("a")).mount_as_scoped(&server).await;
    Acme::furnish_at(&app, &mut client, &host).await;
    let ended = async || (app.count("SELECT COUNT(*) FROM deployments WHERE state = 'active'").await == 1).then_some(());
    eventually("the deployment to be active", ended).await;
    drop(first);
    let second = Mock::given(method("HEAD")).and(path_regex("/manifests/")).respond_with(moved("b")).mount_as_scoped(&server).await;
    client.get(&page("?by=tag&tag=1.0")).await.is(StatusCode::OK).shows("The tag 1.0 has moved since");
    client.get(&page("?by=tag&tag=1.1")).await.is(StatusCode::OK).shows("Another image than the one that runs.");
    drop(second);
    let refused = client.get(&page("?by=tag&tag=1.1")).await.is(StatusCode::OK).shows("Deploy would end with this too.");
    assert!(refused.tags().any(|tag| tag == "<button class=\"button main\">"), "Deploy stays");
}

#[tokio::test]
async fn only_members_see_a_review() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    client.get(&format!("{FRAGMENT}?by=tag&tag=1.0")).await.is(StatusCode::OK);
    app.client().get(FRAGMENT).await.is(StatusCode::UNAUTHORIZED);
    let mut stranger = app.stranger().await;
    stranger.get(FRAGMENT).await.is(StatusCode::NOT_FOUND);
    stranger.get(&FRAGMENT.replacen("acme", "globex", 1)).await.is(StatusCode::NOT_FOUND);
    stranger.get(&page("")).await.is(StatusCode::NOT_FOUND).hides("Greeter");
}
