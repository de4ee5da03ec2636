//! Edit, Replace secret, and what a Developer may not do.

use axum::http::StatusCode;
use uuid::Uuid;

use super::{came_back, refused, with};
use crate::support::{Acme, Client, TestApp};

const LIST: &str = "/organizations/acme/settings/credentials/registries";
const SECRET: &str = "pass & word";

/// A registry behind a login, saved; its id, and the fields of its form.
struct Saved {
    id: String,
    page: String,
}

impl Saved {
    async fn at(app: &TestApp, client: &mut Client, host: &str) -> Self {
        let fields = [
            ("organization", "acme"),
            ("display_name", "Team Registry"),
            ("vendor", "other"),
            ("authentication", "basic"),
            ("host", host),
            ("username", "robot"),
            ("password", SECRET),
        ];
        client.post_form("/do/add_registry", &fields).await.goes_to(LIST);
        let id = app.registry_id("Team Registry").await;
        Self { id: id.to_string(), page: format!("{LIST}/{id}") }
    }

    fn fields<'a>(&'a self, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let own =
            [("organization", "acme"), ("registry", self.id.as_str()), ("revision", "1"), ("vendor", "other"), ("authentication", "basic")];
        with(&own, others)
    }
}

async fn sealed(app: &TestApp, id: &str) -> Vec<u8> {
    let id: Uuid = id.parse().unwrap();
    slipway::fetch_one!(app.context().db, (Vec<u8>,), "SELECT sealed_password FROM registries WHERE id = $1", id).unwrap().0
}

#[tokio::test]
async fn the_form_is_filled_with_all_but_the_secret() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    let saved = Saved::at(&app, &mut client, &host).await;
    let page = client.get(&format!("{}/edit", saved.page)).await.is(StatusCode::OK).hides(SECRET);
    assert_eq!(page.field("display_name").as_deref(), Some("Team Registry"));
    assert_eq!(page.field("host"), Some(host));
    assert_eq!(page.field("username").as_deref(), Some("robot"));
    assert_eq!(page.field("password"), None);
    assert_eq!(page.text_area("docker_config"), "");
    assert!(page.tags().any(|tag| tag.contains("value=\"basic\"") && tag.contains(" checked")));
}

#[tokio::test]
async fn a_change_without_a_secret_keeps_it() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    let saved = Saved::at(&app, &mut client, &host).await;
    let before = sealed(&app, &saved.id).await;
    let change =
        saved.fields(&[("display_name", "Our Registry"), ("host", &host), ("username", "robot"), ("test_repository", "acme/greeter")]);
    client.post_form("/do/edit_registry", &change).await.goes_to(&saved.page);
    let page = client.get(&saved.page).await.is(StatusCode::OK);
    page.shows("Our Registry was saved.").shows("acme/greeter").hides(SECRET);
    assert_eq!(sealed(&app, &saved.id).await, before);
}

#[tokio::test]
async fn a_stale_change_comes_back_with_what_was_typed() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    let saved = Saved::at(&app, &mut client, &host).await;
    let first = saved.fields(&[("display_name", "First"), ("host", &host), ("username", "robot")]);
    client.post_form("/do/edit_registry", &first).await.goes_to(&saved.page);
    let second = saved.fields(&[("display_name", "Second"), ("host", &host), ("username", "robot")]);
    let refused = client.fetch("/do/edit_registry", &second).await.is(StatusCode::CONFLICT).json();
    assert_eq!(refused["code"], "changed_meanwhile");
    let page = client.submit("/do/edit_registry", &second).await.is(StatusCode::OK).shows("Somebody else changed First meanwhile.");
    let told = page.text().split_once("role=\"dialog\"").unwrap().1;
    assert!(told.contains("Somebody else changed"), "behind the panel nobody would hear it");
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    assert_eq!(page.field("display_name").as_deref(), Some("Second"), "what was typed is kept");
    assert_eq!(page.field("revision").as_deref(), Some("2"), "it can be saved now that the change was seen");
}

#[tokio::test]
async fn all_problems_of_a_change_come_at_once_and_a_new_host_asks_for_the_secret() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    let saved = Saved::at(&app, &mut client, &host).await;
    let bad = saved.fields(&[("display_name", ""), ("host", "no host"), ("username", "robot"), ("expires_on", "soon")]);
    let problems = refused(&mut client, "/do/edit_registry", &bad).await;
    for field in ["display_name", "host", "expires_on"] {
        assert!(problems.iter().any(|problem| problem == field), "{field} is not among {problems:?}");
    }
    client.post_form("/do/edit_registry", &bad).await.goes_to(&format!("{}/edit", saved.page));
    let page = client.get(&format!("{}/edit", saved.page)).await;
    came_back(&page);
    assert_eq!(page.field("host").as_deref(), Some("no host"));
    assert_eq!(page.field("expires_on").as_deref(), Some("soon"));
    let elsewhere = saved.fields(&[("display_name", "Team Registry"), ("host", "127.0.0.1:1"), ("username", "robot")]);
    assert_eq!(refused(&mut client, "/do/edit_registry", &elsewhere).await, ["password"]);
    client.get(&saved.page).await.shows(&host).hides("127.0.0.1:1");
}

#[tokio::test]
async fn a_secret_is_replaced_and_says_by_whom() {
    let (app, mut client) = TestApp::set_up().await;
    let saved = Saved::at(&app, &mut client, &app.registry.host()).await;
    let before = sealed(&app, &saved.id).await;
    client.get(&format!("{}/secret", saved.page)).await.is(StatusCode::OK).shows("nothing restarts").hides(SECRET);
    let empty = saved.fields(&[("username", "robot2"), ("password", "")]);
    assert_eq!(refused(&mut client, "/do/replace_registry_secret", &empty).await, ["password"]);
    let page = client.submit("/do/replace_registry_secret", &empty).await;
    came_back(&page);
    assert_eq!(page.field("username").as_deref(), Some("robot2"), "what was typed stays");
    let new = saved.fields(&[("username", "robot2"), ("password", "another & word")]);
    let page = client.submit("/do/replace_registry_secret", &new).await.is(StatusCode::OK);
    page.shows("The secret of Team Registry was replaced.").shows("Replaced by").shows("robot2").hides("another & word");
    assert_ne!(sealed(&app, &saved.id).await, before);
}

#[tokio::test]
async fn a_registry_without_a_secret_says_so() {
    let (app, mut client) = TestApp::set_up().await;
    let id = Acme::furnish(&app, &mut client).await.registry;
    client.get(&format!("{LIST}/{id}/secret")).await.is(StatusCode::OK).shows("it has no secret");
    client.get(&format!("{LIST}/{id}")).await.hides("Replace secret");
}

#[tokio::test]
async fn the_end_of_a_credential_is_shown_before_it_comes() {
    let (app, mut client) = TestApp::set_up().await;
    let saved = Saved::at(&app, &mut client, &app.registry.host()).await;
    let id: Uuid = saved.id.parse().unwrap();
    for (hours, in_list, on_page) in [
        (9 * 24 + 1, "Expires in 9 days", "in 9 days."),
        (12, "Expires in 11 h", "This token ends at"),
        (-1, "Expired", "This credential ended"),
    ] {
        let ends = app.context().now().plus_seconds(hours * 3_600);
        let mut tx = app.context().db.begin().await.unwrap();
        slipway::execute!(tx, "UPDATE registries SET expires_at = $1 WHERE id = $2", ends, id).unwrap();
        tx.commit().await.unwrap();
        client.get(LIST).await.shows(in_list);
        client.get(&saved.page).await.shows(on_page);
    }
}

#[tokio::test]
async fn a_developer_sees_everything_and_changes_nothing() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    let saved = Saved::at(&app, &mut client, &host).await;
    let mut developer = app.developer().await;
    let list = developer.get(LIST).await.is(StatusCode::OK).shows("Team Registry").shows("Only an organization admin can add registries.");
    assert!(!list.text().contains(&format!("href=\"{LIST}/new\"")), "nothing leads to the form");
    let page = developer.get(&saved.page).await.is(StatusCode::OK);
    let page = page.shows("Only an organization admin can change registries.").shows("Only an organization admin can delete registries.");
    assert!(page.tags().any(|tag| tag.contains("action=\"/do/check_registry\"")), "Test connection is theirs");
    assert!(!page.tags().any(|tag| tag.contains("action=\"/do/delete_registry\"")));
    for path in [format!("{LIST}/new"), format!("{}/edit", saved.page), format!("{}/secret", saved.page)] {
        developer.get(&path).await.is(StatusCode::FORBIDDEN).shows("Ask an organization admin.");
    }
    let fields =
        saved.fields(&[("display_name", "Mine"), ("host", &host), ("username", "robot"), ("password", "x"), ("confirm", "Team Registry")]);
    for path in ["/do/add_registry", "/do/try_registry", "/do/edit_registry", "/do/replace_registry_secret", "/do/delete_registry"] {
        assert_eq!(developer.fetch(path, &fields).await.is(StatusCode::FORBIDDEN).json()["code"], "forbidden", "{path}");
        let page = developer.submit(path, &fields).await.is(StatusCode::OK);
        page.shows("You may not do this. Ask an organization admin.");
    }
    let check = developer.submit("/do/check_registry", &saved.fields(&[])).await;
    check.is(StatusCode::OK).shows("The connection works");
    assert_eq!(app.count("SELECT COUNT(*) FROM registries").await, 2, "Docker Hub and the one registry");
}

#[tokio::test]
async fn other_organizations_registries_can_be_neither_edited_nor_rotated() {
    let (app, mut client) = TestApp::set_up().await;
    let saved = Saved::at(&app, &mut client, &app.registry.host()).await;
    let mut stranger = app.stranger().await;
    for path in ["/do/edit_registry", "/do/replace_registry_secret"] {
        for organization in ["acme", "globex", "nowhere", ""] {
            let fields = saved.fields(&[
                ("organization", organization),
                ("display_name", "Mine"),
                ("host", "registry.example.net"),
                ("username", "a"),
                ("password", "b"),
            ]);
            stranger.fetch(path, &fields).await.is(StatusCode::NOT_FOUND);
        }
        let nonsense = saved.fields(&[("organization", "globex"), ("registry", "nonsense")]);
        stranger.fetch(path, &nonsense).await.is(StatusCode::NOT_FOUND);
    }
    client.get(&saved.page).await.is(StatusCode::OK).shows("Team Registry");
}

#[tokio::test]
async fn what_the_nodes_need_is_shown_where_a_registry_has_its_own_issuer() {
    let (app, mut client) = TestApp::set_up().await;
    let fields = [
        ("organization", "acme"),
        ("display_name", "Own Issuer"),
        ("authentication", "public"),
        ("host", "registry.example.com:5000"),
        ("ca_certificates", include_str!("issuer.pem")),
    ];
    client.post_form("/do/add_registry", &fields).await.goes_to(LIST);
    let page = client.get(&format!("{LIST}/{}", app.registry_id("Own Issuer").await)).await.is(StatusCode::OK);
    let page = page.shows("On the nodes").shows("/etc/containerd/certs.d/registry.example.com:5000/hosts.toml");
    page.shows("ca = \"/etc/containerd/certs.d/registry.example.com:5000/ca.crt\"").shows("-----BEGIN CERTIFICATE-----");
    let saved = Saved::at(&app, &mut client, "registry.example.net").await;
    client.get(&saved.page).await.hides("On the nodes");
}
