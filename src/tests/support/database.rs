//! A database for one test, gone with it: a SQLite file, or a database on the PostgreSQL server that the environment names.

use std::sync::atomic::{AtomicU32, Ordering};

use slipway::domain::db::Db;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use super::environment;

static MADE: AtomicU32 = AtomicU32::new(0);

/// An empty database with this version's tables.
pub(crate) struct TestDatabase {
    pub(crate) db: Db,
    _home: Home,
}

enum Home {
    Folder { _folder: TempDir },
    Server(OnServer),
}

impl TestDatabase {
    pub(crate) async fn new() -> Self {
        match environment::database_url() {
            Some(server) => Self::on_postgres(&server).await,
            None => Self::on_sqlite().await,
        }
    }

    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("slipway.db").display());
        Self::open(&url, Home::Folder { _folder: folder }).await
    }

    pub(crate) async fn on_postgres(server: &str) -> Self {
        let name = format!("slipway_test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        run(server, format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(server).unwrap();
        url.set_path(&name);
        Self::open(url.as_str(), Home::Server(OnServer { server: server.to_owned(), name })).await
    }

    async fn open(url: &str, home: Home) -> Self {
        let db = Db::open(url).await.unwrap();
        db.migrate().await.unwrap();
        Self { db, _home: home }
    }
}

struct OnServer {
    server: String,
    name: String,
}

impl Drop for OnServer {
    /// On a thread of its own: the test's runtime may be the one that is being dropped.
    fn drop(&mut self) {
        let (server, sql) = (self.server.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let dropping = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(&server, sql));
        });
        if dropping.join().is_err() {
            eprintln!("{} was not dropped", self.name);
        }
    }
}

async fn run(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}
