//! Endpoints of a Service: the form, the YAML editor, the conversion, schema files.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use slipway::{fetch_one, web::paths::LARGE_FORMS};

use super::{came_back, refused, with};
use crate::support::{Acme, Client, PROJECT, TestApp, between, form, upload};

const SAVE: &str = "/do/save_endpoint";
const REMOVE: &str = "/do/remove_endpoint";
const DEFAULT: &str = "/do/default_endpoint";
const EDIT: &str = "/do/edit_endpoints";
const CHECK: &str = "/do/check_endpoints";
const CONVERT: &str = "/do/convert_endpoints";
const UPLOAD: &str = "/do/upload_schemas";
const REMOVE_SCHEMA: &str = "/do/remove_schema";
const GREETER: [(&str, &str); 3] = [("organization", "acme"), ("project", "web-shop"), ("component", "greeter")];
const TEXT: &str = "# Ours\nversion: 0.1\nendpoints:\n  # Greets\n  - name: greeting\n    port: 9090\n    type: REST\n    networkVisibility: Project\n    context: /greeting\n  - name: admin\n    port: 9091\n    type: TCP\n    networkVisibility: Project\n";
const NO_FILE: (&str, &str, &[u8]) = ("yaml_file", "", b"");
const GRAPHQL: &[u8] = b"type Query {\n  hello: String\n}\n";

fn page(rest: &str) -> String {
    format!("{PROJECT}/components/greeter/deploy/endpoints{rest}")
}

fn fields<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    with(&GREETER, changes)
}

fn endpoint<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let typed = [
        ("was", ""),
        ("name", "events"),
        ("display_name", ""),
        ("port", "7070"),
        ("type", "WS"),
        ("context", "/events"),
        ("schema", ""),
        ("visibility", "Project"),
        ("revision", "2"),
    ];
    with(&fields(&typed), changes)
}

async fn saved(app: &TestApp) -> (String, i64) {
    fetch_one!(app.context().db, (String, i64), "SELECT endpoints_yaml, revision FROM components WHERE name = 'greeter'").unwrap()
}

/// The furnished organization, with [`TEXT`] as the component's endpoints: revision 2.
async fn furnished() -> (TestApp, Client) {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let typed = TEXT.replace('\n', "\r\n"); // as a browser sends it
    client.upload(EDIT, &fields(&[("yaml", &typed), ("revision", "1")]), NO_FILE).await.goes_to(&page(""));
    (app, client)
}

#[tokio::test]
async fn a_text_is_saved_as_it_was_written() {
    let (app, mut client) = furnished().await;
    assert_eq!(saved(&app).await, (TEXT.to_owned(), 2));
    let list = client.get(&page("")).await.is(StatusCode::OK).shows("were saved").shows("greeting").shows("9091").shows("Default");
    assert!(list.tags().any(|tag| tag.contains("/deploy/endpoints/by-name/admin/delete")));
    let editor = client.get(&page("/edit")).await.is(StatusCode::OK).shows("No problems. 2 endpoints.");
    assert_eq!(editor.text_area("yaml"), TEXT);
}

#[tokio::test]
async fn a_text_with_mistakes_comes_back_with_line_and_column() {
    let (app, mut client) = furnished().await;
    let wrong = TEXT.replace("type: REST", "type: RESTful").replace("9091", "</textarea><script>");
    client.upload(EDIT, &fields(&[("yaml", &wrong), ("revision", "2")]), NO_FILE).await.goes_to(&page("/edit"));
    let editor = client.get(&page("/edit")).await;
    came_back(&editor);
    assert_eq!(editor.text_area("yaml"), wrong);
    assert!(!editor.text().contains("<script>type") && !editor.text().contains("</textarea><script>"));
    let editor = editor.shows("Nothing was saved: the text has 2 errors.").shows("Line 7, column 11").shows("Line 11, column 11");
    assert_eq!(editor.problem_fields(), ["yaml"]);
    assert_eq!(saved(&app).await, (TEXT.to_owned(), 2));
    client.get(&page("/edit")).await.shows("No problems.");
}

#[tokio::test]
async fn a_large_text_comes_back_whole_and_one_over_the_limit_is_told_so() {
    let (app, mut client) = furnished().await;
    let comments = "# a long comment, to fill the text\n".repeat(8_000);
    let wrong = format!("{comments}version: 9\n");
    client.upload(EDIT, &fields(&[("yaml", &wrong), ("revision", "2")]), NO_FILE).await.goes_to(&page("/edit"));
    assert_eq!(client.get(&page("/edit")).await.text_area("yaml").len(), wrong.len());
    let too_large = "# x\n".repeat(300_000);
    client.upload(EDIT, &fields(&[("yaml", &too_large), ("revision", "2")]), NO_FILE).await.goes_to(&page("/edit"));
    let editor = client.get(&page("/edit")).await;
    came_back(&editor);
    assert!(editor.plain().contains("1 MiB") || editor.plain().contains("1048576"), "the limit is named");
    assert_eq!(saved(&app).await.1, 2);
}

#[tokio::test]
async fn a_file_takes_the_place_of_the_text() {
    let (app, mut client) = furnished().await;
    let file = TEXT.replace("9090", "8081");
    let sent = fields(&[("yaml", "nothing"), ("revision", "2")]);
    client.upload(EDIT, &sent, ("yaml_file", "endpoints.yaml", file.as_bytes())).await.goes_to(&page(""));
    assert_eq!(saved(&app).await, (file, 3));
}

#[tokio::test]
async fn of_two_who_save_at_once_the_second_sees_both_texts() {
    let (app, mut client) = furnished().await;
    let (theirs, mine) = (TEXT.replace("9090", "8081"), TEXT.replace("9090", "8082"));
    client.upload(EDIT, &fields(&[("yaml", &theirs), ("revision", "2")]), NO_FILE).await.goes_to(&page(""));
    client.upload(EDIT, &fields(&[("yaml", &mine), ("revision", "2")]), NO_FILE).await.goes_to(&page("/edit"));
    let editor = client.get(&page("/edit")).await.is(StatusCode::OK).shows("Somebody else changed Greeter meanwhile.");
    assert_eq!((editor.text_area("yaml"), editor.field("revision").as_deref()), (mine, Some("3")));
    editor.shows("Removed:     port: 8081").shows("Added:     port: 8082");
    assert_eq!(saved(&app).await, (theirs, 3));
}

#[tokio::test]
async fn a_check_says_what_is_wrong_and_writes_nothing() {
    let (app, mut client) = furnished().await;
    let wrong = TEXT.replace("type: REST", "type: <i>");
    let answer = client.fetch(CHECK, &fields(&[("yaml", &wrong), ("line", "1"), ("column", "x")])).await.is(StatusCode::OK);
    assert_eq!(between(answer.text(), " data-marks=\"", "\""), Some("7"));
    assert!(answer.text().contains("data-line=\"7\"") && answer.text().contains("data-replaces="));
    let answer = answer.hides("<i>\"").shows("1 error");
    assert!(!answer.text().contains("<leptos-island"));
    assert_eq!(saved(&app).await, (TEXT.to_owned(), 2));
}

#[tokio::test]
async fn each_large_form_has_its_limit() {
    let (_app, mut client) = furnished().await;
    for (path, limit) in LARGE_FORMS {
        let large = "x".repeat(limit + 1);
        client.send(form(path, &[("organization", "acme"), ("yaml", &large)])).await.is(StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test]
async fn a_stranger_cannot_make_the_console_keep_a_large_body() {
    let (app, _client) = furnished().await;
    let large = vec![b'x'; 5 << 20];
    let sent = upload(UPLOAD, &GREETER, ("schemas", "a.graphql", &large));
    app.client().send(sent).await.is(StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn all_problems_of_an_endpoint_come_at_once() {
    let (app, mut client) = furnished().await;
    let wrong = endpoint(&[("name", "Admin!"), ("port", "0"), ("type", "FTP"), ("context", "events"), ("visibility", "World")]);
    assert_eq!(refused(&mut client, SAVE, &wrong).await, ["name", "port", "type", "visibility"]);
    assert_eq!(refused(&mut client, SAVE, &endpoint(&[("context", "events")])).await, ["context"]);
    client.post_form(SAVE, &wrong).await.goes_to(&page("/new"));
    let form = client.get(&page("/new")).await;
    came_back(&form);
    assert_eq!((form.field("name").as_deref(), form.field("context").as_deref()), (Some("Admin!"), Some("events")));
    form.shows("The name gives the same address as admin.");
    assert_eq!(saved(&app).await, (TEXT.to_owned(), 2));
}

#[tokio::test]
async fn a_stale_form_comes_back_with_both_values() {
    let (app, mut client) = furnished().await;
    let theirs = TEXT.replace("9090", "8081");
    client.upload(EDIT, &fields(&[("yaml", &theirs), ("revision", "2")]), NO_FILE).await.goes_to(&page(""));
    let mine = endpoint(&[("was", "greeting"), ("name", "greeting"), ("port", "8082"), ("type", "REST"), ("context", "/greeting")]);
    client.post_form(SAVE, &mine).await.goes_to(&page("/by-name/greeting"));
    let form = client.get(&page("/by-name/greeting")).await.is(StatusCode::OK).shows("As saved meanwhile: 8081");
    assert_eq!((form.field("port").as_deref(), form.field("revision").as_deref()), (Some("8082"), Some("3")));
    assert_eq!(saved(&app).await, (theirs, 3));
}

#[tokio::test]
async fn the_default_endpoint_is_chosen_in_the_list() {
    let (app, mut client) = furnished().await;
    let choice = fields(&[("endpoint", "admin"), ("revision", "2")]);
    client.submit(DEFAULT, &choice).await.is(StatusCode::OK).shows("admin is the default endpoint");
    assert_eq!(app.count("SELECT COUNT(*) FROM components WHERE default_endpoint = 'admin'").await, 1);
    assert_eq!(refused(&mut client, DEFAULT, &fields(&[("endpoint", "nope"), ("revision", "3")])).await, ["default_endpoint"]);
    assert_eq!(client.fetch(DEFAULT, &choice).await.is(StatusCode::CONFLICT).json()["code"], "changed_meanwhile");
    client.submit(DEFAULT, &choice).await.is(StatusCode::OK).shows("Somebody else changed Greeter meanwhile.");
}

#[tokio::test]
async fn an_upload_of_nothing_says_so() {
    let (_app, mut client) = furnished().await;
    client.upload(UPLOAD, &GREETER, ("schemas", "", b"")).await.goes_to(&page(""));
    let list = client.get(&page("")).await;
    came_back(&list);
    assert_eq!(list.problem_fields(), ["schemas"]);
    let broken = Request::post(UPLOAD).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    client
        .send(broken.body(Body::from("--x\r\nContent-Disposition: form-data; name=\"organization\"\r\n\r\nac")).unwrap())
        .await
        .is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn nobody_changes_another_organizations_endpoints() {
    let (app, _client) = furnished().await;
    let mut stranger = app.stranger().await;
    let typed = endpoint(&[("endpoint", "admin"), ("yaml", TEXT), ("file_name", "a.graphql")]);
    for path in [SAVE, REMOVE, DEFAULT, EDIT, CHECK, CONVERT, REMOVE_SCHEMA] {
        stranger.fetch(path, &typed).await.is(StatusCode::NOT_FOUND);
    }
    for organization in ["acme", "globex"] {
        let mut request = upload(UPLOAD, &with(&GREETER, &[("organization", organization)]), ("schemas", "a.graphql", GRAPHQL));
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
        stranger.send(request).await.is(StatusCode::NOT_FOUND);
    }
    assert_eq!(saved(&app).await, (TEXT.to_owned(), 2));
    assert_eq!(app.count("SELECT COUNT(*) FROM component_schemas").await, 0);
}

#[tokio::test]
async fn only_a_service_has_endpoints() {
    let (app, mut client) = furnished().await;
    let (registry, image) = (app.registry_id("Test Registry").await.to_string(), format!("{}/acme/greeter:1.0", app.registry.host()));
    let site = [
        ("organization", "acme"),
        ("project", "web-shop"),
        ("type", "web_application"),
        ("display_name", "Site"),
        ("registry", registry.as_str()),
        ("image", image.as_str()),
        ("port", "80"),
    ];
    client.post_form("/do/create_component", &site).await.goes_to(&format!("{PROJECT}/components/site/deploy"));
    for rest in ["", "/new", "/edit", "/convert"] {
        client.get(&format!("{PROJECT}/components/site/deploy/endpoints{rest}")).await.is(StatusCode::NOT_FOUND);
    }
    client.fetch(SAVE, &endpoint(&[("component", "site")])).await.is(StatusCode::NOT_FOUND);
    client.get(&page("/by-name/nope")).await.is(StatusCode::NOT_FOUND);
}
