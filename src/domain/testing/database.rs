//! A fresh database for one test, and its end.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

use crate::domain::{
    clock::{Entropy as _, SystemEntropy},
    db::Db,
};

/// A database that goes away when it is dropped.
pub(super) enum TestDatabase {
    Sqlite(TempDir),
    Postgres { server: Url, name: String },
}

impl TestDatabase {
    pub(super) async fn make() -> (Self, Db) {
        #[expect(clippy::disallowed_methods, reason = "config.rs knows nothing of tests")]
        let made = match std::env::var("SLIPWAY_TEST_DATABASE_URL") {
            Ok(server) if !server.is_empty() => Self::on_postgres(server.parse().unwrap()).await,
            _ => Self::Sqlite(tempfile::tempdir().unwrap()),
        };
        let db = Db::open(&made.url()).await.unwrap();
        (made, db)
    }

    async fn on_postgres(server: Url) -> Self {
        let mut random = [0; 16];
        SystemEntropy.fill(&mut random);
        let name = format!("slipway_test_{}", Uuid::from_bytes(random).simple());
        run(&server, format!("CREATE DATABASE {name}")).await;
        Self::Postgres { server, name }
    }

    /// As [`Db::open`] takes it.
    pub(super) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("test.db").display()),
            Self::Postgres { server, name } => {
                let mut url = server.clone();
                url.set_path(name);
                url.into()
            }
        }
    }
}

impl Drop for TestDatabase {
    /// On a thread with a runtime of its own: a destructor can't wait in the test's.
    fn drop(&mut self) {
        let Self::Postgres { server, name } = self else { return };
        let (server, statement) = (server.clone(), format!("DROP DATABASE {name} WITH (FORCE)"));
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&server, statement));
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            panic!("the test's database could not be dropped");
        }
    }
}

async fn run(server: &Url, statement: String) {
    let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
