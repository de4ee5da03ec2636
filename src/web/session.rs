//! Browser sessions: the cookie, the store behind it, and who is signed in. What a person may do is not known here.

use std::fmt;

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error as StoreError, Result as StoreResult},
};
use uuid::Uuid;

use crate::domain::{
    Context,
    clock::Time,
    people::{self, sessions},
    problem::Result,
};

/// A session that nobody uses ends after this long.
const IDLE_SECONDS: i64 = 12 * 3_600;
/// Use is noted no oftener than this, so that reading pages seldom writes.
const TOUCH_SECONDS: i64 = 10 * 60;
const PERSON: &str = "person";
const USED_AT: &str = "used_at";
const SETUP: &str = "setup";

/// The layer that gives every request its [`Session`]. With an https base URL the cookie is `Secure` and bound to the host.
pub fn layer(context: &Context, https: bool) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store::new(context))
        .with_name(if https { "__Host-slipway" } else { "slipway" })
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(https)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::seconds(IDLE_SECONDS)))
}

/// Who is signed in.
pub async fn person_id(session: &Session) -> Result<Option<Uuid>> {
    Ok(session.get(PERSON).await.map_err(anyhow::Error::new)?)
}

/// Signs a person in under a new session id, so that an id planted before is worth nothing.
pub async fn sign_in(session: &Session, person_id: Uuid) -> Result<()> {
    session.cycle_id().await.map_err(anyhow::Error::new)?;
    session.remove_value(SETUP).await.map_err(anyhow::Error::new)?;
    Ok(session.insert(PERSON, person_id).await.map_err(anyhow::Error::new)?)
}

/// Signs out: the session ends, here and in the browser.
pub async fn sign_out(session: &Session) -> Result<()> {
    Ok(session.flush().await.map_err(anyhow::Error::new)?)
}

/// Notes that this browser knows the setup code.
pub async fn open_setup(session: &Session) -> Result<()> {
    Ok(session.insert(SETUP, true).await.map_err(anyhow::Error::new)?)
}

/// Whether this browser has shown that it knows the setup code.
pub async fn is_setup_open(session: &Session) -> Result<bool> {
    Ok(session.get(SETUP).await.map_err(anyhow::Error::new)?.unwrap_or(false))
}

/// Notes that a signed-in session is in use, so that it does not end while somebody works.
pub async fn touch(context: &Context, session: &Session) -> Result<()> {
    let used_at: Option<Time> = session.get(USED_AT).await.map_err(anyhow::Error::new)?;
    let due = used_at.is_none_or(|at| context.now() >= at.plus_seconds(TOUCH_SECONDS));
    if due && person_id(session).await?.is_some() {
        session.insert(USED_AT, context.now()).await.map_err(anyhow::Error::new)?;
    }
    Ok(())
}

/// Deletes what has expired: sessions, drafts and failed sign-ins. For a task that runs now and then.
pub async fn delete_expired(context: &Context) -> Result<u64> {
    Ok(sessions::delete_expired(context).await? + people::delete_old_failures(context).await?)
}

/// tower-sessions' records as rows of the database, timed by the domain's clock.
#[derive(Clone)]
pub struct Store(Context);

impl Store {
    /// A store on the context's database.
    pub fn new(context: &Context) -> Self {
        Self(context.clone())
    }

    fn row(&self, record: &Record) -> StoreResult<sessions::Record> {
        let person_id = record.data.get(PERSON).and_then(|value| serde_json::from_value(value.clone()).ok());
        let data = serde_json::to_string(&record.data).map_err(|error| StoreError::Encode(error.to_string()))?;
        Ok(sessions::Record { person_id, data, expires_at: self.0.now().plus_seconds(IDLE_SECONDS) })
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        let row = self.row(record)?;
        while !sessions::create(&self.0, &record.id.to_string(), &row).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        sessions::save(&self.0, &record.id.to_string(), &self.row(record)?).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let Some(row) = sessions::load(&self.0, &id.to_string()).await.map_err(backend)? else { return Ok(None) };
        let data = serde_json::from_str(&row.data).map_err(|error| StoreError::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(row.expires_at.0) * 1_000);
        Ok(Some(Record { id: *id, data, expiry_date: expiry_date.map_err(|error| StoreError::Decode(error.to_string()))? }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        sessions::delete(&self.0, &id.to_string()).await.map_err(backend)
    }
}

fn backend(error: crate::domain::problem::Error) -> StoreError {
    StoreError::Backend(error.to_string())
}

#[cfg(test)]
mod tests;
