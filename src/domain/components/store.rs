//! Rows of `components`, and the newest deployment of each for the listing.

use sqlx::types::Json;
use uuid::Uuid;

use super::{Kind, SecurityProfile, Workload};
use crate::{
    domain::{
        clock::Time,
        db::{Db, Tx},
        images::ImageReference,
    },
    execute, fetch_one, fetch_optional,
};

/// A component.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Component {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub project_id: Uuid,
    /// Unique in the project, a DNS-1123 label of at most 50 characters; never changes.
    pub name: String,
    pub display_name: String,
    pub description: String,
    #[sqlx(json)]
    pub workload: Workload,
    pub registry_id: Uuid,
    /// What was deployed last, or what it was made from.
    #[sqlx(try_from = "String")]
    pub image: ImageReference,
    /// The text that the next deployment takes.
    pub endpoints_yaml: String,
    #[sqlx(try_from = "String")]
    pub profile: SecurityProfile,
    /// A repository besides its own that a pipeline may deploy: `host/path`, canonical.
    pub webhook_repository: Option<String>,
    /// Name of the endpoint that has the component's own path; none: the first of the file.
    pub default_endpoint: Option<String>,
    /// After a failed deployment the release before it is applied again.
    pub auto_rollback: bool,
    /// One more with every change of its settings.
    pub revision: i64,
    /// Since when it is being deleted.
    pub deletion_asked_at: Option<Time>,
    pub created_by: String,
    pub created_at: Time,
}

impl Component {
    pub fn kind(&self) -> Kind {
        self.workload.kind()
    }
}

/// What an organization has done already.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Progress {
    /// It has a registry of its own, or does with what everybody has.
    pub own_registry: bool,
    pub component: bool,
    /// Some deployment became Active, be it of a component that is deleted by now.
    pub deployed: bool,
}

const FIND: &str = "SELECT id, organization_id, project_id, name, display_name, description, workload, registry_id, image, endpoints_yaml,
    profile, webhook_repository, default_endpoint, auto_rollback, revision, deletion_asked_at, created_by, created_at FROM components WHERE organization_id = $1 AND project_id = $2 AND name = $3";

const GET: &str = "SELECT id, organization_id, project_id, name, display_name, description, workload, registry_id, image, endpoints_yaml,
    profile, webhook_repository, default_endpoint, auto_rollback, revision, deletion_asked_at, created_by, created_at FROM components WHERE organization_id = $1 AND id = $2";

const UPDATE: &str = "UPDATE components SET display_name = $4, description = $5, webhook_repository = $6, profile = $7, workload = $8,
    auto_rollback = $9, revision = revision + 1
    WHERE organization_id = $1 AND id = $2 AND revision = $3 AND deletion_asked_at IS NULL";

const UPDATE_ENDPOINTS: &str = "UPDATE components SET endpoints_yaml = $4, default_endpoint = $5, revision = revision + 1
    WHERE organization_id = $1 AND id = $2 AND revision = $3 AND deletion_asked_at IS NULL";

const PROGRESS: &str =
    "SELECT EXISTS (SELECT 1 FROM registries WHERE organization_id = $1 AND (host <> 'docker.io' OR authentication <> 'public'))
    OR EXISTS (SELECT 1 FROM components WHERE organization_id = $1) AS own_registry,
    EXISTS (SELECT 1 FROM components WHERE organization_id = $1) AS component,
    EXISTS (SELECT 1 FROM organizations WHERE id = $1 AND first_active_at IS NOT NULL) AS deployed";

const INSERT: &str =
    "INSERT INTO components (id, organization_id, project_id, name, display_name, description, kind, workload, registry_id,
    image, endpoints_yaml, profile, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (project_id, name) DO NOTHING";

pub(super) async fn find(db: &Db, organization_id: Uuid, project_id: Uuid, name: &str) -> Result<Option<Component>, sqlx::Error> {
    fetch_optional!(db, Component, FIND, organization_id, project_id, name)
}

pub(super) async fn get(db: &Db, organization_id: Uuid, id: Uuid) -> Result<Option<Component>, sqlx::Error> {
    fetch_optional!(db, Component, GET, organization_id, id)
}

/// Rows written: 0 if somebody else changed it since `revision`, or it is going away.
pub(super) async fn update(tx: &mut Tx, revision: i64, after: &Component) -> Result<u64, sqlx::Error> {
    execute!(
        tx,
        UPDATE,
        after.organization_id,
        after.id,
        revision,
        &after.display_name,
        &after.description,
        &after.webhook_repository,
        after.profile.as_str(),
        Json(&after.workload),
        after.auto_rollback
    )
}

/// As [`update`], of the endpoints.
pub(super) async fn update_endpoints(tx: &mut Tx, revision: i64, after: &Component) -> Result<u64, sqlx::Error> {
    execute!(tx, UPDATE_ENDPOINTS, after.organization_id, after.id, revision, &after.endpoints_yaml, &after.default_endpoint)
}

pub(super) async fn progress(db: &Db, organization_id: Uuid) -> Result<Progress, sqlx::Error> {
    fetch_one!(db, Progress, PROGRESS, organization_id)
}

/// Rows written: 0 if the name is taken.
pub(super) async fn insert(tx: &mut Tx, new: &Component) -> Result<u64, sqlx::Error> {
    execute!(
        tx,
        INSERT,
        new.id,
        new.organization_id,
        new.project_id,
        &new.name,
        &new.display_name,
        &new.description,
        new.kind().as_str(),
        Json(&new.workload),
        new.registry_id,
        new.image.to_string(),
        &new.endpoints_yaml,
        new.profile.as_str(),
        &new.created_by,
        new.created_at
    )
}
