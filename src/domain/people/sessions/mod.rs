//! What a browser's session holds between requests, and drafts too large for it. Never looks into either: the text is
//! the web's. Rows carry a SHA-256 of the session's id, so that a copy of the database opens nobody's session.

mod store;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::domain::{Context, clock::Time, db::Tx, problem::Result};

const DRAFT_SECONDS: i64 = 24 * 3_600;

/// One session's row, without its id.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Record {
    /// Who is signed in with it, so that their sessions can be ended.
    pub person_id: Option<Uuid>,
    /// JSON of the web's.
    pub data: String,
    pub expires_at: Time,
}

/// The session of an id, unless it has ended or expired.
pub async fn load(context: &Context, id: &str) -> Result<Option<Record>> {
    Ok(store::load(&context.db, &key(id), context.now()).await?)
}

/// Adds a session; `false` when the id is taken.
pub async fn create(context: &Context, id: &str, record: &Record) -> Result<bool> {
    let mut tx = context.db.begin().await?;
    let added = store::insert(&mut tx, &key(id), record).await?;
    tx.commit().await?;
    Ok(added == 1)
}

/// Changes a session that is still there: one that was ended meanwhile does not come back.
pub async fn save(context: &Context, id: &str, record: &Record) -> Result<()> {
    let mut tx = context.db.begin().await?;
    store::update(&mut tx, &key(id), record).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a session.
pub async fn delete(context: &Context, id: &str) -> Result<()> {
    let mut tx = context.db.begin().await?;
    store::delete(&mut tx, &key(id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of a person.
pub(super) async fn end_all(tx: &mut Tx, person_id: Uuid) -> Result<(), sqlx::Error> {
    store::delete_of_person(tx, person_id).await
}

/// Keeps a text for a session, for 24 hours; gives the id to take it back with.
pub async fn put_draft(context: &Context, session_id: &str, content: &str) -> Result<Uuid> {
    let id = context.new_id();
    let mut tx = context.db.begin().await?;
    store::insert_draft(&mut tx, id, &key(session_id), content, context.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes a session's own draft back; the statement that reads it deletes it.
pub async fn take_draft(context: &Context, session_id: &str, id: Uuid) -> Result<Option<String>> {
    let mut tx = context.db.begin().await?;
    let content = store::take_draft(&mut tx, id, &key(session_id), context.now().plus_seconds(-DRAFT_SECONDS)).await?;
    tx.commit().await?;
    Ok(content)
}

/// Deletes expired sessions and drafts; gives their number.
pub async fn delete_expired(context: &Context) -> Result<u64> {
    let now = context.now();
    let mut tx = context.db.begin().await?;
    let sessions = store::delete_expired(&mut tx, now).await?;
    let drafts = store::delete_old_drafts(&mut tx, now.plus_seconds(-DRAFT_SECONDS)).await?;
    tx.commit().await?;
    Ok(sessions + drafts)
}

fn key(session_id: &str) -> String {
    hex::encode(Sha256::digest(session_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::testing::TestBed, fetch_one};

    fn record(bed: &TestBed, data: &str) -> Record {
        Record { person_id: None, data: data.into(), expires_at: bed.context.now().plus_seconds(60) }
    }

    #[tokio::test]
    async fn a_session_lives_until_it_expires() {
        let bed = TestBed::new().await;
        let first = record(&bed, "1");
        assert!(create(&bed.context, "a", &first).await.unwrap());
        assert!(!create(&bed.context, "a", &record(&bed, "2")).await.unwrap(), "the id is taken");
        bed.clock.advance(59);
        assert_eq!(load(&bed.context, "a").await.unwrap(), Some(first));
        bed.clock.advance(1);
        assert_eq!(load(&bed.context, "a").await.unwrap(), None);
        assert_eq!(delete_expired(&bed.context).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn an_ended_session_does_not_come_back() {
        let bed = TestBed::new().await;
        create(&bed.context, "a", &record(&bed, "1")).await.unwrap();
        save(&bed.context, "a", &record(&bed, "2")).await.unwrap();
        assert_eq!(load(&bed.context, "a").await.unwrap().unwrap().data, "2");
        delete(&bed.context, "a").await.unwrap();
        save(&bed.context, "a", &record(&bed, "3")).await.unwrap();
        assert_eq!(load(&bed.context, "a").await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_database_does_not_hold_the_id() {
        let bed = TestBed::new().await;
        create(&bed.context, "the id", &record(&bed, "1")).await.unwrap();
        let (id,) = fetch_one!(bed.context.db, (String,), "SELECT id FROM sessions").unwrap();
        assert_eq!((id.len(), id.contains("the id")), (64, false));
    }

    #[tokio::test]
    async fn a_draft_is_taken_once_and_by_its_session_only() {
        let bed = TestBed::new().await;
        let id = put_draft(&bed.context, "a", "text").await.unwrap();
        assert_eq!(take_draft(&bed.context, "b", id).await.unwrap(), None);
        assert_eq!(take_draft(&bed.context, "a", id).await.unwrap().as_deref(), Some("text"));
        assert_eq!(take_draft(&bed.context, "a", id).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_draft_is_kept_for_a_day() {
        let bed = TestBed::new().await;
        let id = put_draft(&bed.context, "a", "text").await.unwrap();
        bed.clock.advance(DRAFT_SECONDS);
        assert_eq!(take_draft(&bed.context, "a", id).await.unwrap(), None);
        assert_eq!(delete_expired(&bed.context).await.unwrap(), 1);
    }
}
