use k8s_openapi::api::{apps::v1::Deployment, batch::v1::Job};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    domain::components::Workload,
    outside::kubernetes::{
        fixtures::{every_night, pull_secret, release, release_of},
        mock::{MockCluster, PROXY_ANSWERS},
    },
};

/// A cluster of today: it serves every kind that a release can have.
async fn of_today() -> MockCluster {
    let cluster = MockCluster::start().await;
    cluster.serves::<Service>(&[]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<CronJob>(&[]).await;
    cluster.serves::<Secret>(&[]).await;
    cluster
}

async fn apply_on(cluster: &MockCluster, release: &Release) -> Result<Vec<String>, ApplyProblem> {
    let applied = apply(&cluster.plane.client, release).await?;
    Ok(applied.into_iter().map(|object| object.kind).collect())
}

fn listed(name: &str) -> Value {
    json!({ "name": name, "uid": format!("uid of {name}") })
}

#[tokio::test]
async fn a_scheduled_task_applies_its_cron_job() {
    let cluster = of_today().await;
    let release = release_of(every_night());
    assert_eq!(apply_on(&cluster, &release).await.unwrap(), ["Namespace", "CronJob"]);
    let [request] = cluster.asked("PATCH").await.try_into().unwrap();
    assert_eq!(request.url.path(), format!("/apis/batch/v1/namespaces/{}/cronjobs/greeter", release.place.namespace));
    assert!(request.url.query_pairs().any(|pair| pair == ("fieldManager".into(), "slipway".into())), "{}", request.url);
    assert_eq!(request.headers["content-type"], "application/apply-patch+yaml");
    let sent: Value = request.body_json().unwrap();
    assert_eq!(sent, serde_json::to_value(manifests::cron_job(&release)).unwrap());
    assert_eq!((&sent["spec"]["timeZone"], &sent["apiVersion"]), (&json!("Europe/Berlin"), &json!("batch/v1")));
}

#[tokio::test]
async fn a_web_application_applies_its_service_and_its_deployment() {
    let cluster = of_today().await;
    let applied = apply_on(&cluster, &release_of(Workload::WebApplication { port: 3000 })).await.unwrap();
    assert_eq!(applied, ["Namespace", "Service", "Deployment"]);
    assert_eq!(cluster.paths("PATCH").await, ["services/greeter", "deployments/greeter"]);
}

#[tokio::test]
async fn a_manual_task_applies_its_pull_secret_alone() {
    let cluster = of_today().await;
    let release = Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release_of(Workload::ManualTask) };
    assert_eq!(apply_on(&cluster, &release).await.unwrap(), ["Namespace", "Secret"]);
    assert_eq!(cluster.paths("PATCH").await, ["secrets/slw-registry-00c0ffee"]);
}

#[tokio::test]
async fn a_cluster_without_cron_jobs_refuses_a_schedule_and_says_since_when_there_are_some() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Job>(&[]).await;
    let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err();
    let detail = "it does not serve batch/v1 CronJob, which Kubernetes has since 1.21, with time zones since 1.25";
    assert_eq!(refused, ApplyProblem::Refused { kind: "CronJob".into(), name: "greeter".into(), detail: detail.into() });
    assert_eq!(cluster.paths("DELETE").await, [""; 0]);
}

#[tokio::test]
async fn a_cluster_that_would_lose_the_time_zone_gets_no_schedule() {
    for minor in ["20", "21", "24+", "21-eks-4"] {
        let cluster = of_today().await;
        cluster.is_version(minor, 1).await;
        let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err().to_string();
        assert!(refused.contains(&format!("it is Kubernetes 1.{minor}")) && refused.contains("since 1.25"), "{refused}");
        assert_eq!((cluster.asked("POST").await.len(), cluster.paths("PATCH").await.len()), (0, 0), "nothing is made before");
    }
    for minor in ["25", "29+", "25-eks-4", "odd", ""] {
        let cluster = of_today().await;
        cluster.is_version(minor, 1).await;
        assert_eq!(apply_on(&cluster, &release_of(every_night())).await.unwrap(), ["Namespace", "CronJob"], "{minor}");
    }
}

#[tokio::test]
async fn a_strangers_cron_job_of_the_same_name_is_not_applied_over() {
    let cluster = of_today().await;
    let theirs = json!({ "metadata": { "name": "greeter", "uid": "theirs" } });
    cluster.answers::<CronJob>("GET", 200, theirs).await;
    let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NotOurs { kind: "CronJob".into(), name: "greeter".into() });
    assert_eq!(cluster.paths("PATCH").await, [""; 0]);
}

#[tokio::test]
async fn an_object_of_another_component_is_not_applied_over_and_said_to_be_one() {
    for (managed_by, is_ours) in [("slipway", true), ("somebody", false)] {
        let cluster = of_today().await;
        let labels = json!({ "app.kubernetes.io/managed-by": managed_by, "slipway.dev/component-id": Uuid::from_u128(77) });
        cluster.answers::<CronJob>("GET", 200, json!({ "metadata": { "name": "greeter", "uid": "theirs", "labels": labels } })).await;
        let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err();
        let (kind, name) = ("CronJob".into(), "greeter".into());
        let expected = if is_ours { ApplyProblem::OfAnotherComponent { kind, name } } else { ApplyProblem::NotOurs { kind, name } };
        assert_eq!(refused, expected);
        assert_eq!(cluster.paths("PATCH").await, [""; 0]);
    }
}

#[tokio::test]
async fn what_stands_in_front_of_a_cluster_fails_no_release() {
    for body in PROXY_ANSWERS {
        for workload in [Workload::Service, every_night()] {
            let cluster = of_today().await;
            cluster.is_hidden_by(body).await;
            let refused = apply_on(&cluster, &release_of(workload)).await.unwrap_err();
            assert!(matches!(refused, ApplyProblem::Unreachable(_)), "{body}: {refused:?}");
            assert_eq!(cluster.asked("POST").await.len(), 0);
        }
    }
}

#[tokio::test]
async fn what_a_release_no_longer_contains_is_pruned() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Service>(&[listed("greeter")]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<Secret>(&[listed("slw-registry-greeter-00c0ffee")]).await;
    apply_on(&cluster, &Release { endpoints: Vec::new(), ..release() }).await.unwrap();
    assert_eq!(cluster.paths("DELETE").await, ["services/greeter", "secrets/slw-registry-greeter-00c0ffee"]);
    for request in cluster.asked("DELETE").await {
        let sent: Value = request.body_json().unwrap();
        let name = request.url.path_segments().unwrap().next_back().unwrap().to_owned();
        assert_eq!((&sent["preconditions"]["uid"], &sent["propagationPolicy"]), (&json!(format!("uid of {name}")), &json!("Background")));
    }
}

#[tokio::test]
async fn what_was_just_applied_is_not_pruned() {
    let cluster = MockCluster::start().await;
    let applied = json!({ "name": "greeter", "uid": "uid of Service" });
    cluster.serves::<Service>(&[applied, listed("left-behind")]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<Secret>(&[]).await;
    apply_on(&cluster, &release()).await.unwrap();
    assert_eq!(cluster.paths("DELETE").await, ["services/left-behind"]);
}
