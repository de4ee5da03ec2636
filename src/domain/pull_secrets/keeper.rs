//! The keeper: a loop that takes up every secret that is due and makes it what it has to be, a few at a time. One that
//! fails waits for its next try and holds up no other. A crash costs a lease: all of it may be repeated.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    LEASE_SECONDS, note, secret_of,
    store::{self, Claim, Outcome},
};
use crate::domain::{
    Context,
    deployments::data_plane::{ApplyProblem, DataPlane, Place, PullSecret, SecretPlace},
    problem::{Error, Result},
};

/// A look without a signal: for what is due by time, and for what another replica made due.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Secrets taken up at the same time by one process.
const AT_ONCE: usize = 8;
/// Seconds between two tries at most.
const LONGEST_WAIT: i64 = 300;

/// Keeps the pull secrets of one data plane.
#[derive(Clone)]
pub struct Keeper {
    context: Context,
    data_plane: Arc<dyn DataPlane>,
}

impl Keeper {
    pub fn new(context: Context, data_plane: Arc<dyn DataPlane>) -> Self {
        Self { context, data_plane }
    }

    /// Takes back the leases of a process that died. Only where one process owns the database (SQLite).
    pub async fn break_leases(&self) -> Result<()> {
        let mut tx = self.context.db.begin().await?;
        store::break_leases(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps until shutdown, then hands all leases back.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut signal = self.context.changes.listen();
        let mut working = JoinSet::new();
        while !shutdown.is_cancelled() {
            if working.len() < AT_ONCE
                && let Some(claim) = self.claim_if_due().await
            {
                working.spawn(self.clone().keep_until(claim, shutdown.clone()));
                continue; // look for more at once
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                _ = signal.changed() => {}
                Some(_) = working.join_next() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        while working.join_next().await.is_some() {}
    }

    async fn claim_if_due(&self) -> Option<Claim> {
        self.claim().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "pull secrets that are due could not be read");
            None
        })
    }

    async fn keep_until(self, claim: Claim, shutdown: CancellationToken) {
        tokio::select! {
            () = shutdown.cancelled() => {
                if let Err(error) = self.hand_back(&claim).await {
                    tracing::warn!(%error, "a lease of a pull secret could not be handed back; it will run out");
                }
            }
            () = self.keep(&claim) => {}
        }
    }

    /// Takes up the one secret that is due longest; `false` if none is.
    pub async fn step(&self) -> Result<bool> {
        let Some(claim) = self.claim().await? else { return Ok(false) };
        self.keep(&claim).await;
        Ok(true)
    }

    pub(super) async fn claim(&self) -> Result<Option<Claim>> {
        // Another replica may take the row that we saw: then there may be more.
        while store::is_due(&self.context.db).await? {
            let mut tx = self.context.db.begin().await?;
            let claim = store::claim(&mut tx, self.context.new_id(), LEASE_SECONDS).await?;
            tx.commit().await?;
            if claim.is_some() {
                return Ok(claim);
            }
        }
        Ok(None)
    }

    async fn hand_back(&self, claim: &Claim) -> Result<()> {
        let mut tx = self.context.db.begin().await?;
        store::hand_back(&mut tx, claim.key, claim.lease_owner).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a claimed secret what it has to be, or notes why it is not. What can't even be noted waits for the lease to
    /// run out.
    pub(super) async fn keep(&self, claim: &Claim) {
        let kept = match self.make_right(claim).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(problem)) => self.note_problem(claim, &problem.to_string()).await,
            Err(error) => {
                tracing::error!(registry = %claim.key.registry_id, %error, "a pull secret could not be kept");
                self.note_problem(claim, "Something went wrong on our side; the console's log says what.").await
            }
        };
        if let Err(error) = kept {
            tracing::error!(registry = %claim.key.registry_id, %error, "nor could that be noted");
        }
    }

    /// The outer error is our own, the inner one the data plane's.
    async fn make_right(&self, claim: &Claim) -> Result<Result<(), ApplyProblem>> {
        let registry = store::registry(&self.context.db, claim.organization_id, claim.key.registry_id).await?.ok_or(Error::NotFound)?;
        let place = self.place(claim).await?;
        if !store::is_used(&self.context.db, claim.key).await? {
            return self.remove_unused(claim, &place).await;
        }
        let version = registry.credential_version;
        let Some(secret) = secret_of(&self.context, claim.organization_id, claim.key.registry_id, registry)? else {
            return self.remove(claim, &place, version).await;
        };
        self.bring(claim, &place, &secret).await
    }

    /// Also where nothing seems to have changed: an apply is how drift is found, and changes nothing without any.
    async fn bring(&self, claim: &Claim, place: &SecretPlace, secret: &PullSecret) -> Result<Result<(), ApplyProblem>> {
        let applied = match self.data_plane.apply_pull_secret(place, secret).await {
            Ok(applied) => applied,
            Err(problem) => return Ok(Err(problem)),
        };
        let is_new = claim.applied_version != secret.version;
        count(match (applied.changed, is_new) {
            (true, false) => "repaired",
            (true, true) => "applied",
            (false, _) => "unchanged",
        });
        let applied_at = claim.applied_at.filter(|_| !applied.changed && !is_new).unwrap_or_else(|| self.context.now());
        let outcome = Outcome { uid: Some(applied.uid), version: secret.version, applied_at: Some(applied_at) };
        note(&self.context, claim.key, claim.lease_owner, &outcome).await?;
        Ok(Ok(()))
    }

    async fn place(&self, claim: &Claim) -> Result<SecretPlace> {
        let namespace = store::namespace(&self.context.db, claim.key).await?.ok_or(Error::NotFound)?;
        let place = Place {
            organization_id: claim.organization_id,
            project_id: claim.key.project_id,
            environment_id: claim.key.environment_id,
            namespace,
        };
        Ok(SecretPlace { place, registry_id: claim.key.registry_id, known_uid: claim.uid.clone() })
    }

    /// The registry gives its credential up, but pods still list the secret: the row waits for a new credential.
    async fn remove(&self, claim: &Claim, place: &SecretPlace, version: i64) -> Result<Result<(), ApplyProblem>> {
        if let Err(problem) = self.data_plane.remove_pull_secret(place).await {
            return Ok(Err(problem));
        }
        count("removed");
        note(&self.context, claim.key, claim.lease_owner, &Outcome { uid: None, version, applied_at: None }).await?;
        Ok(Ok(()))
    }

    /// Nothing pulls with it any more: secret and row go. A use that begins meanwhile gets both back at once.
    async fn remove_unused(&self, claim: &Claim, place: &SecretPlace) -> Result<Result<(), ApplyProblem>> {
        if let Err(problem) = self.data_plane.remove_pull_secret(place).await {
            return Ok(Err(problem));
        }
        count("removed");
        let mut tx = self.context.db.begin().await?;
        if !store::delete_unused(&mut tx, claim.key, claim.lease_owner).await? {
            store::make_due(&mut tx, claim.key).await?;
        }
        tx.commit().await?;
        Ok(Ok(()))
    }

    async fn note_problem(&self, claim: &Claim, problem: &str) -> Result<()> {
        count("failed");
        tracing::warn!(registry = %claim.key.registry_id, problem, "a pull secret is not what it has to be; it is tried again");
        let mut tx = self.context.db.begin().await?;
        if !store::note_problem(&mut tx, claim.key, claim.lease_owner, problem, backoff(claim.attempts)).await? {
            store::make_due(&mut tx, claim.key).await?;
        }
        Ok(tx.commit().await?)
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("slipway_pull_secrets_total", "outcome" => outcome).increment(1);
}

/// Seconds until the next try: 1, 2, 4, ... at most [`LONGEST_WAIT`].
fn backoff(attempts: i32) -> i64 {
    (1_i64 << attempts.clamp(0, 30)).min(LONGEST_WAIT)
}
