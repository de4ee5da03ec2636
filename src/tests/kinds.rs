//! The kinds of component on the simulated data plane, from their creation until they are Active.

use slipway::{domain::deployments::State, fetch_all};

use crate::support::{
    Story, TestApp,
    kinds::{manual_task, web_application, yearly},
};

/// Objects on the data plane, whichever component's: `Kind/name`.
const OBJECTS: &str = "SELECT kind, name FROM cluster_objects WHERE kind <> 'Namespace' ORDER BY kind";

async fn story() -> Story {
    let app = TestApp::new().await;
    app.start_worker();
    let host = app.registry.host();
    let mut story = Story::on(app, host).await;
    story.add_registry("public", "").await;
    story
}

#[tokio::test]
async fn every_kind_becomes_active_with_objects_of_its_own() {
    let expected: [(_, &str, &[&str]); 3] = [
        (web_application("restricted"), "Active: all pods are ready", &["Deployment/report", "NetworkPolicy/report", "Service/report"]),
        (yearly(), "Active: the schedule is in place", &["CronJob/report"]),
        (manual_task(), "Active: ready to be run", &[]),
    ];
    for (typed, told, objects) in expected {
        let story = story().await;
        let component = story.create_of("Report", typed).await;
        let active = story.deploy_of(&component, "1.0").await;
        assert_eq!((active.state, active.problem_message.as_deref()), (State::Active, None), "{:?}", component.kind());
        assert_eq!(story.last_event(&active).await, told);
        assert_eq!((active.workload, active.profile), (component.workload, component.profile), "a release keeps what it was made from");
        let rows = fetch_all!(story.app.context().db, (String, String), OBJECTS).unwrap();
        let found: Vec<_> = rows.into_iter().map(|(kind, name)| format!("{kind}/{name}")).collect();
        assert_eq!(found, objects);
    }
}

#[tokio::test]
async fn a_web_application_that_crashes_fails_as_a_service_does() {
    let story = story().await;
    let component = story.create_of("Report", web_application("")).await;
    let failed = story.deploy_of(&component, "1.0-crash").await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("crash_loop")));
}
