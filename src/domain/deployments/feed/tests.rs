use std::collections::HashSet;

use super::*;
use crate::{domain::testing::Shop, execute, fetch_one};

const ADD: &str = "INSERT INTO changes (organization_id, component_id, at) VALUES ($1, $2, 0)";

/// What is new to the reader.
async fn news(reader: &mut Reader, context: &Context) -> Vec<Change> {
    let batch = reader.batch(&context.db).await.unwrap();
    batch.into_iter().filter(|change| reader.is_news(change.sequence)).collect()
}

#[tokio::test]
async fn each_change_is_told_once_and_none_from_before() {
    let shop = Shop::open().await;
    shop.deploy("1.1").await;
    shop.deploy("1.2").await;
    let mut reader = Reader::start(&shop.context().db).await.unwrap();
    assert_eq!(news(&mut reader, shop.context()).await, []);
    for tag in ["1.3", "1.4"] {
        shop.deploy(tag).await;
        let told = news(&mut reader, shop.context()).await;
        let of = told.iter().map(|change| (change.organization_id, change.component_id)).collect::<Vec<_>>();
        assert_eq!(of, [(shop.caller.organization_id, shop.component.id)], "{tag}");
        assert_eq!(news(&mut reader, shop.context()).await, []);
    }
}

#[tokio::test]
async fn more_changes_than_one_batch_are_all_told() {
    let shop = Shop::open().await;
    let mut reader = Reader::start(&shop.context().db).await.unwrap();
    let mut tx = shop.context().db.begin().await.unwrap();
    for _ in 0..BATCH + 200 {
        execute!(tx, ADD, shop.caller.organization_id, shop.component.id).unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(news(&mut reader, shop.context()).await.len(), BATCH);
    assert_eq!(news(&mut reader, shop.context()).await.len(), 200);
    assert_eq!(news(&mut reader, shop.context()).await, []);
}

#[tokio::test]
async fn a_change_that_is_committed_late_is_told_too() {
    let shop = Shop::open().await;
    if matches!(shop.context().db, Db::Sqlite { .. }) {
        return; // one writer: sequences are committed in their order
    }
    let mut reader = Reader::start(&shop.context().db).await.unwrap();
    let mut late = shop.context().db.begin().await.unwrap();
    execute!(late, ADD, shop.caller.organization_id, shop.component.id).unwrap();
    shop.deploy("1.1").await;
    let first = news(&mut reader, shop.context()).await;
    late.commit().await.unwrap();
    let second = news(&mut reader, shop.context()).await;
    assert_eq!([first.len(), second.len()], [1, 1]);
    assert!(second[0].sequence < first[0].sequence);
    assert_eq!(news(&mut reader, shop.context()).await, []);
}

/// Deploys until a listener hears of it: the feed may still be starting.
async fn heard(shop: &Shop, listener: &mut broadcast::Receiver<Change>) -> Change {
    for _ in 0..100 {
        shop.deploy("1.1").await;
        if let Ok(change) = tokio::time::timeout(Duration::from_millis(100), listener.recv()).await {
            return change.unwrap();
        }
    }
    panic!("the feed tells nothing")
}

#[tokio::test]
async fn a_running_feed_tells_its_listeners_and_stops_with_the_process() {
    let shop = Shop::open().await;
    let (feed, shutdown) = (Feed::default(), CancellationToken::new());
    let mut listener = feed.listen();
    let running = tokio::spawn({
        let (feed, context, shutdown) = (feed.clone(), shop.context().clone(), shutdown.clone());
        async move { feed.run(context, shutdown).await }
    });
    assert_eq!(heard(&shop, &mut listener).await.component_id, shop.component.id);
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(10), running).await.unwrap().unwrap();
}

#[tokio::test]
async fn another_process_hears_of_a_change_by_the_database() {
    let shop = Shop::open().await;
    if matches!(shop.context().db, Db::Sqlite { .. }) {
        return; // SQLite has one process
    }
    let other = shop.bed.another_process().await;
    let (feed, shutdown) = (Feed::default(), CancellationToken::new());
    let mut listener = feed.listen();
    let hearing = tokio::spawn(hear_other_replicas(other.db.clone(), other.changes.clone(), shutdown.clone()));
    let running = tokio::spawn({
        let (feed, context, shutdown) = (feed.clone(), other.clone(), shutdown.clone());
        async move { feed.run(context, shutdown).await }
    });
    let mut told = HashSet::from([heard(&shop, &mut listener).await.sequence]);
    for tag in ["1.2", "1.3", "1.4"] {
        shop.deploy(tag).await;
    }
    let (last,) = fetch_one!(shop.context().db, (i64,), "SELECT max(sequence) FROM changes").unwrap();
    while !told.contains(&last) {
        let change = tokio::time::timeout(Duration::from_secs(10), listener.recv()).await.unwrap().unwrap();
        assert!(told.insert(change.sequence), "{change:?} was told twice");
    }
    assert!((last - 2..=last).all(|sequence| told.contains(&sequence)), "{told:?} of {last}");
    shutdown.cancel();
    hearing.await.unwrap();
    running.await.unwrap();
}
