//! What tests of verbs stand on: a database of their own, a clock that stands still, and scripted outside systems.
//! On SQLite; on PostgreSQL where SLIPWAY_TEST_DATABASE_URL names a server on which databases may be made.

mod data_plane;
mod database;
mod registry;
mod secrets;
mod shop;

use std::sync::Arc;

use self::database::TestDatabase;
pub(crate) use self::{
    data_plane::{ScriptedDataPlane, applied_objects, ready},
    registry::ScriptedRegistry,
    shop::{HOST, PASSWORD_AT_REGISTRY, Shop, fields, image},
};
use crate::domain::{
    Caller, Context, Origin,
    clock::{FixedClock, SystemEntropy, Time},
    db::Db,
    deployments::changes::Changes,
    organizations::{NewInstallation, create_organization, setup},
    people::{self, Person},
    vault::Vault,
};

pub(crate) const EMAIL: &str = "Ada@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Everything a test of verbs needs; the database goes away with it.
pub(crate) struct TestBed {
    pub(crate) context: Context,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) registry: Arc<ScriptedRegistry>,
    database: TestDatabase,
}

impl TestBed {
    /// An empty installation.
    pub(crate) async fn new() -> Self {
        let (database, db) = TestDatabase::make().await;
        db.migrate().await.unwrap();
        let clock = Arc::new(FixedClock::at(Time(1_790_000_000_000_000)));
        let registry = Arc::new(ScriptedRegistry::default());
        let context = Context {
            db,
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            vault: Arc::new(Vault::new([7; 32])),
            registry_client: registry.clone(),
            changes: Changes::default(),
        };
        Self { context, clock, registry, database }
    }

    /// An installation with its first admin, [`EMAIL`] and [`PASSWORD`], in the organization `acme`.
    pub(crate) async fn set_up() -> (Self, Person) {
        let bed = Self::new().await;
        let person = setup(&bed.context, new_installation(), &origin()).await.unwrap();
        (bed, person)
    }

    /// The first admin as a caller in `acme`.
    pub(crate) async fn with_caller() -> (Self, Caller) {
        let (bed, person) = Self::set_up().await;
        let caller = people::caller(&bed.context, person.id, "acme", origin()).await.unwrap();
        (bed, caller)
    }

    /// The same person as a caller in a second organization, `other-works`.
    pub(crate) async fn other_organization(&self, caller: &Caller) -> Caller {
        let person = people::find(&self.context, caller.person_id).await.unwrap();
        create_organization(&self.context, &person, "Other Works", &origin()).await.unwrap();
        people::caller(&self.context, person.id, "other-works", origin()).await.unwrap()
    }

    /// The same database seen by another process: connections and signals of its own.
    pub(crate) async fn another_process(&self) -> Context {
        let db = Db::open(&self.database.url()).await.unwrap();
        Context { db, changes: Changes::default(), ..self.context.clone() }
    }
}

pub(crate) fn new_installation() -> NewInstallation {
    NewInstallation { email: EMAIL.into(), password: PASSWORD.into(), organization: "Acme".into(), project: "Web Shop".into() }
}

pub(crate) fn origin() -> Origin {
    Origin { address: "192.0.2.7".into(), request_id: "test-request".into() }
}
