use futures::channel::mpsc;
use serde_json::json;

use super::{seen::Listed, *};
use crate::outside::kubernetes::fixtures::release;

fn deployment(ready: i32) -> Deployment {
    let labels = json!({ manifests::DEPLOYMENT: release().deployment_id.to_string() });
    let status = json!({ "observedGeneration": 1, "replicas": 2, "updatedReplicas": ready });
    let spec = json!({ "replicas": 2, "selector": {}, "template": {} });
    serde_json::from_value(json!({ "metadata": { "name": "greeter", "generation": 1, "labels": labels }, "spec": spec, "status": status }))
        .unwrap()
}

fn listed(ready: i32) -> Vec<Option<Change>> {
    use watcher::Event::{Init, InitApply, InitDone};
    vec![
        Some(Change::Deployment(Init)),
        Some(Change::Deployment(InitApply(deployment(ready)))),
        Some(Change::Deployment(InitDone)),
        Some(Change::Pod(Init)),
        Some(Change::Pod(InitDone)),
    ]
}

fn changed(ready: i32) -> Option<Change> {
    Some(Change::Deployment(watcher::Event::Apply(deployment(ready))))
}

fn open() -> (mpsc::UnboundedSender<Option<Change>>, BoxStream<'static, Snapshot>) {
    let (send, receive) = mpsc::unbounded();
    (send, snapshots(receive, release()).boxed())
}

#[tokio::test]
async fn the_first_snapshot_waits_for_the_lists() {
    let (send, mut seen) = open();
    for change in listed(1) {
        send.unbounded_send(change).unwrap();
    }
    assert_eq!(seen.next().await.unwrap().updated, 1);
}

#[tokio::test]
async fn changes_that_follow_closely_are_one_snapshot() {
    let (send, mut seen) = open();
    for change in listed(0).into_iter().chain([changed(1), changed(2)]) {
        send.unbounded_send(change).unwrap();
    }
    assert_eq!(seen.next().await.unwrap().updated, 2);
}

#[tokio::test]
async fn what_looks_the_same_is_not_told_again() {
    let (send, mut seen) = open();
    for change in listed(1) {
        send.unbounded_send(change).unwrap();
    }
    seen.next().await.unwrap();
    let mut next = std::pin::pin!(seen.next());
    send.unbounded_send(changed(1)).unwrap();
    assert!(tokio::time::timeout(2 * DEBOUNCE, &mut next).await.is_err());
    send.unbounded_send(changed(2)).unwrap();
    assert_eq!(next.await.unwrap().updated, 2);
}

#[tokio::test]
async fn the_stream_ends_when_a_watch_breaks() {
    let (send, mut seen) = open();
    send.unbounded_send(None).unwrap();
    assert!(seen.next().await.is_none());
}

#[test]
fn a_new_list_replaces_the_old_objects() {
    let mut seen = Listed::<Pod>::default();
    let pod = |name: &str| serde_json::from_value::<Pod>(json!({ "metadata": { "name": name } })).unwrap();
    for change in [watcher::Event::Init, watcher::Event::InitApply(pod("a")), watcher::Event::InitDone] {
        seen.note(change);
    }
    for change in [watcher::Event::Init, watcher::Event::InitApply(pod("b")), watcher::Event::InitDone, watcher::Event::Apply(pod("c"))] {
        seen.note(change);
    }
    seen.note(watcher::Event::Delete(pod("b")));
    assert_eq!(seen.objects.keys().collect::<Vec<_>>(), ["c"]);
}
