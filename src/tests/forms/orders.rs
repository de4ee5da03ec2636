//! Orders about an environment: Promote, Redeploy, Roll back, Stop, Start, Take over, Cancel.

use axum::http::StatusCode;
use slipway::{execute, fetch_one};
use uuid::Uuid;

use super::with;
use crate::support::{Acme, Answer, Client, PROJECT, TestApp};

const ORDERS: [&str; 7] =
    ["/do/promote", "/do/redeploy", "/do/roll_back", "/do/stop", "/do/start", "/do/take_over", "/do/cancel_deployment"];
const HERE: [(&str, &str); 4] =
    [("organization", "acme"), ("project", "web-shop"), ("component", "greeter"), ("environment", "development")];

fn deploy_page() -> String {
    format!("{PROJECT}/components/greeter/deploy")
}

fn panel(environment: &str, order: &str) -> String {
    format!("{}/environments/{environment}/{order}", deploy_page())
}

async fn run(app: &TestApp, sql: &'static str) {
    let mut tx = app.context().db.begin().await.unwrap();
    execute!(tx, sql).unwrap();
    tx.commit().await.unwrap();
}

/// A console where the furnished deployment is Active in Development, as the worker leaves it.
async fn active() -> (TestApp, Client, String) {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let digest = format!("sha256:{}", "a".repeat(64));
    let mut tx = app.context().db.begin().await.unwrap();
    const ACTIVE: &str = "UPDATE deployments SET state = 'active', digest = $2, resolved_at = created_at, applied_at = created_at, ended_at = created_at WHERE id = $1";
    execute!(tx, ACTIVE, acme.deployment, digest).unwrap();
    tx.commit().await.unwrap();
    let id = acme.deployment.to_string();
    (app, client, id)
}

/// The newest deployment: its action, state and replicas, and the name of its environment.
async fn newest(app: &TestApp) -> (String, String, i32, String) {
    const NEWEST: &str = "SELECT deployments.action, deployments.state, deployments.replicas, environments.name FROM deployments
        JOIN environments ON environments.id = deployments.environment_id ORDER BY deployments.id DESC LIMIT 1";
    fetch_one!(app.context().db, (String, String, i32, String), NEWEST).unwrap()
}

/// Which of the labels stand there to be pressed.
fn pressable(page: &Answer, environment: &str) -> Vec<&'static str> {
    let card = page.text().split(&format!("aria-label=\"{environment}\"")).nth(1).unwrap();
    let card = card.split("</article>").next().unwrap();
    let is_live = |label: &str| {
        card.split(&format!(">{label}<")).next().filter(|before| before.len() < card.len()).is_some_and(|before| {
            let tag = &before[before.rfind('<').unwrap()..];
            !tag.contains("aria-disabled")
        })
    };
    ["Promote to Production", "Redeploy", "Roll back", "Stop", "Start", "Cancel", "Take over these fields"]
        .into_iter()
        .filter(|label| is_live(label))
        .collect()
}

#[tokio::test]
async fn buttons_follow_what_is_permitted_and_say_why_not() {
    let (app, mut client) = TestApp::set_up().await;
    Acme::furnish(&app, &mut client).await;
    let page = client.get(&deploy_page()).await.is(StatusCode::OK);
    assert_eq!(pressable(&page, "Development"), ["Cancel"]);
    page.shows("Promote to Production, Redeploy, Roll back, Stop: Nothing runs here yet.").shows("Once something runs in Development");
    run(&app, "UPDATE deployments SET state = 'active'").await;
    let page = client.get(&deploy_page()).await.is(StatusCode::OK).shows("Promote brings here what runs in Development.");
    assert_eq!(pressable(&page, "Development"), ["Promote to Production", "Redeploy", "Roll back", "Stop"]);
    run(&app, "UPDATE deployments SET replicas = 0, action = 'stop'").await;
    let page = client.get(&deploy_page()).await.is(StatusCode::OK).shows("It is stopped here; start it first.");
    assert_eq!(pressable(&page, "Development"), ["Roll back", "Start"]);
    run(&app, "UPDATE deployments SET state = 'failed', problem_code = 'field_conflict', problem_message = 'Another manager.'").await;
    assert_eq!(pressable(&client.get(&deploy_page()).await, "Development"), ["Take over these fields"]);
}

#[tokio::test]
async fn panels_say_what_changes_before_anything_does() {
    let (app, mut client, id) = active().await;
    let promote = client.get(&panel("development", "promote")).await.is(StatusCode::OK).shows("What changes in Production");
    assert_eq!(promote.field("source").as_deref(), Some(id.as_str()), "what is shown is what is promoted");
    client.get(&panel("production", "promote")).await.is(StatusCode::NOT_FOUND);
    client.get(&panel("nowhere", "stop")).await.is(StatusCode::NOT_FOUND);
    client.get(&panel("development", "stop")).await.is(StatusCode::OK).shows("All its pods end.").shows("Stop in Development");
    client.get(&panel("production", "stop")).await.is(StatusCode::OK).shows("Nothing runs here yet.").hides("Stop in Production");
    client.get(&panel("development", "cancel")).await.is(StatusCode::OK).shows("Nothing is on its way here.");
    client.get(&panel("development", "roll-back")).await.is(StatusCode::OK).shows("Nothing else ran here before.");
    let back = format!("{}?to={id}", panel("development", "roll-back"));
    client.get(&back).await.is(StatusCode::OK).shows("What changes in Development").shows("Reason (optional)");
    for to in ["x", &Uuid::nil().to_string()] {
        client.get(&format!("{}?to={to}", panel("development", "roll-back"))).await.is(StatusCode::NOT_FOUND);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 1, "looking changes nothing");
}

#[tokio::test]
async fn a_release_is_promoted_redeployed_stopped_and_started() {
    let (app, mut client, id) = active().await;
    client
        .submit("/do/promote", &with(&HERE, &[("source", &id)]))
        .await
        .is(StatusCode::OK)
        .shows("to Production.")
        .shows("Promoted from Development");
    assert_eq!(newest(&app).await, ("promote".into(), "queued".into(), 1, "production".into()));
    client.submit("/do/redeploy", &HERE).await.is(StatusCode::OK).shows("to Development again.");
    assert_eq!(newest(&app).await, ("redeploy".into(), "queued".into(), 1, "development".into()));
    run(&app, "UPDATE deployments SET state = 'failed' WHERE action = 'redeploy'").await;
    client.submit("/do/stop", &HERE).await.is(StatusCode::OK).shows("Stopping Greeter in Development.");
    assert_eq!(newest(&app).await, ("stop".into(), "queued".into(), 0, "development".into()));
    run(&app, "UPDATE deployments SET state = 'replaced' WHERE state = 'active'").await;
    run(&app, "UPDATE deployments SET state = 'active' WHERE action = 'stop'").await;
    client.submit("/do/start", &HERE).await.is(StatusCode::OK).shows("Starting Greeter in Development.");
    assert_eq!(newest(&app).await, ("start".into(), "queued".into(), 1, "development".into()));
}

#[tokio::test]
async fn a_rollback_keeps_its_reason_and_too_long_a_one_comes_back() {
    let (app, mut client, id) = active().await;
    let long = "x".repeat(501);
    let fields = with(&HERE, &[("to", &id), ("reason", &long)]);
    let back = format!("{}?to={id}", panel("development", "roll-back"));
    client.post_form("/do/roll_back", &fields).await.goes_to(&back);
    let form = client.get(&back).await;
    super::came_back(&form);
    assert_eq!((form.problem_fields(), form.text_area("reason")), (vec!["reason"], long.clone()));
    client.post_form("/do/roll_back", &with(&fields, &[("to", "")])).await.goes_to(&panel("development", "roll-back"));
    let reason = "The <b>greeting</b> was wrong.";
    let page = client.submit("/do/roll_back", &with(&fields, &[("reason", reason)])).await.is(StatusCode::OK);
    let page = page.shows("Rolling Development back to").shows(reason);
    assert!(!page.text().contains("<b>greeting"), "a reason is text");
    assert_eq!(newest(&app).await, ("roll_back".into(), "queued".into(), 1, "development".into()));
}

#[tokio::test]
async fn what_is_on_its_way_is_cancelled() {
    let (app, mut client) = TestApp::set_up().await;
    let id = Acme::furnish(&app, &mut client).await.deployment.to_string();
    client.get(&panel("development", "cancel")).await.is(StatusCode::OK).shows("Cancel the deployment");
    let fields = with(&HERE, &[("deployment", &id)]);
    client.submit("/do/cancel_deployment", &fields).await.is(StatusCode::OK).shows("The deployment to Development was cancelled.");
    assert_eq!(newest(&app).await, ("deploy".into(), "cancelled".into(), 1, "development".into()));
    client.fetch("/do/cancel_deployment", &fields).await.is(StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_is_not_permitted_is_refused_with_its_sentence() {
    let (app, mut client, _) = active().await;
    for path in ["/do/start", "/do/take_over"] {
        let refused = client.fetch(path, &HERE).await.is(StatusCode::CONFLICT);
        assert_eq!(refused.json()["code"], "not_permitted", "{path}");
    }
    client.submit("/do/start", &HERE).await.is(StatusCode::OK).shows("It is not stopped.");
    for path in ["/do/stop", "/do/redeploy"] {
        client.fetch(path, &with(&HERE, &[("environment", "production")])).await.is(StatusCode::CONFLICT);
    }
    client.fetch("/do/promote", &with(&HERE, &[("environment", "production")])).await.is(StatusCode::CONFLICT);
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 1);
}

#[tokio::test]
async fn other_organizations_environments_take_no_orders() {
    let (app, _, id) = active().await;
    let mut stranger = app.stranger().await;
    for path in ORDERS {
        for organization in ["acme", "globex"] {
            let fields = with(&HERE, &[("organization", organization), ("source", &id), ("to", &id), ("deployment", &id)]);
            stranger.fetch(path, &fields).await.is(StatusCode::NOT_FOUND);
        }
        let anonymous = app.client().fetch(path, &HERE).await;
        assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM deployments").await, 1);
}
