//! A context for tests: a SQLite file of its own, a clock that stands still, and no registry to speak to.

use std::sync::Arc;

use async_trait::async_trait;
use tempfile::TempDir;

use super::Person;
use crate::domain::{
    Context, Origin,
    clock::{FixedClock, SystemEntropy, Time},
    db::Db,
    deployments::changes::Changes,
    images::ImageReference,
    organizations::{NewInstallation, setup},
    registries::client::{Access, ImageFacts, RegistryClient, RegistryProblem},
    vault::Vault,
};

pub(crate) const EMAIL: &str = "Ada@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Everything a test of verbs needs; the database goes away with it.
pub(crate) struct TestBed {
    pub(crate) context: Context,
    pub(crate) clock: Arc<FixedClock>,
    _folder: TempDir,
}

impl TestBed {
    /// An empty installation.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("test.db").display())).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(FixedClock::at(Time(1_790_000_000_000_000)));
        let context = Context {
            db,
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            vault: Arc::new(Vault::new([7; 32])),
            registry_client: Arc::new(NoRegistry),
            changes: Changes::default(),
        };
        Self { context, clock, _folder: folder }
    }

    /// An installation with its first admin, [`EMAIL`] and [`PASSWORD`], in the organization `acme`.
    pub(crate) async fn set_up() -> (Self, Person) {
        let bed = Self::new().await;
        let person = setup(&bed.context, new_installation(), &origin()).await.unwrap();
        (bed, person)
    }
}

pub(crate) fn new_installation() -> NewInstallation {
    NewInstallation { email: EMAIL.into(), password: PASSWORD.into(), organization: "Acme".into(), project: "Web Shop".into() }
}

pub(crate) fn origin() -> Origin {
    Origin { address: "192.0.2.7".into(), request_id: "test-request".into() }
}

/// Fails the test that speaks to a registry.
struct NoRegistry;

#[async_trait]
impl RegistryClient for NoRegistry {
    async fn check(&self, access: &Access, _: Option<&str>) -> Result<(), RegistryProblem> {
        panic!("no registry is expected to be asked, but {} was", access.host)
    }

    async fn tags(&self, access: &Access, _: &str, _: usize) -> Result<Vec<String>, RegistryProblem> {
        panic!("no registry is expected to be asked, but {} was", access.host)
    }

    async fn resolve(&self, access: &Access, _: &ImageReference) -> Result<String, RegistryProblem> {
        panic!("no registry is expected to be asked, but {} was", access.host)
    }

    async fn inspect(&self, access: &Access, _: &ImageReference) -> Result<ImageFacts, RegistryProblem> {
        panic!("no registry is expected to be asked, but {} was", access.host)
    }
}
