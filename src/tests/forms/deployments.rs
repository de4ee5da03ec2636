//! Update Image & Deploy.

use axum::http::StatusCode;

use super::{came_back, refused, with};
use crate::support::{Acme, PROJECT, TestApp};

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
        (("by", "</textarea><script>"), ("tag", "1.1"), "by"),
    ];
    for (by, typed, field) in cases {
        let fields = with(&BY_TAG, &[by, typed]);
        assert_eq!(refused(&mut client, PATH, &fields).await, [field], "{by:?} {typed:?}");
        client.post_form(PATH, &fields).await.goes_to(&panel());
        let page = client.get(&panel()).await;
        came_back(&page);
        assert_eq!(page.problem_fields(), [field], "{by:?} {typed:?}");
        assert_eq!(page.field(typed.0).as_deref(), Some(typed.1));
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
