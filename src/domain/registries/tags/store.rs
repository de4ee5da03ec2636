//! Rows of `inspected_tags`: bounded by repository, so that all of one are read at once.

use uuid::Uuid;

use crate::{
    domain::{
        clock::Time,
        db::{Db, Tx},
    },
    execute, fetch_all,
};

/// How many tags of a repository are kept: those looked at last.
pub(super) const KEPT: i64 = 200;

/// A tag whose image was looked at.
pub(super) struct Inspected<'a> {
    pub(super) organization_id: Uuid,
    pub(super) registry_id: Uuid,
    pub(super) repository: &'a str,
    pub(super) tag: &'a str,
    pub(super) digest: &'a str,
    pub(super) built_at: Option<Time>,
    pub(super) inspected_at: Time,
}

const NOTE: &str = "INSERT INTO inspected_tags (organization_id, registry_id, repository, tag, digest, built_at, inspected_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (registry_id, repository, tag)
    DO UPDATE SET digest = excluded.digest, built_at = excluded.built_at, inspected_at = excluded.inspected_at";

const FORGET: &str = "DELETE FROM inspected_tags WHERE registry_id = $1 AND repository = $2 AND tag NOT IN
    (SELECT tag FROM inspected_tags WHERE registry_id = $1 AND repository = $2 ORDER BY inspected_at DESC, tag LIMIT $3)";

const DELETE_OLD: &str = "DELETE FROM inspected_tags WHERE inspected_at < $1";

const BUILT: &str = "SELECT tag, built_at FROM inspected_tags WHERE organization_id = $1 AND registry_id = $2 AND repository = $3";

/// Keeps what an image says, in place of what the tag said before; the oldest of too many go.
pub(super) async fn note(tx: &mut Tx, row: &Inspected<'_>) -> Result<(), sqlx::Error> {
    execute!(tx, NOTE, row.organization_id, row.registry_id, row.repository, row.tag, row.digest, row.built_at, row.inspected_at)?;
    execute!(tx, FORGET, row.registry_id, row.repository, KEPT).map(drop)
}

/// Deletes what was last looked at before this.
pub(super) async fn delete_old(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE_OLD, before)
}

/// Tags of a repository that were looked at, and when their images were built; at most 200.
pub(super) async fn built(
    db: &Db,
    organization_id: Uuid,
    registry_id: Uuid,
    repository: &str,
) -> Result<Vec<(String, Option<Time>)>, sqlx::Error> {
    fetch_all!(db, (String, Option<Time>), BUILT, organization_id, registry_id, repository)
}
