//! Add Registry, Test connection, Delete.

use axum::http::StatusCode;
use slipway::domain::registries::Vendor;
use uuid::Uuid;

use super::{came_back, refused, with};
use crate::support::{Acme, TestApp};

const LIST: &str = "/organizations/acme/settings/credentials/registries";
const BASIC: [(&str, &str); 6] = [
    ("organization", "acme"),
    ("display_name", "Team Registry"),
    ("authentication", "basic"),
    ("host", "registry.example.com"),
    ("username", "robot"),
    ("password", "pass & word"),
];

fn new_page() -> String {
    format!("{LIST}/new")
}

#[tokio::test]
async fn a_registry_is_added_and_its_password_sealed() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    let page = client.submit("/do/add_registry", &with(&BASIC, &[("host", &host)])).await;
    page.shows("Team Registry was added.").shows(&host).hides("pass & word");
    client.get(LIST).await.hides("was added"); // said once
    let sealed: (Vec<u8>,) =
        slipway::fetch_one!(app.context().db, (Vec<u8>,), "SELECT sealed_password FROM registries WHERE username = 'robot'").unwrap();
    assert!(!sealed.0.windows(4).any(|bytes| bytes == b"pass"), "the password lies open in the database");
    assert_eq!(app.count("SELECT COUNT(*) FROM audit WHERE action = 'registry.add' AND target_name = 'Team Registry'").await, 1);
    let page = client.get(&format!("{LIST}/{}", app.registry_id("Team Registry").await)).await;
    page.is(StatusCode::OK).shows("Sealed; never shown").hides("pass & word");
}

#[tokio::test]
async fn all_problems_of_a_registry_come_at_once() {
    let (app, mut client) = TestApp::set_up().await;
    let bad = with(&BASIC, &[("display_name", ""), ("host", "https://registry.example.com/acme"), ("username", "a:b"), ("password", "")]);
    client.post_form("/do/add_registry", &bad).await.goes_to(&new_page());
    let page = client.get(&new_page()).await;
    came_back(&page);
    assert_eq!(page.problem_fields(), ["display_name", "host", "username", "password"]);
    assert_eq!(refused(&mut client, "/do/add_registry", &bad).await, ["display_name", "host", "username", "password"]);
    assert_eq!(refused(&mut client, "/do/add_registry", &[("organization", "acme")]).await, ["display_name", "authentication", "host"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM registries").await, 1, "Docker Hub alone");
}

#[tokio::test]
async fn what_was_typed_stays_but_for_the_password() {
    let (_app, mut client) = TestApp::set_up().await;
    let name = "</title><script>alert(1)</script> & \"Co\" and a name that is far too long to be one of a registry";
    let page = client.submit("/do/add_registry", &with(&BASIC, &[("display_name", name)])).await;
    came_back(&page);
    assert_eq!(page.field("display_name").as_deref(), Some(name));
    assert_eq!(page.field("host").as_deref(), Some("registry.example.com"));
    assert_eq!(page.field("username").as_deref(), Some("robot"));
    assert_eq!(page.field("password"), None);
    assert!(page.tags().any(|tag| tag.contains("value=\"basic\"") && tag.contains(" checked")), "Basic stays chosen");
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    page.hides("pass & word");
    client.get(&new_page()).await.hides("There is a problem");
}

#[tokio::test]
async fn a_hostile_name_stays_inside_the_title() {
    let (app, mut client) = TestApp::set_up().await;
    let name = "</title><meta http-equiv=refresh content=0;url=//x.tld>";
    client.post_form("/do/add_registry", &with(&BASIC, &[("display_name", name)])).await.goes_to(LIST);
    let page = client.get(&format!("{LIST}/{}", app.registry_id(name).await)).await.is(StatusCode::OK);
    assert!(!page.tags().any(|tag| tag.contains("refresh")), "{}", page.text());
    assert!(page.title().starts_with("&lt;/title&gt;&lt;meta"), "{}", page.title());
}

#[tokio::test]
async fn a_display_name_is_taken_once_in_an_organization() {
    let (app, mut client) = TestApp::set_up().await;
    client.post_form("/do/add_registry", &BASIC).await.goes_to(LIST);
    let again = with(&BASIC, &[("display_name", "team registry"), ("host", "registry.example.net")]);
    assert_eq!(refused(&mut client, "/do/add_registry", &again).await, ["display_name"]);
    let mut stranger = app.stranger().await;
    let elsewhere = with(&BASIC, &[("organization", "globex")]);
    stranger.post_form("/do/add_registry", &elsewhere).await.goes_to(&LIST.replace("acme", "globex"));
}

#[tokio::test]
async fn a_connection_is_tried_without_saving_anything() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    let page = client.submit("/do/try_registry", &with(&BASIC, &[("host", &host)])).await;
    assert_eq!(page.field("display_name").as_deref(), Some("Team Registry"), "typed before Test connection was pressed");
    assert_eq!(page.field("host"), Some(host.clone()));
    page.shows("The connection works").hides("pass & word");
    let tried = client.fetch("/do/try_registry", &with(&BASIC, &[("host", &host)])).await.is(StatusCode::OK).json();
    assert_eq!(tried["works"], true);
    assert!(tried["steps"].as_array().unwrap().iter().all(|step| step["state"] == "done"), "{tried}");
    let tried = client.fetch("/do/try_registry", &with(&BASIC, &[("host", "127.0.0.1:1")])).await.is(StatusCode::OK).json();
    assert_eq!(tried["works"], false, "{tried}");
    assert_eq!(tried["steps"][0]["state"], "failed", "{tried}");
    assert_eq!(tried["steps"][3]["state"], "not_reached", "{tried}");
    assert_eq!(refused(&mut client, "/do/try_registry", &with(&BASIC, &[("host", ""), ("password", "")])).await, ["host", "password"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM registries").await, 1, "Docker Hub alone");
}

#[tokio::test]
async fn a_saved_registry_is_checked_and_deleted() {
    let (app, mut client) = TestApp::set_up().await;
    client.post_form("/do/add_registry", &with(&BASIC, &[("host", &app.registry.host())])).await.goes_to(LIST);
    let id = app.registry_id("Team Registry").await.to_string();
    let fields = [("organization", "acme"), ("registry", id.as_str())];
    let page = client.submit("/do/check_registry", &fields).await;
    page.is(StatusCode::OK).shows("The connection works").shows("Reachable");
    let page = client.submit("/do/delete_registry", &with(&fields, &[("confirm", "Team")])).await;
    came_back(&page);
    assert_eq!(page.problem_fields(), ["confirm"]);
    assert_eq!(page.field("confirm").as_deref(), Some("Team"));
    let named = with(&fields, &[("confirm", "Team Registry")]);
    client.submit("/do/delete_registry", &named).await.is(StatusCode::OK).shows("Team Registry was deleted.");
    client.get(&format!("{LIST}/{id}")).await.is(StatusCode::NOT_FOUND);
    client.fetch("/do/delete_registry", &fields).await.is(StatusCode::NOT_FOUND);
    client.fetch("/do/check_registry", &fields).await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_registry_in_use_stays() {
    let (app, mut client) = TestApp::set_up().await;
    let id = Acme::furnish(&app, &mut client).await.registry.to_string();
    let fields = [("organization", "acme"), ("registry", id.as_str())];
    let refused = client.fetch("/do/delete_registry", &fields).await.is(StatusCode::CONFLICT).json();
    assert_eq!(refused["code"], "registry_in_use");
    client
        .submit("/do/delete_registry", &fields)
        .await
        .is(StatusCode::OK)
        .shows("Test Registry is used by Greeter, so it can't be deleted.");
}

#[tokio::test]
async fn other_organizations_registries_can_be_neither_seen_nor_used() {
    let (app, mut client) = TestApp::set_up().await;
    let id = Acme::furnish(&app, &mut client).await.registry.to_string();
    let mut stranger = app.stranger().await;
    for path in ["/do/check_registry", "/do/delete_registry"] {
        for (organization, id) in
            [("acme", id.as_str()), ("globex", id.as_str()), ("globex", "nonsense"), ("nowhere", id.as_str()), ("", "")]
        {
            let fields = [("organization", organization), ("registry", id)];
            stranger.fetch(path, &fields).await.is(StatusCode::NOT_FOUND);
            let location = stranger.post_form(path, &fields).await.location();
            assert!(location.starts_with('/'), "{location}");
        }
    }
    for path in ["/do/add_registry", "/do/try_registry"] {
        stranger.fetch(path, &BASIC).await.is(StatusCode::NOT_FOUND);
    }
    assert_eq!(app.registry_id("Test Registry").await, id.parse::<Uuid>().unwrap());
    assert_eq!(app.count("SELECT COUNT(*) FROM registries WHERE username IS NOT NULL").await, 0);
}

#[tokio::test]
async fn the_vendors_come_first_and_each_has_its_form() {
    let (_app, mut client) = TestApp::set_up().await;
    let tiles = client.get(&new_page()).await.is(StatusCode::OK);
    assert_eq!(tiles.field("host"), None, "no form before a vendor is chosen");
    for vendor in Vendor::ALL {
        let address = format!("{}?vendor={}", new_page(), vendor.as_str());
        assert!(tiles.tags().any(|tag| tag.contains(&format!("href=\"{address}\""))), "{address}");
        let page = client.get(&address).await.is(StatusCode::OK).shows(vendor.label()).shows("Recommended");
        assert!(page.text().contains("<leptos-island"), "{address}: Test connection keeps the form");
        let kinds = page.tags().filter(|tag| tag.contains("name=\"authentication\"")).count();
        assert_eq!(kinds, vendor.authentications().len(), "{address}");
        assert_eq!(page.field("host").as_deref().filter(|host| !host.is_empty()), vendor.fixed_host(), "{address}");
        let first = vendor.authentications()[0].as_str();
        let chosen = |tag: &str| tag.contains(&format!("value=\"{first}\"")) && tag.contains(" checked");
        assert!(page.tags().any(chosen), "{address}: the recommended type is chosen");
    }
    let tiles = client.get(&format!("{}?vendor=nobody", new_page())).await.is(StatusCode::OK);
    assert_eq!(tiles.field("host"), None, "no form for a vendor that is none");
}

#[tokio::test]
async fn behind_a_panel_nothing_can_be_reached() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let update = "/organizations/acme/projects/web-shop/components/greeter/deploy/update".to_owned();
    for path in [new_page(), format!("{LIST}/{}/edit", acme.registry), format!("{LIST}/{}/secret", acme.registry), update] {
        let page = client.get(&path).await.is(StatusCode::OK);
        let inert = |start: &str| page.tags().any(|tag| tag.starts_with(start) && tag.contains(" inert"));
        assert!(inert("<header") && inert("<div") && inert("<a"), "{path}");
        let (behind, panel) = page.text().split_once("role=\"dialog\"").unwrap();
        assert!(behind.contains("</main>") && !panel.contains("<main"), "{path}: the panel stands beside the page");
    }
    let page = client.get(LIST).await.is(StatusCode::OK);
    assert!(!page.tags().any(|tag| tag.contains(" inert")), "an open page can be reached");
}
