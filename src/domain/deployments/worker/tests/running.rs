//! The worker as the process runs it: by signals, with an orderly end.

use tokio::task::JoinHandle;

use super::*;
use crate::domain::testing::ready;

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
