use std::{collections::BTreeSet, net::SocketAddr};

use axum::{
    Extension, Router,
    body::{Body, Bytes, to_bytes},
    extract::ConnectInfo,
    http::Extensions,
    middleware::from_fn_with_state,
    response::Html,
    routing::{get, post},
};
use futures::stream;
use http::{HeaderMap, header};
use tower::ServiceExt as _;
use tower_sessions::Session;

use super::*;
use crate::{
    domain::{clock::SystemEntropy, testing::TestBed},
    web::{flash, session},
};

const FORM: &str = "application/x-www-form-urlencoded";

fn config(base_url: &str) -> Config {
    let base_url = base_url.to_owned();
    Config::read(&move |name| (name == "SLIPWAY_BASE_URL").then(|| base_url.clone())).unwrap()
}

fn console(base_url: &str) -> Router {
    let config = Config { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..config(base_url) };
    Router::new()
        .route("/", get(async |Extension(nonce): Extension<Nonce>| Html(nonce.0)).post(async || "posted"))
        .route("/origin", get(async |extensions: Extensions| format!("{:?}", origin(&extensions))))
        .route("/file", get(async || ([(header::CACHE_CONTROL, "max-age=60")], "file")))
        .layer(csrf_layer(&config).unwrap())
        .layer(from_fn_with_state(Security::new(&config, Arc::new(SystemEntropy)), secure))
}

async fn send(router: &Router, request: Request) -> (StatusCode, HeaderMap, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

fn get_request(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_answer_carries_the_policy_with_the_pages_own_nonce() {
    let router = console("http://127.0.0.1:3000");
    let (_, headers, nonce) = send(&router, get_request("/")).await;
    let expected = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(headers["content-security-policy"], expected.as_str());
    assert_eq!(nonce.len(), 22);
    assert_ne!(send(&router, get_request("/")).await.2, nonce, "a new one for every answer");
    let (status, headers, _) = send(&router, get_request("/nowhere")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let wanted =
        ["content-security-policy", "referrer-policy", "x-content-type-options", "permissions-policy", "cross-origin-opener-policy"];
    let missing: BTreeSet<_> = wanted.into_iter().filter(|name| !headers.contains_key(*name)).collect();
    assert_eq!(missing, BTreeSet::new());
}

#[tokio::test]
async fn only_https_is_strict_about_transport() {
    for (base_url, strict) in [("https://slipway.example.com", true), ("http://127.0.0.1:3000", false)] {
        let (_, headers, _) = send(&console(base_url), get_request("/")).await;
        assert_eq!(headers.contains_key("strict-transport-security"), strict, "{base_url}");
    }
}

#[tokio::test]
async fn only_what_says_so_may_be_cached() {
    let router = console("http://127.0.0.1:3000");
    for (path, cached) in [("/", "no-store"), ("/origin", "no-store"), ("/file", "max-age=60")] {
        assert_eq!(send(&router, get_request(path)).await.1[header::CACHE_CONTROL], cached, "{path}");
    }
}

#[tokio::test]
async fn the_origin_names_address_and_request() {
    let mut request = get_request("/origin");
    request.headers_mut().insert("x-request-id", "proxy-id-1".parse().unwrap());
    request.headers_mut().insert("x-forwarded-for", "203.0.113.1".parse().unwrap());
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 4711))));
    let (_, headers, body) = send(&console("http://127.0.0.1:3000"), request).await;
    assert_eq!(headers["x-request-id"], "proxy-id-1");
    assert_eq!(body, r#"Origin { address: "203.0.113.1", request_id: "proxy-id-1" }"#);
}

#[tokio::test]
async fn another_sites_form_is_refused_and_a_pipeline_is_not() {
    let router = console("https://slipway.example.com");
    let post = |headers: &[(&'static str, &str)]| {
        let mut request = Request::post("/").header("host", "internal:3000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    };
    let (status, headers, body) = send(&router, post(&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")])).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.starts_with("The request came from another site."), "{body}");
    assert!(headers.contains_key("x-request-id"));
    assert_eq!(send(&router, post(&[("origin", "https://evil.example")])).await.0, StatusCode::FORBIDDEN, "an old browser");
    assert_eq!(send(&router, post(&[("sec-fetch-site", "same-origin")])).await.0, StatusCode::OK);
    assert_eq!(send(&router, post(&[("origin", "https://slipway.example.com")])).await.0, StatusCode::OK, "behind a proxy");
    assert_eq!(send(&router, post(&[])).await.0, StatusCode::OK, "a pipeline");
}

/// `/do/echo` answers the length it got, `/do/unread` as leptos does when it can't decode; `/notice` takes the flash.
async fn forms() -> (TestBed, Router) {
    let bed = TestBed::new().await;
    let context = bed.context.clone();
    let limits = FormLimits { default: 10, by_path: &[("/do/large", 20)], uploads: &[] };
    let notice = async |session: Session, Extension(forms): Extension<Forms>| {
        let flash = flash::take(&forms.context, &session).await.unwrap();
        flash.notice.map(|notice| notice.text).unwrap_or_default()
    };
    let state = Forms { context: context.clone(), limits };
    let router = Router::new()
        .route("/do/echo", post(async |body: Bytes| body.len().to_string()))
        .route("/do/large", post(async |body: Bytes| body.len().to_string()))
        .route("/do/unread", post(async || (StatusCode::FOUND, [(header::LOCATION, "/form?__path=x&__err=abc")])))
        .route("/other", post(async |body: Bytes| body.len().to_string()))
        .route("/notice", get(notice))
        .layer(Extension(state.clone()))
        .layer(from_fn_with_state(state, guard_forms))
        .layer(session::layer(&context, false));
    (bed, router)
}

fn form(path: &str, content_type: &str, body: impl Into<Body>) -> Request {
    Request::post(path).header(header::CONTENT_TYPE, content_type).body(body.into()).unwrap()
}

fn chunks(count: usize, size: usize) -> Body {
    Body::from_stream(stream::iter((0..count).map(move |_| Ok::<_, std::io::Error>(vec![b'x'; size]))))
}

#[tokio::test]
async fn a_form_has_a_largest_size_however_it_is_sent() {
    let (_bed, router) = forms().await;
    let status = async |path: &str, body: Body| send(&router, form(path, FORM, body)).await.0;
    assert_eq!(send(&router, form("/do/echo", FORM, "0123456789")).await.2, "10");
    assert_eq!(send(&router, form("/do/echo", FORM, chunks(2, 5))).await.2, "10");
    assert_eq!(status("/do/echo", "0123456789a".into()).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(status("/do/echo", chunks(11, 1)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(status("/do/echo", chunks(1_000, 1024 * 1024)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(status("/do/large", chunks(2, 10)).await, StatusCode::OK, "its own limit");
    assert_eq!(status("/do/large", chunks(3, 7)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(status("/other", chunks(2, 10)).await, StatusCode::OK, "not a form of /do/");
}

#[tokio::test]
async fn a_body_that_breaks_off_reaches_no_form() {
    let (_bed, router) = forms().await;
    let broken = Body::from_stream(stream::iter([Ok(vec![b'x']), Err(std::io::Error::other("cut"))]));
    assert_eq!(send(&router, form("/do/echo", FORM, broken)).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_forms_are_taken() {
    let (_bed, router) = forms().await;
    for (kind, status) in [
        ("application/x-www-form-urlencoded; charset=UTF-8", StatusCode::OK),
        ("Application/X-WWW-Form-Urlencoded", StatusCode::OK),
        ("text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/json", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("multipart/form-data; boundary=x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        assert_eq!(send(&router, form("/do/echo", kind, "a=b")).await.0, status, "{kind}");
    }
}

#[tokio::test]
async fn a_form_that_leptos_could_not_read_goes_back_with_a_notice() {
    let (_bed, router) = forms().await;
    let mut request = form("/do/unread", FORM, "a=b");
    request.headers_mut().insert(header::REFERER, "http://127.0.0.1:3000/acme/registries?panel=add".parse().unwrap());
    let (status, headers, _) = send(&router, request).await;
    assert_eq!((status, &headers[header::LOCATION]), (StatusCode::SEE_OTHER, &"/acme/registries".parse().unwrap()));
    let cookie = headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let request = Request::get("/notice").header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let (_, _, notice) = send(&router, request).await;
    assert!(notice.starts_with("Some of what was sent is not right."), "{notice}");
}
