use serde_json::{Value, json};

use super::*;
use crate::outside::kubernetes::fixtures::release;

fn deployment(status: Value) -> Deployment {
    let labels = json!({ manifests::DEPLOYMENT: release().deployment_id.to_string() });
    let metadata = json!({ "name": "greeter", "generation": 3, "labels": labels });
    serde_json::from_value(json!({ "metadata": metadata, "spec": { "replicas": 2, "selector": {}, "template": {} }, "status": status }))
        .unwrap()
}

fn pod(name: &str, status: Value) -> Pod {
    serde_json::from_value(json!({ "metadata": { "name": name }, "status": status })).unwrap()
}

fn container(state: Value, last_state: Value, restarts: i32) -> Value {
    let sidecar = json!({ "name": "mesh", "image": "y", "ready": true, "restartCount": 0, "imageID": "" });
    json!([sidecar, {
        "name": "greeter", "image": "x", "ready": false, "restartCount": restarts, "state": state, "lastState": last_state,
        "imageID": "registry.example.com/shop/greeter@sha256:ab12"
    }])
}

fn see(deployment: &Deployment, pods: &[Pod], events: &[Event]) -> Snapshot {
    snapshot(&release(), Some(deployment), pods.iter(), events.iter())
}

#[test]
fn counts_pods_of_this_release_and_of_earlier_ones() {
    let ready = json!({ "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] });
    let rolling =
        deployment(json!({ "observedGeneration": 3, "replicas": 3, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2 }));
    let seen = see(&rolling, &[pod("greeter-1", ready.clone()), pod("greeter-2", json!({ "phase": "Pending" }))], &[]);
    assert!(seen.observed);
    assert_eq!((seen.wanted, seen.updated, seen.old, seen.ready, seen.available), (2, 2, 1, 1, 1));
}

#[test]
fn an_unseen_generation_is_not_observed() {
    assert!(
        !see(&deployment(json!({ "observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2 })), &[], &[])
            .observed
    );
}

#[test]
fn a_deployment_of_another_release_tells_nothing() {
    let mut other = deployment(json!({ "observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2 }));
    other.metadata.labels = Some([(manifests::DEPLOYMENT.to_owned(), "another".to_owned())].into());
    assert_eq!(see(&other, &[], &[]), Snapshot { wanted: 2, ..Snapshot::default() });
}

#[test]
fn a_pod_that_is_being_deleted_does_not_count() {
    let mut leaving = pod("greeter-1", json!({ "phase": "Running" }));
    leaving.metadata.deletion_timestamp = Some(ClusterTime("2026-11-23T10:00:00Z".parse().unwrap()));
    assert!(see(&deployment(json!({})), &[leaving], &[]).pods.is_empty());
}

#[test]
fn reads_why_a_container_waits_and_how_it_ended() {
    let waiting = json!({ "waiting": { "reason": "CrashLoopBackOff", "message": "back-off 20s" } });
    let ended = json!({ "terminated": { "exitCode": 137, "signal": 9, "reason": "OOMKilled" } });
    let seen = see(
        &deployment(json!({})),
        &[pod("greeter-1", json!({ "phase": "Running", "containerStatuses": container(waiting, ended, 3) }))],
        &[],
    );
    assert_eq!(
        seen.pods,
        [seen::Pod {
            name: "greeter-1".into(),
            phase: "Running".into(),
            ready: false,
            restarts: 3,
            waiting: Some(Reason { reason: "CrashLoopBackOff".into(), message: "back-off 20s".into() }),
            last_exit: Some(Exit { code: 137, signal: Some(9), reason: "OOMKilled".into() }),
            unschedulable: None,
            image_id: Some("registry.example.com/shop/greeter@sha256:ab12".into()),
        }]
    );
}

#[test]
fn reads_why_no_node_takes_a_pod() {
    let words = "0/1 nodes are available: 1 Insufficient cpu.";
    let condition = json!({ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": words });
    let seen = see(&deployment(json!({})), &[pod("greeter-1", json!({ "phase": "Pending", "conditions": [condition] }))], &[]);
    assert_eq!(seen.pods[0].unschedulable.as_deref(), Some(words));
}

#[test]
fn reads_what_the_controller_gave_up_on() {
    let conditions = json!([
        { "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "has timed out progressing." },
        { "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota: compute", "lastUpdateTime": "2026-11-23T10:00:00Z" },
    ]);
    let seen = see(&deployment(json!({ "conditions": conditions })), &[], &[]);
    assert_eq!(seen.deadline_exceeded.as_deref(), Some("has timed out progressing."));
    assert_eq!((seen.warnings[0].object.as_str(), seen.warnings[0].reason.as_str()), ("Deployment/greeter", "FailedCreate"));
}

fn event(pod: &str, at: Value, message: &str) -> Event {
    let mut event = json!({
        "metadata": { "name": message }, "type": "Warning", "reason": "Failed", "message": message, "count": 4,
        "involvedObject": { "kind": "Pod", "name": pod }
    });
    event.as_object_mut().unwrap().extend(at.as_object().unwrap().clone());
    serde_json::from_value(event).unwrap()
}

#[test]
fn keeps_the_warnings_of_its_own_pods_in_order() {
    let events = [
        event("greeter-1", json!({ "lastTimestamp": "2026-11-23T10:00:02Z" }), "second"),
        event("greeter-1", json!({ "eventTime": "2026-11-23T10:00:01.000000Z" }), "first"),
        event("other-1", json!({ "lastTimestamp": "2026-11-23T10:00:03Z" }), "another component's"),
    ];
    let seen = see(&deployment(json!({})), &[pod("greeter-1", json!({}))], &events);
    let messages: Vec<_> = seen.warnings.iter().map(|warning| (warning.message.as_str(), warning.count)).collect();
    assert_eq!(messages, [("first", 4), ("second", 4)]);
}
