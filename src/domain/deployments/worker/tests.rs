//! Tests of the queue and the worker, step by step against scripted outside systems, on both databases.

mod crashes;
mod endings;
mod leases;
mod orders;
mod races;
mod running;
mod steps;
mod tasks;

use uuid::Uuid;

use super::*;
use crate::{
    domain::{
        deployments::{Deployment, State},
        testing::{ScriptedDataPlane, Shop, image},
    },
    execute, fetch_all, fetch_one,
};

const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER_DIGEST: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

const LEASE: &str = "SELECT lease_owner, lease_until FROM deployments WHERE id = $1";

/// A shop, its data plane, and a worker for both.
struct Yard {
    shop: Shop,
    plane: Arc<ScriptedDataPlane>,
    worker: Worker,
}

impl Yard {
    /// The registry knows the greeter's tags 1.1 and 1.2.
    async fn open() -> Self {
        let shop = Shop::open().await;
        let plane = Arc::<ScriptedDataPlane>::default();
        let worker = Worker::new(shop.context().clone(), plane.clone());
        Self { shop, plane, worker }.knowing("1.1", DIGEST).knowing("1.2", OTHER_DIGEST)
    }

    fn knowing(self, tag: &str, digest: &str) -> Self {
        self.shop.bed.registry.answers(&image(tag), Ok(digest));
        self
    }

    /// Another worker on the same queue, as another process or the next start has.
    fn another_worker(&self) -> Worker {
        Worker::new(self.shop.context().clone(), self.plane.clone())
    }

    async fn claim(&self) -> Claim {
        self.worker.claim().await.unwrap().expect("a deployment waits")
    }

    async fn nothing_to_claim(&self) -> bool {
        self.worker.claim().await.unwrap().is_none()
    }

    /// One step, a second after the one before.
    async fn step(&self, claim: &Claim) -> Step {
        self.shop.bed.clock.advance(1);
        self.worker.step(claim).await.unwrap()
    }

    /// Steps until the deployment stands in a state.
    async fn step_until(&self, claim: &Claim, state: State) {
        while self.shop.look(claim.id).await.state != state {
            assert_eq!(self.step(claim).await, Step::Further, "on the way to {state:?}");
        }
    }

    /// Deploys a tag and leads it as far as a state.
    async fn deploy_until(&self, tag: &str, state: State) -> (Deployment, Claim) {
        let deployment = self.shop.deploy(tag).await;
        let claim = self.claim().await;
        assert_eq!(claim.id, deployment.id);
        self.step_until(&claim, state).await;
        (self.shop.look(deployment.id).await, claim)
    }

    /// Deploys a tag that becomes Active.
    async fn deploy_well(&self, tag: &str) -> Deployment {
        let (deployment, claim) = self.deploy_until(tag, State::RollingOut).await;
        self.plane.shows([crate::domain::testing::ready()]);
        assert_eq!(self.step(&claim).await, Step::Ended);
        self.shop.look(deployment.id).await
    }

    /// Claims again, when the time of a postponed try has come.
    async fn claim_when_due(&self, claim: Claim) -> Claim {
        self.worker.hand_back(&claim).await;
        assert!(self.nothing_to_claim().await, "the next try waits");
        self.sql("UPDATE deployments SET not_before = 0").await;
        self.claim().await
    }

    /// As if the lease's time had passed.
    async fn let_leases_run_out(&self) {
        self.sql("UPDATE deployments SET lease_until = (SELECT now FROM database_clock) - 1 WHERE lease_until > 0").await;
    }

    async fn sql(&self, statement: &'static str) {
        let mut tx = self.shop.context().db.begin().await.unwrap();
        execute!(tx, statement).unwrap();
        tx.commit().await.unwrap();
    }

    async fn lease(&self, id: Uuid) -> (Option<Uuid>, i64) {
        fetch_one!(self.shop.context().db, (Option<Uuid>, i64), LEASE, id).unwrap()
    }

    /// Polls until the deployment stands in a state; fails the test that waits too long.
    async fn wait_for(&self, id: Uuid, state: State) {
        eventually(|| async { self.shop.look(id).await.state == state }).await;
    }
}

/// Polls a condition for at most ten seconds.
async fn eventually<F: Future<Output = bool>>(condition: impl FnMut() -> F) {
    eventually_within(Duration::from_secs(10), condition).await;
}

async fn eventually_within<F: Future<Output = bool>>(limit: Duration, mut condition: impl FnMut() -> F) {
    let polling = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(limit, polling).await.expect("it comes true in time");
}
