//! The worker as the process runs it: by signals, with an orderly end.

use tokio::task::JoinHandle;

use super::*;
use crate::domain::{
    components::{self, NewComponent},
    organizations,
    testing::ready,
};

impl Yard {
    fn start(&self) -> (CancellationToken, JoinHandle<()>) {
        let shutdown = CancellationToken::new();
        (shutdown.clone(), tokio::spawn(self.another_worker().run(shutdown)))
    }
}

async fn stop((shutdown, worker): (CancellationToken, JoinHandle<()>)) {
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(10), worker).await.expect("it stops in time").unwrap();
}

#[tokio::test]
async fn a_deployment_is_worked_to_its_end() {
    let yard = Yard::open().await;
    yard.plane.shows([ready()]);
    let running = yard.start();
    let deployment = yard.shop.deploy("1.1").await;
    yard.wait_for(deployment.id, State::Active).await;
    stop(running).await;
}

#[tokio::test]
async fn a_newer_deployment_takes_the_place_of_one_that_rolls_out() {
    let yard = Yard::open().await;
    let _stands_still = yard.plane.next_rollout();
    let running = yard.start();
    let old = yard.shop.deploy("1.1").await;
    yard.wait_for(old.id, State::RollingOut).await;
    eventually(|| async { yard.plane.observers() == 1 }).await;
    yard.plane.shows([ready()]);
    let new = yard.shop.deploy("1.2").await;
    yard.wait_for(new.id, State::Active).await;
    assert_eq!(yard.shop.look(old.id).await.state, State::Cancelled);
    stop(running).await;
}

#[tokio::test]
async fn a_stop_hands_the_lease_back_and_the_next_start_goes_on() {
    let yard = Yard::open().await;
    let _stands_still = yard.plane.next_rollout();
    let running = yard.start();
    let deployment = yard.shop.deploy("1.1").await;
    yard.wait_for(deployment.id, State::RollingOut).await;
    eventually(|| async { yard.plane.observers() == 1 }).await;
    stop(running).await;
    assert_eq!(yard.lease(deployment.id).await, (None, 0));
    assert_eq!(yard.shop.look(deployment.id).await.state, State::RollingOut);

    yard.plane.shows([ready()]);
    let running = yard.start();
    yard.wait_for(deployment.id, State::Active).await;
    assert_eq!(yard.plane.applied().len(), 1);
    stop(running).await;
}

/// Environments in which every component is deployed, and how many components.
const ENVIRONMENTS: i32 = 10;
const COMPONENTS: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_deployments_in_one_queue_all_end_each_applied_once() {
    let yard = Yard::open().await;
    let shop = &yard.shop;
    const MORE: &str = "INSERT INTO environments (id, organization_id, name, display_name, position, production, created_at)
        SELECT $1, organization_id, $2, $2, $3, production, created_at FROM environments WHERE position = 1";
    for position in 3..=ENVIRONMENTS {
        let mut tx = shop.context().db.begin().await.unwrap();
        execute!(tx, MORE, shop.context().new_id(), format!("stage-{position}"), position).unwrap();
        tx.commit().await.unwrap();
    }
    let environments = organizations::environments(shop.context(), &shop.caller).await.unwrap();
    for number in 0..COMPONENTS {
        let typed = NewComponent { kind: "manual_task".into(), ..Shop::new_component(&shop.registry, &format!("Task {number}")) };
        let component = components::create(shop.context(), &shop.caller, &shop.project, typed).await.unwrap();
        for environment in &environments {
            shop.deploy_to(&component, environment, "1.1").await;
        }
    }
    let running = yard.start();
    let all_active = || async {
        let left = "SELECT count(*) FROM deployments WHERE state <> 'active'";
        fetch_one!(shop.context().db, (i64,), left).unwrap().0 == 0
    };
    eventually_within(Duration::from_secs(60), all_active).await;
    stop(running).await;
    let applied: std::collections::HashSet<Uuid> = yard.plane.applied().iter().map(|release| release.deployment_id).collect();
    assert_eq!((applied.len(), yard.plane.applied().len()), (500, 500));
}
