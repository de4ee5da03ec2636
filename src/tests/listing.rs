//! The Component Listing as its address narrows it.

use axum::http::StatusCode;

use slipway::{
    domain::{
        Origin,
        components::{self, FirstEndpoint, NewComponent},
        organizations, people,
    },
    fetch_one,
};
use uuid::Uuid;

use crate::support::{Acme, Answer, Client, EMAIL, PROJECT, TestApp};

/// A component that nobody has deployed.
async fn make(app: &TestApp, acme: &Acme, display_name: &str, kind: &str) {
    let context = app.context();
    let (person,) = fetch_one!(context.db, (Uuid,), "SELECT id FROM people WHERE email = $1", EMAIL).unwrap();
    let caller = people::caller(context, person, "acme", Origin::default()).await.unwrap();
    let project = organizations::project(context, &caller, "web-shop").await.unwrap();
    let endpoint = FirstEndpoint { port: "8080".into(), kind: "TCP".into(), visibility: "Project".into(), ..FirstEndpoint::default() };
    let new = NewComponent {
        kind: kind.into(),
        display_name: display_name.into(),
        registry: acme.registry.to_string(),
        image: format!("{}/acme/{kind}:1.0", app.registry.host()),
        endpoint,
        port: "8080".into(),
        cron: "0 * * * *".into(),
        ..NewComponent::default()
    };
    components::create(context, &caller, &project, new).await.unwrap();
}

/// The components that a page lists, in its order.
fn listed(page: &Answer) -> Vec<String> {
    let start = format!("<a href=\"{PROJECT}/components/");
    let names = page.tags().filter_map(|tag| tag.strip_prefix(&start)?.split('"').next());
    names.filter(|name| *name != "new").map(str::to_owned).collect()
}

async fn at(client: &mut Client, query: &str) -> Answer {
    client.get(&format!("{PROJECT}{query}")).await.is(StatusCode::OK)
}

#[tokio::test]
async fn the_address_narrows_the_listing_and_the_form_shows_it() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    make(&app, &acme, "Order Service", "service").await;
    assert_eq!(listed(&at(&mut client, "").await), ["greeter", "order-service"]);
    assert_eq!(listed(&at(&mut client, "?q=ORDER").await), ["order-service"]);
    assert_eq!(listed(&at(&mut client, "?status=not_deployed").await), ["order-service"]);
    make(&app, &acme, "Clean up", "manual_task").await;
    make(&app, &acme, "Front page", "web_application").await;
    assert_eq!(listed(&at(&mut client, "?type=web_application").await), ["front-page"]);
    assert_eq!(listed(&at(&mut client, "?type=manual_task&q=clean").await), ["clean-up"]);
    assert_eq!(listed(&at(&mut client, "?type=service&status=deploying").await), ["greeter"]);
    let page = at(&mut client, "?q=order&type=service&status=not_deployed").await.shows("Clear filters");
    assert_eq!(page.field("q").as_deref(), Some("order"));
    for word in ["service", "not_deployed"] {
        assert!(page.tags().any(|tag| tag.contains(&format!("value=\"{word}\"")) && tag.contains(" selected")), "{word} is chosen");
    }
    let all = at(&mut client, "?type=nonsense&status=nonsense").await.hides("Clear filters");
    assert_eq!(listed(&all), ["clean-up", "front-page", "greeter", "order-service"], "what is no choice narrows nothing");
}

#[tokio::test]
async fn no_match_is_told_apart_from_no_component() {
    let (app, mut client) = TestApp::set_up().await;
    at(&mut client, "").await.shows("No components yet").shows("First steps");
    at(&mut client, "?q=nothing").await.shows("No component matches").hides("No components yet");
    Acme::furnish(&app, &mut client).await;
    at(&mut client, "?type=scheduled_task").await.shows("No component matches").shows("Clear filters");
    at(&mut client, "?after=zzz").await.shows("No more components").shows("First page");
}

#[tokio::test]
async fn pages_keep_the_filter() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    for number in 1..=51 {
        make(&app, &acme, &format!("Order {number:02}"), "service").await;
    }
    let first = at(&mut client, "?q=order").await.shows("Next page").hides("First page");
    let names = listed(&first);
    assert_eq!((names.len(), names[0].as_str(), names[49].as_str()), (50, "order-01", "order-50"));
    assert!(first.tags().any(|tag| tag.contains(&format!("href=\"{PROJECT}?q=order&amp;after=order-50\""))));
    let second = at(&mut client, "?q=order&after=order-50").await.shows("First page").hides("Next page");
    assert_eq!(listed(&second), ["order-51"]);
    assert!(second.tags().any(|tag| tag.contains(&format!("href=\"{PROJECT}?q=order\""))));
}

#[tokio::test]
async fn what_is_searched_for_comes_back_as_text() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let evil = "\"><script>alert(1)</script>";
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(["q", "type", "status", "after"].map(|name| (name, evil)))
        .finish();
    let page = at(&mut client, &format!("?{query}")).await;
    assert!(!page.text().contains("<script>alert"), "what was typed became a script");
    assert_eq!(page.field("q").as_deref(), Some(evil));
}

#[tokio::test]
async fn the_first_steps_lead_to_the_first_component() {
    let (app, mut client) = TestApp::set_up().await;
    let leads = |page: &Answer, path: &str| page.tags().any(|tag| tag.contains(&format!("href=\"{path}\"")));
    let page = client.get("/organizations/acme").await.is(StatusCode::OK).shows("First steps");
    assert!(leads(&page, "/organizations/acme/settings/credentials/registries/new") && leads(&page, "/guide/deploy"));
    Acme::furnish(&app, &mut client).await;
    let page = client.get("/organizations/acme").await.is(StatusCode::OK).shows("2 of 3 done");
    assert!(leads(&page, &format!("{PROJECT}/components/greeter/deploy")));
    app.start_worker();
    let ask = async || (app.count("SELECT COUNT(*) FROM deployments WHERE state = 'active'").await == 1).then_some(());
    crate::support::eventually("the deployment to be Active", ask).await;
    client.get("/organizations/acme").await.is(StatusCode::OK).hides("First steps");
}
