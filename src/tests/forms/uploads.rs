//! Forms with a file: a Docker config, pasted or chosen.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{came_back, with};
use crate::support::TestApp;

const LIST: &str = "/organizations/acme/settings/credentials/registries";
const NEW: &str = "/organizations/acme/settings/credentials/registries/new?vendor=other";
const FIELDS: [(&str, &str); 5] =
    [("organization", "acme"), ("display_name", "Team Registry"), ("vendor", "other"), ("authentication", "docker_config"), ("host", "")];

/// What `docker login` writes.
fn config(host: &str) -> String {
    serde_json::json!({ "auths": { host: { "auth": BASE64_STANDARD.encode("robot:pass & word") } } }).to_string()
}

/// As a browser sends a file field that was left alone.
const NO_FILE: (&str, &str, &[u8]) = ("docker_config_file", "", b"");

#[tokio::test]
async fn a_docker_config_is_read_from_its_file() {
    let (app, mut client) = TestApp::set_up().await;
    let (host, config) = (app.registry.host(), config(&app.registry.host()));
    let empty = with(&FIELDS, &[("docker_config", " \n")]);
    let file = ("docker_config_file", "config.json", config.as_bytes());
    client.upload("/do/add_registry", &empty, file).await.goes_to(LIST);
    let page = client.get(&format!("{LIST}/{}", app.registry_id("Team Registry").await)).await.is(StatusCode::OK);
    page.shows(&host).shows("Docker config").shows("robot").hides("pass & word").hides(&BASE64_STANDARD.encode("robot:pass & word"));
}

#[tokio::test]
async fn a_docker_config_is_read_as_pasted() {
    let (app, mut client) = TestApp::set_up().await;
    let config = config(&app.registry.host());
    client.upload("/do/add_registry", &with(&FIELDS, &[("docker_config", &config)]), NO_FILE).await.goes_to(LIST);
    client.post_form("/do/add_registry", &with(&FIELDS, &[("display_name", "Again"), ("docker_config", &config)])).await.goes_to(LIST);
    assert_eq!(app.count("SELECT COUNT(*) FROM registries WHERE username = 'robot'").await, 2);
}

#[tokio::test]
async fn two_docker_configs_are_refused_with_all_other_problems() {
    let (app, mut client) = TestApp::set_up().await;
    let config = config(&app.registry.host());
    let both = with(&FIELDS, &[("display_name", ""), ("docker_config", &config), ("test_repository", "acme/greeter")]);
    let answer = client.upload("/do/add_registry", &both, ("docker_config_file", "config.json", config.as_bytes())).await;
    answer.goes_to(NEW);
    let page = client.get(NEW).await;
    came_back(&page);
    assert_eq!(page.problem_fields(), ["display_name", "docker_config"]);
    assert_eq!(page.field("test_repository").as_deref(), Some("acme/greeter"));
    assert_eq!(page.text_area("docker_config"), "", "a secret does not come back");
    page.shows("Paste the Docker config or choose its file, not both.").hides(&BASE64_STANDARD.encode("robot:pass & word"));
    assert_eq!(app.count("SELECT COUNT(*) FROM registries").await, 1, "Docker Hub alone");
}

#[tokio::test]
async fn two_halves_are_no_docker_config() {
    let (app, mut client) = TestApp::set_up().await;
    let config = config(&app.registry.host());
    let (front, back) = config.split_at(config.find(':').unwrap() + 1);
    let fields = with(&FIELDS, &[("docker_config", front)]);
    client.upload("/do/add_registry", &fields, ("docker_config_file", "config.json", back.as_bytes())).await.goes_to(NEW);
    assert_eq!(app.count("SELECT COUNT(*) FROM registries").await, 1, "Docker Hub alone");
}

#[tokio::test]
async fn a_file_of_issuers_comes_back_as_text() {
    let (_app, mut client) = TestApp::set_up().await;
    let fields = with(&FIELDS, &[("authentication", "public"), ("display_name", ""), ("host", "registry.example.net")]);
    client.upload("/do/add_registry", &fields, ("ca_certificates_file", "ca.crt", include_bytes!("issuer.pem"))).await.goes_to(NEW);
    let page = client.get(NEW).await;
    came_back(&page);
    assert_eq!(page.text_area("ca_certificates"), include_str!("issuer.pem").trim());
}

#[tokio::test]
async fn a_file_has_a_largest_size() {
    let (app, mut client) = TestApp::set_up().await;
    let large = vec![b'x'; 257 * 1024];
    let answer = client.upload("/do/add_registry", &FIELDS, ("docker_config_file", "config.json", &large)).await;
    answer.is(StatusCode::PAYLOAD_TOO_LARGE).shows("What was sent is larger than allowed.");
    assert_eq!(app.count("SELECT COUNT(*) FROM registries").await, 1, "Docker Hub alone");
}

#[tokio::test]
async fn a_test_keeps_what_was_typed_and_answers_both_ways() {
    let (app, mut client) = TestApp::set_up().await;
    let config = config(&app.registry.host());
    let fields = with(&FIELDS, &[("docker_config", &config), ("test_repository", "acme/greeter")]);
    client.upload("/do/try_registry", &fields, NO_FILE).await.goes_to(&format!("{NEW}#outcome"));
    let page = client.get(NEW).await.is(StatusCode::OK);
    assert_eq!(page.field("display_name").as_deref(), Some("Team Registry"));
    assert_eq!(page.text_area("docker_config"), "");
    page.shows("The connection works").shows("Pull from acme/greeter").hides("pass & word");
    client.get(NEW).await.hides("The connection works"); // said once

    let mut request = crate::support::upload("/do/try_registry", &fields, NO_FILE);
    request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    assert_eq!(client.send(request).await.is(StatusCode::OK).json()["works"], true);
}

#[tokio::test]
async fn nobody_tests_what_only_the_nodes_can_see() {
    let (_app, mut client) = TestApp::set_up().await;
    let fields = with(&FIELDS, &[("authentication", "vendor_specific"), ("host", "registry.example.net")]);
    let refused = client.fetch("/do/try_registry", &fields).await.is(StatusCode::CONFLICT).json();
    assert_eq!(refused["code"], "checked_by_nodes");
}

#[tokio::test]
async fn a_broken_upload_is_refused_as_one() {
    let (_app, mut client) = TestApp::set_up().await;
    let broken = Request::post("/do/add_registry").header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let answer =
        client.send(broken.body(Body::from("--x\r\nContent-Disposition: form-data; name=\"organization\"\r\n\r\nac")).unwrap()).await;
    answer.is(StatusCode::BAD_REQUEST).shows("Some of what was sent is not right.");
}
