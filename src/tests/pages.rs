//! Every page: who sees it, and whether it sends the browser half.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use slipway::web::{assets::PACKAGE_NAME, pages::Console};
use uuid::Uuid;

use crate::support::{Acme, PAGES, TestApp};

#[test]
fn the_list_of_pages_is_the_routers() {
    let routed: BTreeSet<_> = leptos_axum::generate_route_list(Console).iter().map(|route| as_pattern(route.path())).collect();
    let listed: BTreeSet<_> = PAGES.iter().map(|page| page.pattern.to_owned()).collect();
    assert_eq!(routed, listed);
}

/// `/a/{b}` as the console writes it: `/a/:b`.
fn as_pattern(path: &str) -> String {
    let path = path.replace('{', ":").replace('}', "");
    if path.is_empty() { "/".into() } else { path }
}

#[tokio::test]
async fn a_member_sees_every_page() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    for page in PAGES {
        let answer = client.get(&page.path(&acme)).await;
        if page.pattern == "/" {
            answer.goes_to("/organizations/acme");
            continue;
        }
        let answer = answer.is(StatusCode::OK);
        assert!(answer.title().ends_with(" · Slipway"), "{}: {:?}", page.pattern, answer.title());
        assert_eq!(answer.tags().filter(|tag| *tag == "<h1>").count(), 1, "{}: one heading", page.pattern);
    }
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_sign_in() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    for page in PAGES.iter().filter(|page| page.members_only) {
        let path = page.path(&acme);
        let location = app.client().get(&path).await.location();
        let next = url::form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>();
        assert_eq!(location, if path == "/" { "/sign-in".into() } else { format!("/sign-in?next={next}") });
    }
}

#[tokio::test]
async fn other_organizations_pages_do_not_exist() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let mut stranger = app.stranger().await;
    for page in PAGES.iter().filter(|page| page.is_of_organization()) {
        let path = page.path(&acme);
        stranger.get(&path).await.is(StatusCode::NOT_FOUND).shows("There is nothing here").hides("Greeter");
        // Ids and names of acme's, asked for in the stranger's own organization.
        if !matches!(path.as_str(), "/organizations/acme") && !path.ends_with("registries") && !path.ends_with("registries/new") {
            stranger.get(&path.replacen("acme", "globex", 1)).await.is(StatusCode::NOT_FOUND).hides("Greeter");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_page_that_says_so() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let wrong = Acme { registry: Uuid::nil(), component: Uuid::nil(), deployment: Uuid::nil() };
    for page in PAGES.iter().filter(|page| page.path(&wrong) != page.path(&acme)) {
        client.get(&page.path(&wrong)).await.is(StatusCode::NOT_FOUND).shows("There is nothing here");
    }
    for path in [
        "/nowhere",
        "/guide/nowhere",
        "/organizations",
        "/organizations/acme/projects/nope",
        "/organizations/acme/projects/web-shop/components/nope",
    ] {
        client.get(path).await.is(StatusCode::NOT_FOUND).shows("There is nothing here").shows("Go to the start");
    }
}

#[tokio::test]
async fn the_browser_half_is_sent_exactly_where_an_island_is() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    for page in PAGES.iter().filter(|page| page.pattern != "/") {
        let answer = client.get(&page.path(&acme)).await.is(StatusCode::OK);
        let sent = (answer.text().contains("<leptos-island"), answer.text().contains(PACKAGE_NAME.as_str()));
        assert_eq!(sent, (page.has_island, page.has_island), "island and script of {}", page.pattern);
    }
}
