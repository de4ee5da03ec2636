//! `/setup`: until somebody has set the console up, there is nothing else.

use axum::http::StatusCode;
use slipway::domain::organizations;

use crate::support::{Client, EMAIL, PAGES, PASSWORD, TestApp};

const GOOD: [(&str, &str); 4] = [("email", EMAIL), ("password", PASSWORD), ("organization", "Acme"), ("project", "Web Shop")];

/// A browser that has shown the printed code.
async fn with_code(app: &TestApp) -> Client {
    let code = organizations::setup_code(app.context()).await.unwrap();
    let mut client = app.client();
    client.submit("/setup/code", &[("code", &code)]).await.shows("Make the first admin");
    client
}

#[tokio::test]
async fn every_address_answers_the_setup_page() {
    let app = TestApp::new().await;
    let paths = PAGES.iter().map(|page| page.pattern.replace(':', "")).chain(["/nowhere".into(), "/live/components/x".into()]);
    for path in paths.filter(|path| path != "/sign-out") {
        app.client().get(&path).await.is(StatusCode::OK).shows("Setup code").hides("Sign in");
    }
    let mut client = app.client();
    client.post_form("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await.is(StatusCode::CONFLICT).shows("has not been set up");
    client.fetch("/do/add_registry", &[]).await.is(StatusCode::CONFLICT);
    client.get("/healthz").await.is(StatusCode::OK).shows("ok");
    client.get("/readyz").await.is(StatusCode::OK).shows("ready");
}

#[tokio::test]
async fn the_printed_link_fills_the_code_in() {
    let app = TestApp::new().await;
    let page = app.client().get("/setup?code=abc%22%3E-1").await.is(StatusCode::OK);
    assert_eq!(page.field("code").as_deref(), Some("abc\">-1"));
}

#[tokio::test]
async fn a_wrong_code_opens_nothing() {
    let app = TestApp::new().await;
    organizations::setup_code(app.context()).await.unwrap();
    let mut client = app.client();
    for code in ["", "0000", "x\0y"] {
        client.submit("/setup/code", &[("code", code)]).await.shows("This is not the setup code.").hides("Make the first admin");
    }
    client.post_form("/setup", &GOOD).await.goes_to("/setup");
    assert_eq!(app.count("SELECT COUNT(*) FROM people").await, 0);
}

#[tokio::test]
async fn all_problems_come_at_once_and_only_the_password_is_lost() {
    let app = TestApp::new().await;
    let mut client = with_code(&app).await;
    let bad = [("email", "ada at home"), ("password", "short one"), ("organization", "A<b>"), ("project", "")];
    let page = client.submit("/setup", &bad).await.is(StatusCode::OK);
    assert_eq!(page.problem_fields(), ["email", "password", "organization", "project"]);
    assert_eq!(page.field("email").as_deref(), Some("ada at home"));
    assert_eq!(page.field("organization").as_deref(), Some("A<b>"));
    assert_eq!(page.field("password"), None);
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    page.hides("short one");
    client.get("/setup").await.hides("There is a problem").hides("ada at home");
}

#[tokio::test]
async fn the_first_admin_is_signed_in_and_is_the_only_one() {
    let app = TestApp::new().await;
    let mut late = with_code(&app).await;
    let mut client = with_code(&app).await;
    client.post_form("/setup", &GOOD).await.goes_to("/");
    client.get("/").await.goes_to("/organizations/acme");
    client.get("/organizations/acme").await.is(StatusCode::OK).shows("Web Shop");

    let again = [("email", "eve@example.com"), ("password", PASSWORD), ("organization", "Evil"), ("project", "Plans")];
    late.post_form("/setup", &again).await.is(StatusCode::CONFLICT).shows("set up already");
    late.get("/setup").await.is(StatusCode::OK).shows("There is an admin already.");
    assert_eq!(app.count("SELECT COUNT(*) FROM people").await, 1);
    app.client().get("/organizations/acme").await.goes_to("/sign-in?next=%2Forganizations%2Facme");
}
