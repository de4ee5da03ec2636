//! Rows of schema files: `component_schemas`, `deployment_schemas`, and `file_contents`, which has each content once.

use uuid::Uuid;

use super::{SchemaFile, SchemaKind};
use crate::{
    domain::{
        clock::Time,
        components::Component,
        db::{Db, Tx},
    },
    execute, fetch_all, fetch_optional,
};

#[derive(sqlx::FromRow)]
struct Row {
    file_name: String,
    #[sqlx(try_from = "String")]
    kind: SchemaKind,
    summary: String,
    bytes: i64,
    sha256: String,
    uploaded_by: Option<String>,
    uploaded_at: Option<Time>,
}

const OF_COMPONENT: &str = "SELECT file_name, kind, summary, bytes, sha256, uploaded_by, uploaded_at FROM component_schemas
    WHERE organization_id = $1 AND component_id = $2 ORDER BY file_name";

const OF_DEPLOYMENT: &str = "SELECT file_name, kind, summary, bytes, sha256, CAST(NULL AS TEXT) AS uploaded_by,
    CAST(NULL AS BIGINT) AS uploaded_at FROM deployment_schemas WHERE organization_id = $1 AND deployment_id = $2 ORDER BY file_name";

const CONTENT: &str = "SELECT content FROM file_contents WHERE organization_id = $1 AND sha256 = $2";

const LOCK: &str = "UPDATE components SET revision = revision WHERE organization_id = $1 AND id = $2 AND deletion_asked_at IS NULL";

const INSERT: &str = "INSERT INTO component_schemas (organization_id, component_id, file_name, kind, summary, bytes, sha256, uploaded_by,
    uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Writes the row even where it is there already: that keeps it from whoever clears contents at this moment.
const PUT_CONTENT: &str = "INSERT INTO file_contents (organization_id, sha256, content) VALUES ($1, $2, $3)
    ON CONFLICT (organization_id, sha256) DO UPDATE SET sha256 = excluded.sha256";

const DELETE: &str = "DELETE FROM component_schemas WHERE organization_id = $1 AND component_id = $2 AND file_name = $3";

/// Takes hold of what looks unused, and so waits for whoever is about to use it; what is looked at then is final.
const LOCK_UNUSED: &str = "UPDATE file_contents SET sha256 = sha256 WHERE organization_id = $1
    AND sha256 NOT IN (SELECT sha256 FROM component_schemas WHERE organization_id = $1)
    AND sha256 NOT IN (SELECT sha256 FROM deployment_schemas WHERE organization_id = $1)";

const DELETE_UNUSED: &str = "DELETE FROM file_contents WHERE organization_id = $1
    AND sha256 NOT IN (SELECT sha256 FROM component_schemas WHERE organization_id = $1)
    AND sha256 NOT IN (SELECT sha256 FROM deployment_schemas WHERE organization_id = $1)";

const KEEP: &str = "INSERT INTO deployment_schemas (organization_id, deployment_id, file_name, kind, summary, bytes, sha256)
    SELECT organization_id, $3, file_name, kind, summary, bytes, sha256 FROM component_schemas
    WHERE organization_id = $1 AND component_id = $2";

const KEEP_THOSE_OF: &str = "INSERT INTO deployment_schemas (organization_id, deployment_id, file_name, kind, summary, bytes, sha256)
    SELECT organization_id, $3, file_name, kind, summary, bytes, sha256 FROM deployment_schemas
    WHERE organization_id = $1 AND deployment_id = $2";

const ORGANIZATION: &str = "SELECT organization_id FROM components WHERE id = $1";

const FORGET_DEPLOYED: &str = "DELETE FROM deployment_schemas WHERE organization_id = $1
    AND deployment_id IN (SELECT id FROM deployments WHERE organization_id = $1 AND component_id = $2)";

const FORGET: &str = "DELETE FROM component_schemas WHERE organization_id = $1 AND component_id = $2";

pub(super) async fn list(db: &Db, component: &Component) -> Result<Vec<SchemaFile>, sqlx::Error> {
    let rows = fetch_all!(db, Row, OF_COMPONENT, component.organization_id, component.id)?;
    Ok(rows.into_iter().map(SchemaFile::from).collect())
}

/// The same within a transaction.
pub(super) async fn present(tx: &mut Tx, component: &Component) -> Result<Vec<SchemaFile>, sqlx::Error> {
    let rows = fetch_all!(tx, Row, OF_COMPONENT, component.organization_id, component.id)?;
    Ok(rows.into_iter().map(SchemaFile::from).collect())
}

pub(super) async fn of_deployment(db: &Db, organization_id: Uuid, deployment_id: Uuid) -> Result<Vec<SchemaFile>, sqlx::Error> {
    let rows = fetch_all!(db, Row, OF_DEPLOYMENT, organization_id, deployment_id)?;
    Ok(rows.into_iter().map(SchemaFile::from).collect())
}

pub(super) async fn content(db: &Db, organization_id: Uuid, sha256: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
    Ok(fetch_optional!(db, (Vec<u8>,), CONTENT, organization_id, sha256)?.map(|(content,)| content))
}

/// Holds the component, so that files and deployments of it come one after the other; false if it is going away.
pub(super) async fn lock(tx: &mut Tx, component: &Component) -> Result<bool, sqlx::Error> {
    Ok(execute!(tx, LOCK, component.organization_id, component.id)? == 1)
}

/// Adds a file; one of the same name must be gone.
pub(super) async fn insert(tx: &mut Tx, component: &Component, file: &SchemaFile, by: &str, at: Time) -> Result<(), sqlx::Error> {
    execute!(
        tx,
        INSERT,
        component.organization_id,
        component.id,
        &file.file_name,
        file.kind.as_str(),
        &file.summary,
        file.bytes,
        &file.sha256,
        by,
        at
    )
    .map(drop)
}

pub(super) async fn put_content(tx: &mut Tx, organization_id: Uuid, sha256: &str, content: &[u8]) -> Result<(), sqlx::Error> {
    execute!(tx, PUT_CONTENT, organization_id, sha256, content).map(drop)
}

/// Rows deleted.
pub(super) async fn delete(tx: &mut Tx, component: &Component, file_name: &str) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE, component.organization_id, component.id, file_name)
}

/// Deletes the organization's contents that no component and no deployment has.
pub(super) async fn clear(tx: &mut Tx, organization_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, LOCK_UNUSED, organization_id)?;
    execute!(tx, DELETE_UNUSED, organization_id).map(drop)
}

pub(super) async fn keep(tx: &mut Tx, component: &Component, deployment_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, KEEP, component.organization_id, component.id, deployment_id).map(drop)
}

pub(super) async fn keep_those_of(tx: &mut Tx, organization_id: Uuid, source_id: Uuid, deployment_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, KEEP_THOSE_OF, organization_id, source_id, deployment_id).map(drop)
}

pub(super) async fn forget(tx: &mut Tx, component_id: Uuid) -> Result<(), sqlx::Error> {
    let Some((organization_id,)) = fetch_optional!(tx, (Uuid,), ORGANIZATION, component_id)? else { return Ok(()) };
    execute!(tx, FORGET_DEPLOYED, organization_id, component_id)?;
    execute!(tx, FORGET, organization_id, component_id)?;
    clear(tx, organization_id).await
}

impl From<Row> for SchemaFile {
    fn from(row: Row) -> Self {
        Self {
            file_name: row.file_name,
            kind: row.kind,
            summary: row.summary,
            bytes: row.bytes,
            sha256: row.sha256,
            uploaded: row.uploaded_by.zip(row.uploaded_at),
        }
    }
}
