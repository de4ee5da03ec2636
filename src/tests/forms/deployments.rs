//! Update Image & Deploy.

use axum::http::StatusCode;

use super::{came_back, refused, with};
use crate::support::{Acme, PROJECT, TestApp, eventually};

const PATH: &str = "/do/deploy_image";
const BY_TAG: [(&str, &str); 5] =
    [("organization", "acme"), ("project", "web-shop"), ("component", "greeter"), ("by", "tag"), ("tag", "1.1")];

fn panel() -> String {
    format!("{PROJECT}/components/greeter/deploy/update")
}

#[tokio::test]
async fn an_image_is_deployed_by_tag_and_by_url() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    client.submit(PATH, &BY_TAG).await.is(StatusCode::OK).shows("Deploying").shows("acme/greeter:1.1");
    let url = format!("{}/acme/other:2.0", app.registry.host());
    client.submit(PATH, &with(&BY_TAG, &[("by", "url"), ("image", &url)])).await.shows("acme/other:2.0");
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 3);
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments WHERE state = 'superseded'").await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM audit WHERE action = 'deployment.create'").await, 3);
}

#[tokio::test]
async fn a_wrong_image_comes_back_as_it_was_typed() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let cases = [
        (("by", "tag"), ("tag", "no such tag!"), "tag"),
        (("by", "tag"), ("tag", ""), "tag"),
        (("by", "url"), ("image", "UPPER/case:!"), "image"),
        (("by", "url"), ("image", "ghcr.io/acme/greeter:1.0"), "image"),
        (("by", "url"), ("image", ""), "image"),
        (("by", "url"), ("registry", "</select><script>"), "registry"),
        (("by", "previous"), ("previous", ""), "previous"),
        (("by", "previous"), ("previous", "</textarea><script>"), "previous"),
        (("by", "</textarea><script>"), ("tag", "1.1"), "by"),
    ];
    for (by, typed, field) in cases {
        let fields = with(&BY_TAG, &[by, typed]);
        assert_eq!(refused(&mut client, PATH, &fields).await, [field], "{by:?} {typed:?}");
        client.post_form(PATH, &fields).await.goes_to(&panel());
        let page = client.get(&panel()).await;
        came_back(&page);
        assert_eq!(page.problem_fields(), [field], "{by:?} {typed:?}");
        // A choice from a list that has no such thing is not made.
        if matches!(typed.0, "tag" | "image") {
            assert_eq!(page.field(typed.0).as_deref(), Some(typed.1));
        }
        assert!(!page.text().contains("</select><script>") && !page.text().contains("</textarea><script>"));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 1);
}

#[tokio::test]
async fn other_organizations_components_can_not_be_deployed() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let mut stranger = app.stranger().await;
    for changes in [
        [("organization", "acme"), ("project", "web-shop")],
        [("organization", "globex"), ("project", "web-shop")],
        [("organization", "globex"), ("project", "default-project")],
    ] {
        stranger.fetch(PATH, &with(&BY_TAG, &changes)).await.is(StatusCode::NOT_FOUND);
    }
    client.fetch(PATH, &with(&BY_TAG, &[("component", "nope")])).await.is(StatusCode::NOT_FOUND);
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 1);
}

#[tokio::test]
async fn an_image_of_another_registry_goes_with_that_registry() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let hub = [("organization", "acme"), ("display_name", "Other"), ("authentication", "public"), ("host", "quay.io")];
    client.post_form("/do/add_registry", &hub).await.is(StatusCode::SEE_OTHER);
    let (own, other) = (acme.registry.to_string(), app.registry_id("Other").await.to_string());
    let of = |registry, image| with(&BY_TAG, &[("by", "url"), ("registry", registry), ("image", image)]);
    assert_eq!(refused(&mut client, PATH, &of(&own, "quay.io/acme/greeter:2.0")).await, ["image"]);
    client.submit(PATH, &of(&other, "quay.io/acme/greeter:2.0")).await.is(StatusCode::OK).shows("Deploying quay.io/acme/greeter:2.0");
    assert_eq!(app.count("SELECT COUNT(*) FROM components WHERE image = 'quay.io/acme/greeter:2.0'").await, 1);
    let page = client.get(&panel()).await.is(StatusCode::OK);
    assert!(page.text().contains(&format!("<option value=\"{other}\" selected")), "{}", page.text());

    // A registry of another organization does not exist.
    let mut stranger = app.stranger().await;
    let theirs = [("organization", "globex"), ("display_name", "Theirs"), ("authentication", "public"), ("host", "ghcr.io")];
    stranger.post_form("/do/add_registry", &theirs).await.is(StatusCode::SEE_OTHER);
    let theirs = app.registry_id("Theirs").await.to_string();
    client.fetch(PATH, &of(&theirs, "ghcr.io/acme/greeter:2.0")).await.is(StatusCode::NOT_FOUND);
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 2);
}

#[tokio::test]
async fn an_image_of_before_is_deployed_by_its_digest() {
    let (app, mut client) = TestApp::set_up().await;
    app.start_worker();
    let acme = Acme::furnish(&app, &mut client).await;
    let active = async || (app.count("SELECT COUNT(*) FROM deployments WHERE state = 'active'").await == 1).then_some(());
    eventually("the first deployment to be active", active).await;
    let page =
        client.get(&format!("{}?by=previous", panel())).await.is(StatusCode::OK).shows("Runs now").shows("Development, ada@example.com");
    let id = acme.deployment.to_string();
    assert!(page.tags().any(|tag| tag.contains("name=\"previous\"") && tag.contains(&id)), "{}", page.text());

    let previous = with(&BY_TAG, &[("by", "previous"), ("previous", &id)]);
    client.submit(PATH, &previous).await.is(StatusCode::OK).shows("Deploying").shows("acme/greeter:1.0");
    let same = "SELECT COUNT(*) FROM deployments AS later JOIN deployments AS first ON later.digest = first.digest AND later.id > first.id";
    assert_eq!(app.count(same).await, 1);
    let unknown = with(&BY_TAG, &[("by", "previous"), ("previous", "01900000-0000-7000-8000-000000000000")]);
    assert_eq!(refused(&mut client, PATH, &unknown).await, ["previous"]);
}

#[tokio::test]
async fn who_deploys_is_told_whose_deployment_that_ends() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let mut colleague = app.developer().await;
    let page = client.get(&panel()).await.is(StatusCode::OK);
    let seen = page.field("seen").unwrap();
    assert_eq!(seen, acme.deployment.to_string());
    colleague.submit(PATH, &with(&BY_TAG, &[("tag", "1.2"), ("seen", &seen)])).await.is(StatusCode::OK).hides("takes the place of");
    let told = client.submit(PATH, &with(&BY_TAG, &[("tag", "1.3"), ("seen", &seen)])).await.is(StatusCode::OK);
    told.shows("This takes the place of").shows("acme/greeter:1.2, which dan@example.com queued meanwhile.").hides("1.0, which");
}
