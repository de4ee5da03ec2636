//! The history of a component, one deployment's page, and the file of its Kubernetes objects.

use axum::http::StatusCode;
use slipway::execute;

use crate::support::{Acme, Client, PROJECT, TestApp, deploy_tag};

fn page(rest: &str) -> String {
    format!("{PROJECT}/components/greeter/deployments{rest}")
}

/// Two deployments to Development: 1.0, which failed, and 1.1, which is on its way.
async fn furnished() -> (TestApp, Client, Acme) {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let mut tx = app.context().db.begin().await.unwrap();
    execute!(tx, "UPDATE deployments SET state = 'failed', problem_message = 'It <b>crashed</b>.', ended_at = created_at").unwrap();
    tx.commit().await.unwrap();
    deploy_tag(&mut client, "1.1").await;
    (app, client, acme)
}

async fn give_objects(app: &TestApp, acme: &Acme) {
    const OBJECT: &str = "INSERT INTO deployment_objects (organization_id, deployment_id, position, kind, name, manifest)
        SELECT organization_id, id, $2, $3, 'greeter', $4 FROM deployments WHERE id = $1";
    let mut tx = app.context().db.begin().await.unwrap();
    execute!(tx, OBJECT, acme.deployment, 0, "Deployment", "kind: Deployment\n").unwrap();
    execute!(tx, OBJECT, acme.deployment, 1, "Service", "kind: Service\nname: \"</pre><script>\"\n").unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_history_is_narrowed_and_its_address_says_to_what() {
    let (_app, mut client, acme) = furnished().await;
    let failed = page(&format!("/{}", acme.deployment));
    let shows_failed = async |client: &mut Client, query: &str| client.get(&page(query)).await.is(StatusCode::OK).text().contains(&failed);
    for query in ["", "?state=failed", "?environment=development&by=ADA", "?action=deploy", "?state=nonsense&environment=nowhere"] {
        assert!(shows_failed(&mut client, query).await, "{query}");
    }
    for query in ["?state=deploying", "?environment=production", "?action=stop", "?by=nobody"] {
        assert!(!shows_failed(&mut client, query).await, "{query}");
    }
    let none = client.get(&page("?state=active")).await.shows("No deployment is like that.").shows("Clear filters");
    assert!(none.tags().any(|tag| tag.contains("value=\"active\"") && tag.contains("selected")), "the form says what is chosen");
}

#[tokio::test]
async fn the_pages_of_a_history_keep_what_it_is_narrowed_to() {
    let (app, mut client, _) = furnished().await;
    for _ in 0..22 {
        deploy_tag(&mut client, "1.2").await;
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments WHERE state = 'superseded'").await, 22);
    let first = client.get(&page("?state=superseded")).await.is(StatusCode::OK).shows("Older deployments");
    let older = first.tags().find(|tag| tag.contains("before=")).unwrap();
    let href = older.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    assert!(href.contains("state=superseded&before="), "{href}");
    let second = client.get(&href).await.is(StatusCode::OK).hides("Older deployments");
    assert_eq!(second.text().matches("data-label=\"Image\"").count(), 2);
}

#[tokio::test]
async fn a_deployment_tells_what_it_was_made_of_and_what_became_of_it() {
    let (app, mut client, acme) = furnished().await;
    let path = page(&format!("/{}", acme.deployment));
    let told = client.get(&path).await.is(StatusCode::OK).shows("Timeline").shows("endpoints.yaml").hides("Kubernetes objects");
    let told = told.shows("It <b>crashed</b>.").shows("Default profile").shows("Roll back to this one: Nothing runs here yet.");
    assert!(!told.text().contains("<b>crashed"), "the cluster's words are text");
    give_objects(&app, &acme).await;
    let told = client.get(&path).await.is(StatusCode::OK).shows("Deployment/greeter").shows("Download as YAML");
    assert!(!told.text().contains("</pre><script>"), "a manifest is text");
}

#[tokio::test]
async fn objects_are_downloaded_as_one_file() {
    let (app, mut client, acme) = furnished().await;
    let path = page(&format!("/{}/objects.yaml", acme.deployment));
    client.get(&path).await.is(StatusCode::NOT_FOUND);
    give_objects(&app, &acme).await;
    let file = client.get(&path).await.is(StatusCode::OK);
    assert_eq!(file.text(), "kind: Deployment\n---\nkind: Service\nname: \"</pre><script>\"\n");
    assert_eq!((file.header("content-type"), file.header("x-content-type-options")), ("text/yaml; charset=utf-8", "nosniff"));
    assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"greeter-{}.yaml\"", acme.deployment));
    client.get(&page("/x/objects.yaml")).await.is(StatusCode::NOT_FOUND);
    app.client().get(&path).await.is(StatusCode::SEE_OTHER);
    let mut stranger = app.stranger().await;
    stranger.get(&path).await.is(StatusCode::NOT_FOUND);
    stranger.get(&path.replacen("acme", "globex", 1)).await.is(StatusCode::NOT_FOUND);
}
