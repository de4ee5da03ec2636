//! The database: SQLite or PostgreSQL behind one enum, one SQL text for both, and the migrations.
//! Contexts keep their statements in their own `store.rs`; no SQL lives here but the instance's own.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt as _, path::Path, str::FromStr, time::Duration};

use anyhow::Context as _;
use sqlx::{
    PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// The database's two kinds of handle under one name, for the statement macros.
pub enum Handle<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// A pool of connections. SQLite has one writer and many readers, so that a write never finds the file busy.
#[derive(Clone)]
pub enum Db {
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    Postgres(PgPool),
}

/// A transaction; rolled back when dropped.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// All rows of a statement: `fetch_all!(db or &mut tx, RowType, SQL, bound, ...)`.
#[macro_export]
macro_rules! fetch_all {
    ($on:expr, $row:ty, $sql:expr $(, $bound:expr)* $(,)?) => {
        match $on.handle() {
            $crate::domain::db::Handle::Sqlite(on) => sqlx::query_as::<_, $row>($sql)$(.bind($bound))*.fetch_all(on).await,
            $crate::domain::db::Handle::Postgres(on) => sqlx::query_as::<_, $row>($sql)$(.bind($bound))*.fetch_all(on).await,
        }
    };
}

/// The first row of a statement, if any.
#[macro_export]
macro_rules! fetch_optional {
    ($on:expr, $row:ty, $sql:expr $(, $bound:expr)* $(,)?) => {
        match $on.handle() {
            $crate::domain::db::Handle::Sqlite(on) => sqlx::query_as::<_, $row>($sql)$(.bind($bound))*.fetch_optional(on).await,
            $crate::domain::db::Handle::Postgres(on) => sqlx::query_as::<_, $row>($sql)$(.bind($bound))*.fetch_optional(on).await,
        }
    };
}

/// The one row of a statement.
#[macro_export]
macro_rules! fetch_one {
    ($on:expr, $row:ty, $sql:expr $(, $bound:expr)* $(,)?) => {
        match $on.handle() {
            $crate::domain::db::Handle::Sqlite(on) => sqlx::query_as::<_, $row>($sql)$(.bind($bound))*.fetch_one(on).await,
            $crate::domain::db::Handle::Postgres(on) => sqlx::query_as::<_, $row>($sql)$(.bind($bound))*.fetch_one(on).await,
        }
    };
}

/// Runs a statement in a transaction; gives the number of rows it changed.
#[macro_export]
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $bound:expr)* $(,)?) => {
        match $tx.handle() {
            $crate::domain::db::Handle::Sqlite(on) => sqlx::query($sql)$(.bind($bound))*.execute(on).await.map(|done| done.rows_affected()),
            $crate::domain::db::Handle::Postgres(on) => sqlx::query($sql)$(.bind($bound))*.execute(on).await.map(|done| done.rows_affected()),
        }
    };
}

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

impl Db {
    /// Opens `postgres://...`, or `sqlite:PATH` (made if missing, readable by its owner only).
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("postgres") {
            let options = PgConnectOptions::from_str(url)?.application_name("slipway");
            let pool = PgPoolOptions::new().max_connections(20).acquire_timeout(Duration::from_secs(10)).connect_with(options).await?;
            return Ok(Self::Postgres(pool));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .optimize_on_close(true, None);
        // SQLite gives the journal beside it the same mode.
        for_its_owner().create(true).truncate(false).open(options.get_filename())?;
        // The writer first: it makes the file and switches it to WAL before a reader looks.
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let readers = SqlitePoolOptions::new().max_connections(8).connect_with(options.read_only(true)).await?;
        Ok(Self::Sqlite { readers, writer })
    }

    /// The pool to read from.
    pub fn handle(&self) -> Handle<&SqlitePool, &PgPool> {
        match self {
            Self::Sqlite { readers, .. } => Handle::Sqlite(readers),
            Self::Postgres(pool) => Handle::Postgres(pool),
        }
    }

    /// Starts a transaction that writes (`BEGIN IMMEDIATE` on SQLite).
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Brings the tables to this binary's version, under a lock; refuses a database that is newer than the binary.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { writer, .. } => SQLITE.run(writer).await,
            Self::Postgres(pool) => POSTGRES.run(pool).await,
        }
        .map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => {
                anyhow::anyhow!("the database is newer than this binary (it has migration {version}); start the newer version")
            }
            other => anyhow::Error::new(other).context("the database could not be migrated"),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        fetch_one!(self, (i64,), "SELECT CAST(1 AS BIGINT)").map(drop)
    }

    /// Writes a consistent copy of a SQLite database into a new file, readable by its owner only.
    pub async fn backup(&self, to: &Path) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { writer, .. } => {
                let name = to.to_str().ok_or_else(|| anyhow::anyhow!("the file name is not UTF-8"))?;
                for_its_owner().create_new(true).open(to).with_context(|| format!("{name} can't be made"))?;
                sqlx::query("VACUUM INTO $1").bind(name).execute(writer).await?;
                Ok(())
            }
            Self::Postgres(_) => anyhow::bail!("the database is PostgreSQL; use pg_dump for a backup"),
        }
    }

    /// Ends all connections; SQLite folds its journal into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A file that only its owner reads and writes, for it holds what people must not see of each other.
fn for_its_owner() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

impl Tx {
    /// The connection that is inside the transaction.
    pub fn handle(&mut self) -> Handle<&mut SqliteConnection, &mut PgConnection> {
        match self {
            Self::Sqlite(tx) => Handle::Sqlite(tx),
            Self::Postgres(tx) => Handle::Postgres(tx),
        }
    }

    /// Makes the changes durable.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn the_files_are_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("slipway.db").display())).await.unwrap();
        db.migrate().await.unwrap();
        db.backup(&folder.path().join("copy.db")).await.unwrap();
        for name in ["slipway.db", "slipway.db-wal", "copy.db"] {
            let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        assert!(db.backup(&folder.path().join("copy.db")).await.is_err(), "a backup never replaces a file");
        let copy = Db::open(&format!("sqlite:{}", folder.path().join("copy.db").display())).await.unwrap();
        copy.migrate().await.unwrap();
    }
}
