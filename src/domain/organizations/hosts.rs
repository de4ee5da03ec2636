//! The first label of the host under which an environment's Public endpoints answer: given once and stored, so that renames
//! move nothing, and unique on this console, so that no organization can take another's address.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Environment, store};
use crate::domain::{
    Caller,
    db::Tx,
    problem::{Error, Result},
};

/// Characters of a DNS label.
const MAX_LABEL: usize = 63;

/// The prefix, given and stored in this transaction if the environment has none yet: `development-acme`, with digits of
/// their ids where that is taken or too long. [`Error::NotFound`] when the environment is not the organization's.
pub async fn host_prefix(tx: &mut Tx, organization_id: Uuid, environment_id: Uuid) -> Result<String> {
    let parts = store::host_parts(tx, organization_id, environment_id).await?.ok_or(Error::NotFound)?;
    if let Some(stored) = parts.host_prefix {
        return Ok(stored);
    }
    let short = compose(&parts.environment, &parts.organization, environment_id);
    if store::set_host_prefix(tx, organization_id, environment_id, &short).await? {
        return Ok(short);
    }
    let long = with_digits(&parts.environment, &parts.organization, environment_id);
    store::set_host_prefix(tx, organization_id, environment_id, &long).await?;
    Ok(long)
}

/// The prefix that the environment has, or would most likely be given; for previews, which write nothing.
pub fn likely_host_prefix(caller: &Caller, environment: &Environment) -> String {
    environment.host_prefix.clone().unwrap_or_else(|| compose(&environment.name, &caller.organization_name, environment.id))
}

fn compose(environment: &str, organization: &str, id: Uuid) -> String {
    let whole = format!("{environment}-{organization}");
    if whole.len() <= MAX_LABEL { whole } else { with_digits(environment, organization, id) }
}

fn with_digits(environment: &str, organization: &str, id: Uuid) -> String {
    let digits = hex::encode(&Sha256::digest(id.as_bytes())[..4]);
    let cut = |label: &str, length: usize| label.get(..length).unwrap_or(label).trim_end_matches('-').to_owned();
    format!("{}-{}-{digits}", cut(environment, 20), cut(organization, 30))
}

/// The names that a prefix is made of, and the one that is stored.
#[derive(sqlx::FromRow)]
pub(super) struct HostParts {
    pub(super) organization: String,
    pub(super) environment: String,
    pub(super) host_prefix: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Context, organizations, testing::TestBed};

    /// In a transaction of its own.
    async fn host_prefix_now(context: &Context, organization_id: Uuid, environment_id: Uuid) -> Result<String> {
        let mut tx = context.db.begin().await?;
        let prefix = host_prefix(&mut tx, organization_id, environment_id).await?;
        tx.commit().await?;
        Ok(prefix)
    }

    #[test]
    fn a_long_prefix_is_cut_to_a_dns_label() {
        let id = Uuid::from_u128(7);
        assert_eq!(compose("development", "acme", id), "development-acme");
        let long = compose(&"e".repeat(50), &"o".repeat(50), id);
        assert!(long.len() <= MAX_LABEL && long.starts_with("eeee"), "{long}");
        assert_ne!(long, compose(&"e".repeat(50), &"o".repeat(50), Uuid::from_u128(8)));
    }

    #[tokio::test]
    async fn a_prefix_is_given_once_and_never_twice() {
        let (bed, caller) = TestBed::with_caller().await;
        let context = &bed.context;
        let [development, production] = organizations::environments(context, &caller).await.unwrap().try_into().unwrap();
        let prefix = host_prefix_now(context, caller.organization_id, development.id).await.unwrap();
        assert_eq!(prefix, format!("development-{}", caller.organization_name));
        assert_eq!(host_prefix_now(context, caller.organization_id, development.id).await.unwrap(), prefix);
        let stored = organizations::environment(context, &caller, "development").await.unwrap();
        assert_eq!(stored.host_prefix.as_deref(), Some(prefix.as_str()));

        // As if another organization's names made the same label.
        let mut tx = context.db.begin().await.unwrap();
        let wanted = format!("production-{}", caller.organization_name);
        crate::execute!(tx, "UPDATE environments SET host_prefix = $2 WHERE id = $1", development.id, &wanted).unwrap();
        tx.commit().await.unwrap();
        let other = host_prefix_now(context, caller.organization_id, production.id).await.unwrap();
        assert!(other.starts_with(&format!("{wanted}-")) && other.len() == wanted.len() + 9, "{other}");
        let stranger = bed.other_organization(&caller).await;
        assert!(matches!(host_prefix_now(context, stranger.organization_id, production.id).await, Err(Error::NotFound)));
    }
}
