//! The application under test: the real service and domain on a database of its own, with a data plane in memory.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::Router;
use slipway::{
    config::{Config, Egress},
    domain::{
        Context, Origin,
        clock::{Clock, SystemClock, SystemEntropy, Time},
        components::Remover,
        deployments::{changes::Changes, data_plane::DataPlane, feed::Feed, worker::Worker},
        organizations::{self, NewInstallation, SetupGate},
        people::Person,
        pull_secrets::Keeper,
        registries::TagCache,
        vault::Vault,
    },
    execute, fetch_one,
    outside::{registry_client::OciRegistryClient, simulated::SimulatedDataPlane},
    web::{App, router},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Client, FakeRegistry, TestDatabase};

/// The first admin, of the organization `acme` with its project `web-shop`.
pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";
const TICK: Duration = Duration::from_millis(20);

pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) clock: Arc<MovedClock>,
    pub(crate) registry: FakeRegistry,
    router: Router,
    _database: TestDatabase,
}

impl TestApp {
    /// A console that nobody has set up.
    pub(crate) async fn new() -> Self {
        Self::with_registries([]).await
    }

    /// The same, which also speaks to these registries without TLS.
    pub(crate) async fn with_registries(others: impl IntoIterator<Item = String>) -> Self {
        let (database, registry) = (TestDatabase::new().await, FakeRegistry::start().await);
        let plain_http: BTreeSet<_> = others.into_iter().chain([registry.host()]).collect();
        let clock = Arc::new(MovedClock::default());
        let context = Context {
            db: database.db.clone(),
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            vault: Arc::new(Vault::new([7; 32])),
            registry_client: Arc::new(OciRegistryClient::new(Egress::Any, plain_http).unwrap()),
            tag_cache: TagCache::default(),
            changes: Changes::default(),
        };
        let app = App {
            config: Arc::new(Config::read(&|_| None).unwrap()),
            context,
            feed: Feed::default(),
            setup: SetupGate::default(),
            simulated: true,
            data_plane: Arc::new(SimulatedDataPlane::new(Duration::from_millis(1))),
            shutdown: CancellationToken::new(),
        };
        let router = router::service(app.clone()).unwrap();
        Self { app, clock, registry, router, _database: database }
    }

    /// A console with its first admin, who is signed in.
    pub(crate) async fn set_up() -> (Self, Client) {
        let app = Self::new().await;
        let client = app.set_up_and_sign_in().await;
        (app, client)
    }

    /// Makes the first admin and signs them in through the form.
    pub(crate) async fn set_up_and_sign_in(&self) -> Client {
        let new =
            NewInstallation { email: EMAIL.into(), password: PASSWORD.into(), organization: "Acme".into(), project: "Web Shop".into() };
        organizations::setup(self.context(), new, &Origin::default()).await.unwrap();
        self.signed_in(EMAIL).await
    }

    /// A person whose organization is another one (`globex`), signed in.
    pub(crate) async fn stranger(&self) -> Client {
        let person = self.person("eve@example.com").await;
        organizations::create_organization(self.context(), &person, "Globex", &Origin::default()).await.unwrap();
        self.signed_in(&person.email).await
    }

    /// A member of `acme` who is no admin, signed in.
    pub(crate) async fn developer(&self) -> Client {
        let person = self.person("dan@example.com").await;
        const JOIN: &str = "INSERT INTO memberships (organization_id, person_id, role, created_at)
            SELECT id, $1, 'developer', $2 FROM organizations WHERE name = 'acme'";
        let mut tx = self.context().db.begin().await.unwrap();
        execute!(tx, JOIN, person.id, person.created_at).unwrap();
        tx.commit().await.unwrap();
        self.signed_in(&person.email).await
    }

    async fn person(&self, email: &str) -> Person {
        let context = self.context();
        let person = Person { id: context.new_id(), email: email.into(), time_zone: None, created_at: context.now() };
        // No verb makes a second person yet; the password is the first one's.
        let (hash,) = fetch_one!(context.db, (String,), "SELECT password_hash FROM people").unwrap();
        const INSERT: &str = "INSERT INTO people (id, email, email_key, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
        let mut tx = context.db.begin().await.unwrap();
        execute!(tx, INSERT, person.id, &person.email, &person.email, hash, person.created_at).unwrap();
        tx.commit().await.unwrap();
        person
    }

    /// A browser of this console that knows nobody yet.
    pub(crate) fn client(&self) -> Client {
        Client::of(self.router.clone())
    }

    pub(crate) async fn signed_in(&self, email: &str) -> Client {
        let mut client = self.client();
        client.post_form("/sign-in", &[("email", email), ("password", PASSWORD)]).await.goes_to("/");
        client
    }

    /// The first admin, signed in to the same console as it is with a real cluster.
    pub(crate) async fn on_a_cluster(&self) -> Client {
        let app = App { simulated: false, ..self.app.clone() };
        let mut client = Client::of(router::service(app).unwrap());
        client.post_form("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await.goes_to("/");
        client
    }

    pub(crate) fn context(&self) -> &Context {
        &self.app.context
    }

    /// Works the queue, keeps pull secrets and feeds live pages until the test ends, on the simulated data plane.
    pub(crate) fn start_worker(&self) {
        self.start_worker_on(Arc::new(SimulatedDataPlane::new(TICK)));
    }

    pub(crate) fn start_worker_on(&self, data_plane: Arc<dyn DataPlane>) {
        let (feed, context, shutdown) = (self.app.feed.clone(), self.context().clone(), self.app.shutdown.clone());
        tokio::spawn(Worker::new(context.clone(), data_plane.clone()).run(shutdown.clone()));
        tokio::spawn(Keeper::new(context.clone(), data_plane.clone()).run(shutdown.clone()));
        tokio::spawn(Remover::new(context.clone(), data_plane).run(shutdown.clone()));
        tokio::spawn(async move { feed.run(context, shutdown).await });
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        fetch_one!(self.context().db, (i64,), sql).unwrap().0
    }

    /// Takes away the registries that an organization begins with.
    pub(crate) async fn forget_registries(&self) {
        let mut tx = self.context().db.begin().await.unwrap();
        execute!(tx, "DELETE FROM registries").unwrap();
        tx.commit().await.unwrap();
    }

    /// Id of the registry of a display name, in whichever organization.
    pub(crate) async fn registry_id(&self, display_name: &str) -> Uuid {
        let sql = "SELECT id FROM registries WHERE display_name = $1 ORDER BY id LIMIT 1";
        fetch_one!(self.context().db, (Uuid,), sql, display_name).unwrap().0
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.app.shutdown.cancel();
    }
}

/// The machine's clock, moved forward by as much as a test says.
#[derive(Default)]
pub(crate) struct MovedClock(AtomicI64);

impl MovedClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Time {
        SystemClock.now().plus_seconds(self.0.load(Ordering::Relaxed))
    }
}
