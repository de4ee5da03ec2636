//! The audit log: who did what. Rows are written inside the transaction of the change and never altered.

mod store;

use serde_json::{Map, Value, json};
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

/// Each fact that changed, with what it was and what it is. Both are objects.
pub fn differences(before: &Value, after: &Value) -> Map<String, Value> {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return Map::new() };
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    changed.map(|(name, value)| (name.clone(), json!({ "before": before.get(name), "after": value }))).collect()
}
