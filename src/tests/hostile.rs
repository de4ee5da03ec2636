//! Whatever is sent, wherever: an answer below 500 comes back.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::TestRunner,
};

use slipway::web::paths::UPLOADS;

use crate::support::{Acme, Client, PAGES, TestApp, filled, form_paths, plain_routes, upload};

/// The fields of all forms.
const FIELDS: &[&str] = &[
    "organization",
    "project",
    "component",
    "display_name",
    "name",
    "description",
    "registry",
    "image",
    "authentication",
    "host",
    "username",
    "password",
    "vendor",
    "docker_config",
    "docker_config_file",
    "expires_on",
    "test_repository",
    "ca_certificates",
    "ca_certificates_file",
    "confirm",
    "by",
    "tag",
    "endpoint_name",
    "endpoint_port",
    "endpoint_type",
    "endpoint_context",
    "endpoint_visibility",
    "email",
    "code",
    "next",
    "theme",
    "after",
    "before",
    "inspect",
    "filter",
    "used",
    "type",
    "source",
    "hub_registry",
    "port",
    "cron",
    "time_zone",
    "concurrency",
    "profile",
    "profile_was",
    "port_was",
    "change_type",
    "add_registry",
    "return",
    "webhook_repository",
    "revision",
    "q",
    "status",
    "environment",
    "state",
    "action",
    "to",
    "reason",
    "deployment",
    "auto_rollback",
    "was",
    "endpoint",
    "context",
    "schema",
    "visibility",
    "yaml",
    "yaml_file",
    "line",
    "column",
    "file_name",
    "schemas",
    "from",
    "previous",
    "seen",
    "look",
];
const ODD: [&str; 14] = [
    "",
    " ",
    "\0",
    "a\0b",
    "\u{feff}",
    "\u{202e}x",
    "'; DROP TABLE people; --",
    "</textarea><script>",
    "%",
    "../../etc/passwd",
    "-1",
    "99999999999999999999",
    "{{7*7}}",
    "\r\nX-Evil: 1",
];

/// The same odd texts every time: those that are known to hurt, and some that a generator makes.
fn odd_texts() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let made = (0..6).map(|_| "\\PC{1,40}".new_tree(&mut runner).unwrap().current());
    ODD.into_iter().map(str::to_owned).chain(made).chain(["x".repeat(500)]).collect()
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric().then(|| char::from(byte).to_string());
    text.bytes().map(|byte| plain(byte).unwrap_or_else(|| format!("%{byte:02X}"))).collect()
}

async fn check(client: &mut Client, request: Request<Body>) {
    let what = format!("{} {}", request.method(), request.uri());
    let response = client.open(request).await;
    assert!(response.status() < StatusCode::INTERNAL_SERVER_ERROR, "{what} answered {}", response.status());
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[tokio::test]
async fn no_query_and_no_path_breaks_a_page() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let pages = PAGES.iter().map(|page| page.pattern);
    let patterns: Vec<_> = pages.chain(plain_routes().into_iter().filter(|(method, _)| *method == "get").map(|(_, path)| path)).collect();
    assert!(patterns.len() > 22, "{patterns:?}");
    for pattern in patterns {
        let path = filled(pattern, &acme);
        for text in odd_texts() {
            let query: Vec<_> = FIELDS.iter().map(|name| format!("{name}={}", encoded(&text))).collect();
            check(&mut client, get(&format!("{path}?{}", query.join("&")))).await;
        }
        for raw in ["%", "%zz", "a=%ff&a=%00", "&&==", "image[]=1&image=2"] {
            check(&mut client, get(&format!("{path}?{raw}"))).await;
        }
        for spoiled in spoiled_paths(pattern, &acme) {
            check(&mut client, get(&spoiled)).await;
        }
    }
}

/// The pattern's path with an odd text in the place of each parameter, one at a time.
fn spoiled_paths(pattern: &str, acme: &Acme) -> Vec<String> {
    let segments: Vec<_> = pattern.split('/').collect();
    let places = segments.iter().enumerate().filter(|(_, segment)| segment.starts_with([':', '{'])).map(|(place, _)| place);
    let spoil = |place: usize, text: &str| {
        let mut segments: Vec<_> = segments.iter().map(|segment| filled(segment, acme)).collect();
        segments[place] = text.to_owned();
        segments.join("/")
    };
    let texts: Vec<_> = odd_texts().iter().map(|text| encoded(text)).chain(["%ff%fe".into(), "%".into(), "%2e%2e".into()]).collect();
    places.flat_map(|place| texts.iter().map(move |text| spoil(place, text)).collect::<Vec<_>>()).collect()
}

#[tokio::test]
async fn no_body_breaks_a_form() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let registry = acme.registry.to_string();
    let right = [
        ("organization", "acme"),
        ("project", "web-shop"),
        ("component", "greeter"),
        ("environment", "development"),
        ("registry", registry.as_str()),
        ("authentication", "basic"),
        ("by", "url"),
    ];
    // Signing in or out would change who sends the rest; they have their own round below.
    for path in form_paths().into_iter().filter(|path| !matches!(*path, "/sign-out" | "/sign-in")) {
        for text in odd_texts() {
            let spoiled = FIELDS.iter().map(|name| (*name, text.as_str()));
            let whole: Vec<_> = spoiled.clone().collect();
            let mixed: Vec<_> = right.iter().copied().chain(spoiled.filter(|(name, _)| !right.iter().any(|(of, _)| of == name))).collect();
            for fields in [whole, mixed] {
                client_answers(&mut client, path, &fields).await;
            }
        }
        raw_bodies(&mut client, path).await;
    }
}

async fn client_answers(client: &mut Client, path: &str, fields: &[(&str, &str)]) {
    check(client, crate::support::form(path, fields)).await;
    let mut fetch = crate::support::form(path, fields);
    fetch.headers_mut().insert(header::ACCEPT, "*/*".parse().unwrap());
    check(client, fetch).await;
}

/// Bodies that are no form, under the name of one.
async fn raw_bodies(client: &mut Client, path: &str) {
    let bodies: [&[u8]; 8] = [
        b"",
        b"\xff\xfe\x00",
        b"%%%",
        b"=&=&=",
        b"organization",
        b"organization[]=a&organization=b",
        b"organization=a&organization=b",
        b"{\"a\":1}",
    ];
    for body in bodies {
        for accept in ["text/html", "application/json"] {
            let request =
                Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::ACCEPT, accept);
            check(client, request.body(Body::from(body.to_vec())).unwrap()).await;
        }
    }
}

#[tokio::test]
async fn no_body_breaks_sign_in() {
    let (app, _) = TestApp::set_up().await;
    for text in odd_texts() {
        let mut client = app.client();
        check(&mut client, crate::support::form("/sign-in", &[("email", &text), ("password", &text), ("next", &text)])).await;
        check(&mut client, get("/sign-in")).await;
    }
    raw_bodies(&mut app.client(), "/sign-in").await;
}

#[tokio::test]
async fn no_cookie_breaks_a_page() {
    let (app, _) = TestApp::set_up().await;
    for cookie in
        ["slipway=", "slipway=x", "slipway=AAAAAAAAAAAAAAAAAAAAAA", "theme=\"><script>", "tz=../../etc/passwd", "tz=%00; theme", ";;=;"]
    {
        let request =
            Request::get("/sign-in").header(header::COOKIE, cookie).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
        check(&mut app.client(), request).await;
    }
}

#[tokio::test]
async fn no_upload_breaks_a_form() {
    let (app, mut client) = TestApp::set_up().await;
    let registry = Acme::furnish(&app, &mut client).await.registry.to_string();
    let bodies: [&[u8]; 7] = [
        b"",
        b"--x--\r\n",
        b"--x\r\n\r\n\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data; name=\"organization\"\r\n\r\nacme",
        b"--x\r\nContent-Disposition: form-data; name=\"\xff\"; filename=\"\xff\"\r\n\r\n\xff\0\r\n--x--\r\n",
        b"organization=acme",
    ];
    for path in UPLOADS {
        for kind in ["multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=\"\""] {
            for body in bodies {
                let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body.to_vec())).unwrap();
                check(&mut client, request).await;
            }
        }
        for text in odd_texts() {
            let fields =
                [("organization", "acme"), ("registry", registry.as_str()), ("authentication", "docker_config"), ("vendor", &text)];
            check(&mut client, upload(path, &fields, ("docker_config_file", "config.json", text.as_bytes()))).await;
        }
    }
}
