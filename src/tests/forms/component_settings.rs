//! Component Settings, Delete and Forget.

use axum::http::StatusCode;
use slipway::execute;

use super::{came_back, refused, with};
use crate::support::{Acme, Client, PROJECT, TestApp, add_public_registry, create_greeter, deploy_tag, eventually};

const UPDATE: &str = "/do/update_component";
const DELETE: &str = "/do/delete_component";
const FORGET: &str = "/do/forget_component";
const GREETER: [(&str, &str); 3] = [("organization", "acme"), ("project", "web-shop"), ("component", "greeter")];
const SETTINGS: [(&str, &str); 5] =
    [("display_name", "Welcome"), ("description", "Greets."), ("webhook_repository", ""), ("profile", "restricted"), ("revision", "1")];

fn page(rest: &str) -> String {
    format!("{PROJECT}/components/greeter{rest}")
}

fn settings<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    with(&[&GREETER[..], &SETTINGS[..]].concat(), changes)
}

fn confirmed(name: &str) -> Vec<(&str, &str)> {
    with(&GREETER, &[("confirm", name)])
}

async fn run(app: &TestApp, sql: &'static str) {
    let mut tx = app.context().db.begin().await.unwrap();
    execute!(tx, sql).unwrap();
    tx.commit().await.unwrap();
}

/// A component of which something is on the data plane, with its deletion asked for.
async fn leaving(app: &TestApp, client: &mut Client) {
    Acme::furnish(app, client).await;
    run(app, "UPDATE deployments SET state = 'active', applied_at = created_at, ended_at = created_at").await;
    client.post_form(DELETE, &confirmed("greeter")).await.goes_to(PROJECT);
}

async fn stuck(app: &TestApp) {
    run(app, "UPDATE component_removals SET is_stuck = (1 = 1), attempts = 7, waits_for = 'The data plane <b>does not</b> answer.'").await;
}

#[tokio::test]
async fn settings_are_changed_and_the_name_is_not() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let other = format!("{}/acme/greeter-next", app.registry.host());
    let saved = client.submit(UPDATE, &settings(&[("webhook_repository", &other), ("name", "renamed")])).await.is(StatusCode::OK);
    let saved = saved.shows("Welcome was saved.").shows("Never changes");
    assert_eq!((saved.field("display_name").as_deref(), saved.field("webhook_repository")), (Some("Welcome"), Some(other)));
    assert_eq!(saved.text_area("description"), "Greets.");
    assert!(saved.tags().any(|tag| tag.contains("value=\"restricted\"") && tag.contains(" checked")));
    client.get(&page("")).await.is(StatusCode::OK).shows("Welcome").shows("Restricted profile");
    assert_eq!(app.count("SELECT COUNT(*) FROM audit WHERE action = 'component.edit'").await, 1);
}

#[tokio::test]
async fn all_problems_of_settings_come_at_once() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let long = "x".repeat(1001);
    let bad =
        settings(&[("display_name", "!"), ("description", &long), ("webhook_repository", "ghcr.io/acme/greeter"), ("profile", "root")]);
    let expected = ["display_name", "description", "webhook_repository", "profile"];
    assert_eq!(refused(&mut client, UPDATE, &bad).await, expected);
    client.post_form(UPDATE, &bad).await.goes_to(&page("/settings"));
    let form = client.get(&page("/settings")).await;
    came_back(&form);
    assert_eq!(form.problem_fields(), expected);
    assert_eq!(form.field("webhook_repository").as_deref(), Some("ghcr.io/acme/greeter"));
    assert_eq!(form.text_area("description"), long);
    for name in form.problem_fields() {
        assert!(form.tags().any(|tag| tag.contains(&format!("id=\"field-{name}\""))), "the summary links to {name}, which is not there");
    }
    assert!(!form.plain().contains("as saved meanwhile"), "nobody else saved");
}

#[tokio::test]
async fn a_stale_change_comes_back_beside_what_is_there_now() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    client.post_form(UPDATE, &settings(&[("display_name", "First one")])).await.goes_to(&page("/settings"));
    let second = settings(&[("display_name", "Second one"), ("description", "Other words.")]);
    assert_eq!(client.fetch(UPDATE, &second).await.is(StatusCode::CONFLICT).json()["code"], "changed_meanwhile");
    let form = client.submit(UPDATE, &second).await.is(StatusCode::OK).shows("Somebody else changed First one meanwhile.");
    let form = form.shows("Display name as saved meanwhile: First one").shows("Description as saved meanwhile: Greets.");
    let form = form.hides("Security profile as saved meanwhile");
    assert_eq!((form.field("display_name").as_deref(), form.text_area("description").as_str()), (Some("Second one"), "Other words."));
    assert_eq!(form.field("revision").as_deref(), Some("2"), "sent again it is no longer stale");
    client.submit(UPDATE, &with(&second, &[("revision", "2")])).await.shows("Second one was saved.");
    for nonsense in ["", "one", "-1", "99999999999999999999"] {
        client.fetch(UPDATE, &with(&second, &[("revision", nonsense)])).await.is(StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn hostile_settings_are_text() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let evil = "\"><script>alert(1)</script></textarea>";
    let form = client.submit(UPDATE, &settings(&[("display_name", evil), ("description", evil), ("webhook_repository", evil)])).await;
    came_back(&form);
    assert!(!form.text().contains("<script>alert"), "what was typed became a script");
    assert_eq!((form.field("display_name").as_deref(), form.text_area("description").as_str()), (Some(evil), evil));
    client.submit(UPDATE, &settings(&[("description", evil)])).await.shows("Welcome was saved.");
    for path in ["", "/settings", "/settings/delete"] {
        assert!(!client.get(&page(path)).await.is(StatusCode::OK).text().contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn a_component_that_was_never_deployed_is_gone_at_once() {
    let (app, mut client) = TestApp::set_up().await;
    let host = app.registry.host();
    add_public_registry(&mut client, &host).await;
    create_greeter(&mut client, app.registry_id("Test Registry").await, &host).await;
    client.get(&page("/settings/delete")).await.is(StatusCode::OK).shows("Nothing of it runs now.");
    client.submit(DELETE, &confirmed("greeter")).await.is(StatusCode::OK).shows("Greeter was deleted.").shows("No components yet");
    client.get(&page("")).await.is(StatusCode::NOT_FOUND);
    assert_eq!(app.count("SELECT COUNT(*) FROM audit WHERE target_name = 'greeter'").await, 2, "made and deleted");
}

#[tokio::test]
async fn a_deletion_asks_for_the_name_and_says_what_stops() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let asked = client.get(&page("/settings/delete")).await.is(StatusCode::OK);
    asked.shows("This stops:").shows("is being deployed").hides("http://greeter").shows("Type greeter to confirm");
    for wrong in ["", "Greeter", "greeter2", "</textarea><script>"] {
        assert_eq!(refused(&mut client, DELETE, &confirmed(wrong)).await, ["confirm"], "{wrong}");
    }
    client.post_form(DELETE, &confirmed("Greeter")).await.goes_to(&page("/settings/delete"));
    let form = client.get(&page("/settings/delete")).await;
    came_back(&form);
    assert_eq!((form.problem_fields(), form.field("confirm").as_deref()), (vec!["confirm"], Some("Greeter")));
    assert_eq!(app.count("SELECT COUNT(*) FROM components WHERE deletion_asked_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn every_page_of_a_component_that_is_being_deleted_says_so() {
    let (app, mut client) = TestApp::set_up().await;
    leaving(&app, &mut client).await;
    client.get(&page("")).await.is(StatusCode::OK).shows("Greeter is being deleted.").shows("Being removed").shows("Nothing is there");
    client.get(&page("/settings")).await.is(StatusCode::OK).shows("Being deleted").hides("Save");
    client.get(&page("/settings/delete")).await.goes_to(&page("/settings"));
    let deploy = client.get(&page("/deploy")).await.is(StatusCode::OK).shows("nothing more of it can be deployed");
    assert!(!deploy.tags().any(|tag| tag.contains("/deploy/update")), "nothing leads to a deployment");
    client.get(&page("/deploy/update")).await.is(StatusCode::OK).hides("Update Image Tag");
    client.get(&page("/deployments")).await.is(StatusCode::OK).shows("Greeter is being deleted.");
    client.get(PROJECT).await.is(StatusCode::OK).shows("Being deleted");
    let late = client.fetch(UPDATE, &settings(&[])).await.is(StatusCode::CONFLICT);
    assert_eq!(late.json()["code"], "being_deleted");
}

#[tokio::test]
async fn a_deletion_goes_its_way_and_the_page_follows_it() {
    let (app, mut client) = TestApp::set_up().await;
    leaving(&app, &mut client).await;
    let fragment = format!("/fragments{}", page("/deletion"));
    client.get(&fragment).await.is(StatusCode::OK).shows("Being removed");
    app.start_worker();
    let ask = async || (app.count("SELECT COUNT(*) FROM components").await == 0).then_some(());
    eventually("the component to be gone", ask).await;
    client.get(&fragment).await.is(StatusCode::OK).shows("The component is deleted.");
    client.get(&page("")).await.is(StatusCode::NOT_FOUND);
    client.get(PROJECT).await.is(StatusCode::OK).shows("No components yet");
}

#[tokio::test]
async fn an_admin_forgets_what_is_stuck_with_a_list_of_what_stays() {
    let (app, mut client) = TestApp::set_up().await;
    leaving(&app, &mut client).await;
    client.get(&page("/settings")).await.shows("Forget is for a deletion that is stuck");
    client.get(&page("/settings/forget")).await.is(StatusCode::OK).shows("this one's is not").hides("Type greeter to confirm");
    assert_eq!(client.fetch(FORGET, &confirmed("greeter")).await.is(StatusCode::CONFLICT).json()["code"], "not_stuck");
    stuck(&app).await;
    run(
        &app,
        "INSERT INTO namespaces (organization_id, project_id, environment_id, name)
        SELECT organization_id, project_id, environment_id, 'slw-acme-web-shop-development' FROM deployments",
    )
    .await;
    run(
        &app,
        "INSERT INTO cluster_objects (organization_id, component_id, environment_id, kind, name, uid)
        SELECT organization_id, component_id, environment_id, 'Deployment', 'greeter', 'u1' FROM deployments",
    )
    .await;
    let card = client.get(&page("")).await.is(StatusCode::OK).shows("Stuck").shows("tried 7 times");
    card.shows("The data plane <b>does not</b> answer.").shows("Forget component");
    let asked = client.get(&page("/settings/forget")).await.is(StatusCode::OK);
    asked.shows("slw-acme-web-shop-development").shows("Deployment/greeter").shows("Type greeter to confirm");
    assert_eq!(refused(&mut client, FORGET, &confirmed("other")).await, ["confirm"]);
    came_back(&client.submit(FORGET, &confirmed("other")).await);
    client.submit(FORGET, &confirmed("greeter")).await.is(StatusCode::OK).shows("Greeter was forgotten.");
    client.get(&page("")).await.is(StatusCode::NOT_FOUND);
    assert_eq!(app.count("SELECT COUNT(*) FROM audit WHERE action = 'component.forget'").await, 1);
}

#[tokio::test]
async fn a_developer_edits_and_deletes_and_only_an_admin_forgets() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let mut developer = app.developer().await;
    developer.submit(UPDATE, &settings(&[])).await.is(StatusCode::OK).shows("Welcome was saved.");
    run(&app, "UPDATE deployments SET state = 'active', applied_at = created_at, ended_at = created_at").await;
    developer.submit(DELETE, &confirmed("greeter")).await.is(StatusCode::OK).shows("Welcome is being deleted.");
    stuck(&app).await;
    let shown = developer.get(&page("/settings")).await.is(StatusCode::OK).shows("Only an organization admin can forget");
    assert!(!shown.tags().any(|tag| tag.contains("/settings/forget")), "nothing leads to it");
    developer.get(&page("/settings/forget")).await.is(StatusCode::FORBIDDEN);
    developer.fetch(FORGET, &confirmed("greeter")).await.is(StatusCode::FORBIDDEN);
    developer.submit(FORGET, &confirmed("greeter")).await.is(StatusCode::OK).shows("You may not do this. Ask an organization admin.");
    assert_eq!(app.count("SELECT COUNT(*) FROM components").await, 1);
}

#[tokio::test]
async fn other_organizations_components_can_be_neither_changed_nor_deleted_nor_forgotten() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let mut stranger = app.stranger().await;
    for path in [UPDATE, DELETE, FORGET] {
        for organization in ["acme", "globex", "nowhere", ""] {
            for project in ["web-shop", "default-project"] {
                let fields = settings(&[("organization", organization), ("project", project), ("confirm", "greeter")]);
                stranger.fetch(path, &fields).await.is(StatusCode::NOT_FOUND);
            }
        }
    }
    let nothing = with(&settings(&[("confirm", "greeter")]), &[("component", "nope")]);
    for path in [UPDATE, DELETE, FORGET] {
        client.fetch(path, &nothing).await.is(StatusCode::NOT_FOUND);
    }
    stranger.get(&format!("/fragments{}", page("/deletion"))).await.is(StatusCode::NOT_FOUND);
    assert_eq!(app.count("SELECT COUNT(*) FROM components WHERE revision = 1 AND deletion_asked_at IS NULL").await, 1);
}

#[tokio::test]
async fn what_stops_is_what_runs_and_what_is_on_its_way() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let delete = page("/settings/delete");
    client.get(&page("")).await.shows("Deployed").hides("Since");
    run(
        &app,
        "INSERT INTO namespaces (organization_id, project_id, environment_id, name)
        SELECT organization_id, project_id, environment_id, 'slw-acme-web-shop-development' FROM deployments",
    )
    .await;
    run(&app, "UPDATE deployments SET state = 'failed', ended_at = created_at").await;
    client.get(&delete).await.is(StatusCode::OK).shows("Nothing of it runs now.").hides("This stops:");
    client.get(&page("")).await.shows("Deployed").hides("Since");
    run(&app, "UPDATE deployments SET state = 'active', applied_at = created_at").await;
    client.get(&page("")).await.shows("Since");
    let asked = client.get(&delete).await.is(StatusCode::OK).shows("This stops:").hides("is being deployed");
    asked.shows("http://greeter.slw-acme-web-shop-development:8080/");
    deploy_tag(&mut client, "1.1").await;
    let both = client.get(&delete).await.is(StatusCode::OK).shows("acme/greeter:1.0").shows("acme/greeter:1.1");
    both.shows("http://greeter.slw-acme-web-shop-development:8080/").shows("is being deployed");
}
