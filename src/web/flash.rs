//! What the next page shows once: a notice, and a form that came back with problems. It lies in the session; what is
//! too large for that is a draft. Never holds the value of a secret field: [`FormState`] leaves those out.

use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use uuid::Uuid;

use super::form::FormState;
use crate::{
    domain::{Context, people::sessions, problem::Result},
    islands::Tried,
};

const KEY: &str = "flash";
const MAX_BYTES: usize = 16 * 1024;

/// Shown by the next page that asks for it, then gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub notice: Option<Notice>,
    pub form: Option<FormState>,
    /// How Test connection ended.
    #[serde(default)]
    pub tried: Option<Tried>,
}

/// One sentence at the top of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

/// What a notice feels like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    Success,
    Warning,
    Error,
}

impl Flash {
    /// A notice alone.
    pub fn notice(tone: Tone, text: impl Into<String>) -> Self {
        Self { notice: Some(Notice { tone, text: text.into() }), ..Self::default() }
    }

    /// A form that goes back to the person.
    pub fn form(form: FormState) -> Self {
        Self { form: Some(form), ..Self::default() }
    }
}

/// What the session holds under [`KEY`].
#[derive(Serialize, Deserialize)]
enum Stored {
    Here(Flash),
    Draft(Uuid),
}

/// Leaves the flash for the next page; one that is still there is replaced.
pub async fn put(context: &Context, session: &Session, flash: Flash) -> Result<()> {
    let json = serde_json::to_string(&flash).map_err(anyhow::Error::new)?;
    let stored = if json.len() <= MAX_BYTES {
        Stored::Here(flash)
    } else {
        Stored::Draft(sessions::put_draft(context, &owner(session).await?, &json).await?)
    };
    Ok(session.insert(KEY, stored).await.map_err(anyhow::Error::new)?)
}

/// Takes the flash out of the session; an empty one when there is none. A page without one writes nothing.
pub async fn take(context: &Context, session: &Session) -> Result<Flash> {
    if session.get_value(KEY).await.map_err(anyhow::Error::new)?.is_none() {
        return Ok(Flash::default());
    }
    // What an older version of this program left and this one can't read is dropped, not an error.
    let stored = session.remove_value(KEY).await.map_err(anyhow::Error::new)?;
    match stored.and_then(|value| serde_json::from_value(value).ok()) {
        Some(Stored::Here(flash)) => Ok(flash),
        Some(Stored::Draft(id)) => {
            let json = sessions::take_draft(context, &owner(session).await?, id).await?;
            Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
        }
        None => Ok(Flash::default()),
    }
}

/// The session's id, saving it first if it has none yet.
async fn owner(session: &Session) -> Result<String> {
    if session.id().is_none() {
        session.save().await.map_err(anyhow::Error::new)?;
    }
    let id = session.id().ok_or_else(|| anyhow::anyhow!("a saved session has no id"))?;
    Ok(id.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        domain::{problem::Problems, testing::TestBed},
        fetch_one,
        web::session::Store,
    };

    async fn drafts(bed: &TestBed) -> i64 {
        fetch_one!(bed.context.db, (i64,), "SELECT COUNT(*) FROM drafts").unwrap().0
    }

    fn session(bed: &TestBed) -> Session {
        Session::new(None, Arc::new(Store::new(&bed.context)), None)
    }

    #[tokio::test]
    async fn a_flash_is_taken_once() {
        let bed = TestBed::new().await;
        let session = session(&bed);
        assert_eq!(take(&bed.context, &session).await.unwrap(), Flash::default());
        assert!(!session.is_modified(), "nothing to save");
        let flash = Flash::notice(Tone::Success, "Saved.");
        put(&bed.context, &session, flash.clone()).await.unwrap();
        assert_eq!(take(&bed.context, &session).await.unwrap(), flash);
        assert_eq!(take(&bed.context, &session).await.unwrap(), Flash::default());
    }

    #[tokio::test]
    async fn a_large_form_is_a_draft_and_the_session_stays_small() {
        let bed = TestBed::new().await;
        let session = session(&bed);
        let flash = Flash::form(FormState::new("edit", [("yaml", "x".repeat(MAX_BYTES))], Problems::default()));
        put(&bed.context, &session, flash.clone()).await.unwrap();
        assert_eq!(drafts(&bed).await, 1);
        assert!(session.get_value(KEY).await.unwrap().unwrap().to_string().len() < 100);
        assert_eq!(take(&bed.context, &session).await.unwrap(), flash);
        assert_eq!(drafts(&bed).await, 0);
        assert_eq!(take(&bed.context, &session).await.unwrap(), Flash::default());
    }

    #[tokio::test]
    async fn a_flash_that_cannot_be_read_is_dropped() {
        let bed = TestBed::new().await;
        let session = session(&bed);
        session.insert(KEY, "from another version").await.unwrap();
        assert_eq!(take(&bed.context, &session).await.unwrap(), Flash::default());
        assert_eq!(session.get_value(KEY).await.unwrap(), None);
    }
}
