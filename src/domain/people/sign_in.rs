//! Signing in with a password, and its limits: ten failures in 15 minutes per account, fifty per address.
//! Whether an account exists can't be told from the answer, nor from how long it took.

use std::net::IpAddr;

use secrecy::SecretString;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Email, Membership, Person, passwords, store};
use crate::domain::{
    Context, Origin, audit,
    clock::Time,
    db::Tx,
    problem::{Error, Problems, Result},
};

/// How long a failure counts.
pub const WINDOW_SECONDS: i64 = 15 * 60;
const PER_ACCOUNT: i64 = 10;
const PER_ADDRESS: i64 = 50;

/// The person whose e-mail address and password these are.
///
/// An unknown address and a wrong password are the same [`Error::Invalid`] (code `sign_in_failed`); past a limit it is
/// [`Error::RateLimited`] and the password is not even looked at.
pub async fn sign_in(context: &Context, email: &str, password: &SecretString, origin: &Origin) -> Result<Person> {
    let email = Email::parse("email", email).ok();
    let attempt = Attempt::admit(context, email.as_ref(), origin).await?;
    let account = match &email {
        Some(email) => store::account(&context.db, email.key()).await?,
        None => None,
    };
    let (person, hash) = account.map_or((None, None), |account| (Some(account.person), account.password_hash));
    let fits = passwords::verify(password.clone(), hash).await?;
    // Asked for nobody too, so that an unknown person costs the same.
    let memberships = super::memberships(context, person.as_ref().map_or(Uuid::nil(), |person| person.id)).await?;
    match person {
        Some(person) if fits => {
            attempt.succeed(context, &person, &memberships, origin).await?;
            Ok(person)
        }
        person => {
            attempt.fail(context, person.as_ref(), &memberships, origin).await?;
            Err(Problems::one("", "sign_in_failed", "E-mail address or password is wrong. Check both and try again.").into())
        }
    }
}

/// Deletes failures that no longer count; gives their number.
pub async fn delete_old_failures(context: &Context) -> Result<u64> {
    let mut tx = context.db.begin().await?;
    let deleted = store::delete_old_failures(&mut tx, context.now().plus_seconds(-WINDOW_SECONDS)).await?;
    tx.commit().await?;
    Ok(deleted)
}

/// Lets the person of an account try again at once.
pub(super) async fn forgive(tx: &mut Tx, email: &Email) -> Result<(), sqlx::Error> {
    store::delete_account_failures(tx, &account_key(Some(email))).await
}

/// A try that is already counted as a failure, durably, before the password is looked at: however many arrive at once,
/// and at however many replicas, no more than the limit get as far as the password.
struct Attempt {
    id: Uuid,
    account: String,
    address: String,
}

impl Attempt {
    async fn admit(context: &Context, email: Option<&Email>, origin: &Origin) -> Result<Self> {
        let attempt = Self { id: context.new_id(), account: account_key(email), address: address_key(&origin.address) };
        // First without writing, so that a flood over the limit costs reads only.
        attempt.check_limits(context).await?;
        let mut tx = context.db.begin().await?;
        store::insert_failure(&mut tx, attempt.id, &attempt.account, &attempt.address, context.now()).await?;
        tx.commit().await?;
        // Again, now that tries beside this one can be seen.
        if let Err(over) = attempt.check_limits(context).await {
            attempt.forget(context).await?;
            return Err(over);
        }
        Ok(attempt)
    }

    /// Counts every other failure in the window.
    async fn check_limits(&self, context: &Context) -> Result<()> {
        let now = context.now();
        let after = now.plus_seconds(-WINDOW_SECONDS);
        let account = store::account_failures(&context.db, &self.account, after, self.id).await?;
        let address = store::address_failures(&context.db, &self.address, after, self.id).await?;
        let waits = [retry_after(account, PER_ACCOUNT, now), retry_after(address, PER_ADDRESS, now)];
        match waits.into_iter().flatten().max() {
            Some(retry_after) => Err(Error::RateLimited { retry_after }),
            None => Ok(()),
        }
    }

    /// It was no failure. Earlier ones stay, so that a guesser gains nothing from the owner's own sign-in.
    async fn succeed(&self, context: &Context, person: &Person, memberships: &[Membership], origin: &Origin) -> Result<()> {
        let mut tx = context.db.begin().await?;
        store::delete_failure(&mut tx, self.id).await?;
        write_audit(context, &mut tx, "person.sign_in", person, memberships, origin).await?;
        tx.commit().await?;
        Ok(())
    }

    /// It was one, and counts from now. One write either way: an unknown person takes as long as a known one.
    async fn fail(&self, context: &Context, person: Option<&Person>, memberships: &[Membership], origin: &Origin) -> Result<()> {
        let mut tx = context.db.begin().await?;
        store::move_failure(&mut tx, self.id, context.now()).await?;
        if let Some(person) = person {
            write_audit(context, &mut tx, "person.sign_in_failed", person, memberships, origin).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn forget(&self, context: &Context) -> Result<()> {
        let mut tx = context.db.begin().await?;
        store::delete_failure(&mut tx, self.id).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Seconds until the oldest failure leaves the window, if there are too many; at least one.
fn retry_after((count, oldest): store::Failures, limit: i64, now: Time) -> Option<u64> {
    let oldest = oldest.filter(|_| count >= limit)?;
    let seconds = oldest.plus_seconds(WINDOW_SECONDS).seconds_since(now).ceil();
    Some((seconds as u64).max(1))
}

/// Hashed, because people type passwords into the wrong field. What is no e-mail address counts as one account.
fn account_key(email: Option<&Email>) -> String {
    hex::encode(Sha256::digest(email.map_or("", Email::key)))
}

/// An IPv6 customer has a whole /64 at least, so that is what counts as one address.
fn address_key(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

async fn write_audit(
    context: &Context,
    tx: &mut Tx,
    action: &'static str,
    person: &Person,
    memberships: &[Membership],
    origin: &Origin,
) -> Result<()> {
    for membership in memberships {
        let entry = audit::Entry {
            organization_id: membership.organization_id,
            actor: &person.email,
            origin,
            action,
            target_kind: "person",
            target_id: Some(person.id),
            target_name: &person.email,
            detail: json!({}),
        };
        audit::write(context, tx, entry).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
