//! The keeper as the process runs it: many at once, with an orderly end.

use super::*;

/// So many more projects, where the greeter's deployment of Development is repeated.
async fn repeat_in_projects(yard: &Yard, count: usize) {
    let context = yard.shop.context();
    const PROJECT: &str = "INSERT INTO projects (id, organization_id, name, display_name, created_at) VALUES ($1, $2, $3, $3, 0)";
    const NAMESPACE: &str = "INSERT INTO namespaces (organization_id, project_id, environment_id, name) VALUES ($1, $2, $3, $4)";
    const DEPLOYMENT: &str = "INSERT INTO deployments (id, organization_id, project_id, component_id, environment_id, registry_id, image,
        endpoints_yaml, state, created_by, created_at, attempts, not_before, lease_until)
        SELECT $1, organization_id, $1, component_id, environment_id, registry_id, image, endpoints_yaml, state, created_by,
        created_at, attempts, not_before, lease_until FROM deployments WHERE project_id = $2";
    const SECRET: &str = "INSERT INTO pull_secrets
        (organization_id, registry_id, project_id, environment_id, applied_version, attempts, not_before, lease_until)
        VALUES ($1, $2, $3, $4, 0, 0, 0, 0)";
    let (organization, environment, registry) = (yard.shop.caller.organization_id, yard.shop.development.id, yard.shop.registry.id);
    let mut tx = context.db.begin().await.unwrap();
    for number in 0..count {
        let project = context.new_id();
        execute!(tx, PROJECT, project, organization, format!("project-{number:03}")).unwrap();
        execute!(tx, NAMESPACE, organization, project, environment, format!("slw-{number:03}")).unwrap();
        execute!(tx, DEPLOYMENT, project, yard.shop.project.id).unwrap();
        execute!(tx, SECRET, organization, registry, project, environment).unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn many_go_a_few_at_a_time_and_those_that_fail_hold_up_no_other() {
    let yard = Yard::with_a_use().await;
    repeat_in_projects(&yard, 40).await;
    for number in 0..10 {
        yard.plane.secrets.refuse_always_in(&format!("slw-{number:03}"));
    }
    let gate = yard.plane.secrets.hold();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn(yard.keeper.clone().run(shutdown.clone()));
    eventually(|| yard.plane.secrets.inside() == 8).await;
    gate.add_permits(10_000);
    eventually(|| yard.plane.secrets.lying().len() == 31).await;
    assert_eq!(yard.plane.secrets.most_inside(), 8);

    yard.rotate("new").await;
    eventually(|| yard.plane.secrets.lying().iter().filter(|lying| lying.ends_with(" new")).count() == 31).await;
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(10), running).await.expect("it stops in time").unwrap();
    let placed = yard.placed().await;
    assert_eq!((placed.len(), placed.iter().filter(|placed| placed.problem.is_some()).count()), (41, 10));
}

#[tokio::test]
async fn a_stop_hands_leases_back() {
    let yard = Yard::with_a_use().await;
    yard.rotate("new").await;
    let _never = yard.plane.secrets.hold();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn(yard.keeper.clone().run(shutdown.clone()));
    eventually(|| yard.plane.secrets.inside() == 1).await;
    assert!(yard.keeper.claim().await.unwrap().is_none());
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(10), running).await.expect("it stops in time").unwrap();
    assert!(yard.keeper.claim().await.unwrap().is_some());
}
