//! A process that dies in the middle of a step: the next one repeats it, and the deployment ends once.

use super::*;
use crate::domain::{deployments::data_plane::Snapshot, testing::ready};

impl Yard {
    /// A worker takes the deployment up and dies as soon as `reached` is true. Its lease runs out.
    async fn dies_when(&self, reached: impl Fn() -> bool) {
        let worker = self.another_worker();
        let claim = worker.claim().await.unwrap().expect("a deployment waits");
        let process = tokio::spawn(async move { worker.follow(&claim).await });
        eventually(|| async { reached() }).await;
        process.abort();
        assert!(process.await.unwrap_err().is_cancelled(), "it was still at work");
        assert!(self.nothing_to_claim().await, "the lease of the dead still holds");
        self.let_leases_run_out().await;
    }

    /// The next process leads the deployment to its end.
    async fn the_next_one_ends(&self, deployment: &Deployment) {
        self.plane.shows([ready()]);
        let claim = self.claim().await;
        tokio::time::timeout(Duration::from_secs(10), self.worker.follow(&claim)).await.unwrap();
        assert_eq!(self.shop.look(deployment.id).await.state, State::Active);
        let mut told = self.shop.told(deployment).await;
        told.sort();
        let resolved = format!("info: Image resolved: {DIGEST}");
        let once = ["info: Active: all pods are ready", "info: Applied to the data plane", "info: Asking the registry for the image"];
        assert_eq!(told, [&once[..], &[&resolved, "info: Queued"]].concat(), "each is told once");
        assert!(self.nothing_to_claim().await);
    }
}

#[tokio::test]
async fn before_the_first_step() {
    let yard = Yard::open().await;
    let deployment = yard.shop.deploy("1.1").await;
    yard.claim().await;
    yard.let_leases_run_out().await;
    yard.the_next_one_ends(&deployment).await;
}

#[tokio::test]
async fn while_the_registry_is_asked() {
    let yard = Yard::open().await;
    let tag = image("3.0");
    yard.shop.bed.registry.hangs(&tag);
    yard.shop.bed.registry.answers(&tag, Ok(DIGEST));
    let deployment = yard.shop.deploy("3.0").await;
    yard.dies_when(|| !yard.shop.bed.registry.asked().is_empty()).await;
    assert_eq!(yard.shop.look(deployment.id).await.state, State::Resolving);
    yard.the_next_one_ends(&deployment).await;
    assert_eq!(yard.shop.bed.registry.asked().len(), 2);
}

#[tokio::test]
async fn after_the_data_plane_was_told_and_before_that_was_written() {
    let yard = Yard::open().await;
    yard.plane.hangs();
    let deployment = yard.shop.deploy("1.1").await;
    yard.dies_when(|| !yard.plane.applied().is_empty()).await;
    assert_eq!(yard.shop.look(deployment.id).await.state, State::Applying);
    yard.the_next_one_ends(&deployment).await;
    let applied = yard.plane.applied();
    assert_eq!(applied.len(), 2);
    let same = |index: usize| {
        let release = &applied[index];
        (release.deployment_id, release.place.namespace.clone(), release.image.to_string(), release.known_uids.clone())
    };
    assert_eq!(same(0), same(1), "the repeated apply is the same");
}

#[tokio::test]
async fn while_the_rollout_is_followed() {
    let yard = Yard::open().await;
    let rollout = yard.plane.next_rollout();
    rollout.send(Snapshot { ready: 0, available: 0, ..ready() }).unwrap();
    let deployment = yard.shop.deploy("1.1").await;
    yard.dies_when(|| yard.plane.observers() == 1).await;
    assert_eq!(yard.shop.look(deployment.id).await.state, State::RollingOut);
    yard.the_next_one_ends(&deployment).await;
    assert_eq!(yard.plane.applied().len(), 1, "what was applied is not applied again");
}
