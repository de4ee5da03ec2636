//! People: accounts, passwords, sign-in, and what role they have in an organization.
//! Knows no cookies and no pages; what a browser's session holds lies in [`sessions`] as text it never looks into.

mod email;
mod passwords;
pub mod sessions;
mod sign_in;
mod store;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

pub(crate) use self::store::{any_exists, insert, insert_membership};
pub use self::{
    email::Email,
    passwords::{check_password, hash_password},
    sign_in::{WINDOW_SECONDS, delete_old_failures, sign_in},
};
use super::{
    Caller, Context, Origin, audit,
    clock::Time,
    problem::{Error, Problem, Result},
};

/// What a person may do in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Everything.
    Admin,
    /// Makes and deploys components; uses registries and inspects what is in them, but does not change them.
    Developer,
}

impl Role {
    /// The word of the `memberships` table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Developer => "developer",
        }
    }
}

impl TryFrom<String> for Role {
    type Error = anyhow::Error;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        match word.as_str() {
            "admin" => Ok(Self::Admin),
            "developer" => Ok(Self::Developer),
            _ => anyhow::bail!("the database holds the unknown role {word:?}"),
        }
    }
}

/// An account, without its password.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    pub id: Uuid,
    /// As it was typed, for showing; compared by its lower-cased form.
    pub email: String,
    /// IANA name, if the person chose one.
    pub time_zone: Option<String>,
    pub created_at: Time,
}

/// A person's place in one organization.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Membership {
    pub organization_id: Uuid,
    pub organization_name: String,
    pub organization_display_name: String,
    #[sqlx(try_from = "String")]
    pub role: Role,
}

/// The person of an id; [`Error::NotFound`] when there is none.
pub async fn find(context: &Context, id: Uuid) -> Result<Person> {
    store::find(&context.db, id).await?.ok_or(Error::NotFound)
}

/// The organizations a person belongs to, by display name.
pub async fn memberships(context: &Context, person_id: Uuid) -> Result<Vec<Membership>> {
    Ok(store::memberships(&context.db, person_id).await?)
}

/// E-mail addresses of the admins of the caller's organization: whom a developer asks. At most 20.
pub async fn admins(context: &Context, caller: &Caller) -> Result<Vec<String>> {
    let rows = store::admins(&context.db, caller.organization_id).await?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}

/// The person as a caller of verbs in one organization; [`Error::NotFound`] when not a member, so that nobody learns
/// which organizations exist.
pub async fn caller(context: &Context, person_id: Uuid, organization_name: &str, origin: Origin) -> Result<Caller> {
    let row = store::caller(&context.db, person_id, organization_name).await?.ok_or(Error::NotFound)?;
    Ok(Caller {
        person_id,
        email: row.email,
        organization_id: row.organization_id,
        organization_name: row.organization_name,
        organization_display_name: row.organization_display_name,
        role: row.role,
        origin,
    })
}

/// Sets a new password and ends every session of that person: an operator's verb, for the command line.
pub async fn reset_password(context: &Context, email: &str, new: SecretString) -> Result<()> {
    let email = Email::parse("email", email)?;
    check_password("password", &new)?;
    let unknown =
        || Problem::new("email", "unknown_person", format!("Nobody signs in here as {email}. Check the spelling of the address."));
    let person_id = store::account(&context.db, email.key()).await?.ok_or_else(unknown)?.person.id;
    let hash = hash_password(context, new).await?;
    let memberships = memberships(context, person_id).await?;

    let mut tx = context.db.begin().await?;
    store::set_password(&mut tx, person_id, &hash).await?;
    sessions::end_all(&mut tx, person_id).await?;
    sign_in::forgive(&mut tx, &email).await?;
    for membership in memberships {
        let entry = audit::Entry {
            organization_id: membership.organization_id,
            actor: "system",
            origin: &Origin::default(),
            action: "person.reset_password",
            target_kind: "person",
            target_id: Some(person_id),
            target_name: email.as_str(),
            detail: json!({}),
        };
        audit::write(context, &mut tx, entry).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
