//! The audit log: who did what. Rows are written inside the transaction of the change and never altered.

mod store;

use serde_json::Value;
use uuid::Uuid;

use super::{Context, Origin, db::Tx, problem::Result};

/// One entry to write.
pub struct Entry<'a> {
    pub organization_id: Uuid,
    /// E-mail address of the person, or `system`.
    pub actor: &'a str,
    pub origin: &'a Origin,
    /// Noun and verb: `registry.add`.
    pub action: &'static str,
    pub target_kind: &'static str,
    pub target_id: Option<Uuid>,
    pub target_name: &'a str,
    /// Before and after, without secrets.
    pub detail: Value,
}

/// Writes an entry in the transaction of the change it tells of.
pub async fn write(context: &Context, tx: &mut Tx, entry: Entry<'_>) -> Result<()> {
    store::insert(tx, context.new_id(), context.now(), entry).await?;
    Ok(())
}
