//! Checks of saved registries: asked for, and on their own every few hours. Each outcome is noted in the row of the
//! credential that it is about.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Registry, access, by_nodes,
    client::{CheckReport, RegistryProblem},
    store,
};
use crate::domain::{Context, problem::Result};

/// Between two checks of a registry that answered well: five hours, with an hour of jitter either way, so that the
/// registries of a console are not all asked at once.
const EVERY_SECONDS: i64 = 5 * 3600;
const JITTER_SECONDS: i64 = 3600;
/// After a problem that may pass.
const AGAIN_SECONDS: i64 = 15 * 60;
/// A look at what is due without a signal.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// Registries asked at the same time by one process.
const AT_ONCE: usize = 4;

/// Tries a registry and notes the outcome.
pub(super) async fn check(context: &Context, registry: &Registry) -> Result<Result<CheckReport, RegistryProblem>> {
    if registry.authentication.is_by_nodes() {
        return Err(by_nodes(&registry.host));
    }
    let access = access(context, registry.organization_id, registry.id).await?;
    let outcome = context.registry_client.check(&access, registry.test_repository.as_deref()).await;
    let next = match &outcome {
        Err(problem) if problem.may_pass() => AGAIN_SECONDS,
        _ => EVERY_SECONDS + jitter(context),
    };
    let mut tx = context.db.begin().await?;
    store::note_check(&mut tx, registry, context.now(), &outcome, next).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Seconds from -[`JITTER_SECONDS`] to +[`JITTER_SECONDS`].
fn jitter(context: &Context) -> i64 {
    let mut bytes = [0; 4];
    context.entropy.fill(&mut bytes);
    i64::from(u32::from_le_bytes(bytes)) % (2 * JITTER_SECONDS + 1) - JITTER_SECONDS
}

/// A registry whose check is due and that this process took.
#[derive(Debug, sqlx::FromRow)]
pub struct Due {
    pub id: Uuid,
    organization_id: Uuid,
}

/// Takes a registry whose check is due, if there is one. Whoever takes it puts its next check off in the same statement,
/// so that of several replicas one asks.
pub async fn claim(context: &Context) -> Result<Option<Due>> {
    // A look costs no write. Another replica may take the registry that we saw: then there may be more.
    while store::is_check_due(&context.db).await? {
        let mut tx = context.db.begin().await?;
        let due = store::claim_check(&mut tx, AGAIN_SECONDS).await?;
        tx.commit().await?;
        if due.is_some() {
            return Ok(due);
        }
    }
    Ok(None)
}

/// Checks a registry that was taken.
pub async fn check_due(context: &Context, due: &Due) -> Result<()> {
    if let Some(registry) = store::find(&context.db, due.organization_id, due.id).await? {
        let _told_by_its_row = check(context, &registry).await?;
    }
    Ok(())
}

/// Checks what is due until shutdown.
pub async fn run(context: Context, shutdown: CancellationToken) {
    let mut signal = context.changes.listen();
    let mut checking = JoinSet::new();
    while !shutdown.is_cancelled() {
        while checking.len() < AT_ONCE {
            match claim(&context).await {
                Ok(Some(due)) => checking.spawn(check_and_log(context.clone(), due)),
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "the registries that are due could not be read");
                    break;
                }
            };
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            _ = checking.join_next(), if !checking.is_empty() => {}
            _ = signal.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn check_and_log(context: Context, due: Due) {
    if let Err(error) = check_due(&context, &due).await {
        tracing::warn!(registry = %due.id, %error, "a registry could not be checked");
    }
}
