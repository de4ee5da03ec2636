use serde_json::{Value, json};

use super::*;
use crate::outside::kubernetes::{fixtures::release, mock::MockCluster};

async fn remove_from(cluster: &MockCluster) -> Result<Vec<String>, ApplyProblem> {
    let release = release();
    let left = remove(&cluster.plane.client, &release.place, release.component_id).await?;
    Ok(left.into_iter().map(|object| format!("{}/{}", object.kind, object.name)).collect())
}

fn listed(name: &str) -> Value {
    json!({ "name": name, "uid": format!("uid of {name}") })
}

fn going(name: &str) -> Value {
    json!({ "name": name, "uid": format!("uid of {name}"), "deletionTimestamp": "2026-01-01T00:00:00Z" })
}

/// Of the component there is one object of each kind, and two pods. They are slow to go.
async fn full() -> MockCluster {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[listed("greeter")]).await;
    cluster.serves::<Service>(&[listed("greeter")]).await;
    cluster.serves::<CronJob>(&[listed("greeter")]).await;
    cluster.serves::<Job>(&[listed("greeter-2")]).await;
    cluster.serves::<Secret>(&[listed("slw-registry-greeter-00c0ffee")]).await;
    cluster.serves::<Pod>(&[going("greeter-b"), going("greeter-a")]).await;
    cluster
}

#[tokio::test]
async fn what_makes_others_is_deleted_first_and_what_is_left_is_told_in_order() {
    let cluster = full().await;
    let left = remove_from(&cluster).await.unwrap();
    let deleted =
        ["cronjobs/greeter", "jobs/greeter-2", "deployments/greeter", "services/greeter", "secrets/slw-registry-greeter-00c0ffee"];
    assert_eq!(cluster.paths("DELETE").await, deleted);
    let expected = [
        "CronJob/greeter",
        "Deployment/greeter",
        "Job/greeter-2",
        "Pod/greeter-a",
        "Pod/greeter-b",
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
    assert_eq!((namespaces.len(), lists.len()), (1, 11));
    for list in lists {
        assert!(list.url.query_pairs().any(|pair| pair == ("labelSelector".into(), ours.as_str().into())), "{}", list.url);
    }
}

#[tokio::test]
async fn what_is_on_its_way_out_is_not_deleted_again() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[going("greeter")]).await;
    assert_eq!(remove_from(&cluster).await.unwrap(), ["Deployment/greeter"]);
    assert_eq!(cluster.paths("DELETE").await, [""; 0]);
}

#[tokio::test]
async fn a_kind_that_the_cluster_does_not_serve_has_nothing() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Service>(&[listed("greeter")]).await;
    assert_eq!(remove_from(&cluster).await.unwrap(), ["Service/greeter"]);
}

#[tokio::test]
async fn an_object_that_another_took_the_place_of_is_left_to_it() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[listed("greeter")]).await;
    let conflict = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Conflict", "code": 409,
        "message": "the UID in the precondition does not match" });
    cluster.answers::<Deployment>("DELETE", 409, conflict).await;
    assert_eq!(remove_from(&cluster).await.unwrap(), ["Deployment/greeter"]);
}

#[tokio::test]
async fn a_refusal_is_told_and_nothing_is_taken_for_gone() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Deployment>(&[listed("greeter")]).await;
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
