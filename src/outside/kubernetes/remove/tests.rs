use serde_json::{Value, json};

use super::*;
use crate::outside::kubernetes::{
    fixtures::release,
    mock::{MockCluster, PROXY_ANSWERS},
};

const WITH_ROUTES: Capabilities =
    Capabilities { version: String::new(), http_route: true, grpc_route: true, enforces_network_policies: None };

async fn remove_from(cluster: &MockCluster) -> Result<Vec<String>, ApplyProblem> {
    let release = release();
    let left = remove(&cluster.plane.client, &release.place, release.component_id, &WITH_ROUTES).await?;
    Ok(left.into_iter().map(|object| format!("{}/{}", object.kind, object.name)).collect())
}

fn listed(name: &str) -> Value {
    json!({ "name": name, "uid": format!("uid of {name}") })
}

fn going(name: &str) -> Value {
    json!({ "name": name, "uid": format!("uid of {name}"), "deletionTimestamp": "2026-01-01T00:00:00Z" })
}

/// Every kind is served; of those that a test has put nothing into, there is nothing.
async fn serve_the_rest(cluster: &MockCluster) {
    cluster.serves::<HttpRoute>(&[]).await;
    cluster.serves::<GrpcRoute>(&[]).await;
    cluster.serves::<Ingress>(&[]).await;
    cluster.serves::<NetworkPolicy>(&[]).await;
    cluster.serves::<CronJob>(&[]).await;
    cluster.serves::<Job>(&[]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<ReplicaSet>(&[]).await;
    cluster.serves::<Service>(&[]).await;
    cluster.serves::<Secret>(&[]).await;
    cluster.serves::<Pod>(&[]).await;
}

/// Of the component there is one object of each kind, and three pods, two on their way out. They are slow to go.
async fn full() -> MockCluster {
    let cluster = MockCluster::start().await;
    cluster.serves::<HttpRoute>(&[listed("greeter--api")]).await;
    cluster.serves::<GrpcRoute>(&[listed("greeter--rpc")]).await;
    cluster.serves::<Ingress>(&[listed("greeter--old")]).await;
    cluster.serves::<NetworkPolicy>(&[listed("greeter")]).await;
    cluster.serves::<Deployment>(&[listed("greeter")]).await;
    cluster.serves::<Service>(&[listed("greeter")]).await;
    cluster.serves::<CronJob>(&[listed("greeter")]).await;
    cluster.serves::<Job>(&[listed("greeter-2")]).await;
    cluster.serves::<Secret>(&[listed("slw-registry-greeter-00c0ffee")]).await;
    cluster.serves::<ReplicaSet>(&[listed("greeter-5d8f")]).await;
    cluster.serves::<Pod>(&[going("greeter-b"), going("greeter-a"), listed("greeter-c")]).await;
    cluster
}

#[tokio::test]
async fn what_makes_others_is_deleted_first_and_what_is_left_is_told_in_order() {
    let cluster = full().await;
    let left = remove_from(&cluster).await.unwrap();
    let deleted = [
        "httproutes/greeter--api",
        "grpcroutes/greeter--rpc",
        "ingresses/greeter--old",
        "cronjobs/greeter",
        "jobs/greeter-2",
        "deployments/greeter",
        "replicasets/greeter-5d8f",
        "services/greeter",
        "secrets/slw-registry-greeter-00c0ffee",
        "pods/greeter-c",
        "networkpolicies/greeter",
    ];
    assert_eq!(cluster.paths("DELETE").await, deleted);
    let expected = [
        "CronJob/greeter",
        "Deployment/greeter",
        "GRPCRoute/greeter--rpc",
        "HTTPRoute/greeter--api",
        "Ingress/greeter--old",
        "Job/greeter-2",
        "NetworkPolicy/greeter",
        "Pod/greeter-a",
        "Pod/greeter-b",
        "Pod/greeter-c",
        "ReplicaSet/greeter-5d8f",
        "Secret/slw-registry-greeter-00c0ffee",
        "Service/greeter",
    ];
    assert_eq!(left, expected);
}

#[tokio::test]
async fn only_the_object_that_was_seen_is_deleted_and_it_waits_for_what_it_owns() {
    let cluster = full().await;
    remove_from(&cluster).await.unwrap();
    for request in cluster.asked("DELETE").await {
        let sent: Value = request.body_json().unwrap();
        let name = request.url.path_segments().unwrap().next_back().unwrap();
        assert_eq!(sent["preconditions"], json!({ "uid": format!("uid of {name}") }));
        assert_eq!(sent["propagationPolicy"], "Foreground");
    }
}

#[tokio::test]
async fn nothing_is_listed_but_what_carries_our_labels() {
    let cluster = full().await;
    remove_from(&cluster).await.unwrap();
    let ours = format!("slipway.dev/component-id={},app.kubernetes.io/managed-by=slipway", release().component_id);
    let (namespaces, lists): (Vec<_>, Vec<_>) =
        cluster.asked("GET").await.into_iter().partition(|request| request.url.path().ends_with(&release().place.namespace));
    assert_eq!((namespaces.len(), lists.len()), (1, 22));
    for list in lists {
        assert!(list.url.query_pairs().any(|pair| pair == ("labelSelector".into(), ours.as_str().into())), "{}", list.url);
    }
}

#[tokio::test]
async fn what_is_on_its_way_out_is_not_deleted_again() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[going("greeter")]).await;
    serve_the_rest(&cluster).await;
    assert_eq!(remove_from(&cluster).await.unwrap(), ["Deployment/greeter"]);
    assert_eq!(cluster.paths("DELETE").await, [""; 0]);
}

#[tokio::test]
async fn a_cluster_from_before_cron_jobs_has_none() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Job>(&[]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<ReplicaSet>(&[]).await;
    cluster.serves::<Service>(&[listed("greeter")]).await;
    cluster.serves::<Secret>(&[]).await;
    cluster.serves::<Pod>(&[]).await;
    cluster.serves::<NetworkPolicy>(&[]).await;
    assert_eq!(remove_from(&cluster).await.unwrap(), ["Service/greeter"], "nor routes or Ingresses");
}

#[tokio::test]
async fn routes_are_not_asked_for_where_they_are_not_served() {
    let cluster = full().await;
    let release = release();
    remove(&cluster.plane.client, &release.place, release.component_id, &Capabilities::default()).await.unwrap();
    assert!(cluster.paths("GET").await.iter().all(|path| !path.starts_with("httproutes") && !path.starts_with("grpcroutes")));
    assert!(!cluster.paths("DELETE").await.is_empty());
}

#[tokio::test]
async fn a_kind_that_every_cluster_has_is_never_taken_for_missing() {
    let cluster = MockCluster::start().await;
    cluster.serves::<CronJob>(&[]).await;
    cluster.serves::<Job>(&[]).await;
    let refused = remove_from(&cluster).await.unwrap_err();
    assert!(matches!(refused, ApplyProblem::Unreachable(_)), "{refused:?}");
}

#[tokio::test]
async fn what_stands_in_front_of_a_cluster_never_says_that_all_is_gone() {
    for body in PROXY_ANSWERS {
        let cluster = full().await;
        cluster.is_hidden_by(body).await;
        let refused = remove_from(&cluster).await.unwrap_err();
        let words = "what answers at its address is no Kubernetes API, or stands in front of one";
        assert_eq!(refused, ApplyProblem::Unreachable(words.into()), "{body}");
    }
}

#[tokio::test]
async fn a_deletion_is_believed_only_of_the_cluster() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[listed("greeter")]).await;
    serve_the_rest(&cluster).await;
    let gone = |details: Value| {
        json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "NotFound", "code": 404,
            "message": "not found", "details": details })
    };
    cluster.answers::<Deployment>("DELETE", 404, gone(json!({ "name": "greeter", "kind": "deployments", "group": "apps" }))).await;
    assert_eq!(remove_from(&cluster).await.unwrap(), ["Deployment/greeter"]);

    let hidden = MockCluster::start().await;
    hidden.serves::<Deployment>(&[listed("greeter")]).await;
    serve_the_rest(&hidden).await;
    hidden.answers::<Deployment>("DELETE", 404, gone(json!({}))).await;
    let refused = remove_from(&hidden).await.unwrap_err();
    assert!(matches!(refused, ApplyProblem::Unreachable(_)), "{refused:?}");
}

#[tokio::test]
async fn an_object_that_another_took_the_place_of_is_left_to_it() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[listed("greeter")]).await;
    serve_the_rest(&cluster).await;
    let conflict = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Conflict", "code": 409,
        "message": "the UID in the precondition does not match" });
    cluster.answers::<Deployment>("DELETE", 409, conflict).await;
    assert_eq!(remove_from(&cluster).await.unwrap(), ["Deployment/greeter"]);
}

#[tokio::test]
async fn a_refusal_is_told_and_nothing_is_taken_for_gone() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[listed("greeter")]).await;
    serve_the_rest(&cluster).await;
    let forbidden = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Forbidden", "code": 403,
        "message": "deployments.apps \"greeter\" is forbidden" });
    cluster.answers::<Deployment>("DELETE", 403, forbidden).await;
    let refused = remove_from(&cluster).await.unwrap_err();
    assert!(matches!(&refused, ApplyProblem::Refused { kind, .. } if kind == "Deployment"), "{refused:?}");
}

#[tokio::test]
async fn a_namespace_that_is_gone_holds_nothing() {
    let cluster = MockCluster::without_namespace().await;
    assert_eq!(remove_from(&cluster).await.unwrap(), [""; 0]);
    assert_eq!(cluster.paths("GET").await, [""; 0]);
}

#[tokio::test]
async fn a_namespace_that_a_stranger_made_is_not_looked_into() {
    let cluster = MockCluster::without_namespace().await;
    cluster.namespace(json!({ "app.kubernetes.io/managed-by": "somebody" })).await;
    let refused = remove_from(&cluster).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NotOurs { kind: "Namespace".into(), name: release().place.namespace });
    assert_eq!(cluster.paths("GET").await, [""; 0]);
}
