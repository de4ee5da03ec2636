use k8s_openapi::api::{apps::v1::Deployment, batch::v1::CronJob};
use uuid::Uuid;

use super::*;
use crate::outside::kubernetes::{
    fixtures::{every_night, pull_secret, release, release_of},
    mock::{MockCluster, PROXY_ANSWERS},
};

async fn of_today() -> MockCluster {
    let cluster = MockCluster::start().await;
    cluster.serves::<NetworkPolicy>(&[]).await;
    cluster.serves::<Service>(&[]).await;
    cluster.serves::<Ingress>(&[]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<CronJob>(&[]).await;
    cluster.serves::<Secret>(&[]).await;
    cluster
}

async fn preview_on(cluster: &MockCluster, release: &Release) -> Vec<PlannedObject> {
    ask(cluster, release).await.unwrap()
}

/// Of a cluster without the Gateway API.
async fn ask(cluster: &MockCluster, release: &Release) -> Result<Vec<PlannedObject>, ApplyProblem> {
    preview(&cluster.plane.client, release, &Entrance::default(), &Capabilities::default()).await
}

fn plans(planned: &[PlannedObject]) -> Vec<(&str, Plan)> {
    planned.iter().map(|object| (object.kind.as_str(), object.plan)).collect()
}

/// The release's object of a kind as a cluster holds it.
fn standing(release: &Release, kind: &str) -> Value {
    let mut object =
        sent::sent(release, &Entrance::default(), &Capabilities::default()).into_iter().find(|sent| sent.kind() == kind).unwrap().content;
    let metadata = &mut object["metadata"];
    metadata["uid"] = "theirs".into();
    metadata["resourceVersion"] = "17".into();
    metadata["generation"] = 3.into();
    metadata["creationTimestamp"] = "2026-01-01T00:00:00Z".into();
    metadata["managedFields"] = json!([{ "manager": "slipway", "operation": "Apply", "fieldsV1": {} }]);
    metadata["annotations"] = json!({ "deployment.kubernetes.io/revision": "3" });
    object["status"] = json!({ "replicas": 2 });
    object
}

fn conflict() -> Value {
    let cause =
        json!({ "reason": "FieldManagerConflict", "message": "conflict with \"kubectl-edit\" using apps/v1", "field": ".spec.replicas" });
    json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Conflict", "code": 409,
        "message": "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using apps/v1: .spec.replicas", "details": { "causes": [cause] } })
}

#[tokio::test]
async fn where_there_is_no_namespace_all_is_new_and_nothing_is_asked_within_it() {
    let cluster = MockCluster::without_namespace().await;
    let planned = preview_on(&cluster, &Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release() }).await;
    let new = Plan::Create;
    assert_eq!(plans(&planned), [("Namespace", new), ("Secret", new), ("NetworkPolicy", new), ("Service", new), ("Deployment", new)]);
    assert!(planned.iter().all(|object| object.before.is_none() && object.after.is_some()));
    assert_eq!((cluster.paths("GET").await, cluster.asked("PATCH").await.len()), (vec![], 0));
    assert!(!format!("{planned:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_preview_only_ever_runs_dry() {
    let cluster = of_today().await;
    let release = Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release() };
    let planned = preview_on(&cluster, &release).await;
    let new = Plan::Create;
    assert_eq!(
        plans(&planned),
        [("Namespace", Plan::Keep), ("Secret", new), ("NetworkPolicy", new), ("Service", new), ("Deployment", new)]
    );
    for request in cluster.asked("PATCH").await {
        assert!(request.url.query_pairs().any(|pair| pair == ("dryRun".into(), "All".into())), "{}", request.url);
        assert!(!request.url.path().contains("secrets"), "a credential is not sent for a look");
    }
    assert_eq!((cluster.asked("POST").await.len(), cluster.asked("DELETE").await.len()), (0, 0));
}

#[tokio::test]
async fn what_the_cluster_answers_is_compared_without_what_says_nothing() {
    let cluster = of_today().await;
    let release = release();
    cluster.answers::<Service>("GET", 200, standing(&release, "Service")).await;
    let mut service = standing(&release, "Service");
    service["metadata"]["resourceVersion"] = "18".into();
    service["metadata"]["labels"][manifests::DEPLOYMENT] = "another".into();
    cluster.answers::<Service>("PATCH", 200, service).await;
    cluster.answers::<Deployment>("GET", 200, standing(&Release { replicas: 1, ..release.clone() }, "Deployment")).await;
    cluster.answers::<Deployment>("PATCH", 200, standing(&release, "Deployment")).await;
    let planned = preview_on(&cluster, &release).await;
    assert_eq!(plans(&planned)[2..], [("Service", Plan::Keep), ("Deployment", Plan::Change)]);
    let (before, after) = (planned[3].before.as_ref().unwrap(), planned[3].after.as_ref().unwrap());
    let differ: Vec<_> = before.lines().zip(after.lines()).filter(|(before, after)| before != after).collect();
    assert_eq!(differ, [("  replicas: 1", "  replicas: 2")]);
    for noise in [
        "managedFields",
        "resourceVersion",
        "uid:",
        "generation:",
        "creationTimestamp",
        "status:",
        "kubernetes.io/revision",
        "deployment-id",
    ] {
        assert!(!after.contains(noise), "{noise}: {after}");
    }
    let sent: Vec<Value> = cluster.asked("PATCH").await.iter().map(|request| request.body_json().unwrap()).collect();
    let service = sent.iter().find(|sent| sent["kind"] == "Service").unwrap();
    assert_eq!(service["metadata"]["uid"], "theirs", "so that a stranger's that took the name is not meant");
}

#[tokio::test]
async fn a_conflict_names_the_manager_and_the_field_and_still_shows_what_would_change() {
    let cluster = of_today().await;
    let release = release();
    cluster.conflicts::<Deployment>(conflict()).await;
    cluster.answers::<Deployment>("GET", 200, standing(&Release { replicas: 7, ..release.clone() }, "Deployment")).await;
    cluster.answers::<Deployment>("PATCH", 200, standing(&release, "Deployment")).await;
    let deployment = preview_on(&cluster, &release).await.pop().unwrap();
    let expected = Conflict { manager: "kubectl-edit".into(), field: ".spec.replicas".into() };
    assert_eq!((deployment.plan, deployment.conflicts), (Plan::Change, vec![expected]));
    assert!(deployment.after.unwrap().contains("replicas: 2"));

    let asked = cluster.asked("PATCH").await.len();
    let taken = preview_on(&cluster, &Release { takes_over: true, ..release }).await.pop().unwrap();
    assert_eq!((taken.plan, taken.conflicts), (Plan::Change, vec![]), "what is taken over is no conflict");
    assert_eq!(cluster.asked("PATCH").await.len() - asked, 3, "one for each object");
}

#[tokio::test]
async fn a_strangers_object_of_the_same_name_is_refused_as_an_apply_would() {
    let cluster = of_today().await;
    cluster
        .answers::<Deployment>("GET", 200, json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "greeter" } }))
        .await;
    let refused = ask(&cluster, &release()).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NotOurs { kind: "Deployment".into(), name: "greeter".into() });
    assert!(!cluster.paths("PATCH").await.contains(&"deployments/greeter".to_owned()));

    let cluster = of_today().await;
    let other = Release { component_id: Uuid::from_u128(77), ..release() };
    cluster.answers::<Service>("GET", 200, standing(&other, "Service")).await;
    let refused = ask(&cluster, &release()).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::OfAnotherComponent { kind: "Service".into(), name: "greeter".into() });
}

#[tokio::test]
async fn what_an_apply_would_prune_is_deleted_and_told_with_what_it_was() {
    let cluster = of_today().await;
    let release = release();
    // As lists tell them: without what they are.
    let mut service = standing(&release, "Service");
    service.as_object_mut().unwrap().retain(|key, _| key != "kind" && key != "apiVersion");
    cluster.lists::<Service>(&[service]).await;
    let planned = preview_on(&cluster, &Release { endpoints: Vec::new(), ..release }).await;
    assert_eq!(plans(&planned)[2..], [("Deployment", Plan::Create), ("Service", Plan::Delete)]);
    let before = planned[3].before.as_ref().unwrap();
    assert!(planned[3].after.is_none() && before.starts_with("apiVersion: v1\nkind: Service\nmetadata:\n"), "{before}");
    assert_eq!(cluster.asked("DELETE").await.len(), 0);
}

#[tokio::test]
async fn a_schedule_is_previewed() {
    let planned = preview_on(&of_today().await, &release_of(every_night())).await;
    assert_eq!(plans(&planned), [("Namespace", Plan::Keep), ("CronJob", Plan::Create)]);
}

#[tokio::test]
async fn what_stands_in_front_of_a_cluster_previews_nothing() {
    for body in PROXY_ANSWERS {
        let cluster = of_today().await;
        cluster.is_hidden_by(body).await;
        let refused = ask(&cluster, &release()).await.unwrap_err();
        assert!(matches!(refused, ApplyProblem::Unreachable(_)), "{body}: {refused:?}");
    }
}

#[test]
fn what_a_cluster_gives_out_is_no_change() {
    let service = json!({ "kind": "Service", "spec": { "clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7"], "type": "LoadBalancer",
        "ports": [{ "port": 80, "nodePort": 30080 }] }, "status": {} });
    assert_eq!(clean(service), json!({ "kind": "Service", "spec": { "type": "LoadBalancer", "ports": [{ "port": 80 }] } }));
}
