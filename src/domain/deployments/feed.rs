//! The feed of live pages: one reader of the `changes` table per process, however many browsers look.

use std::{collections::VecDeque, time::Duration};

use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::changes::Changes;
use crate::{
    domain::{Context, db::Db},
    fetch_all, fetch_one,
};

/// Something about a component changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Change {
    pub sequence: i64,
    pub organization_id: Uuid,
    pub component_id: Uuid,
}

/// PostgreSQL gives sequences out before commit, so a lower one may appear after a higher one: look back this far.
const LOOK_BACK: i64 = 100;

const LAST: &str = "SELECT COALESCE(max(sequence), 0) AS last FROM changes";
const SINCE: &str = "SELECT sequence, organization_id, component_id FROM changes WHERE sequence > $1 ORDER BY sequence LIMIT 1000";

/// Hands changes to whoever listens. Cheap to clone.
#[derive(Clone)]
pub struct Feed(broadcast::Sender<Change>);

impl Default for Feed {
    fn default() -> Self {
        Self(broadcast::Sender::new(1024))
    }
}

impl Feed {
    /// Every change from now on; a listener that lags is told so and reads the rows again.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }

    /// Reads new rows whenever something was committed, here or (with PostgreSQL) by another replica, until shutdown.
    pub async fn run(&self, context: Context, shutdown: CancellationToken) -> Result<(), sqlx::Error> {
        let mut signal = context.changes.listen();
        let mut last = fetch_one!(context.db, (i64,), LAST)?.0;
        let mut seen = VecDeque::new();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                _ = signal.changed() => {}
            }
            let look_back = if matches!(context.db, Db::Postgres(_)) { LOOK_BACK } else { 0 };
            match fetch_all!(context.db, Change, SINCE, last - look_back) {
                Ok(changes) => {
                    for change in changes {
                        last = last.max(change.sequence);
                        if !seen.contains(&change.sequence) {
                            remember(&mut seen, change.sequence);
                            let _ = self.0.send(change); // no listener is no error
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "changes could not be read"),
            }
        }
    }
}

fn remember(seen: &mut VecDeque<i64>, sequence: i64) {
    seen.push_back(sequence);
    if seen.len() > 2 * LOOK_BACK as usize {
        seen.pop_front();
    }
}

/// Turns PostgreSQL's notifications into signals of this process, until shutdown. SQLite has no other process.
pub async fn hear_other_replicas(db: Db, changes: Changes, shutdown: CancellationToken) {
    let Db::Postgres(pool) = db else { return };
    while !shutdown.is_cancelled() {
        let heard = tokio::select! {
            () = shutdown.cancelled() => return,
            heard = hear(&pool, &changes) => heard,
        };
        if let Err(error) = heard {
            tracing::warn!(%error, "the notifications of the database broke off");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn hear(pool: &sqlx::PgPool, changes: &Changes) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("slipway_changes").await?;
    loop {
        listener.recv().await?;
        changes.signal();
    }
}
