//! The feed of live pages: one reader of the `changes` table per process, however many browsers look.

use std::{collections::VecDeque, time::Duration};

use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::changes::Changes;
use crate::{
    domain::{Context, db::Db},
    fetch_all,
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

/// Rows read at once.
const BATCH: usize = 1000;
/// Between two tries to read when the database does not answer.
const READ_AGAIN: Duration = Duration::from_secs(1);

const NEWEST: &str = "SELECT sequence FROM changes ORDER BY sequence DESC LIMIT $1";
const SINCE: &str = "SELECT sequence, organization_id, component_id FROM changes WHERE sequence > $1 ORDER BY sequence LIMIT $2";

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
    pub async fn run(&self, context: Context, shutdown: CancellationToken) {
        let mut signal = context.changes.listen();
        let mut reader = loop {
            match Reader::start(&context.db).await {
                Ok(reader) => break reader,
                Err(error) => tracing::warn!(%error, "changes could not be read"),
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(READ_AGAIN) => {}
            }
        };
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = signal.changed() => {}
            }
            match reader.batch(&context.db).await {
                Ok(batch) => {
                    if batch.len() == BATCH {
                        signal.mark_changed(); // there may be more
                    }
                    for change in batch.into_iter().filter(|change| reader.is_news(change.sequence)) {
                        let _ = self.0.send(change); // no listener is no error
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "changes could not be read");
                    let _ = tokio::time::timeout(READ_AGAIN, shutdown.cancelled()).await;
                    signal.mark_changed();
                }
            }
        }
    }
}

/// How far the rows were read.
struct Reader {
    last: i64,
    /// Sequences not to be told again, those within [`LOOK_BACK`] in any case.
    seen: VecDeque<i64>,
}

impl Reader {
    /// Begins behind the rows that are there.
    async fn start(db: &Db) -> Result<Self, sqlx::Error> {
        let newest = fetch_all!(db, (i64,), NEWEST, LOOK_BACK)?;
        let seen: VecDeque<i64> = newest.into_iter().rev().map(|(sequence,)| sequence).collect();
        Ok(Self { last: seen.back().copied().unwrap_or(0), seen })
    }

    async fn batch(&self, db: &Db) -> Result<Vec<Change>, sqlx::Error> {
        let look_back = if matches!(db, Db::Postgres(_)) { LOOK_BACK } else { 0 };
        fetch_all!(db, Change, SINCE, self.last - look_back, BATCH as i64)
    }

    /// True the first time.
    fn is_news(&mut self, sequence: i64) -> bool {
        self.last = self.last.max(sequence);
        if self.seen.contains(&sequence) {
            return false;
        }
        self.seen.push_back(sequence);
        if self.seen.len() > 2 * LOOK_BACK as usize {
            self.seen.pop_front();
        }
        true
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
        let _ = tokio::time::timeout(READ_AGAIN, shutdown.cancelled()).await;
    }
}

async fn hear(pool: &sqlx::PgPool, changes: &Changes) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("slipway_changes").await?;
    loop {
        changes.signal(); // at first too, and when the connection was lost and made again: something may have been missed
        listener.try_recv().await?;
    }
}

#[cfg(test)]
mod tests;
