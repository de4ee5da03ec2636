//! The worker: the one writer of deployment states. It claims a queued deployment with a lease, takes it one state further at
//! a time, and hands the lease back. A crash at any moment costs only the lease's time: every step may be repeated.

mod queue;
mod steps;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use self::queue::Claim;
use super::data_plane::DataPlane;
use crate::domain::{Context, problem::Result};

/// How long a lease holds without being renewed; by the database's clock.
const LEASE_SECONDS: i64 = 15;
/// A worker whose renewals fail stops this long after the last good one: before another may claim.
const SURE_FOR: Duration = Duration::from_secs(LEASE_SECONDS as u64 - 4);
/// A rollout is looked at for at least this long, even if the console was down past its deadline.
const LEAST_LOOK: Duration = Duration::from_secs(30);
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// Changes within this time are looked at together, while a deployment is followed.
const TOGETHER: Duration = Duration::from_millis(100);
/// A look at the queue without a signal: for deployments that wait for their next try, and for leases that ran out.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Deployments followed at the same time by one process.
const AT_ONCE: usize = 64;

/// What a step made of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It stands in its next state and can go on at once.
    Further,
    /// It waits for its next try; the lease is handed back.
    Later,
    /// It has ended, or another process or person took it over.
    Ended,
}

/// Works the queue for one data plane.
#[derive(Clone)]
pub struct Worker {
    context: Context,
    data_plane: Arc<dyn DataPlane>,
    renew_every: Duration,
    least_look: Duration,
}

impl Worker {
    pub fn new(context: Context, data_plane: Arc<dyn DataPlane>) -> Self {
        Self { context, data_plane, renew_every: RENEW_EVERY, least_look: LEAST_LOOK }
    }

    /// Takes back the leases of a process that died. Only where one process owns the database (SQLite).
    pub async fn break_leases(&self) -> Result<()> {
        queue::break_leases(&self.context).await
    }

    /// Works until shutdown, then hands all leases back.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut signal = self.context.changes.listen();
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut working = JoinSet::new();
        while !shutdown.is_cancelled() {
            while working.try_join_next().is_some() {}
            match self.claim_if_free(&places).await {
                Ok(Some((claim, place))) => {
                    let (worker, shutdown) = (self.clone(), shutdown.clone());
                    working.spawn(async move {
                        tokio::select! {
                            () = shutdown.cancelled() => {}
                            () = worker.follow(&claim) => {}
                        }
                        worker.hand_back(&claim).await;
                        drop(place);
                    });
                    continue; // look for more at once
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the queue could not be read"),
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                _ = signal.changed() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        while working.join_next().await.is_some() {}
    }

    async fn claim_if_free(&self, places: &Arc<Semaphore>) -> Result<Option<(Claim, tokio::sync::OwnedSemaphorePermit)>> {
        let Ok(place) = places.clone().try_acquire_owned() else { return Ok(None) };
        Ok(self.claim().await?.map(|claim| (claim, place)))
    }

    /// Claims the deployment that waits longest. Every claim is an owner of its own, so that one that was lost to this
    /// very process writes nothing either.
    pub async fn claim(&self) -> Result<Option<Claim>> {
        queue::claim(&self.context, self.context.new_id()).await
    }

    /// Takes a claimed deployment as far as it goes, while its lease is renewed.
    async fn follow(&self, claim: &Claim) {
        tokio::select! {
            () = self.steps(claim) => {}
            () = self.until_lost(claim) => {}
        }
    }

    async fn steps(&self, claim: &Claim) {
        loop {
            match self.step(claim).await {
                Ok(Step::Further) => {}
                Ok(Step::Later | Step::Ended) => return,
                Err(error) => {
                    tracing::error!(deployment = %claim.id, %error, "a step of a deployment failed");
                    if let Err(error) = self.stumbled(claim).await {
                        tracing::error!(deployment = %claim.id, %error, "nor could that be noted");
                    }
                    return;
                }
            }
        }
    }

    /// Renews the lease until it is lost: the deployment was cancelled, superseded, or claimed by another process.
    async fn until_lost(&self, claim: &Claim) {
        let mut signal = self.context.changes.listen();
        let mut renewal = tokio::time::interval(self.renew_every); // not a sleep: signals would put it off
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sure_until = Instant::now() + SURE_FOR;
        while Instant::now() < sure_until {
            let renews = tokio::select! {
                _ = renewal.tick() => true,
                _ = signal.changed() => {
                    // Of many changes at once, each worker under way would look as many times.
                    tokio::time::sleep(TOGETHER).await;
                    signal.mark_unchanged();
                    false
                }
            };
            let asked = Instant::now();
            let ask = async { if renews { queue::renew(&self.context, claim).await } else { queue::holds(&self.context, claim).await } };
            match tokio::time::timeout_at(sure_until, ask).await {
                Ok(Ok(true)) if renews => sure_until = asked + SURE_FOR,
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => return,
                Ok(Err(error)) => tracing::warn!(deployment = %claim.id, %error, "a lease could not be renewed"),
                Err(_) => tracing::warn!(deployment = %claim.id, "a lease was not renewed in time: another worker may go on with it"),
            }
        }
    }

    pub(in crate::domain) async fn hand_back(&self, claim: &Claim) {
        if let Err(error) = queue::hand_back(&self.context, claim).await {
            tracing::warn!(deployment = %claim.id, %error, "a lease could not be handed back; it will run out");
        }
    }
}
