//! The remover: a loop that takes what is left of deleted components off the data planes, a few at a time. A removal is
//! repeated until nothing is left, waits where a data plane does not answer, and then ends with the component's rows.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    erase,
    store::{self, Claim, Waiting},
};
use crate::domain::{
    Context, Origin, audit,
    components::{Component, store as components},
    deployments::{
        self,
        data_plane::{DataPlane, ObjectName, Place},
    },
    organizations,
    problem::Result,
};

/// A removal whose owner does not come back is free again after this long: longer than a try may take.
const LEASE_SECONDS: i64 = 120;
const TRY_LIMIT: Duration = Duration::from_secs(100);
/// A look without a signal: for what waits for its next try, and for what another replica queued.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Removals worked on at the same time by one process.
const AT_ONCE: usize = 8;
/// Seconds between two tries at most: while a data plane does not answer, and while its objects end.
const LONGEST_WAIT: i64 = 60;
const LONGEST_LOOK: i64 = 5;
/// Objects that are still there after so many looks (about five minutes) may never end by themselves.
const PATIENCE: i32 = 60;
const OUR_FAULT: &str = "Something went wrong on our side; the console's log says what.";

/// Removes deleted components from one data plane.
#[derive(Clone)]
pub struct Remover {
    context: Context,
    data_plane: Arc<dyn DataPlane>,
}

impl Remover {
    pub fn new(context: Context, data_plane: Arc<dyn DataPlane>) -> Self {
        Self { context, data_plane }
    }

    /// Takes back the leases of a process that died. Only where one process owns the database (SQLite).
    pub async fn break_leases(&self) -> Result<()> {
        let mut tx = self.context.db.begin().await?;
        store::break_leases(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Removes until shutdown, then hands all leases back.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut signal = self.context.changes.listen();
        let mut working = JoinSet::new();
        while !shutdown.is_cancelled() {
            if working.len() < AT_ONCE
                && let Some(claim) = self.claim_if_due().await
            {
                working.spawn(self.clone().remove_until(claim, shutdown.clone()));
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
            tracing::warn!(%error, "removals that are due could not be read");
            None
        })
    }

    async fn remove_until(self, claim: Claim, shutdown: CancellationToken) {
        tokio::select! {
            () = shutdown.cancelled() => {
                if let Err(error) = self.hand_back(&claim).await {
                    tracing::warn!(%error, "a lease of a removal could not be handed back; it will run out");
                }
            }
            () = self.work(&claim) => {}
        }
    }

    /// Works on the one removal that is due longest; `false` if none is.
    pub async fn step(&self) -> Result<bool> {
        let Some(claim) = self.claim().await? else { return Ok(false) };
        self.work(&claim).await;
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
        store::hand_back(&mut tx, claim).await?;
        Ok(tx.commit().await?)
    }

    /// Goes one step on with a claimed removal, or notes why not. What can't even be noted waits for the lease to run out.
    pub(super) async fn work(&self, claim: &Claim) {
        let worked = match self.remove(claim).await {
            Ok(()) => Ok(()),
            Err(error) => {
                tracing::error!(component = %claim.component_id, %error, "a deleted component could not be removed");
                self.wait(claim, failed(claim, OUR_FAULT.into())).await
            }
        };
        if let Err(error) = worked {
            tracing::error!(component = %claim.component_id, %error, "nor could that be noted");
        }
    }

    async fn remove(&self, claim: &Claim) -> Result<()> {
        let Claim { organization_id, project_id, environment_id, .. } = *claim;
        let namespace = organizations::stored_namespace(&self.context, organization_id, project_id, environment_id).await?;
        let Some(namespace) = namespace else { return self.end(claim).await }; // nothing ever went there
        let place = Place { organization_id, project_id, environment_id, namespace };
        match tokio::time::timeout(TRY_LIMIT, self.data_plane.remove(&place, claim.component_id)).await {
            Ok(Ok(left)) if left.is_empty() => self.end(claim).await,
            Ok(Ok(left)) => self.wait(claim, looked(claim, left)).await,
            Ok(Err(problem)) => self.wait(claim, failed(claim, format!("{}.", problem.to_string().trim_end_matches('.')))).await,
            Err(_) => self.wait(claim, failed(claim, "The data plane did not finish the removal in time.".into())).await,
        }
    }

    async fn wait(&self, claim: &Claim, waiting: Waiting) -> Result<()> {
        let mut tx = self.context.db.begin().await?;
        if store::postpone(&mut tx, claim, &waiting).await? {
            deployments::announce(&self.context, &mut tx, claim.organization_id, claim.component_id).await?;
        }
        tx.commit().await?;
        self.context.changes.signal();
        Ok(())
    }

    /// Nothing is left in this environment; with the last one the component's rows go too.
    async fn end(&self, claim: &Claim) -> Result<()> {
        let component = components::get(&self.context.db, claim.organization_id, claim.component_id).await?;
        let Some(component) = component else { return Ok(()) }; // forgotten meanwhile
        if store::remaining_now(&self.context.db, component.id).await? == 1 {
            store::delete_events(&self.context, component.id).await?; // they may be many: not in one transaction
        }
        let mut tx = self.context.db.begin().await?;
        if !store::lock(&mut tx, component.id).await? || !store::done(&mut tx, claim).await? {
            return Ok(()); // forgotten meanwhile, or the lease is lost
        }
        deployments::announce(&self.context, &mut tx, component.organization_id, component.id).await?;
        if store::remaining(&mut tx, component.id).await? == 0 {
            erase(&mut tx, &component).await?;
            self.tell(&mut tx, &component).await?;
        }
        tx.commit().await?;
        self.context.changes.signal();
        Ok(())
    }

    async fn tell(&self, tx: &mut crate::domain::db::Tx, component: &Component) -> Result<()> {
        let entry = audit::Entry {
            organization_id: component.organization_id,
            actor: "system",
            origin: &Origin::default(),
            action: "component.removed",
            target_kind: "component",
            target_id: Some(component.id),
            target_name: &component.name,
            detail: json!({ "image": component.image.to_string() }),
        };
        audit::write(&self.context, tx, entry).await
    }
}

/// It could be looked at, and something is still there.
fn looked(claim: &Claim, left: Vec<ObjectName>) -> Waiting {
    let looks = claim.looks.saturating_add(1);
    let is_stuck = looks > PATIENCE;
    let seconds = backoff(claim.looks, if is_stuck { LONGEST_WAIT } else { LONGEST_LOOK });
    Waiting { waits_for: still_there(&left), is_stuck, looks, still_there: Some(left), seconds }
}

/// It could not be looked at.
fn failed(claim: &Claim, why: String) -> Waiting {
    let seconds = backoff(claim.attempts, LONGEST_WAIT);
    Waiting { waits_for: why, is_stuck: true, looks: claim.looks, still_there: None, seconds }
}

/// `Still there: Deployment greeter, Pod greeter-5d8f-x2x4z and 3 more.`
fn still_there(left: &[ObjectName]) -> String {
    const NAMED: usize = 4;
    let names: Vec<_> = left.iter().take(NAMED).map(|object| format!("{} {}", object.kind, object.name)).collect();
    let more = match left.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Still there: {}{more}.", names.join(", "))
}

/// Seconds until the next try: 1, 2, 4, ... at most `longest`.
fn backoff(attempts: i32, longest: i64) -> i64 {
    (1_i64 << attempts.clamp(0, 30)).min(longest)
}
