//! Rows of `audit`: insert only.

use sqlx::types::Json;
use uuid::Uuid;

use super::Entry;
use crate::{
    domain::{clock::Time, db::Tx},
    execute,
};

const INSERT: &str =
    "INSERT INTO audit (id, organization_id, at, actor, address, request_id, action, target_kind, target_id, target_name, detail)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub(super) async fn insert(tx: &mut Tx, id: Uuid, at: Time, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    execute!(
        tx,
        INSERT,
        id,
        entry.organization_id,
        at,
        entry.actor,
        &entry.origin.address,
        &entry.origin.request_id,
        entry.action,
        entry.target_kind,
        entry.target_id,
        entry.target_name,
        Json(entry.detail)
    )
    .map(drop)
}
