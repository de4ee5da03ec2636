//! The Kubernetes namespace of a project in an environment: computed once and stored, so that renames move nothing.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Environment, Project, store};
use crate::domain::{
    Caller, Context,
    db::Tx,
    problem::{Error, Result},
};

/// The namespace, computed and stored in this transaction if it is not known yet.
/// [`Error::NotFound`] when project or environment is not the organization's.
pub async fn namespace(tx: &mut Tx, organization_id: Uuid, project_id: Uuid, environment_id: Uuid) -> Result<String> {
    if let Some(name) = store::namespace_in(tx, organization_id, project_id, environment_id).await? {
        return Ok(name);
    }
    let parts = store::namespace_parts(tx, organization_id, project_id, environment_id).await?;
    let (organization, project, environment) = parts.ok_or(Error::NotFound)?;
    let name = compose(&organization, &project, &environment, [organization_id, project_id, environment_id]);
    store::insert_namespace(tx, organization_id, project_id, environment_id, &name).await?;
    // The same name even if another transaction was first: it follows from names that never change.
    Ok(name)
}

/// The namespace, if one was ever needed; for pages, which write nothing.
pub async fn stored_namespace(context: &Context, organization_id: Uuid, project_id: Uuid, environment_id: Uuid) -> Result<Option<String>> {
    Ok(store::namespace(&context.db, organization_id, project_id, environment_id).await?)
}

/// The namespace that is stored, or the one that the first deployment would store; for previews, which write nothing.
pub async fn likely_namespace(context: &Context, caller: &Caller, project: &Project, environment: &Environment) -> Result<String> {
    let stored = stored_namespace(context, caller.organization_id, project.id, environment.id).await?;
    let ids = [caller.organization_id, project.id, environment.id];
    Ok(stored.unwrap_or_else(|| compose(&caller.organization_name, &project.name, &environment.name, ids)))
}

/// `slw-<organization, 14>-<project, 14>-<environment, 12>-<8 hex digits of the ids>`: at most 55 characters.
fn compose(organization: &str, project: &str, environment: &str, ids: [Uuid; 3]) -> String {
    let mut hash = Sha256::new();
    for id in ids {
        hash.update(id.as_bytes());
    }
    let digits = hex::encode(&hash.finalize()[..4]);
    format!("slw-{}-{}-{}-{digits}", cut(organization, 14), cut(project, 14), cut(environment, 12))
}

/// The first `length` characters of a DNS label, without a hyphen at the end.
fn cut(label: &str, length: usize) -> &str {
    label.get(..length).unwrap_or(label).trim_end_matches('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_a_dns_label_however_long_the_names_are() {
        let ids = [1, 2, 3].map(Uuid::from_u128);
        let long = compose(&"o".repeat(50), &"p".repeat(50), &"e".repeat(50), ids);
        assert_eq!(long.len(), 55);
        assert_eq!(compose("acme", "thirteen-long-name", "dev", ids), format!("slw-acme-thirteen-long-dev-{}", &long[47..]));
        assert_eq!(compose("acme", "fourteen-char--x", "dev", ids), format!("slw-acme-fourteen-char-dev-{}", &long[47..]));
    }

    #[test]
    fn other_ids_give_another_namespace() {
        let name = |last| compose("acme", "shop", "dev", [1, 2, last].map(Uuid::from_u128));
        assert_ne!(name(3), name(4));
    }
}
