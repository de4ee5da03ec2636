//! What every answer carries, and what no form gets through.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use slipway::web::paths::{LARGE_FORMS, UPLOADS};

use crate::support::{Acme, PAGES, TestApp, form, form_paths};

#[tokio::test]
async fn every_script_of_a_page_carries_the_nonce_of_its_header() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    for page in PAGES.iter().filter(|page| page.pattern != "/") {
        let answer = client.get(&page.path(&acme)).await.is(StatusCode::OK);
        let policy = answer.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        let scripts: Vec<_> = answer.tags().filter(|tag| tag.starts_with("<script")).collect();
        assert!(!scripts.is_empty(), "{}", page.pattern);
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{}: {script}", page.pattern);
        }
        assert!(
            !answer.tags().any(|tag| tag.contains(" style=\"") || tag.contains(" onclick=\"")),
            "{}: inline style or handler",
            page.pattern
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{}", page.pattern);
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let (_app, mut client) = TestApp::set_up().await;
    for path in ["/organizations/acme", "/", "/nowhere", "/healthz", "/favicon.svg", "/pkg/nothing.js", "/live/components/x", "/guide/x"] {
        let answer = client.get(path).await;
        for name in [
            "content-security-policy",
            "referrer-policy",
            "x-content-type-options",
            "x-frame-options",
            "permissions-policy",
            "x-request-id",
        ] {
            assert!(!answer.header(name).is_empty(), "{name} of {path}");
        }
    }
}

#[tokio::test]
async fn a_request_id_is_taken_over_and_shown_with_errors() {
    let (_app, mut client) = TestApp::set_up().await;
    let path = "/organizations/acme/projects/nope";
    let request = Request::get(path).header("x-request-id", "proxy-4711-abcdef").body(Body::empty()).unwrap();
    let answer = client.send(request).await.is(StatusCode::NOT_FOUND);
    assert_eq!(answer.header("x-request-id"), "proxy-4711-abcdef");
    answer.shows("Request proxy-4711-abcdef");
}

#[tokio::test]
async fn health_is_told_to_anybody() {
    let (app, _) = TestApp::set_up().await;
    app.client().get("/healthz").await.is(StatusCode::OK);
    app.client().get("/readyz").await.is(StatusCode::OK);
    app.app.shutdown.cancel();
    app.client().get("/healthz").await.is(StatusCode::OK);
    app.client().get("/readyz").await.is(StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn another_sites_form_is_refused() {
    let (_app, mut client) = TestApp::set_up().await;
    assert!(form_paths().len() >= 13, "{:?}", form_paths());
    for path in form_paths() {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let mut request = form(path, &[("organization", "acme")]);
            request.headers_mut().insert(name, value.parse().unwrap());
            request.headers_mut().insert(header::HOST, "127.0.0.1:3000".parse().unwrap());
            client.send(request).await.is(StatusCode::FORBIDDEN).shows("The request came from another site.");
        }
    }
    client.get("/organizations/acme").await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_body_has_a_largest_size() {
    let (_app, mut client) = TestApp::set_up().await;
    let large = "x".repeat(256 * 1024);
    let is_large = |path: &str| LARGE_FORMS.iter().any(|(of, _)| *of == path);
    for path in form_paths().into_iter().filter(|path| *path != "/sign-out" && !is_large(path)) {
        client.post_form(path, &[("organization", "acme"), ("email", &large)]).await.is(StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    let (_app, mut client) = TestApp::set_up().await;
    for path in form_paths().into_iter().filter(|path| path.starts_with("/do/")) {
        let files = (!UPLOADS.contains(&path)).then_some("multipart/form-data; boundary=x");
        for kind in ["application/json", "text/plain"].into_iter().chain(files) {
            let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from("{}")).unwrap();
            client.send(request).await.is(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        client.send(Request::post(path).body(Body::from("a=b")).unwrap()).await.is(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}

#[tokio::test]
async fn without_a_session_no_form_does_anything() {
    let (app, _) = TestApp::set_up().await;
    for path in form_paths().into_iter().filter(|path| path.starts_with("/do/")) {
        app.client().post_form(path, &[("organization", "acme")]).await.goes_to("/sign-in");
        let refused = app.client().fetch(path, &[("organization", "acme")]).await.is(StatusCode::UNAUTHORIZED);
        assert_eq!(refused.json()["code"], "sign_in_required");
    }
}
