//! Organizations are walls: with the id of another's registry every address answers as with an id that nobody has, and
//! that registry hears nothing of it.

use axum::http::StatusCode;
use uuid::Uuid;

use crate::support::{Acme, Answer, Client, TestApp};

const READ: [&str; 5] = [
    "/organizations/globex/settings/credentials/registries/{id}",
    "/organizations/globex/settings/credentials/registries/{id}/edit",
    "/organizations/globex/settings/credentials/registries/{id}/secret",
    "/fragments/organizations/globex/tags?registry={id}&image={host}/acme/greeter",
    "/fragments/organizations/globex/inspection?registry={id}&image={host}/acme/greeter:1.0",
];
const WRITTEN: [&str; 5] =
    ["/do/check_registry", "/do/edit_registry", "/do/replace_registry_secret", "/do/delete_registry", "/do/create_component"];

/// Status and text, without what tells one request from another.
fn told(answer: &Answer, id: Uuid) -> (StatusCode, String) {
    let text = answer.text().replace(&id.to_string(), "ID").replace(answer.header("x-request-id"), "REQUEST");
    let nonces =
        text.split("nonce=\"").enumerate().map(|(at, part)| if at == 0 { part } else { part.split_once('"').map_or("", |(_, rest)| rest) });
    (answer.status, nonces.collect())
}

/// The same of an answer by JSON, in which only what was sent can differ.
async fn written(stranger: &mut Client, path: &str, id: Uuid, host: &str) -> (StatusCode, String) {
    let id_text = id.to_string();
    let image = format!("{host}/acme/greeter:1.0");
    let fields = [
        ("organization", "globex"),
        ("project", "first-project"),
        ("type", "service"),
        ("registry", id_text.as_str()),
        ("display_name", "Greeter"),
        ("authentication", "basic"),
        ("host", host),
        ("username", "robot"),
        ("password", "guess"),
        ("confirm", "Test Registry"),
        ("revision", "1"),
        ("image", image.as_str()),
        ("endpoint_port", "8080"),
        ("endpoint_type", "REST"),
        ("endpoint_visibility", "Project"),
    ];
    told(&stranger.fetch(path, &fields).await, id)
}

#[tokio::test]
async fn the_registry_of_another_organization_does_not_exist() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let (theirs, nobodys, host) = (acme.registry, Uuid::from_u128(7), app.registry.host());
    let mut stranger = app.stranger().await;
    let heard = app.registry.requests().await;

    for path in READ {
        let path = |id: Uuid| path.replace("{id}", &id.to_string()).replace("{host}", &host);
        let unknown = told(&stranger.get(&path(nobodys)).await, nobodys);
        assert_eq!(told(&stranger.get(&path(theirs)).await, theirs), unknown, "{}", path(theirs));
    }
    for path in WRITTEN {
        let unknown = written(&mut stranger, path, nobodys, &host).await;
        assert!(unknown.0.is_client_error(), "{path}: {unknown:?}");
        assert_eq!(written(&mut stranger, path, theirs, &host).await, unknown, "{path}");
    }
    assert_eq!(app.registry.requests().await, heard, "the registry was asked on a stranger's behalf");
    client.get(&format!("/organizations/acme/settings/credentials/registries/{theirs}")).await.is(StatusCode::OK);
}
